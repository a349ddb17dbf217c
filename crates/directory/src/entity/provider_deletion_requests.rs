//! `provider_deletion_requests`: A clinic owner's request to close the clinic.

use kernel::Timestamp;
use kernel::ids::{ProviderDeletionRequestId, ProviderId, ProviderUserId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_deletion_requests`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_deletion_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderDeletionRequestId,
    pub provider_id: ProviderId,
    pub requested_by: ProviderUserId,
    pub reason: Option<String>,
    pub status: ProviderDeletionRequestStatus,
    pub due_on: Date,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
    pub decision_note: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderDeletionRequestStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "approved")]
    #[serde(rename = "approved")]
    Approved,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::providers::Entity",
        from = "Column::ProviderId",
        to = "super::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::RequestedBy",
        to = "identity::entity::provider_users::Column::Id"
    )]
    RequestedBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::DecidedBy",
        to = "identity::entity::users::Column::Id"
    )]
    DecidedBy,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RequestedBy.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DecidedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
