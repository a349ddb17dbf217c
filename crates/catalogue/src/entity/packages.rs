//! `packages`: optional add-ons a clinic offers with its treatments.

use kernel::ids::{PackageId, ProviderId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `packages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "packages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PackageId,
    pub provider_id: ProviderId,
    /// Unique per clinic without regard to case.
    pub package_name: String,
    pub package_price: Amount,
    pub currency: Currency,
    #[sea_orm(column_type = "Text")]
    pub package_description: Option<String>,
    pub package_category: PackageCategory,
    pub status: PackageStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub duration: Option<String>,
    /// At most 1000 characters.
    #[sea_orm(column_type = "Text")]
    pub terms: Option<String>,
    pub version: i32,
    pub deleted_at: Option<Timestamp>,
}

/// The values of `package_category`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PackageCategory {
    #[sea_orm(string_value = "hotel")]
    #[serde(rename = "hotel")]
    Hotel,
    #[sea_orm(string_value = "transport")]
    #[serde(rename = "transport")]
    Transport,
    #[sea_orm(string_value = "flight")]
    #[serde(rename = "flight")]
    Flight,
    #[sea_orm(string_value = "medication")]
    #[serde(rename = "medication")]
    Medication,
    #[sea_orm(string_value = "prp_therapy")]
    #[serde(rename = "prp_therapy")]
    PrpTherapy,
    #[sea_orm(string_value = "consultation")]
    #[serde(rename = "consultation")]
    Consultation,
    #[sea_orm(string_value = "custom")]
    #[serde(rename = "custom")]
    Custom,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PackageStatus {
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
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(has_many = "super::package_items::Entity")]
    PackageItems,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::package_items::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PackageItems.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
