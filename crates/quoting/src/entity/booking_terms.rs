//! `booking_terms`: versioned snapshot of price, currency, policy and commission of one booking.

use kernel::ids::{AffiliateDiscountCodeId, AffiliateId, AnyId, BookingTermsId, DiscountId, QuoteId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `booking_terms`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "booking_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingTermsId,
    pub quote_id: QuoteId,
    /// Per quote 1,2,3...; columns are write-once: a nullable one may go from NULL to a value, nothing else changes.
    pub version: i32,
    /// BKG-YYMM-NNNNN, same on every version.
    pub booking_reference: String,
    /// Before discount, quote currency.
    pub list_amount: Amount,
    pub discount_funding: Option<BookingTermsDiscountFunding>,
    pub discount_id: Option<DiscountId>,
    /// Affiliate code that sets the price.
    pub affiliate_discount_code_id: Option<AffiliateDiscountCodeId>,
    pub discount_amount: Amount,
    /// Promised price kept although the code had run out; listed for finance.
    pub discount_over_limit: bool,
    pub total_amount: Amount,
    pub quote_currency: Currency,
    pub payment_currency: Currency,
    /// Payment units per quote unit.
    #[sea_orm(column_type = "Decimal(Some((18, 8)))")]
    pub locked_rate: Decimal,
    pub payment_total: Amount,
    pub payout_currency: Option<Currency>,
    /// Unmarked.
    #[sea_orm(column_type = "Decimal(Some((18, 8)))")]
    pub payout_rate: Option<Decimal>,
    #[sea_orm(column_type = "Decimal(Some((4, 1)))")]
    pub deposit_percent: Decimal,
    pub deposit_amount: Amount,
    /// At the first attempt.
    pub payment_option: Option<BookingTermsPaymentOption>,
    pub hold_hours: i32,
    pub cutoff_days: i32,
    pub balance_due_days: i32,
    pub refund_tiers: Json,
    /// Commission columns: at confirmation.
    pub commission_type: Option<BookingTermsCommissionType>,
    pub commission_value: Option<Amount>,
    pub commission_base: Option<Amount>,
    pub commission_amount: Option<Amount>,
    pub attributed_affiliate_id: Option<AffiliateId>,
    /// Independent of the code that sets the price.
    pub attributed_affiliate_code_id: Option<AffiliateDiscountCodeId>,
    pub policy_ack_at: Option<Timestamp>,
    pub terms_ack_at: Option<Timestamp>,
    pub locked_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    pub reason: Option<String>,
    pub created_by_type: BookingTermsCreatedByType,
    pub created_by_id: Option<AnyId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `discount_funding`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum BookingTermsDiscountFunding {
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

/// The values of `payment_option`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum BookingTermsPaymentOption {
    #[sea_orm(string_value = "deposit")]
    #[serde(rename = "deposit")]
    Deposit,
    #[sea_orm(string_value = "full")]
    #[serde(rename = "full")]
    Full,
    #[sea_orm(string_value = "installments")]
    #[serde(rename = "installments")]
    Installments,
}

/// The values of `commission_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum BookingTermsCommissionType {
    #[sea_orm(string_value = "percentage")]
    #[serde(rename = "percentage")]
    Percentage,
    #[sea_orm(string_value = "flat")]
    #[serde(rename = "flat")]
    Flat,
}

/// The values of `created_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum BookingTermsCreatedByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "System")]
    System,
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

/// Terms that no newer ones of the same quote replaced: a condition for statements that read this table by its own name.
pub fn is_newest() -> Expr {
    // Only here: its names would hide those of columns.
    use sea_orm::sea_query::{Alias, ExprTrait, Query};

    let newer = Alias::new("newer");
    let own = |column: Column| Expr::col((Entity, column));
    let later = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, newer.clone())
        .and_where(Expr::col((newer.clone(), Column::QuoteId)).eq(own(Column::QuoteId)))
        .and_where(Expr::col((newer, Column::Version)).gt(own(Column::Version)))
        .to_owned();
    Expr::exists(later).not()
}
