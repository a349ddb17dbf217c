//! `retention_items`: what a retention run did to one subject.

use kernel::Timestamp;
use kernel::ids::{AnyId, RetentionItemId, RetentionRunId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `retention_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RetentionItemId,
    pub retention_run_id: RetentionRunId,
    pub data_class: RetentionDataClass,
    pub subject_type: String,
    pub subject_id: AnyId,
    pub due_on: Date,
    pub outcome: RetentionItemOutcome,
    pub basis: String,
    pub counts: Option<Json>,
    pub error: Option<String>,
    pub created_at: Timestamp,
}

/// The values of `data_class`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum RetentionDataClass {
    #[sea_orm(string_value = "medical")]
    #[serde(rename = "medical")]
    Medical,
    #[sea_orm(string_value = "financial")]
    #[serde(rename = "financial")]
    Financial,
    #[sea_orm(string_value = "communication")]
    #[serde(rename = "communication")]
    Communication,
    #[sea_orm(string_value = "account")]
    #[serde(rename = "account")]
    Account,
    #[sea_orm(string_value = "clinic")]
    #[serde(rename = "clinic")]
    Clinic,
    #[sea_orm(string_value = "consents")]
    #[serde(rename = "consents")]
    Consents,
    #[sea_orm(string_value = "audit")]
    #[serde(rename = "audit")]
    Audit,
    #[sea_orm(string_value = "technical")]
    #[serde(rename = "technical")]
    Technical,
}

/// The values of `outcome`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum RetentionItemOutcome {
    #[sea_orm(string_value = "held")]
    #[serde(rename = "held")]
    Held,
    #[sea_orm(string_value = "anonymised")]
    #[serde(rename = "anonymised")]
    Anonymised,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "skipped")]
    #[serde(rename = "skipped")]
    Skipped,
    #[sea_orm(string_value = "would_act")]
    #[serde(rename = "would_act")]
    WouldAct,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::retention_runs::Entity",
        from = "Column::RetentionRunId",
        to = "super::retention_runs::Column::Id"
    )]
    RetentionRun,
}

impl Related<super::retention_runs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RetentionRun.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
