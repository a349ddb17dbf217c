//! `code_registry`: every code string ever used, so that it is unique over discounts and affiliate codes.

use kernel::Timestamp;
use kernel::ids::AnyId;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `code_registry`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_registry")]
pub struct Model {
    /// Trimmed, upper case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_normalized: String,
    pub owner_type: CodeRegistryOwnerType,
    pub owner_id: AnyId,
    pub created_at: Timestamp,
}

/// The values of `owner_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum CodeRegistryOwnerType {
    #[sea_orm(string_value = "Discount")]
    Discount,
    #[sea_orm(string_value = "AffiliateDiscountCode")]
    AffiliateDiscountCode,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
