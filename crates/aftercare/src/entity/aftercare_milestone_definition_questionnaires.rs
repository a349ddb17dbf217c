//! `aftercare_milestone_definition_questionnaires`: links a questionnaire to a template phase with its cadence.

use kernel::Timestamp;
use kernel::ids::{
    AftercareMilestoneDefinitionId, AftercareMilestoneDefinitionQuestionnaireId, AftercareQuestionnaireId,
};
use sea_orm::entity::prelude::*;

/// A row of `aftercare_milestone_definition_questionnaires`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_milestone_definition_questionnaires")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareMilestoneDefinitionQuestionnaireId,
    pub milestone_definition_id: AftercareMilestoneDefinitionId,
    pub questionnaire_id: AftercareQuestionnaireId,
    pub frequency_days: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_milestone_definitions::Entity",
        from = "Column::MilestoneDefinitionId",
        to = "super::aftercare_milestone_definitions::Column::Id"
    )]
    MilestoneDefinition,
    #[sea_orm(
        belongs_to = "super::aftercare_questionnaires::Entity",
        from = "Column::QuestionnaireId",
        to = "super::aftercare_questionnaires::Column::Id"
    )]
    Questionnaire,
}

impl Related<super::aftercare_milestone_definitions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MilestoneDefinition.def()
    }
}

impl Related<super::aftercare_questionnaires::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Questionnaire.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
