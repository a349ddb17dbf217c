//! `failed_jobs`: background jobs that failed three times.

use kernel::Timestamp;
use kernel::ids::UserId;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `failed_jobs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "failed_jobs")]
pub struct Model {
    /// AUTO_INCREMENT.
    #[sea_orm(primary_key)]
    pub id: i64,
    pub uuid: String,
    #[sea_orm(column_type = "Text")]
    pub connection: String,
    /// Default, high, notifications, media.
    #[sea_orm(column_type = "Text")]
    pub queue: String,
    /// Ids only.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// Redacted.
    #[sea_orm(column_type = "Text")]
    pub exception: String,
    pub failed_at: Timestamp,
    pub resolution: Option<FailedJobResolution>,
    pub resolved_by: Option<UserId>,
    pub resolved_at: Option<Timestamp>,
    pub resolution_reason: Option<String>,
}

/// The values of `resolution`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum FailedJobResolution {
    #[sea_orm(string_value = "retried")]
    #[serde(rename = "retried")]
    Retried,
    #[sea_orm(string_value = "discarded")]
    #[serde(rename = "discarded")]
    Discarded,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
