//! `report_schedules`: recurring reports of a clinic, at most five active.

use kernel::Timestamp;
use kernel::ids::{ProviderId, ProviderUserId, ReportScheduleId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `report_schedules`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_schedules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportScheduleId,
    pub provider_id: ProviderId,
    pub name: String,
    pub report_key: String,
    pub format: ReportScheduleFormat,
    pub frequency: ReportScheduleFrequency,
    pub parameters: Json,
    pub next_run_on: Date,
    pub is_active: bool,
    pub created_by: ProviderUserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `format`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))")]
pub enum ReportScheduleFormat {
    #[sea_orm(string_value = "csv")]
    #[serde(rename = "csv")]
    Csv,
    #[sea_orm(string_value = "pdf")]
    #[serde(rename = "pdf")]
    Pdf,
}

/// The values of `frequency`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ReportScheduleFrequency {
    #[sea_orm(string_value = "weekly")]
    #[serde(rename = "weekly")]
    Weekly,
    #[sea_orm(string_value = "monthly")]
    #[serde(rename = "monthly")]
    Monthly,
    #[sea_orm(string_value = "quarterly")]
    #[serde(rename = "quarterly")]
    Quarterly,
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
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::CreatedBy",
        to = "identity::entity::provider_users::Column::Id"
    )]
    CreatedBy,
    #[sea_orm(has_many = "super::export_jobs::Entity")]
    ExportJobs,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedBy.def()
    }
}

impl Related<super::export_jobs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ExportJobs.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
