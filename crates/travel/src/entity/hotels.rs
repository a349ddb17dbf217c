//! `hotels`: hotel stay of a booking, locked after submission and corrected by new versions.

use kernel::Timestamp;
use kernel::ids::{AnyId, HotelId, QuoteId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `hotels`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hotels")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HotelId,
    pub quote_id: QuoteId,
    pub hotel_name: String,
    #[sea_orm(column_type = "Text")]
    pub hotel_address: String,
    pub check_in_date: Date,
    pub check_in_time: Time,
    pub check_out_date: Date,
    pub check_out_time: Time,
    pub reservation_number: String,
    pub room_type: String,
    #[sea_orm(column_type = "Text")]
    pub amenities: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub transportation: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub special_request: Option<String>,
    pub contact_number: Option<String>,
    pub contact_email: Option<String>,
    pub submitted_by: HotelSubmittedBy,
    /// Patients.id or provider_users.id, by submitted_by.
    pub submitted_by_id: AnyId,
    pub submitted_at: Timestamp,
    pub version: i32,
    pub superseded_by: Option<HotelId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Set on the one active row, NULL on all others.
    pub active_key: Option<String>,
    /// Mandatory when an admin correction made this version.
    #[sea_orm(column_type = "Text")]
    pub correction_reason: Option<String>,
    pub corrected_by_id: Option<UserId>,
    pub deleted_at: Option<Timestamp>,
    pub deleted_by_id: Option<UserId>,
    #[sea_orm(column_type = "Text")]
    pub deletion_reason: Option<String>,
}

/// The values of `submitted_by`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum HotelSubmittedBy {
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
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
    #[sea_orm(belongs_to = "Entity", from = "Column::SupersededBy", to = "Column::Id")]
    SupersededBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CorrectedById",
        to = "identity::entity::users::Column::Id"
    )]
    CorrectedBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::DeletedById",
        to = "identity::entity::users::Column::Id"
    )]
    DeletedBy,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CorrectedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
