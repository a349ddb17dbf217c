//! `passport_details`: passport data of a patient whose clinic books the travel, number and picture encrypted.

use kernel::ids::{PassportDetailId, PatientId, QuoteId, UserId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `passport_details`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passport_details")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PassportDetailId,
    pub quote_id: QuoteId,
    pub patient_id: PatientId,
    pub passport_name: String,
    #[sea_orm(column_type = "Text")]
    pub passport_number: Sealed<String>,
    pub passport_dob: Date,
    pub gender: PassportDetailGender,
    pub location: String,
    pub place_of_birth: String,
    pub passport_issue: Date,
    pub passport_expiry: Date,
    /// Storage reference; 160 clear characters fit the encrypted form.
    #[sea_orm(column_type = "Text")]
    pub passport_image: Sealed<String>,
    pub status: PassportDetailStatus,
    /// Always the patient.
    pub submitted_by_id: PatientId,
    pub submitted_at: Option<Timestamp>,
    pub version: i32,
    pub superseded_by: Option<PassportDetailId>,
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
    #[sea_orm(column_type = "Text")]
    pub status_reason: Option<String>,
    pub retention_until: Option<Date>,
    /// Earlier passport this one was copied from.
    pub source_passport_id: Option<PassportDetailId>,
}

/// The values of `gender`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PassportDetailGender {
    #[sea_orm(string_value = "Male")]
    Male,
    #[sea_orm(string_value = "Female")]
    Female,
    #[sea_orm(string_value = "Other")]
    Other,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PassportDetailStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "complete")]
    #[serde(rename = "complete")]
    Complete,
    #[sea_orm(string_value = "incomplete")]
    #[serde(rename = "incomplete")]
    Incomplete,
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
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::SubmittedById",
        to = "identity::entity::patients::Column::Id"
    )]
    SubmittedBy,
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
    #[sea_orm(belongs_to = "Entity", from = "Column::SourcePassportId", to = "Column::Id")]
    SourcePassport,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CorrectedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
