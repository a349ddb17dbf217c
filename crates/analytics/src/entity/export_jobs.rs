//! `export_jobs`: requested list and report files.

use kernel::Timestamp;
use kernel::ids::{AnyId, ExportJobId, FileId, ProviderId, ReportScheduleId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `export_jobs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "export_jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExportJobId,
    pub requester_type: ExportJobRequesterType,
    pub requester_id: AnyId,
    /// Clinic scope.
    pub provider_id: Option<ProviderId>,
    pub report_schedule_id: Option<ReportScheduleId>,
    pub kind: ExportJobKind,
    /// List or report key.
    pub source: String,
    pub format: ExportJobFormat,
    pub parameters: Json,
    pub status: ExportJobStatus,
    pub attempts: i32,
    pub row_count: Option<i32>,
    pub file_id: Option<FileId>,
    /// Needed for contacts.
    pub reason: Option<String>,
    pub ready_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub error: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `requester_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum ExportJobRequesterType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ExportJobKind {
    #[sea_orm(string_value = "list")]
    #[serde(rename = "list")]
    List,
    #[sea_orm(string_value = "report")]
    #[serde(rename = "report")]
    Report,
}

/// The values of `format`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))")]
pub enum ExportJobFormat {
    #[sea_orm(string_value = "csv")]
    #[serde(rename = "csv")]
    Csv,
    #[sea_orm(string_value = "json")]
    #[serde(rename = "json")]
    Json,
    #[sea_orm(string_value = "pdf")]
    #[serde(rename = "pdf")]
    Pdf,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ExportJobStatus {
    #[sea_orm(string_value = "queued")]
    #[serde(rename = "queued")]
    Queued,
    #[sea_orm(string_value = "running")]
    #[serde(rename = "running")]
    Running,
    #[sea_orm(string_value = "ready")]
    #[serde(rename = "ready")]
    Ready,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "super::report_schedules::Entity",
        from = "Column::ReportScheduleId",
        to = "super::report_schedules::Column::Id"
    )]
    ReportSchedule,
    #[sea_orm(
        belongs_to = "platform::entity::files::Entity",
        from = "Column::FileId",
        to = "platform::entity::files::Column::Id"
    )]
    File,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::report_schedules::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ReportSchedule.def()
    }
}

impl Related<platform::entity::files::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::File.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
