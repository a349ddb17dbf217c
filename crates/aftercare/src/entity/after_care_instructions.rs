//! `after_care_instructions`: written instructions given to one patient, copied from presets.

use kernel::Timestamp;
use kernel::ids::{AfterCareId, AfterCareInstructionId, AftercareMilestoneId, AnyId, InstructionTemplateId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `after_care_instructions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "after_care_instructions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AfterCareInstructionId,
    pub after_care_id: AfterCareId,
    /// NULL = whole plan.
    pub aftercare_milestone_id: Option<AftercareMilestoneId>,
    /// Origin of the text.
    pub instruction_template_id: Option<InstructionTemplateId>,
    pub category: AfterCareInstructionCategory,
    pub title: String,
    /// <= 2000 general, <= 1000 per milestone or special, <= 200 emergency contact.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// 1..30, reminder cadence.
    pub repeat_days: Option<i32>,
    pub order_index: i32,
    pub status: AfterCareInstructionStatus,
    pub created_by_type: AfterCareInstructionCreatedByType,
    pub created_by_id: Option<AnyId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `category`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AfterCareInstructionCategory {
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
pub enum AfterCareInstructionStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "withdrawn")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
}

/// The values of `created_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AfterCareInstructionCreatedByType {
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
        belongs_to = "super::aftercare_milestones::Entity",
        from = "Column::AftercareMilestoneId",
        to = "super::aftercare_milestones::Column::Id"
    )]
    AftercareMilestone,
    #[sea_orm(
        belongs_to = "super::instruction_templates::Entity",
        from = "Column::InstructionTemplateId",
        to = "super::instruction_templates::Column::Id"
    )]
    InstructionTemplate,
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl Related<super::aftercare_milestones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareMilestone.def()
    }
}

impl Related<super::instruction_templates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InstructionTemplate.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
