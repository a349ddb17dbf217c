//! `request_counts`: requests that count against a limit, by caller, slice of time and process.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;

/// A row of `request_counts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_counts")]
pub struct Model {
    /// Fingerprint of the limit and the caller.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bucket: String,
    /// When the slice no longer counts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ends_at: Timestamp,
    /// Which process counted: each writes rows of its own, so that none waits for another.
    #[sea_orm(primary_key, auto_increment = false)]
    pub process: String,
    pub taken: i32,
    pub updated_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
