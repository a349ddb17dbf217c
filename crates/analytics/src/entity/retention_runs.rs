//! `retention_runs`: one nightly or dry run of the retention job.

use kernel::Timestamp;
use kernel::ids::{RetentionRunId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `retention_runs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RetentionRunId,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub is_dry_run: bool,
    pub status: RetentionRunStatus,
    pub counts: Option<Json>,
    pub started_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum RetentionRunStatus {
    #[sea_orm(string_value = "running")]
    #[serde(rename = "running")]
    Running,
    #[sea_orm(string_value = "finished")]
    #[serde(rename = "finished")]
    Finished,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::StartedBy",
        to = "identity::entity::users::Column::Id"
    )]
    StartedBy,
    #[sea_orm(has_many = "super::retention_items::Entity")]
    RetentionItems,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StartedBy.def()
    }
}

impl Related<super::retention_items::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RetentionItems.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
