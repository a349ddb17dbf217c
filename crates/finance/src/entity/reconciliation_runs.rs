//! `reconciliation_runs`: one comparison of gateway and bank against the books.

use kernel::Timestamp;
use kernel::ids::{ReconciliationRunId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `reconciliation_runs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reconciliation_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReconciliationRunId,
    pub period_start: Timestamp,
    pub period_end: Timestamp,
    pub trigger_source: ReconciliationRunTriggerSource,
    pub status: ReconciliationRunStatus,
    /// Per currency: charged, refunded, fees, net, paid_out, held.
    pub totals: Json,
    pub started_by_user_id: Option<UserId>,
    pub finished_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `trigger_source`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ReconciliationRunTriggerSource {
    #[sea_orm(string_value = "daily")]
    #[serde(rename = "daily")]
    Daily,
    #[sea_orm(string_value = "manual")]
    #[serde(rename = "manual")]
    Manual,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ReconciliationRunStatus {
    #[sea_orm(string_value = "running")]
    #[serde(rename = "running")]
    Running,
    #[sea_orm(string_value = "done")]
    #[serde(rename = "done")]
    Done,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::StartedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    StartedByUser,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StartedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
