//! `treatment_includes`: what is always part of a catalogue treatment.

use kernel::Timestamp;
use kernel::ids::{TreatmentId, TreatmentIncludeId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `treatment_includes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "treatment_includes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TreatmentIncludeId,
    pub treatment_id: TreatmentId,
    pub include_name: String,
    #[sea_orm(column_type = "Text")]
    pub include_description: Option<String>,
    pub order_index: i32,
    pub status: TreatmentIncludeStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum TreatmentIncludeStatus {
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
        belongs_to = "super::treatments::Entity",
        from = "Column::TreatmentId",
        to = "super::treatments::Column::Id"
    )]
    Treatment,
}

impl Related<super::treatments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Treatment.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
