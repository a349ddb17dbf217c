//! `provider_documents`: papers of a clinic (licences, insurance) with versions, expiry and verification record.

use kernel::ids::{AnyId, FileId, ProviderDocumentId, ProviderId, UserId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_documents`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_documents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderDocumentId,
    pub provider_id: ProviderId,
    pub document_type: ProviderDocumentType,
    pub document_name: String,
    pub file_id: FileId,
    #[sea_orm(column_type = "Text")]
    pub document_number: Option<Sealed<String>>,
    pub issuing_authority: Option<String>,
    pub issued_on: Option<Date>,
    pub expires_on: Option<Date>,
    pub uploaded_by_type: ProviderDocumentUploadedByType,
    pub uploaded_by_id: AnyId,
    pub verification_status: ProviderDocumentVerificationStatus,
    pub verified_by: Option<UserId>,
    pub verified_at: Option<Timestamp>,
    pub verification_note: Option<String>,
    pub scan_status: ProviderDocumentScanStatus,
    pub replaces_id: Option<ProviderDocumentId>,
    pub superseded_at: Option<Timestamp>,
    /// 0 none, 1 = 60 d, 2 = 30 d, 3 = 7 d, 4 = expired.
    pub reminder_stage: i16,
    pub notes: Option<String>,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `document_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(64))")]
pub enum ProviderDocumentType {
    #[sea_orm(string_value = "medical_license")]
    #[serde(rename = "medical_license")]
    MedicalLicense,
    #[sea_orm(string_value = "board_certification")]
    #[serde(rename = "board_certification")]
    BoardCertification,
    #[sea_orm(string_value = "insurance")]
    #[serde(rename = "insurance")]
    Insurance,
    #[sea_orm(string_value = "malpractice_insurance")]
    #[serde(rename = "malpractice_insurance")]
    MalpracticeInsurance,
    #[sea_orm(string_value = "business_license")]
    #[serde(rename = "business_license")]
    BusinessLicense,
    #[sea_orm(string_value = "other")]
    #[serde(rename = "other")]
    Other,
}

/// The values of `uploaded_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderDocumentUploadedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `verification_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderDocumentVerificationStatus {
    #[sea_orm(string_value = "unverified")]
    #[serde(rename = "unverified")]
    Unverified,
    #[sea_orm(string_value = "verified")]
    #[serde(rename = "verified")]
    Verified,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
}

/// The values of `scan_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ProviderDocumentScanStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "clean")]
    #[serde(rename = "clean")]
    Clean,
    #[sea_orm(string_value = "infected")]
    #[serde(rename = "infected")]
    Infected,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::providers::Entity",
        from = "Column::ProviderId",
        to = "super::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "platform::entity::files::Entity",
        from = "Column::FileId",
        to = "platform::entity::files::Column::Id"
    )]
    File,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::VerifiedBy",
        to = "identity::entity::users::Column::Id"
    )]
    VerifiedBy,
    #[sea_orm(belongs_to = "Entity", from = "Column::ReplacesId", to = "Column::Id")]
    Replaces,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<platform::entity::files::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::File.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::VerifiedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
