//! `aftercare_milestone_templates`: admin-made schedule templates of 6, 12 or 18 months.

use kernel::Timestamp;
use kernel::ids::{AftercareMilestoneTemplateId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_milestone_templates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_milestone_templates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareMilestoneTemplateId,
    /// Compared case-insensitively.
    pub template_name: String,
    #[sea_orm(column_type = "Text")]
    pub template_description: Option<String>,
    pub duration_months: i32,
    pub status: AftercareMilestoneTemplateStatus,
    pub created_by_admin_id: Option<UserId>,
    pub lock_version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AftercareMilestoneTemplateStatus {
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
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByAdmin.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
