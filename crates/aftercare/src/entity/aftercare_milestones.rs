//! `aftercare_milestones`: A phase of one patient's plan with its dates, slots and completion.

use kernel::ids::{AfterCareId, AftercareMilestoneDefinitionId, AftercareMilestoneId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_milestones`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_milestones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareMilestoneId,
    pub after_care_id: AfterCareId,
    pub milestone_definition_id: AftercareMilestoneDefinitionId,
    pub milestone_name: String,
    pub start_date: Date,
    pub end_date: Date,
    pub milestone_status: AftercareMilestoneStatus,
    pub completion_percentage: i32,
    #[sea_orm(column_type = "Text")]
    pub notes: Option<Sealed<String>>,
    pub order_index: i32,
    /// Generated due dates and excused slots.
    pub schedule: Json,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `milestone_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AftercareMilestoneStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "in_progress")]
    #[serde(rename = "in_progress")]
    InProgress,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "overdue")]
    #[serde(rename = "overdue")]
    Overdue,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::after_cares::Entity",
        from = "Column::AfterCareId",
        to = "super::after_cares::Column::Id"
    )]
    AfterCare,
    #[sea_orm(
        belongs_to = "super::aftercare_milestone_definitions::Entity",
        from = "Column::MilestoneDefinitionId",
        to = "super::aftercare_milestone_definitions::Column::Id"
    )]
    MilestoneDefinition,
    #[sea_orm(has_many = "super::after_care_instructions::Entity")]
    AfterCareInstructions,
    #[sea_orm(has_many = "super::aftercare_milestone_scans::Entity")]
    AftercareMilestoneScans,
    #[sea_orm(has_many = "super::aftercare_questionnaire_responses::Entity")]
    AftercareQuestionnaireResponses,
    #[sea_orm(has_many = "super::recovery_progress_logs::Entity")]
    RecoveryProgressLogs,
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl Related<super::aftercare_milestone_definitions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MilestoneDefinition.def()
    }
}

impl Related<super::after_care_instructions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCareInstructions.def()
    }
}

impl Related<super::aftercare_milestone_scans::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareMilestoneScans.def()
    }
}

impl Related<super::aftercare_questionnaire_responses::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareQuestionnaireResponses.def()
    }
}

impl Related<super::recovery_progress_logs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RecoveryProgressLogs.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
