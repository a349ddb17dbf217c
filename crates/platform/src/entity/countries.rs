//! `countries`: countries that may be chosen, with calling codes and flags.

use kernel::Timestamp;
use kernel::ids::CountryId;
use sea_orm::entity::prelude::*;

/// A row of `countries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "countries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CountryId,
    pub name: String,
    pub iso_code: String,
    /// + and 1-4 digits.
    pub calling_code: String,
    pub flag_path: Option<String>,
    pub display_order: i32,
    pub is_active: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
