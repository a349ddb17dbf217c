//! `ledger_entries`: double-entry postings, balanced per transaction and currency.

use kernel::ids::{
    AffiliateCommissionId, AffiliateId, AffiliatePayoutId, AftercarePaymentId, AnyId, LedgerEntryId, PaymentId,
    ProviderBillId, QuoteId,
};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `ledger_entries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LedgerEntryId,
    pub transaction_id: AnyId,
    /// What caused it, e.g. payment:{id}:completed; makes a posting happen once.
    pub source_key: String,
    pub line_no: i16,
    pub account: LedgerEntryAccount,
    pub currency: Currency,
    pub debit: Amount,
    pub credit: Amount,
    pub quote_id: Option<QuoteId>,
    pub payment_id: Option<PaymentId>,
    pub aftercare_payment_id: Option<AftercarePaymentId>,
    pub bill_id: Option<ProviderBillId>,
    pub affiliate_id: Option<AffiliateId>,
    pub affiliate_commission_id: Option<AffiliateCommissionId>,
    pub affiliate_payout_id: Option<AffiliatePayoutId>,
    pub posted_at: Timestamp,
    pub created_at: Timestamp,
}

/// The values of `account`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))")]
pub enum LedgerEntryAccount {
    #[sea_orm(string_value = "cash")]
    #[serde(rename = "cash")]
    Cash,
    #[sea_orm(string_value = "customer_funds")]
    #[serde(rename = "customer_funds")]
    CustomerFunds,
    #[sea_orm(string_value = "platform_revenue")]
    #[serde(rename = "platform_revenue")]
    PlatformRevenue,
    #[sea_orm(string_value = "provider_payable")]
    #[serde(rename = "provider_payable")]
    ProviderPayable,
    #[sea_orm(string_value = "fx_clearing")]
    #[serde(rename = "fx_clearing")]
    FxClearing,
    #[sea_orm(string_value = "affiliate_expense")]
    #[serde(rename = "affiliate_expense")]
    AffiliateExpense,
    #[sea_orm(string_value = "affiliate_payable")]
    #[serde(rename = "affiliate_payable")]
    AffiliatePayable,
    #[sea_orm(string_value = "other_income")]
    #[serde(rename = "other_income")]
    OtherIncome,
    #[sea_orm(string_value = "bad_debt")]
    #[serde(rename = "bad_debt")]
    BadDebt,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(belongs_to = "super::payments::Entity", from = "Column::PaymentId", to = "super::payments::Column::Id")]
    Payment,
    #[sea_orm(
        belongs_to = "promotions::entity::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "promotions::entity::affiliates::Column::Id"
    )]
    Affiliate,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<super::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payment.def()
    }
}

impl Related<promotions::entity::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
