//! `currencies`: currency catalogue with minor units and the settings of its USD rate pair.

use kernel::ids::CurrencyId;
use kernel::{Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `currencies`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "currencies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CurrencyId,
    pub code: Currency,
    pub name: String,
    /// 0 or 2.
    pub minor_units: i16,
    pub enabled: bool,
    /// USD.
    pub is_default: bool,
    /// NULL = no pair; USD needs none.
    pub fx_mode: Option<CurrencyFxMode>,
    /// NULL = global default.
    #[sea_orm(column_type = "Decimal(Some((5, 2)))")]
    pub fx_markup_percent: Option<Decimal>,
    /// 1, 3, 6, 12, 24.
    pub fx_sync_hours: i16,
    #[sea_orm(column_type = "Decimal(Some((5, 2)))")]
    pub fx_alert_percent: Decimal,
    pub fx_source: Option<String>,
    pub fx_status: CurrencyFxStatus,
    pub fx_next_sync_at: Option<Timestamp>,
    pub fx_last_alert_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `fx_mode`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum CurrencyFxMode {
    #[sea_orm(string_value = "auto")]
    #[serde(rename = "auto")]
    Auto,
    #[sea_orm(string_value = "manual")]
    #[serde(rename = "manual")]
    Manual,
}

/// The values of `fx_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum CurrencyFxStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "failing")]
    #[serde(rename = "failing")]
    Failing,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
