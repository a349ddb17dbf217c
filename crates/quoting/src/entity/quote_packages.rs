//! `quote_packages`: packages chosen in a quote, with the price and content frozen at submission.

use kernel::ids::{PackageId, QuoteId, QuotePackageId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `quote_packages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quote_packages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuotePackageId,
    pub quote_id: QuoteId,
    /// Package of the quoting clinic.
    pub package_id: PackageId,
    /// Name, category, description, items, version; set at submission.
    pub package_snapshot: Option<Json>,
    pub list_price: Amount,
    pub list_currency: Currency,
    /// List to quote currency at submission.
    #[sea_orm(column_type = "Decimal(Some((18, 8)))")]
    pub fx_rate: Decimal,
    /// Charged, in quote currency.
    pub price: Amount,
    pub order_index: i32,
    /// Taken out of the quote.
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::quotes::Entity", from = "Column::QuoteId", to = "super::quotes::Column::Id")]
    Quote,
    #[sea_orm(
        belongs_to = "catalogue::entity::packages::Entity",
        from = "Column::PackageId",
        to = "catalogue::entity::packages::Column::Id"
    )]
    Package,
}

impl Related<super::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<catalogue::entity::packages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Package.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
