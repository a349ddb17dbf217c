//! `recovery_progress_logs`: what happened between tasks: doses, instructions done, self-reports, progress snapshots.

use kernel::ids::{AfterCareId, AftercareMilestoneId, AnyId, PatientId, RecoveryProgressLogId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `recovery_progress_logs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_progress_logs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecoveryProgressLogId,
    pub after_care_id: AfterCareId,
    pub patient_id: PatientId,
    pub aftercare_milestone_id: Option<AftercareMilestoneId>,
    pub log_type: RecoveryProgressLogType,
    /// Medication, instruction.
    pub ref_type: Option<String>,
    pub ref_id: Option<AnyId>,
    /// Dose instant, UTC.
    pub scheduled_for: Option<Timestamp>,
    /// Percentage_snapshot and stage_changed.
    pub old_percentage: Option<i16>,
    pub new_percentage: Option<i16>,
    #[sea_orm(column_type = "Text")]
    pub value: Sealed<Json>,
    /// <= 1000; reason of a percentage change.
    #[sea_orm(column_type = "Text")]
    pub note: Option<Sealed<String>>,
    pub actor_type: RecoveryProgressLogActorType,
    pub actor_id: Option<AnyId>,
    pub logged_at: Timestamp,
    pub dedupe_key: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `log_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))")]
pub enum RecoveryProgressLogType {
    #[sea_orm(string_value = "dose")]
    #[serde(rename = "dose")]
    Dose,
    #[sea_orm(string_value = "instruction_done")]
    #[serde(rename = "instruction_done")]
    InstructionDone,
    #[sea_orm(string_value = "symptom_report")]
    #[serde(rename = "symptom_report")]
    SymptomReport,
    #[sea_orm(string_value = "stage_changed")]
    #[serde(rename = "stage_changed")]
    StageChanged,
    #[sea_orm(string_value = "percentage_snapshot")]
    #[serde(rename = "percentage_snapshot")]
    PercentageSnapshot,
    #[sea_orm(string_value = "note")]
    #[serde(rename = "note")]
    Note,
}

/// The values of `actor_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum RecoveryProgressLogActorType {
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
        belongs_to = "super::after_cares::Entity",
        from = "Column::AfterCareId",
        to = "super::after_cares::Column::Id"
    )]
    AfterCare,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(
        belongs_to = "super::aftercare_milestones::Entity",
        from = "Column::AftercareMilestoneId",
        to = "super::aftercare_milestones::Column::Id"
    )]
    AftercareMilestone,
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::aftercare_milestones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareMilestone.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
