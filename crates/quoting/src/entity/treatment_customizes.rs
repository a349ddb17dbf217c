//! `treatment_customizes`: extra lines of one quote: free inclusions, custom services and fees.

use kernel::ids::{QuoteId, QuoteLineId, TreatmentId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `treatment_customizes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "treatment_customizes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuoteLineId,
    pub quote_id: QuoteId,
    /// Treatment of the quote.
    pub treatment_id: TreatmentId,
    pub kind: QuoteLineKind,
    pub name: String,
    pub description: Option<String>,
    /// Quote currency.
    pub price: Amount,
    pub order_index: i32,
    /// Taken out of the quote.
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum QuoteLineKind {
    #[sea_orm(string_value = "inclusion")]
    #[serde(rename = "inclusion")]
    Inclusion,
    #[sea_orm(string_value = "custom_service")]
    #[serde(rename = "custom_service")]
    CustomService,
    #[sea_orm(string_value = "fee")]
    #[serde(rename = "fee")]
    Fee,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::quotes::Entity", from = "Column::QuoteId", to = "super::quotes::Column::Id")]
    Quote,
    #[sea_orm(
        belongs_to = "catalogue::entity::treatments::Entity",
        from = "Column::TreatmentId",
        to = "catalogue::entity::treatments::Column::Id"
    )]
    Treatment,
}

impl Related<super::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<catalogue::entity::treatments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Treatment.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
