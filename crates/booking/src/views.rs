//! A booking: the accepted quote, its slot and its locked terms.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kernel::Money;
use kernel::ids::ScheduleId;
use quoting::entity::booking_terms::BookingTermsPaymentOption;
use quoting::entity::schedules::ScheduleStatus;
use quoting::views::{QuoteSummary, QuoteView};
use serde::Serialize;

/// When and where the treatment is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ScheduleView {
    /// Its id.
    pub id: ScheduleId,
    /// Held, confirmed or given back.
    pub status: ScheduleStatus,
    /// First day in the clinic's calendar.
    pub date: NaiveDate,
    /// Start in the clinic's time; the whole day when absent.
    pub time: Option<NaiveTime>,
    /// The clinic's zone.
    pub timezone: String,
    /// Consecutive days.
    pub day_count: i16,
    /// Length of every day.
    pub duration_minutes: i32,
    /// First instant.
    pub starts_at: Option<DateTime<Utc>>,
    /// End of the last day.
    pub ends_at: Option<DateTime<Utc>>,
    /// End of the exclusive hold while it waits for payment.
    pub hold_expires_at: Option<DateTime<Utc>>,
}

/// What was locked at acceptance.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TermsView {
    /// Number of these terms within the booking.
    pub version: i32,
    /// Before discount, quote currency.
    pub list: Money,
    /// Discount, quote currency.
    pub discount: Money,
    /// The price, quote currency.
    pub total: Money,
    /// The price in the currency paid in.
    pub payment_total: Money,
    /// Payment units for one quote unit.
    #[schema(value_type = String, example = "0.90163043")]
    pub locked_rate: rust_decimal::Decimal,
    /// Deposit in percent.
    #[schema(value_type = String, example = "25.0")]
    pub deposit_percent: rust_decimal::Decimal,
    /// Deposit.
    pub deposit: Money,
    /// What remains after the deposit.
    pub balance: Money,
    /// By when the balance is paid.
    pub balance_due_on: Option<NaiveDate>,
    /// How the patient chose to pay.
    pub payment_option: Option<BookingTermsPaymentOption>,
    /// When they were locked.
    pub locked_at: DateTime<Utc>,
    /// When the initial amount was paid.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// A booking.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Booking {
    /// `BKG-2603-00001`.
    pub booking_reference: Option<String>,
    /// The accepted quote.
    #[serde(flatten)]
    pub quote: QuoteSummary,
    /// Its slot; the last one when it was given back.
    pub schedule: Option<ScheduleView>,
    /// Its terms.
    pub terms: Option<TermsView>,
}

/// A booking shaped by who asks.
pub type BookingView = QuoteView<Booking>;
