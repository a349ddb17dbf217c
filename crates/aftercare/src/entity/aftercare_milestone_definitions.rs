//! `aftercare_milestone_definitions`: A phase inside a template: length, scan and questionnaire cadence.

use kernel::Timestamp;
use kernel::ids::{AftercareMilestoneDefinitionId, AftercareMilestoneTemplateId};
use sea_orm::entity::prelude::*;

/// A row of `aftercare_milestone_definitions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_milestone_definitions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareMilestoneDefinitionId,
    /// Only while the template was never used.
    pub template_id: AftercareMilestoneTemplateId,
    pub milestone_name: String,
    pub duration_days: i32,
    pub order_index: i32,
    pub scan_frequency_days: Option<i32>,
    pub scan_count: Option<i32>,
    pub questionnaire_frequency_days: Option<i32>,
    pub activity_restrictions: Option<Json>,
    pub resources: Option<Json>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_milestone_templates::Entity",
        from = "Column::TemplateId",
        to = "super::aftercare_milestone_templates::Column::Id"
    )]
    Template,
}

impl Related<super::aftercare_milestone_templates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Template.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
