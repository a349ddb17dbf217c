//! `aftercare_questionnaire_responses`: A patient's answers to one questionnaire slot.

use kernel::ids::{AftercareMilestoneId, AftercareQuestionnaireId, AftercareQuestionnaireResponseId, PatientId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `aftercare_questionnaire_responses`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_questionnaire_responses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareQuestionnaireResponseId,
    pub aftercare_milestone_id: AftercareMilestoneId,
    pub questionnaire_id: AftercareQuestionnaireId,
    pub patient_id: PatientId,
    #[sea_orm(column_type = "Text")]
    pub responses: Sealed<Json>,
    pub response_date: Date,
    pub is_overdue: bool,
    pub flagged_urgent: bool,
    /// Slot it fills; NULL = extra.
    pub due_date: Option<Date>,
    /// Rule hits: question id, value, rule.
    #[sea_orm(column_type = "Text")]
    pub flag_reasons: Option<Sealed<Json>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_milestones::Entity",
        from = "Column::AftercareMilestoneId",
        to = "super::aftercare_milestones::Column::Id"
    )]
    AftercareMilestone,
    #[sea_orm(
        belongs_to = "super::aftercare_questionnaires::Entity",
        from = "Column::QuestionnaireId",
        to = "super::aftercare_questionnaires::Column::Id"
    )]
    Questionnaire,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
}

impl Related<super::aftercare_milestones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareMilestone.def()
    }
}

impl Related<super::aftercare_questionnaires::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Questionnaire.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
