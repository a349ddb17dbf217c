//! `aftercare_questionnaires`: admin-made question sets for pain, sleep, compliance and symptoms.

use kernel::Timestamp;
use kernel::ids::AftercareQuestionnaireId;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_questionnaires`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_questionnaires")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareQuestionnaireId,
    pub questionnaire_name: String,
    #[sea_orm(column_type = "Text")]
    pub questionnaire_description: Option<String>,
    pub questionnaire_type: AftercareQuestionnaireType,
    pub questions: Json,
    pub status: AftercareQuestionnaireStatus,
    pub version: i32,
    /// Frozen row this one replaces.
    pub supersedes_id: Option<AftercareQuestionnaireId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `questionnaire_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AftercareQuestionnaireType {
    #[sea_orm(string_value = "pain")]
    #[serde(rename = "pain")]
    Pain,
    #[sea_orm(string_value = "sleep")]
    #[serde(rename = "sleep")]
    Sleep,
    #[sea_orm(string_value = "compliance")]
    #[serde(rename = "compliance")]
    Compliance,
    #[sea_orm(string_value = "symptom_check")]
    #[serde(rename = "symptom_check")]
    SymptomCheck,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AftercareQuestionnaireStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "Entity", from = "Column::SupersedesId", to = "Column::Id")]
    Supersedes,
}

impl ActiveModelBehavior for ActiveModel {}
