//! `locations`: physical places: clinic addresses and cities used for prices and patient profiles.

use kernel::Timestamp;
use kernel::ids::LocationId;
use sea_orm::entity::prelude::*;

/// A row of `locations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "locations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LocationId,
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    #[sea_orm(column_type = "Text")]
    pub address2: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub address3: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub address4: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub address5: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub map_selector: Option<String>,
    pub phone: String,
    pub email: String,
    pub whatsapp_or_sms: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub fax: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub legal_name: String,
    pub tax: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// ISO code matching country.
    pub country_code: Option<String>,
    pub version: i32,
    pub deleted_at: Option<Timestamp>,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::providers::Entity")]
    Providers,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Providers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
