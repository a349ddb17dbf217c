//! `fixed_discounts`: amount per quote currency of a fixed discount or affiliate code.

use kernel::ids::{AnyId, FixedDiscountId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `fixed_discounts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fixed_discounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FixedDiscountId,
    pub discountable_type: FixedDiscountDiscountableType,
    /// Polymorphic, no FK.
    pub discountable_id: AnyId,
    pub currency: Currency,
    pub amount: Amount,
    pub status: FixedDiscountStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `discountable_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum FixedDiscountDiscountableType {
    #[sea_orm(string_value = "Discount")]
    Discount,
    #[sea_orm(string_value = "AffiliateDiscountCode")]
    AffiliateDiscountCode,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum FixedDiscountStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
