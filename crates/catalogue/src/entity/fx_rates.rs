//! `fx_rates`: rate history: units of the target currency per 1 USD; the newest row applies.

use kernel::ids::{FxRateId, UserId};
use kernel::{Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `fx_rates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fx_rates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FxRateId,
    pub target_currency: Currency,
    /// Unmarked.
    #[sea_orm(column_type = "Decimal(Some((18, 6)))")]
    pub base_rate: Decimal,
    #[sea_orm(column_type = "Decimal(Some((5, 2)))")]
    pub markup_percent: Decimal,
    /// Base x (1 + markup).
    #[sea_orm(column_type = "Decimal(Some((18, 8)))")]
    pub effective_rate: Decimal,
    pub mode: FxRateMode,
    pub source: Option<String>,
    pub fetched_at: Timestamp,
    /// Manual rates.
    pub set_by_user_id: Option<UserId>,
    pub created_at: Timestamp,
}

/// The values of `mode`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum FxRateMode {
    #[sea_orm(string_value = "auto")]
    #[serde(rename = "auto")]
    Auto,
    #[sea_orm(string_value = "manual")]
    #[serde(rename = "manual")]
    Manual,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::SetByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    SetByUser,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SetByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
