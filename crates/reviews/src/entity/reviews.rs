//! `reviews`: patients' reviews of treatments, one per quote.

use kernel::Timestamp;
use kernel::ids::{PatientId, ProviderId, QuoteId, ReviewId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `reviews`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewId,
    pub patient_id: PatientId,
    pub provider_id: ProviderId,
    pub quote_id: Option<QuoteId>,
    pub overall_rating: i32,
    pub facility_rating: Option<i32>,
    pub staff_rating: Option<i32>,
    pub results_rating: Option<i32>,
    pub value_rating: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub review_text: Option<String>,
    pub is_published: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub moderation_status: ModerationStatus,
    pub published_at: Option<Timestamp>,
    pub last_edited_at: Option<Timestamp>,
    pub removed_at: Option<Timestamp>,
    pub edit_count: i32,
    pub moderated_by: Option<UserId>,
    pub moderation_reason: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub moderation_note: Option<String>,
    pub is_flagged: bool,
    pub flag_reasons: Option<Json>,
    /// 2, 3 ... when aliases of one clinic collide.
    pub author_alias_suffix: Option<i16>,
    pub locale: Option<String>,
}

/// The values of `moderation_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ModerationStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "published")]
    #[serde(rename = "published")]
    Published,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
    #[sea_orm(string_value = "removed")]
    #[serde(rename = "removed")]
    Removed,
    #[sea_orm(string_value = "taken_down")]
    #[serde(rename = "taken_down")]
    TakenDown,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ModeratedBy",
        to = "identity::entity::users::Column::Id"
    )]
    ModeratedBy,
    #[sea_orm(has_many = "super::review_responses::Entity")]
    ReviewResponses,
    #[sea_orm(has_many = "super::review_takedown_requests::Entity")]
    ReviewTakedownRequests,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ModeratedBy.def()
    }
}

impl Related<super::review_responses::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ReviewResponses.def()
    }
}

impl Related<super::review_takedown_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ReviewTakedownRequests.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
