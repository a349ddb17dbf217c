//! `demo_registry`: marks rows made by the demo seeder.

use kernel::Timestamp;
use kernel::ids::DemoRegistryId;
use sea_orm::entity::prelude::*;

/// A row of `demo_registry`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demo_registry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DemoRegistryId,
    pub table_name: String,
    pub row_id: String,
    pub seeder: String,
    pub natural_key: Option<String>,
    pub created_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
