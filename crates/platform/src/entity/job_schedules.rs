//! `job_schedules`: when each recurring job ran last and runs next; one row per schedule, so that many workers start it once.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;

/// A row of `job_schedules`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_schedules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub cron: String,
    pub last_run_at: Option<Timestamp>,
    pub next_run_at: Timestamp,
    pub locked_until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
