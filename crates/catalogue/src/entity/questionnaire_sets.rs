//! `questionnaire_sets`: versioned catalogue of the questionnaires patients fill in.

use kernel::Timestamp;
use kernel::ids::{QuestionnaireSetId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `questionnaire_sets`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "questionnaire_sets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionnaireSetId,
    pub set_code: String,
    pub version: i32,
    pub name: String,
    pub context_type: QuestionnaireSetContextType,
    /// Required to publish.
    pub category: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub description: Option<String>,
    pub tags: Option<Json>,
    pub questions: Json,
    pub status: QuestionnaireSetStatus,
    pub is_active_for_inquiry: bool,
    /// Optimistic lock of a draft.
    pub lock_version: i32,
    pub created_by: Option<UserId>,
    pub published_at: Option<Timestamp>,
    pub published_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `context_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum QuestionnaireSetContextType {
    #[sea_orm(string_value = "inquiry")]
    #[serde(rename = "inquiry")]
    Inquiry,
    #[sea_orm(string_value = "aftercare")]
    #[serde(rename = "aftercare")]
    Aftercare,
    #[sea_orm(string_value = "multi")]
    #[serde(rename = "multi")]
    Multi,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum QuestionnaireSetStatus {
    #[sea_orm(string_value = "draft")]
    #[serde(rename = "draft")]
    Draft,
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "archived")]
    #[serde(rename = "archived")]
    Archived,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::PublishedBy",
        to = "identity::entity::users::Column::Id"
    )]
    PublishedBy,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
