//! `review_responses`: A clinic's public answer to a review.

use kernel::Timestamp;
use kernel::ids::{AnyId, ProviderId, ReviewId, ReviewResponseId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `review_responses`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_responses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewResponseId,
    pub review_id: ReviewId,
    pub provider_id: ProviderId,
    pub author_type: ReviewResponseAuthorType,
    pub author_id: AnyId,
    pub body: String,
    pub status: ReviewResponseStatus,
    pub removed_reason: Option<String>,
    pub removed_by: Option<UserId>,
    pub removed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `author_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum ReviewResponseAuthorType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ReviewResponseStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "removed")]
    #[serde(rename = "removed")]
    Removed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::reviews::Entity", from = "Column::ReviewId", to = "super::reviews::Column::Id")]
    Review,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::RemovedBy",
        to = "identity::entity::users::Column::Id"
    )]
    RemovedBy,
}

impl Related<super::reviews::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Review.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RemovedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
