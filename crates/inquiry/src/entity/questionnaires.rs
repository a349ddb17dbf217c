//! `questionnaires`: one form filled in by a patient, kept with the exact questions answered.

use kernel::ids::{InquiryId, PatientId, QuestionnaireId, QuestionnaireSetId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `questionnaires`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "questionnaires")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionnaireId,
    pub patient_id: PatientId,
    /// Set when submitted with an inquiry.
    pub inquiry_id: Option<InquiryId>,
    pub context: QuestionnaireContext,
    pub questionnaire_set_id: Option<QuestionnaireSetId>,
    pub set_version: Option<i32>,
    /// An answer correction is a new row.
    pub revision: i32,
    #[sea_orm(column_type = "Text")]
    pub answers: Sealed<Json>,
    #[sea_orm(column_type = "Text")]
    pub alert_level: Option<Sealed<String>>,
    /// NULL = draft.
    pub submitted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `context`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum QuestionnaireContext {
    #[sea_orm(string_value = "inquiry")]
    #[serde(rename = "inquiry")]
    Inquiry,
    #[sea_orm(string_value = "discovery")]
    #[serde(rename = "discovery")]
    Discovery,
    #[sea_orm(string_value = "monitoring_advice")]
    #[serde(rename = "monitoring_advice")]
    MonitoringAdvice,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(belongs_to = "super::inquiries::Entity", from = "Column::InquiryId", to = "super::inquiries::Column::Id")]
    Inquiry,
    #[sea_orm(
        belongs_to = "catalogue::entity::questionnaire_sets::Entity",
        from = "Column::QuestionnaireSetId",
        to = "catalogue::entity::questionnaire_sets::Column::Id"
    )]
    QuestionnaireSet,
    #[sea_orm(has_many = "super::medical_histories::Entity")]
    MedicalHistories,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::inquiries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Inquiry.def()
    }
}

impl Related<catalogue::entity::questionnaire_sets::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::QuestionnaireSet.def()
    }
}

impl Related<super::medical_histories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MedicalHistories.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
