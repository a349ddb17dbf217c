//! `location_starting_prices`: 'From' prices shown per place or country; display only, never charged.

use kernel::ids::{LocationId, LocationStartingPriceId, UserId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `location_starting_prices`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "location_starting_prices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LocationStartingPriceId,
    pub location_id: Option<LocationId>,
    pub country_name: Option<String>,
    pub starting_price: Amount,
    pub currency: Currency,
    #[sea_orm(column_type = "Text")]
    pub description: Option<String>,
    /// NULL = since ever.
    pub effective_from: Option<Date>,
    /// Inclusive; a change closes the old row and inserts a new one.
    pub effective_to: Option<Date>,
    pub is_fallback: bool,
    pub updated_by_user_id: Option<UserId>,
    /// 10-500 chars.
    pub change_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "directory::entity::locations::Entity",
        from = "Column::LocationId",
        to = "directory::entity::locations::Column::Id"
    )]
    Location,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::UpdatedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    UpdatedByUser,
}

impl Related<directory::entity::locations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Location.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UpdatedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
