//! `inquiry_providers`: one row per clinic that may see an inquiry, with its own answer deadline.

use kernel::Timestamp;
use kernel::ids::{InquiryId, InquiryProviderId, ProviderId, ProviderUserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `inquiry_providers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inquiry_providers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InquiryProviderId,
    pub inquiry_id: InquiryId,
    pub provider_id: ProviderId,
    pub source: InquiryProviderSource,
    /// Order of choice at distribution.
    pub match_order: i32,
    pub status: InquiryProviderStatus,
    pub distributed_at: Timestamp,
    /// Distributed_at + 72 h by default.
    pub response_deadline_at: Timestamp,
    pub notified_at: Option<Timestamp>,
    pub viewed_at: Option<Timestamp>,
    pub viewed_by: Option<ProviderUserId>,
    pub critical_ack_at: Option<Timestamp>,
    pub critical_ack_by: Option<ProviderUserId>,
    /// Medical_histories.revision that was acknowledged.
    pub critical_ack_revision: Option<i32>,
    pub closed_at: Option<Timestamp>,
    /// Decline code, admin, edited_out, other_accepted, inquiry_cancelled.
    pub closed_reason: Option<String>,
    pub decline_note: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `source`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum InquiryProviderSource {
    #[sea_orm(string_value = "selected")]
    #[serde(rename = "selected")]
    Selected,
    #[sea_orm(string_value = "matched")]
    #[serde(rename = "matched")]
    Matched,
    #[sea_orm(string_value = "admin")]
    #[serde(rename = "admin")]
    Admin,
    #[sea_orm(string_value = "exclusive")]
    #[serde(rename = "exclusive")]
    Exclusive,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum InquiryProviderStatus {
    #[sea_orm(string_value = "distributed")]
    #[serde(rename = "distributed")]
    Distributed,
    #[sea_orm(string_value = "viewed")]
    #[serde(rename = "viewed")]
    Viewed,
    #[sea_orm(string_value = "quoted")]
    #[serde(rename = "quoted")]
    Quoted,
    #[sea_orm(string_value = "declined")]
    #[serde(rename = "declined")]
    Declined,
    #[sea_orm(string_value = "lapsed")]
    #[serde(rename = "lapsed")]
    Lapsed,
    #[sea_orm(string_value = "removed")]
    #[serde(rename = "removed")]
    Removed,
    #[sea_orm(string_value = "closed")]
    #[serde(rename = "closed")]
    Closed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::inquiries::Entity", from = "Column::InquiryId", to = "super::inquiries::Column::Id")]
    Inquiry,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::ViewedBy",
        to = "identity::entity::provider_users::Column::Id"
    )]
    ViewedBy,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::CriticalAckBy",
        to = "identity::entity::provider_users::Column::Id"
    )]
    CriticalAckBy,
}

impl Related<super::inquiries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Inquiry.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ViewedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
