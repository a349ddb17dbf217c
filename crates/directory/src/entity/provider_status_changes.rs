//! `provider_status_changes`: done and scheduled status changes of a clinic.

use kernel::Timestamp;
use kernel::ids::{ProviderId, ProviderStatusChangeId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_status_changes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_status_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderStatusChangeId,
    pub provider_id: ProviderId,
    pub action: ProviderStatusChangeAction,
    pub from_status: Option<String>,
    pub to_status: String,
    pub reason: String,
    pub notify: bool,
    pub effective_at: Timestamp,
    pub done_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    /// NULL = system.
    pub changed_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `action`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderStatusChangeAction {
    #[sea_orm(string_value = "activate")]
    #[serde(rename = "activate")]
    Activate,
    #[sea_orm(string_value = "suspend")]
    #[serde(rename = "suspend")]
    Suspend,
    #[sea_orm(string_value = "reactivate")]
    #[serde(rename = "reactivate")]
    Reactivate,
    #[sea_orm(string_value = "deactivate")]
    #[serde(rename = "deactivate")]
    Deactivate,
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
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ChangedBy",
        to = "identity::entity::users::Column::Id"
    )]
    ChangedBy,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ChangedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
