//! `payout_batches`: all statements of one payee type that fall on one payout date.

use kernel::Timestamp;
use kernel::ids::PayoutBatchId;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `payout_batches`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutBatchId,
    pub payee_type: PayoutBatchPayeeType,
    pub payout_date: Date,
    pub status: PayoutBatchStatus,
    pub item_count: i32,
    /// Sum of nets per currency.
    pub totals: Json,
    pub built_at: Option<Timestamp>,
    pub executed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `payee_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum PayoutBatchPayeeType {
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "affiliate")]
    #[serde(rename = "affiliate")]
    Affiliate,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))")]
pub enum PayoutBatchStatus {
    #[sea_orm(string_value = "open")]
    #[serde(rename = "open")]
    Open,
    #[sea_orm(string_value = "executing")]
    #[serde(rename = "executing")]
    Executing,
    #[sea_orm(string_value = "done")]
    #[serde(rename = "done")]
    Done,
    #[sea_orm(string_value = "done_with_failures")]
    #[serde(rename = "done_with_failures")]
    DoneWithFailures,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
