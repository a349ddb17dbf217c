//! `location_preferences_countries`: countries of such a list, in order.

use kernel::ids::{LocationId, LocationPreferenceCountryId, LocationPreferenceId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `location_preferences_countries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "location_preferences_countries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LocationPreferenceCountryId,
    pub location_preference_id: LocationPreferenceId,
    pub country_code: String,
    pub role: LocationPreferenceCountryRole,
    /// 1 = first or primary.
    pub position: i32,
    /// A city inside the country.
    pub location_id: Option<LocationId>,
    /// Starting price the patient saw.
    pub shown_price: Option<Amount>,
    pub shown_currency: Option<Currency>,
    /// Taken off the list.
    pub removed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `role`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum LocationPreferenceCountryRole {
    #[sea_orm(string_value = "destination")]
    #[serde(rename = "destination")]
    Destination,
    #[sea_orm(string_value = "audience")]
    #[serde(rename = "audience")]
    Audience,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::location_preferences::Entity",
        from = "Column::LocationPreferenceId",
        to = "super::location_preferences::Column::Id"
    )]
    LocationPreference,
    #[sea_orm(
        belongs_to = "directory::entity::locations::Entity",
        from = "Column::LocationId",
        to = "directory::entity::locations::Column::Id"
    )]
    Location,
}

impl Related<super::location_preferences::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::LocationPreference.def()
    }
}

impl Related<directory::entity::locations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Location.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
