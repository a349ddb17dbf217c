//! `audit_log_seals`: hash chain over audit_logs, written by one sealer.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;

/// A row of `audit_log_seals`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log_seals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub audit_log_id: i64,
    pub prev_hash: String,
    /// SHA-256 of the row's content and prev_hash.
    pub row_hash: String,
    pub sealed_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::audit_logs::Entity",
        from = "Column::AuditLogId",
        to = "super::audit_logs::Column::Id"
    )]
    AuditLog,
}

impl Related<super::audit_logs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AuditLog.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
