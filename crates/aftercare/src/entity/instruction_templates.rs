//! `instruction_templates`: admin presets of instruction texts.

use kernel::Timestamp;
use kernel::ids::{InstructionTemplateId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `instruction_templates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instruction_templates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstructionTemplateId,
    pub title: String,
    pub category: InstructionTemplateCategory,
    /// <= 2000.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub treatment_types: Json,
    pub default_repeat_days: Option<i32>,
    pub status: InstructionTemplateStatus,
    pub created_by_admin_id: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `category`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum InstructionTemplateCategory {
    #[sea_orm(string_value = "general")]
    #[serde(rename = "general")]
    General,
    #[sea_orm(string_value = "washing")]
    #[serde(rename = "washing")]
    Washing,
    #[sea_orm(string_value = "sleeping")]
    #[serde(rename = "sleeping")]
    Sleeping,
    #[sea_orm(string_value = "activity")]
    #[serde(rename = "activity")]
    Activity,
    #[sea_orm(string_value = "emergency_contact")]
    #[serde(rename = "emergency_contact")]
    EmergencyContact,
    #[sea_orm(string_value = "special")]
    #[serde(rename = "special")]
    Special,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum InstructionTemplateStatus {
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
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedByAdminId",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedByAdmin,
    #[sea_orm(has_many = "super::after_care_instructions::Entity")]
    AfterCareInstructions,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByAdmin.def()
    }
}

impl Related<super::after_care_instructions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCareInstructions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
