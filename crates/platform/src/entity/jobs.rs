//! `jobs`: durable work to be done by the worker, claimed by compare-and-set; finished rows are purged after 7 days.

use kernel::Timestamp;
use kernel::ids::JobId;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `jobs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub queue: String,
    pub job_type: String,
    /// Ids only, never names, codes or secrets.
    pub payload: Json,
    pub dedupe_key: Option<String>,
    pub priority: i16,
    pub status: JobStatus,
    pub attempts: i16,
    pub max_attempts: i16,
    pub run_at: Timestamp,
    pub locked_by: Option<String>,
    pub locked_until: Option<Timestamp>,
    #[sea_orm(column_type = "Text")]
    pub last_error: Option<String>,
    pub finished_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum JobStatus {
    #[sea_orm(string_value = "queued")]
    #[serde(rename = "queued")]
    Queued,
    #[sea_orm(string_value = "running")]
    #[serde(rename = "running")]
    Running,
    #[sea_orm(string_value = "done")]
    #[serde(rename = "done")]
    Done,
    #[sea_orm(string_value = "dead")]
    #[serde(rename = "dead")]
    Dead,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
