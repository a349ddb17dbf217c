//! `aftercare_workflow_steps`: append-only history of a work item with values before and after.

use kernel::ids::{AftercareWorkflowId, AftercareWorkflowStepId, AnyId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_workflow_steps`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_workflow_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareWorkflowStepId,
    pub workflow_id: AftercareWorkflowId,
    pub step_index: i32,
    pub step_type: AftercareWorkflowStepType,
    pub actor_type: AftercareWorkflowStepActorType,
    /// NULL for System.
    pub actor_id: Option<AnyId>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub values_before: Option<Sealed<Json>>,
    #[sea_orm(column_type = "Text")]
    pub values_after: Option<Sealed<Json>>,
    pub created_at: Timestamp,
}

/// The values of `step_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareWorkflowStepType {
    #[sea_orm(string_value = "opened")]
    #[serde(rename = "opened")]
    Opened,
    #[sea_orm(string_value = "flag_added")]
    #[serde(rename = "flag_added")]
    FlagAdded,
    #[sea_orm(string_value = "notified")]
    #[serde(rename = "notified")]
    Notified,
    #[sea_orm(string_value = "acknowledged")]
    #[serde(rename = "acknowledged")]
    Acknowledged,
    #[sea_orm(string_value = "patient_contacted")]
    #[serde(rename = "patient_contacted")]
    PatientContacted,
    #[sea_orm(string_value = "note")]
    #[serde(rename = "note")]
    Note,
    #[sea_orm(string_value = "consultation_requested")]
    #[serde(rename = "consultation_requested")]
    ConsultationRequested,
    #[sea_orm(string_value = "level_raised")]
    #[serde(rename = "level_raised")]
    LevelRaised,
    #[sea_orm(string_value = "approved")]
    #[serde(rename = "approved")]
    Approved,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
    #[sea_orm(string_value = "change_applied")]
    #[serde(rename = "change_applied")]
    ChangeApplied,
    #[sea_orm(string_value = "resolved")]
    #[serde(rename = "resolved")]
    Resolved,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// The values of `actor_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareWorkflowStepActorType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "System")]
    System,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_workflows::Entity",
        from = "Column::WorkflowId",
        to = "super::aftercare_workflows::Column::Id"
    )]
    Workflow,
}

impl Related<super::aftercare_workflows::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Workflow.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
