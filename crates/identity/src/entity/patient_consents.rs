//! `patient_consents`: ledger of consents a patient gave or withdrew; the newest row per type is the state.

use kernel::Timestamp;
use kernel::ids::{LegalDocumentId, PatientConsentId, PatientId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `patient_consents`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patient_consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatientConsentId,
    pub patient_id: PatientId,
    pub consent_type: PatientConsentType,
    pub action: PatientConsentAction,
    /// Document version shown.
    pub terms_and_conditions_id: Option<LegalDocumentId>,
    pub document_version: Option<String>,
    pub locale: String,
    /// Hash of the text shown.
    pub content_sha256: Option<String>,
    pub channel: PatientConsentChannel,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub acted_at: Timestamp,
    pub created_at: Timestamp,
}

/// The values of `consent_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PatientConsentType {
    #[sea_orm(string_value = "terms")]
    #[serde(rename = "terms")]
    Terms,
    #[sea_orm(string_value = "privacy_policy")]
    #[serde(rename = "privacy_policy")]
    PrivacyPolicy,
    #[sea_orm(string_value = "medical_data_processing")]
    #[serde(rename = "medical_data_processing")]
    MedicalDataProcessing,
    #[sea_orm(string_value = "provider_data_sharing")]
    #[serde(rename = "provider_data_sharing")]
    ProviderDataSharing,
    #[sea_orm(string_value = "photo_publication")]
    #[serde(rename = "photo_publication")]
    PhotoPublication,
    #[sea_orm(string_value = "analytics")]
    #[serde(rename = "analytics")]
    Analytics,
    #[sea_orm(string_value = "marketing")]
    #[serde(rename = "marketing")]
    Marketing,
    #[sea_orm(string_value = "monitoring_share")]
    #[serde(rename = "monitoring_share")]
    MonitoringShare,
}

/// The values of `action`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PatientConsentAction {
    #[sea_orm(string_value = "granted")]
    #[serde(rename = "granted")]
    Granted,
    #[sea_orm(string_value = "withdrawn")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
}

/// The values of `channel`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PatientConsentChannel {
    #[sea_orm(string_value = "mobile")]
    #[serde(rename = "mobile")]
    Mobile,
    #[sea_orm(string_value = "web")]
    #[serde(rename = "web")]
    Web,
    #[sea_orm(string_value = "admin_assisted")]
    #[serde(rename = "admin_assisted")]
    AdminAssisted,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::patients::Entity", from = "Column::PatientId", to = "super::patients::Column::Id")]
    Patient,
}

impl Related<super::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
