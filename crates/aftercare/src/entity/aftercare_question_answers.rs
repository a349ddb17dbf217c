//! `aftercare_question_answers`: the patient's answer to a one-off question.

use kernel::ids::{AftercareQuestionAnswerId, AftercareQuestionId, PatientId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `aftercare_question_answers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_question_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareQuestionAnswerId,
    pub question_id: AftercareQuestionId,
    pub patient_id: PatientId,
    #[sea_orm(column_type = "Text")]
    pub answer: Sealed<Json>,
    pub answered_at: Timestamp,
    pub flagged_urgent: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_questions::Entity",
        from = "Column::QuestionId",
        to = "super::aftercare_questions::Column::Id"
    )]
    Question,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
}

impl Related<super::aftercare_questions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Question.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
