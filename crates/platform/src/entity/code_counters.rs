//! `code_counters`: last number given out per kind of code and period.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;

/// A row of `code_counters`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_counters")]
pub struct Model {
    /// E.g. inquiry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub counter_key: String,
    /// YYMM.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: String,
    pub last_value: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
