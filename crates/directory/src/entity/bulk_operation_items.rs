//! `bulk_operation_items`: one object of a mass action and its outcome.

use kernel::Timestamp;
use kernel::ids::{AnyId, BulkOperationId, BulkOperationItemId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `bulk_operation_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_operation_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BulkOperationItemId,
    pub bulk_operation_id: BulkOperationId,
    pub subject_id: AnyId,
    pub outcome: BulkOperationItemOutcome,
    pub reason_code: Option<String>,
    pub done_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `outcome`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum BulkOperationItemOutcome {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "done")]
    #[serde(rename = "done")]
    Done,
    #[sea_orm(string_value = "skipped")]
    #[serde(rename = "skipped")]
    Skipped,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::bulk_operations::Entity",
        from = "Column::BulkOperationId",
        to = "super::bulk_operations::Column::Id"
    )]
    BulkOperation,
}

impl Related<super::bulk_operations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::BulkOperation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
