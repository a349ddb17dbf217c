//! `discount_redemptions`: one use of a discount or affiliate code on one booking, with its cost split.

use kernel::ids::{AffiliateDiscountCodeId, DiscountId, DiscountRedemptionId, PatientId, QuoteId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `discount_redemptions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "discount_redemptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DiscountRedemptionId,
    pub discount_id: Option<DiscountId>,
    pub affiliate_discount_code_id: Option<AffiliateDiscountCodeId>,
    pub quote_id: QuoteId,
    pub patient_id: PatientId,
    /// Same for accounts of one person.
    pub person_key: String,
    /// 1..per-patient limit.
    pub slot_no: i32,
    pub state: DiscountRedemptionState,
    pub funding: DiscountRedemptionFunding,
    pub amount: Amount,
    pub currency: Currency,
    pub provider_share: Amount,
    pub platform_share: Amount,
    /// Counted beyond the limit because the price was promised.
    pub over_limit: bool,
    pub expires_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `state`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum DiscountRedemptionState {
    #[sea_orm(string_value = "applied")]
    #[serde(rename = "applied")]
    Applied,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "released")]
    #[serde(rename = "released")]
    Released,
    #[sea_orm(string_value = "refunded")]
    #[serde(rename = "refunded")]
    Refunded,
}

/// The values of `funding`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum DiscountRedemptionFunding {
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "both")]
    #[serde(rename = "both")]
    Both,
    #[sea_orm(string_value = "platform")]
    #[serde(rename = "platform")]
    Platform,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::discounts::Entity",
        from = "Column::DiscountId",
        to = "super::discounts::Column::Id"
    )]
    Discount,
    #[sea_orm(
        belongs_to = "super::affiliate_discount_codes::Entity",
        from = "Column::AffiliateDiscountCodeId",
        to = "super::affiliate_discount_codes::Column::Id"
    )]
    AffiliateDiscountCode,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
}

impl Related<super::discounts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Discount.def()
    }
}

impl Related<super::affiliate_discount_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateDiscountCode.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
