//! `medical_histories`: medical answers and alert level of one inquiry, encrypted.

use kernel::ids::{InquiryId, MedicalHistoryId, QuestionnaireId, UserId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `medical_histories`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "medical_histories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MedicalHistoryId,
    pub inquiry_id: InquiryId,
    #[sea_orm(column_type = "Text")]
    pub age: Option<Sealed<i64>>,
    #[sea_orm(column_type = "Text")]
    pub medical_conditions: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub medications: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub allergies: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub previous_surgeries: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub smoking_status: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub alcohol_consumption: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub family_history: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub critical_conditions: Option<Sealed<Json>>,
    /// Encrypted, so the default is written by the application.
    #[sea_orm(column_type = "Text")]
    pub alert_level: Sealed<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Answers this revision was computed from.
    pub questionnaire_id: Option<QuestionnaireId>,
    /// +1 at every change of the answers.
    pub revision: i32,
    /// Keyed hash for filtering, identity.md 5.9.
    pub alert_level_index: Option<String>,
    /// Admin asked the patient to answer again.
    pub reopened_at: Option<Timestamp>,
    pub reopened_by: Option<UserId>,
    pub reopen_reason: Option<String>,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::inquiries::Entity", from = "Column::InquiryId", to = "super::inquiries::Column::Id")]
    Inquiry,
    #[sea_orm(
        belongs_to = "super::questionnaires::Entity",
        from = "Column::QuestionnaireId",
        to = "super::questionnaires::Column::Id"
    )]
    Questionnaire,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ReopenedBy",
        to = "identity::entity::users::Column::Id"
    )]
    ReopenedBy,
}

impl Related<super::inquiries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Inquiry.def()
    }
}

impl Related<super::questionnaires::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Questionnaire.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ReopenedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
