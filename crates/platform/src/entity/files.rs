//! `files`: stored objects of any record: documents, attachments and originals of media.

use kernel::Timestamp;
use kernel::ids::{AnyId, FileId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `files`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    pub fileable_id: AnyId,
    pub fileable_type: String,
    /// Unguessable storage key, never sent to a client.
    pub file_path: String,
    pub file_name: String,
    pub file_type: String,
    pub file_size: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub checksum_sha256: Option<String>,
    /// Malware check; served only when clean.
    pub scan_status: FileScanStatus,
    pub uploaded_by_type: Option<FileUploadedByType>,
    pub uploaded_by_id: Option<AnyId>,
    pub deleted_at: Option<Timestamp>,
}

/// The values of `scan_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum FileScanStatus {
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

/// The values of `uploaded_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum FileUploadedByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
    #[sea_orm(string_value = "System")]
    System,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::media::Entity")]
    Media,
}

impl Related<super::media::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Media.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
