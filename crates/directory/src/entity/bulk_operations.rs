//! `bulk_operations`: one mass action over a snapshot of ids.

use kernel::Timestamp;
use kernel::ids::{BulkOperationId, FileId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `bulk_operations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_operations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BulkOperationId,
    pub kind: BulkOperationKind,
    pub parameters: Json,
    pub status: BulkOperationStatus,
    pub total: i32,
    pub succeeded: i32,
    pub skipped: i32,
    pub failed: i32,
    pub justification: Option<String>,
    pub result_file_id: Option<FileId>,
    pub started_by: UserId,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum BulkOperationKind {
    #[sea_orm(string_value = "patient_notify")]
    #[serde(rename = "patient_notify")]
    PatientNotify,
    #[sea_orm(string_value = "patient_flag")]
    #[serde(rename = "patient_flag")]
    PatientFlag,
    #[sea_orm(string_value = "patient_unflag")]
    #[serde(rename = "patient_unflag")]
    PatientUnflag,
    #[sea_orm(string_value = "clinic_message")]
    #[serde(rename = "clinic_message")]
    ClinicMessage,
    #[sea_orm(string_value = "pause_intake")]
    #[serde(rename = "pause_intake")]
    PauseIntake,
    #[sea_orm(string_value = "resume_intake")]
    #[serde(rename = "resume_intake")]
    ResumeIntake,
    #[sea_orm(string_value = "document_reminder")]
    #[serde(rename = "document_reminder")]
    DocumentReminder,
    #[sea_orm(string_value = "export")]
    #[serde(rename = "export")]
    Export,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum BulkOperationStatus {
    #[sea_orm(string_value = "previewed")]
    #[serde(rename = "previewed")]
    Previewed,
    #[sea_orm(string_value = "queued")]
    #[serde(rename = "queued")]
    Queued,
    #[sea_orm(string_value = "running")]
    #[serde(rename = "running")]
    Running,
    #[sea_orm(string_value = "done")]
    #[serde(rename = "done")]
    Done,
    #[sea_orm(string_value = "done_with_errors")]
    #[serde(rename = "done_with_errors")]
    DoneWithErrors,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "platform::entity::files::Entity",
        from = "Column::ResultFileId",
        to = "platform::entity::files::Column::Id"
    )]
    ResultFile,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::StartedBy",
        to = "identity::entity::users::Column::Id"
    )]
    StartedBy,
    #[sea_orm(has_many = "super::bulk_operation_items::Entity")]
    BulkOperationItems,
}

impl Related<platform::entity::files::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ResultFile.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StartedBy.def()
    }
}

impl Related<super::bulk_operation_items::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::BulkOperationItems.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
