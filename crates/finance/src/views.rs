//! What each audience may see of statements and accounts.

use chrono::NaiveDate;
use kernel::ids::{AfterCareId, AftercarePaymentId, BankingDetailId, ProviderBillId, ProviderBillItemId, QuoteId};
use kernel::{Currency, Money, Timestamp};
use payments::views::ClinicRef;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::entity::banking_details::{self, BankingDetailStatus};
use crate::entity::provider_bill_items::{self as items, ProviderBillItemKind};
use crate::entity::provider_bills::{self as bills, ProviderBillReadiness, ProviderBillStatus};
use crate::rules::readiness::Block;
use crate::service::decide::BillNote;

/// The sums of a statement.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct BillSums {
    /// Of its earnings.
    pub gross: Money,
    /// What Hairline keeps of them.
    pub commission: Money,
    /// Deductions applied now.
    pub adjustment: Money,
    /// What is paid.
    pub net: Money,
}

impl BillSums {
    /// Of a row.
    pub fn of(row: &bills::Model) -> Self {
        let money = |amount| Money::new(amount, row.currency);
        Self {
            gross: money(row.gross_amount),
            commission: money(row.commission_amount),
            adjustment: money(row.adjustment_amount),
            net: money(row.net_amount),
        }
    }
}

/// A line of a statement.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BillItem {
    /// Which.
    pub id: ProviderBillItemId,
    /// What it is.
    pub kind: ProviderBillItemKind,
    /// The booking.
    pub booking_id: Option<QuoteId>,
    /// `BKG-2603-00001`.
    pub booking_reference: Option<String>,
    /// The text of a line staff added.
    pub label: Option<String>,
    /// Before the commission.
    pub gross: Money,
    /// What Hairline keeps.
    pub commission: Money,
    /// What counts; below zero for deductions.
    pub net: Money,
    /// Units of the statement's currency for one of the quote's.
    #[schema(value_type = String, example = "37.5")]
    pub rate: Decimal,
    /// What later statements still carry of a deduction.
    pub carried: Money,
}

impl BillItem {
    /// Of a row of a statement in a currency.
    pub fn of(row: &items::Model, reference: Option<String>, currency: Currency) -> Self {
        let money = |amount| Money::new(amount, currency);
        Self {
            id: row.id,
            kind: row.kind,
            booking_id: row.quote_id,
            booking_reference: reference,
            label: row.label.clone(),
            gross: money(row.gross),
            commission: money(row.commission),
            net: money(row.net),
            rate: row.rate.normalize(),
            carried: money(row.balance_after),
        }
    }
}

/// A statement in staff's list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BillLine {
    /// Which.
    pub id: ProviderBillId,
    /// `PST-P1A2B3C4D-2026-W25`.
    pub reference: String,
    /// Who is paid.
    pub clinic: ClinicRef,
    /// Its first day.
    pub period_start: NaiveDate,
    /// Its last day.
    pub period_end: NaiveDate,
    /// When it is paid.
    pub payout_date: NaiveDate,
    /// Its sums.
    pub sums: BillSums,
    /// Where it stands.
    pub status: ProviderBillStatus,
    /// Whether it could be paid.
    pub readiness: ProviderBillReadiness,
    /// What stands in its way.
    pub block: Option<Block>,
    /// To be sent back with what is done to it.
    pub version: i32,
}

impl BillLine {
    /// Of a row and its clinic.
    pub fn of(row: &bills::Model, clinic: String) -> Self {
        Self {
            id: row.id,
            reference: row.bill_reference.clone(),
            clinic: ClinicRef { id: row.provider_id, name: clinic },
            period_start: row.period_start,
            period_end: row.period_end,
            payout_date: row.payout_date,
            sums: BillSums::of(row),
            status: row.status,
            readiness: row.readiness,
            block: row.blocked_reason.as_deref().and_then(Block::from_word),
            version: row.version,
        }
    }
}

/// A statement as staff read it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BillDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub line: BillLine,
    /// Its lines.
    pub items: Vec<BillItem>,
    /// The clinic's account: the one it was approved with, or the one in force.
    pub account: Option<BankAccount>,
    /// When it was built.
    #[schema(value_type = String, format = DateTime)]
    pub built_at: Timestamp,
    /// When it was approved.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
    /// By whom.
    pub approved_by: Option<String>,
    /// When its money left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub processed_at: Option<Timestamp>,
    /// When it arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    /// When it was dropped.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub voided_at: Option<Timestamp>,
    /// Why.
    pub void_reason: Option<String>,
    /// Why the bank refused.
    pub failure: Option<String>,
    /// The gateway's id of the transfer.
    pub transfer_id: Option<String>,
    /// How often it was sent.
    pub attempts: i32,
    /// `PIN-2607-00001`, once it is paid.
    pub document_number: Option<String>,
    /// Notes of staff, the oldest first.
    pub notes: Vec<BillNote>,
    /// Their writers, by id.
    #[serde(skip)]
    pub writers: std::collections::HashMap<kernel::ids::UserId, String>,
}

