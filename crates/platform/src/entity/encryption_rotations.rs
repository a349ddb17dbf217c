//! `encryption_rotations`: progress of a key rotation or index rebuild per column.

use kernel::Timestamp;
use kernel::ids::{AnyId, EncryptionRotationId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `encryption_rotations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "encryption_rotations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EncryptionRotationId,
    pub run_id: AnyId,
    pub kind: EncryptionRotationKind,
    pub table_name: String,
    pub column_name: String,
    /// Resume point.
    pub last_key: Option<String>,
    pub done_count: i32,
    pub left_count: i32,
    pub failed_count: i32,
    pub status: EncryptionRotationStatus,
    pub started_by: Option<UserId>,
    pub finished_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum EncryptionRotationKind {
    #[sea_orm(string_value = "key")]
    #[serde(rename = "key")]
    Key,
    #[sea_orm(string_value = "blind_index")]
    #[serde(rename = "blind_index")]
    BlindIndex,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum EncryptionRotationStatus {
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

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
