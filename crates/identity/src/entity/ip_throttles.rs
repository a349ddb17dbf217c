//! `ip_throttles`: failed logins per address in a rolling hour, and blocks.

use kernel::Timestamp;
use kernel::ids::IpThrottleId;
use sea_orm::entity::prelude::*;

/// A row of `ip_throttles`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ip_throttles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IpThrottleId,
    pub ip_address: String,
    /// Instants inside the window.
    pub failed_at: Json,
    pub blocked_until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
