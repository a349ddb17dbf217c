//! `aftercare_questions`: one-off question a team member puts to one patient.

use kernel::Timestamp;
use kernel::ids::{AfterCareId, AftercareQuestionId, AnyId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_questions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_questions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareQuestionId,
    pub after_care_id: AfterCareId,
    pub asked_by_type: AftercareQuestionAskedByType,
    pub asked_by_id: AnyId,
    /// 10..1000.
    #[sea_orm(column_type = "Text")]
    pub question_text: String,
    pub question_type: AftercareQuestionType,
    pub options: Option<Json>,
    pub due_at: Option<Timestamp>,
    pub status: AftercareQuestionStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `asked_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareQuestionAskedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `question_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareQuestionType {
    #[sea_orm(string_value = "visual_scale")]
    #[serde(rename = "visual_scale")]
    VisualScale,
    #[sea_orm(string_value = "numeric_scale")]
    #[serde(rename = "numeric_scale")]
    NumericScale,
    #[sea_orm(string_value = "number")]
    #[serde(rename = "number")]
    Number,
    #[sea_orm(string_value = "yes_no")]
    #[serde(rename = "yes_no")]
    YesNo,
    #[sea_orm(string_value = "single_choice")]
    #[serde(rename = "single_choice")]
    SingleChoice,
    #[sea_orm(string_value = "multi_select")]
    #[serde(rename = "multi_select")]
    MultiSelect,
    #[sea_orm(string_value = "text")]
    #[serde(rename = "text")]
    Text,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AftercareQuestionStatus {
    #[sea_orm(string_value = "open")]
    #[serde(rename = "open")]
    Open,
    #[sea_orm(string_value = "answered")]
    #[serde(rename = "answered")]
    Answered,
    #[sea_orm(string_value = "withdrawn")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
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
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
