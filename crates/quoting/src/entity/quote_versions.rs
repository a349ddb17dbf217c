//! `quote_versions`: frozen content of a quote at submission and after each revision.

use kernel::ids::{AnyId, QuoteId, QuoteVersionId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `quote_versions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quote_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuoteVersionId,
    pub quote_id: QuoteId,
    pub version: i32,
    pub quote_amount: Amount,
    pub currency: Currency,
    /// All priced lines, dates, slot, plan, clinicians.
    pub snapshot: Json,
    /// Field names that differ from the version before.
    pub changed_fields: Option<Json>,
    pub created_by_type: QuoteVersionCreatedByType,
    pub created_by_id: AnyId,
    /// Mandatory for admin edits.
    pub reason: Option<String>,
    pub created_at: Timestamp,
}

/// The values of `created_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum QuoteVersionCreatedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::quotes::Entity", from = "Column::QuoteId", to = "super::quotes::Column::Id")]
    Quote,
}

impl Related<super::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
