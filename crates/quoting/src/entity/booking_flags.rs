//! `booking_flags`: what somebody has to look at in a booking.

use kernel::Timestamp;
use kernel::ids::{AnyId, BookingFlagId, QuoteId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `booking_flags`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "booking_flags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingFlagId,
    pub quote_id: QuoteId,
    pub kind: BookingFlagKind,
    pub note: String,
    /// A no-show that was reported after a day.
    pub is_late: bool,
    /// Quote, kind and raiser while it is open: one at a time.
    #[sea_orm(unique)]
    pub open_key: Option<String>,
    pub raised_by_type: String,
    pub raised_by_id: Option<AnyId>,
    pub closed_by_user_id: Option<UserId>,
    pub closed_at: Option<Timestamp>,
    pub close_note: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is to be looked at.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum BookingFlagKind {
    /// The rate was older than a day when it was locked (R-PY-17).
    #[sea_orm(string_value = "old_rate")]
    #[serde(rename = "old_rate")]
    OldRate,
    /// The patient did not come (R-PY-53).
    #[sea_orm(string_value = "no_show")]
    #[serde(rename = "no_show")]
    NoShow,
    /// Something about its money.
    #[sea_orm(string_value = "money")]
    #[serde(rename = "money")]
    Money,
    /// Anything else.
    #[sea_orm(string_value = "other")]
    #[serde(rename = "other")]
    Other,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::quotes::Entity", from = "Column::QuoteId", to = "super::quotes::Column::Id")]
    Quote,
}

impl Related<super::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
