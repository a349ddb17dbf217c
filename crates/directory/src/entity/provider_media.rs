//! `provider_media`: pictures and videos on a clinic's profile.

use kernel::Timestamp;
use kernel::ids::{FileId, PatientConsentId, ProviderId, ProviderMediaId, TreatmentId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_media`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderMediaId,
    pub provider_id: ProviderId,
    pub collection: ProviderMediaCollection,
    pub media_type: ProviderMediaType,
    pub file_id: FileId,
    pub thumbnail: Option<String>,
    pub title: Option<String>,
    pub caption: Option<String>,
    pub alt_text: String,
    pub treatment_id: Option<TreatmentId>,
    /// Obligatory for before_after.
    pub consent_id: Option<PatientConsentId>,
    pub status: ProviderMediaStatus,
    pub rejection_reason: Option<String>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub duration_seconds: Option<i32>,
    pub sort_order: i32,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `collection`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderMediaCollection {
    #[sea_orm(string_value = "gallery")]
    #[serde(rename = "gallery")]
    Gallery,
    #[sea_orm(string_value = "facility")]
    #[serde(rename = "facility")]
    Facility,
    #[sea_orm(string_value = "team")]
    #[serde(rename = "team")]
    Team,
    #[sea_orm(string_value = "before_after")]
    #[serde(rename = "before_after")]
    BeforeAfter,
    #[sea_orm(string_value = "certificate")]
    #[serde(rename = "certificate")]
    Certificate,
}

/// The values of `media_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ProviderMediaType {
    #[sea_orm(string_value = "image")]
    #[serde(rename = "image")]
    Image,
    #[sea_orm(string_value = "video")]
    #[serde(rename = "video")]
    Video,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ProviderMediaStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "published")]
    #[serde(rename = "published")]
    Published,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
    #[sea_orm(string_value = "hidden")]
    #[serde(rename = "hidden")]
    Hidden,
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
        belongs_to = "identity::entity::patient_consents::Entity",
        from = "Column::ConsentId",
        to = "identity::entity::patient_consents::Column::Id"
    )]
    Consent,
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

impl Related<identity::entity::patient_consents::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Consent.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
