//! `treatments`: catalogue of treatments made by admins; clinics may only choose from it.

use kernel::Timestamp;
use kernel::ids::{TreatmentId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `treatments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "treatments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TreatmentId,
    pub user_id: UserId,
    /// Unique without regard to case.
    pub treatment_name: String,
    pub treatment_type: TreatmentType,
    #[sea_orm(column_type = "Text")]
    pub treatment_description: String,
    pub thumbnail: String,
    pub video: Option<String>,
    pub status: TreatmentStatus,
    /// Set with inactive; this is the soft delete.
    pub ended_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    #[sea_orm(column_type = "Text")]
    pub technique_specifications: Option<String>,
    pub recovery_time: Option<String>,
    /// 0.5-12; default slot length.
    #[sea_orm(column_type = "Decimal(Some((4, 1)))")]
    pub duration_hours: Option<Decimal>,
    pub version: i32,
}

/// The values of `treatment_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum TreatmentType {
    #[sea_orm(string_value = "FUE")]
    #[serde(rename = "FUE")]
    Fue,
    #[sea_orm(string_value = "FUT")]
    #[serde(rename = "FUT")]
    Fut,
    #[sea_orm(string_value = "DHI")]
    #[serde(rename = "DHI")]
    Dhi,
    #[sea_orm(string_value = "SAPPHIRE_FUE")]
    #[serde(rename = "SAPPHIRE_FUE")]
    SapphireFue,
    #[sea_orm(string_value = "ROBOTIC")]
    #[serde(rename = "ROBOTIC")]
    Robotic,
    #[sea_orm(string_value = "OTHER")]
    #[serde(rename = "OTHER")]
    Other,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum TreatmentStatus {
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
        from = "Column::UserId",
        to = "identity::entity::users::Column::Id"
    )]
    User,
    #[sea_orm(has_many = "super::provider_treatment_pricing::Entity")]
    ProviderTreatmentPricing,
    #[sea_orm(has_many = "super::treatment_includes::Entity")]
    TreatmentIncludes,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl Related<super::provider_treatment_pricing::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderTreatmentPricing.def()
    }
}

impl Related<super::treatment_includes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TreatmentIncludes.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
