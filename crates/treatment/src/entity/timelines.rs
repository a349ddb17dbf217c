//! `timelines`: day-by-day treatment plan of a booking with the progress of each day.

use kernel::ids::{AnyId, QuoteId, TimelineId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `timelines`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timelines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TimelineId,
    pub quote_id: QuoteId,
    pub day_number: i32,
    /// Clinic calendar.
    pub plan_date: Date,
    pub description: String,
    pub status: TimelineStatus,
    /// Clinical, at most 2000 clear characters.
    #[sea_orm(column_type = "Text")]
    pub note: Option<Sealed<String>>,
    pub status_changed_at: Option<Timestamp>,
    pub status_changed_by_type: Option<TimelineStatusChangedByType>,
    pub status_changed_by_id: Option<AnyId>,
    pub lock_version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum TimelineStatus {
    #[sea_orm(string_value = "not_started")]
    #[serde(rename = "not_started")]
    NotStarted,
    #[sea_orm(string_value = "in_progress")]
    #[serde(rename = "in_progress")]
    InProgress,
    #[sea_orm(string_value = "finished")]
    #[serde(rename = "finished")]
    Finished,
    #[sea_orm(string_value = "need_attention")]
    #[serde(rename = "need_attention")]
    NeedAttention,
    #[sea_orm(string_value = "cancelled_deferred")]
    #[serde(rename = "cancelled_deferred")]
    CancelledDeferred,
}

/// The values of `status_changed_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum TimelineStatusChangedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
