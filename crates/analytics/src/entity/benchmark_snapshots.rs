//! `benchmark_snapshots`: weekly anonymous peer figures per metric.

use kernel::Timestamp;
use kernel::ids::BenchmarkSnapshotId;
use sea_orm::entity::prelude::*;

/// A row of `benchmark_snapshots`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "benchmark_snapshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BenchmarkSnapshotId,
    pub metric: String,
    pub taken_on: Date,
    pub pool_size: i32,
    #[sea_orm(column_type = "Decimal(Some((18, 4)))")]
    pub median: Option<Decimal>,
    /// Sorted values without clinic ids.
    pub distribution: Json,
    pub created_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