/// A payout in its clinic's list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PayoutLine {
    /// Which.
    pub id: ProviderBillId,
    /// `PST-P1A2B3C4D-2026-W25`.
    pub reference: String,
    /// Its first day.
    pub period_start: NaiveDate,
    /// Its last day.
    pub period_end: NaiveDate,
    /// When it was due.
    pub payout_date: NaiveDate,
    /// Its sums.
    pub sums: BillSums,
    /// `processing`, `paid` or `failed`: earlier a clinic does not see it.
    pub status: ProviderBillStatus,
    /// When the money arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
}

impl From<&bills::Model> for PayoutLine {
    fn from(row: &bills::Model) -> Self {
        Self {
            id: row.id,
            reference: row.bill_reference.clone(),
            period_start: row.period_start,
            period_end: row.period_end,
            payout_date: row.payout_date,
            sums: BillSums::of(row),
            status: row.status,
            paid_at: row.paid_at,
        }
    }
}

/// A payout as its clinic reads it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PayoutDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub line: PayoutLine,
    /// Its lines.
    pub items: Vec<BillItem>,
    /// Last four characters of the account it went to.
    pub account_last4: Option<String>,
    /// `PIN-2607-00001`, once it is paid.
    pub document_number: Option<String>,
}

/// An account without its number (R-PY-64).
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BankAccount {
    /// Which version.
    pub id: BankingDetailId,
    /// Whose account.
    pub account_holder_name: String,
    /// Which bank.
    pub bank_name: String,
    /// Where.
    #[schema(example = "DE")]
    pub bank_country: String,
    /// What is paid out.
    pub currency: Currency,
    /// The last four characters of its number: more is never shown.
    pub account_last4: String,
    /// The bank's international code.
    pub swift_code: Option<String>,
    /// The bank's number in the United States.
    pub routing_number: Option<String>,
    /// The account at the payment gateway.
    pub gateway_destination_id: Option<String>,
    /// Where it stands.
    pub status: BankingDetailStatus,
    /// When it can be paid to.
    #[schema(value_type = String, format = DateTime)]
    pub usable_from: Timestamp,
    /// Counts the accounts of this currency.
    pub version: i32,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<&banking_details::Model> for BankAccount {
    fn from(row: &banking_details::Model) -> Self {
        Self {
            id: row.id,
            account_holder_name: row.account_holder_name.clone(),
            bank_name: row.bank_name.clone(),
            bank_country: row.bank_country.clone(),
            currency: row.currency,
            account_last4: row.account_last4.clone(),
            swift_code: row.swift_code.clone(),
            routing_number: row.routing_number.clone(),
            gateway_destination_id: row.gateway_destination_id.clone(),
            status: row.status,
            usable_from: row.usable_from,
            version: row.version,
            created_at: row.created_at,
        }
    }
}

/// Where the money of a treatment stands for its clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EarningState {
    /// Paid by the patient; the service it pays for still runs.
    Running,
    /// Earned, and not paid yet.
    Pending,
    /// On a payout whose money is under way.
    Processing,
    /// Paid.
    Paid,
}

/// What a treatment brought its clinic, in the currency of the quote.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EarningLine {
    /// The booking.
    pub booking_id: QuoteId,
    /// `BKG-2603-00001`.
    pub booking_reference: String,
    /// What was done.
    pub treatment: String,
    /// The day of the appointment.
    pub treated_on: Option<NaiveDate>,
    /// Before the commission.
    pub gross: Money,
    /// What Hairline keeps.
    pub commission: Money,
    /// What the clinic gets.
    pub net: Money,
    /// The clinic's share of what was given back to the patient; zero where nothing was.
    pub refunded_share: Money,
    /// Where it stands.
    pub state: EarningState,
    /// The payout it came with.
    pub payout_id: Option<ProviderBillId>,
}

/// What a charge of aftercare bought on its own brings its clinic, in the currency of the charge.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CareEarningLine {
    /// The charge.
    pub charge_id: AftercarePaymentId,
    /// The request, and which month of it: `SR2603-0001 2/6`.
    #[schema(example = "SR2603-0001 2/6")]
    pub name: String,
    /// The case.
    pub case_id: Option<AfterCareId>,
    /// The first day it pays for.
    pub service_start: Option<NaiveDate>,
    /// The last one; the share is earned after it.
    pub service_end: Option<NaiveDate>,
    /// What the patient paid.
    pub gross: Money,
    /// What Hairline keeps.
    pub commission: Money,
    /// What the clinic gets.
    pub net: Money,
    /// The clinic's share of what went back to the patient; zero where nothing did.
    pub refunded_share: Money,
    /// Where it stands.
    pub state: EarningState,
    /// The payout it came with.
    pub payout_id: Option<ProviderBillId>,
}

/// A clinic's earnings in short.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EarningSummary {
    /// What is earned and not paid, by currency: treatments, and aftercare bought on its own.
    pub pending: Vec<Money>,
    /// Whether the clinic gives aftercare that was bought on its own.
    pub gives_aftercare: bool,
    /// The day of the next payout.
    pub next_payout: NaiveDate,
}
