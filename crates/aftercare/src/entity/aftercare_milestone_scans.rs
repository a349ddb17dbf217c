//! `aftercare_milestone_scans`: one stored view of a scan set, or one 3-D model.

use kernel::Timestamp;
use kernel::ids::{AftercareMilestoneId, AftercareMilestoneScanId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_milestone_scans`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_milestone_scans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareMilestoneScanId,
    pub aftercare_milestone_id: AftercareMilestoneId,
    pub scan_url: String,
    pub scan_type: AftercareMilestoneScanType,
    pub scan_date: Date,
    pub is_overdue: bool,
    /// Slot it fills; NULL = extra.
    pub due_date: Option<Date>,
    /// 0..100.
    pub quality_score: Option<i16>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `scan_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AftercareMilestoneScanType {
    #[sea_orm(string_value = "front")]
    #[serde(rename = "front")]
    Front,
    #[sea_orm(string_value = "top")]
    #[serde(rename = "top")]
    Top,
    #[sea_orm(string_value = "sides")]
    #[serde(rename = "sides")]
    Sides,
    #[sea_orm(string_value = "back")]
    #[serde(rename = "back")]
    Back,
    #[sea_orm(string_value = "3d_model")]
    #[serde(rename = "3d_model")]
    Model3d,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_milestones::Entity",
        from = "Column::AftercareMilestoneId",
        to = "super::aftercare_milestones::Column::Id"
    )]
    AftercareMilestone,
}

impl Related<super::aftercare_milestones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareMilestone.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
