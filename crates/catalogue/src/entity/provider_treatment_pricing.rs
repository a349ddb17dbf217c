//! `provider_treatment_pricing`: what a clinic charges for a catalogue treatment.

use kernel::ids::{ProviderId, ProviderTreatmentPricingId, TreatmentId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_treatment_pricing`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_treatment_pricing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderTreatmentPricingId,
    pub provider_id: ProviderId,
    pub treatment_id: TreatmentId,
    pub base_price: Amount,
    /// 0 = fixed-price treatment.
    pub price_per_graft: Amount,
    /// Becomes the quote currency.
    pub currency: Currency,
    pub min_grafts: Option<i32>,
    pub max_grafts: Option<i32>,
    pub status: ProviderTreatmentPricingStatus,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderTreatmentPricingStatus {
    #[sea_orm(string_value = "offered")]
    #[serde(rename = "offered")]
    Offered,
    #[sea_orm(string_value = "not_offered")]
    #[serde(rename = "not_offered")]
    NotOffered,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "super::treatments::Entity",
        from = "Column::TreatmentId",
        to = "super::treatments::Column::Id"
    )]
    Treatment,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::treatments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Treatment.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
