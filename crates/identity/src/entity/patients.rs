//! `patients`: patient accounts: login, profile, care-workflow status and the anonymisation summary.

use kernel::ids::{DiscoveryQuestionId, LocationId, PatientId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `patients`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patients")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatientId,
    pub first_name: String,
    pub last_name: String,
    pub username: String,
    pub patient_code: Option<String>,
    pub email: String,
    pub password: String,
    pub birthday: Option<Date>,
    pub gender: Option<PatientGender>,
    #[sea_orm(column_type = "Text")]
    pub phone_number: Option<Sealed<String>>,
    pub location: Option<String>,
    pub location_id: Option<LocationId>,
    pub profile_image: Option<String>,
    pub activation_code: Option<String>,
    pub email_verified_at: Option<Timestamp>,
    pub status: Option<PatientStatus>,
    pub anonymization_level: AnonymizationLevel,
    pub remember_token: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// ISO 3166-1 home country chosen at registration; NULL after erasure.
    pub country_code: Option<String>,
    /// Blind index (keyed HMAC) of phone_number for equality lookup.
    pub phone_index: Option<String>,
    /// Any authenticated request, written at most once a minute.
    pub last_activity_at: Option<Timestamp>,
    /// Answer to the discovery question.
    pub registration_source_id: Option<DiscoveryQuestionId>,
    /// Super-admin hold: pins anonymization_level to full.
    pub identity_hold_at: Option<Timestamp>,
    pub identity_hold_reason: Option<String>,
}

/// The values of `gender`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PatientGender {
    #[sea_orm(string_value = "male")]
    #[serde(rename = "male")]
    Male,
    #[sea_orm(string_value = "female")]
    #[serde(rename = "female")]
    Female,
    #[sea_orm(string_value = "other")]
    #[serde(rename = "other")]
    Other,
    #[sea_orm(string_value = "prefer_not_to_say")]
    #[serde(rename = "prefer_not_to_say")]
    PreferNotToSay,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PatientStatus {
    #[sea_orm(string_value = "inquiry")]
    #[serde(rename = "inquiry")]
    Inquiry,
    #[sea_orm(string_value = "quote")]
    #[serde(rename = "quote")]
    Quote,
    #[sea_orm(string_value = "accepted")]
    #[serde(rename = "accepted")]
    Accepted,
    #[sea_orm(string_value = "confirmed")]
    #[serde(rename = "confirmed")]
    Confirmed,
    #[sea_orm(string_value = "inprogress")]
    #[serde(rename = "inprogress")]
    Inprogress,
    #[sea_orm(string_value = "aftercare")]
    #[serde(rename = "aftercare")]
    Aftercare,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
}

/// The values of `anonymization_level`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AnonymizationLevel {
    #[sea_orm(string_value = "full")]
    #[serde(rename = "full")]
    Full,
    #[sea_orm(string_value = "partial")]
    #[serde(rename = "partial")]
    Partial,
    #[sea_orm(string_value = "none")]
    #[serde(rename = "none")]
    None,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::patient_consents::Entity")]
    PatientConsents,
    #[sea_orm(has_many = "super::deletion_requests::Entity")]
    DeletionRequests,
    #[sea_orm(has_many = "super::sealed_identities::Entity")]
    SealedIdentities,
    #[sea_orm(has_many = "super::patient_flags::Entity")]
    PatientFlags,
    #[sea_orm(has_many = "super::data_bundles::Entity")]
    DataBundles,
}

impl Related<super::patient_consents::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PatientConsents.def()
    }
}

impl Related<super::deletion_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DeletionRequests.def()
    }
}

impl Related<super::sealed_identities::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SealedIdentities.def()
    }
}

impl Related<super::patient_flags::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PatientFlags.def()
    }
}

impl Related<super::data_bundles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DataBundles.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
