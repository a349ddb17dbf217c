//! `affiliate_commissions`: affiliate sub-ledger: accruals, reversals, adjustments, forfeits and write-offs in USD.

use kernel::ids::{
    AffiliateCommissionId, AffiliateDiscountCodeId, AffiliateId, AffiliatePayoutId, AnyId, PaymentId, QuoteId,
};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliate_commissions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_commissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateCommissionId,
    pub affiliate_id: AffiliateId,
    /// Set on accruals and reversals.
    pub quote_id: Option<QuoteId>,
    /// Code or link that attributed it.
    pub affiliate_discount_code_id: Option<AffiliateDiscountCodeId>,
    pub entry_type: AffiliateCommissionEntryType,
    pub reverses_id: Option<AffiliateCommissionId>,
    /// Refund row that caused a reversal.
    pub source_payment_id: Option<PaymentId>,
    pub commission_type: Option<AccruedCommissionType>,
    pub commission_value: Option<Amount>,
    /// Booking revenue B in quote currency.
    pub base_amount: Option<Amount>,
    pub base_currency: Option<Currency>,
    /// USD per unit of base currency.
    #[sea_orm(column_type = "Decimal(Some((18, 8)))")]
    pub fx_rate: Option<Decimal>,
    pub base_amount_usd: Option<Amount>,
    /// Signed.
    pub amount: Amount,
    pub currency: Currency,
    pub is_capped: bool,
    /// From earned on only status and payout_id may change (trigger).
    pub status: AffiliateCommissionStatus,
    /// NULL while pending; decides period and terms.
    pub earned_at: Option<Timestamp>,
    /// Statement that claimed it.
    pub payout_id: Option<AffiliatePayoutId>,
    pub reason: Option<String>,
    pub created_by_type: AffiliateCommissionCreatedByType,
    pub created_by_id: Option<AnyId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `entry_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AffiliateCommissionEntryType {
    #[sea_orm(string_value = "accrual")]
    #[serde(rename = "accrual")]
    Accrual,
    #[sea_orm(string_value = "reversal")]
    #[serde(rename = "reversal")]
    Reversal,
    #[sea_orm(string_value = "adjustment")]
    #[serde(rename = "adjustment")]
    Adjustment,
    #[sea_orm(string_value = "forfeit")]
    #[serde(rename = "forfeit")]
    Forfeit,
    #[sea_orm(string_value = "write_off")]
    #[serde(rename = "write_off")]
    WriteOff,
}

/// The values of `commission_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AccruedCommissionType {
    #[sea_orm(string_value = "percentage")]
    #[serde(rename = "percentage")]
    Percentage,
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AffiliateCommissionStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "earned")]
    #[serde(rename = "earned")]
    Earned,
    #[sea_orm(string_value = "claimed")]
    #[serde(rename = "claimed")]
    Claimed,
    #[sea_orm(string_value = "settled")]
    #[serde(rename = "settled")]
    Settled,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// The values of `created_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum AffiliateCommissionCreatedByType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "System")]
    System,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "promotions::entity::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "promotions::entity::affiliates::Column::Id"
    )]
    Affiliate,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "promotions::entity::affiliate_discount_codes::Entity",
        from = "Column::AffiliateDiscountCodeId",
        to = "promotions::entity::affiliate_discount_codes::Column::Id"
    )]
    AffiliateDiscountCode,
    #[sea_orm(belongs_to = "Entity", from = "Column::ReversesId", to = "Column::Id")]
    Reverses,
    #[sea_orm(
        belongs_to = "payments::entity::payments::Entity",
        from = "Column::SourcePaymentId",
        to = "payments::entity::payments::Column::Id"
    )]
    SourcePayment,
    #[sea_orm(
        belongs_to = "super::affiliate_payouts::Entity",
        from = "Column::PayoutId",
        to = "super::affiliate_payouts::Column::Id"
    )]
    Payout,
}

impl Related<promotions::entity::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<promotions::entity::affiliate_discount_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateDiscountCode.def()
    }
}

impl Related<payments::entity::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SourcePayment.def()
    }
}

impl Related<super::affiliate_payouts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payout.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
