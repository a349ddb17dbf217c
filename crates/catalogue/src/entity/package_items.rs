//! `package_items`: content lines of a package, shown to the patient.

use kernel::ids::{PackageId, PackageItemId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `package_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "package_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PackageItemId,
    pub package_id: PackageId,
    pub item_name: String,
    pub item_value: String,
    /// Informative, never added to a quote.
    pub item_price: Amount,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub order_index: i32,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::packages::Entity", from = "Column::PackageId", to = "super::packages::Column::Id")]
    Package,
}

impl Related<super::packages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Package.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
