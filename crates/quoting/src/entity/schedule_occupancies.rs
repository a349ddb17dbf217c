//! `schedule_occupancies`: 15-minute cells taken by live slots; makes double booking impossible by unique keys.

use kernel::Timestamp;
use kernel::ids::{ProviderId, ProviderUserId, ScheduleId, ScheduleOccupancyId};
use sea_orm::entity::prelude::*;

/// A row of `schedule_occupancies`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule_occupancies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScheduleOccupancyId,
    pub schedule_id: ScheduleId,
    /// Set with lane on clinic cells.
    pub provider_id: Option<ProviderId>,
    /// 1..parallel capacity.
    pub lane: Option<i16>,
    /// Set on clinician cells.
    pub provider_user_id: Option<ProviderUserId>,
    pub cell_start_utc: Timestamp,
    pub created_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::schedules::Entity",
        from = "Column::ScheduleId",
        to = "super::schedules::Column::Id"
    )]
    Schedule,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::ProviderUserId",
        to = "identity::entity::provider_users::Column::Id"
    )]
    ProviderUser,
}

impl Related<super::schedules::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Schedule.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
