//! `reconciliation_items`: one difference (or match) found by a run, closed only with a note.

use kernel::ids::{AnyId, ReconciliationItemId, ReconciliationRunId, UserId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `reconciliation_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reconciliation_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReconciliationItemId,
    pub run_id: ReconciliationRunId,
    pub class: ReconciliationItemClass,
    pub object_type: Option<String>,
    pub object_id: Option<AnyId>,
    pub remote_ref: Option<String>,
    pub expected: Option<Amount>,
    pub found: Option<Amount>,
    pub currency: Option<Currency>,
    pub status: ReconciliationItemStatus,
    pub resolution_note: Option<String>,
    pub closed_by_user_id: Option<UserId>,
    pub closed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `class`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))")]
pub enum ReconciliationItemClass {
    #[sea_orm(string_value = "matched")]
    #[serde(rename = "matched")]
    Matched,
    #[sea_orm(string_value = "missing_local")]
    #[serde(rename = "missing_local")]
    MissingLocal,
    #[sea_orm(string_value = "missing_remote")]
    #[serde(rename = "missing_remote")]
    MissingRemote,
    #[sea_orm(string_value = "amount_mismatch")]
    #[serde(rename = "amount_mismatch")]
    AmountMismatch,
    #[sea_orm(string_value = "status_mismatch")]
    #[serde(rename = "status_mismatch")]
    StatusMismatch,
    #[sea_orm(string_value = "duplicate_remote")]
    #[serde(rename = "duplicate_remote")]
    DuplicateRemote,
    #[sea_orm(string_value = "stale_pending")]
    #[serde(rename = "stale_pending")]
    StalePending,
    #[sea_orm(string_value = "invariant")]
    #[serde(rename = "invariant")]
    Invariant,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ReconciliationItemStatus {
    #[sea_orm(string_value = "open")]
    #[serde(rename = "open")]
    Open,
    #[sea_orm(string_value = "closed")]
    #[serde(rename = "closed")]
    Closed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::reconciliation_runs::Entity",
        from = "Column::RunId",
        to = "super::reconciliation_runs::Column::Id"
    )]
    Run,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ClosedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    ClosedByUser,
}

impl Related<super::reconciliation_runs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Run.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ClosedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
