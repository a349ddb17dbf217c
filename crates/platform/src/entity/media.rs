//! `media`: pictures and videos of any record, with their checks; the bytes are a files row.

use kernel::Timestamp;
use kernel::ids::{AnyId, FileId, MediaId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `media`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MediaId,
    /// Inquiry, InquiryDraft, Quote, Treatment, Package, TreatmentExecution.
    pub mediable_type: String,
    pub mediable_id: AnyId,
    pub file_id: FileId,
    pub media_type: MediaType,
    pub collection: MediaCollection,
    /// Collections of a treatment execution.
    pub phase: Option<MediaPhase>,
    /// Required for head scans.
    pub view: Option<MediaView>,
    /// Groups one standard set of five views.
    pub set_id: Option<AnyId>,
    /// {set_id}:{view} on the current picture of a set, else NULL.
    pub active_key: Option<String>,
    pub thumbnail_path: Option<String>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub duration_seconds: Option<i32>,
    pub validation_status: MediaValidationStatus,
    pub validation_errors: Option<Json>,
    /// 0-100.
    pub quality_score: Option<i32>,
    /// As declared by the client.
    pub captured_at: Option<Timestamp>,
    pub order_index: i32,
    pub uploaded_by_type: MediaUploadedByType,
    pub uploaded_by_id: AnyId,
    /// Replaced or removed, kept for audit.
    pub archived_at: Option<Timestamp>,
    pub archived_by_type: Option<String>,
    pub archived_by_id: Option<AnyId>,
    pub archive_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `media_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum MediaType {
    #[sea_orm(string_value = "image")]
    #[serde(rename = "image")]
    Image,
    #[sea_orm(string_value = "video")]
    #[serde(rename = "video")]
    Video,
}

/// The values of `collection`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum MediaCollection {
    #[sea_orm(string_value = "head_scan")]
    #[serde(rename = "head_scan")]
    HeadScan,
    #[sea_orm(string_value = "evidence")]
    #[serde(rename = "evidence")]
    Evidence,
    #[sea_orm(string_value = "treatment_image")]
    #[serde(rename = "treatment_image")]
    TreatmentImage,
    #[sea_orm(string_value = "treatment_video")]
    #[serde(rename = "treatment_video")]
    TreatmentVideo,
    #[sea_orm(string_value = "package_image")]
    #[serde(rename = "package_image")]
    PackageImage,
    #[sea_orm(string_value = "quote_case")]
    #[serde(rename = "quote_case")]
    QuoteCase,
    #[sea_orm(string_value = "quote_markup")]
    #[serde(rename = "quote_markup")]
    QuoteMarkup,
    #[sea_orm(string_value = "head_scan_before")]
    #[serde(rename = "head_scan_before")]
    HeadScanBefore,
    #[sea_orm(string_value = "head_scan_after")]
    #[serde(rename = "head_scan_after")]
    HeadScanAfter,
    #[sea_orm(string_value = "treatment_photo")]
    #[serde(rename = "treatment_photo")]
    TreatmentPhoto,
}

/// The values of `phase`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum MediaPhase {
    #[sea_orm(string_value = "before")]
    #[serde(rename = "before")]
    Before,
    #[sea_orm(string_value = "during")]
    #[serde(rename = "during")]
    During,
    #[sea_orm(string_value = "after")]
    #[serde(rename = "after")]
    After,
}

/// The values of `view`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum MediaView {
    #[sea_orm(string_value = "front")]
    #[serde(rename = "front")]
    Front,
    #[sea_orm(string_value = "top")]
    #[serde(rename = "top")]
    Top,
    #[sea_orm(string_value = "left")]
    #[serde(rename = "left")]
    Left,
    #[sea_orm(string_value = "right")]
    #[serde(rename = "right")]
    Right,
    #[sea_orm(string_value = "back")]
    #[serde(rename = "back")]
    Back,
}

/// The values of `validation_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum MediaValidationStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "valid")]
    #[serde(rename = "valid")]
    Valid,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
}

/// The values of `uploaded_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum MediaUploadedByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::files::Entity", from = "Column::FileId", to = "super::files::Column::Id")]
    File,
}

impl Related<super::files::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::File.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
