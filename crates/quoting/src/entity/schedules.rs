//! `schedules`: the clinic slot of a booking: held at acceptance, confirmed when paid.

use kernel::Timestamp;
use kernel::ids::{ProviderId, QuoteId, ScheduleId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `schedules`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScheduleId,
    pub quote_id: QuoteId,
    pub schedule_date: Date,
    pub schedule_time: Option<Time>,
    pub location: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub notes: Option<String>,
    pub status: ScheduleStatus,
    /// Always set by the application; clinic whose capacity is used.
    pub provider_id: Option<ProviderId>,
    /// 1..14 consecutive days.
    pub day_count: i16,
    /// 30..1440 per day, multiple of 15.
    pub duration_minutes: i32,
    /// Clinic zone at the time of booking (IANA).
    pub timezone: String,
    /// First instant of the slot.
    pub starts_at_utc: Option<Timestamp>,
    /// End of the last day, exclusive.
    pub ends_at_utc: Option<Timestamp>,
    /// End of the exclusive hold; the authoritative copy.
    pub hold_expires_at: Option<Timestamp>,
    /// Row replaced by an admin date change.
    pub replaces_schedule_id: Option<ScheduleId>,
    pub cancel_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ScheduleStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "confirmed")]
    #[serde(rename = "confirmed")]
    Confirmed,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::quotes::Entity", from = "Column::QuoteId", to = "super::quotes::Column::Id")]
    Quote,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(belongs_to = "Entity", from = "Column::ReplacesScheduleId", to = "Column::Id")]
    ReplacesSchedule,
    #[sea_orm(has_many = "super::schedule_occupancies::Entity")]
    ScheduleOccupancies,
}

impl Related<super::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::schedule_occupancies::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ScheduleOccupancies.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
