//! `location_preferences`: A list of places: the destinations of an inquiry, or an admin's ordering for a region.

use kernel::Timestamp;
use kernel::ids::{InquiryId, LocationPreferenceId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `location_preferences`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "location_preferences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LocationPreferenceId,
    pub preference_type: LocationPreferenceType,
    /// Set only for type inquiry.
    pub inquiry_id: Option<InquiryId>,
    /// Region name.
    pub name: Option<String>,
    pub description: Option<String>,
    pub status: LocationPreferenceStatus,
    pub max_shown: i32,
    pub version: i32,
    pub updated_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `preference_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum LocationPreferenceType {
    #[sea_orm(string_value = "inquiry")]
    #[serde(rename = "inquiry")]
    Inquiry,
    #[sea_orm(string_value = "region")]
    #[serde(rename = "region")]
    Region,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum LocationPreferenceStatus {
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
        from = "Column::UpdatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    UpdatedBy,
    #[sea_orm(has_many = "super::location_preferences_countries::Entity")]
    LocationPreferencesCountries,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UpdatedBy.def()
    }
}

impl Related<super::location_preferences_countries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::LocationPreferencesCountries.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
