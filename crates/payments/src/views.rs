//! What each audience is shown of a booking's money. A clinic sees no card and no reason of a decline.

use chrono::{NaiveDate, NaiveTime};
use identity::anonymity::MaskedPatient;
use kernel::ids::{GatewayAccountId, PatientId, PaymentDocumentId, PaymentId, ProviderId, QuoteId};
use kernel::{Amount, Money, Timestamp};
use quoting::entity::booking_terms;
use quoting::entity::quotes::QuoteStatus;
use quoting::entity::schedules::{self, ScheduleStatus};
use serde::{Deserialize, Serialize};

use crate::entity::payment_documents::{self, PaymentDocumentKind};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::facts::Progress;
use crate::metadata::{Kind, Metadata};
use crate::rules::checkout::{Offer, PaymentOption};
use crate::rules::state::PaymentState;
use crate::service::transfer::Instructions;

/// A card as it may be shown.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CardView {
    /// `visa`, `mastercard`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
}

/// A payment as its patient and the staff see it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PaymentView {
    /// Its id.
    pub id: PaymentId,
    /// The booking.
    pub booking_id: QuoteId,
    /// `deposit`, `final` or `refund`.
    pub payment_type: PaymentType,
    /// How much.
    pub money: Money,
    /// How.
    pub method: PaymentMethod,
    /// Where it stands.
    pub status: PaymentStatus,
    /// What the gateway last said: `requires_action`, `processing`, ...
    pub gateway_status: Option<String>,
    /// Why it failed.
    pub failure_code: Option<String>,
    /// The card.
    pub card: Option<CardView>,
    /// Why it goes back, on refunds nobody asked for.
    pub refund_kind: Option<Kind>,
    /// The payment that goes back, on refunds.
    pub refund_of: Option<PaymentId>,
    /// When the money arrived, or left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    /// When it was started.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<&payments::Model> for PaymentView {
    fn from(row: &payments::Model) -> Self {
        let words = Metadata::of(row);
        Self {
            id: row.id,
            booking_id: row.quote_id,
            payment_type: row.payment_type,
            money: Money::new(row.amount, row.currency),
            method: row.payment_method,
            status: row.payment_status,
            card: words.card().map(|card| CardView { brand: card.brand, last4: card.last4 }),
            gateway_status: words.gateway_status,
            failure_code: row.failure_code.clone(),
            refund_kind: words.kind,
            refund_of: row.refund_of_payment_id,
            paid_at: row.paid_at,
            created_at: row.created_at,
        }
    }
}

/// A payment as a clinic sees it: only what arrived or went back.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClinicPaymentView {
    /// Its id.
    pub id: PaymentId,
    /// `deposit`, `final` or `refund`.
    pub payment_type: PaymentType,
    /// How much.
    pub money: Money,
    /// Where it stands.
    pub status: PaymentStatus,
    /// When the money arrived, or left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
}

impl ClinicPaymentView {
    /// The view, unless nothing ever moved.
    pub fn of(row: &payments::Model) -> Option<Self> {
        row.paid_at?;
        Some(Self {
            id: row.id,
            payment_type: row.payment_type,
            money: Money::new(row.amount, row.currency),
            status: row.payment_status,
            paid_at: row.paid_at,
        })
    }
}

/// A payment in the staff's search.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TransactionView {
    /// The payment.
    #[serde(flatten)]
    pub payment: PaymentView,
    /// Who pays.
    pub patient_id: PatientId,
    /// For whose treatment.
    pub provider_id: ProviderId,
    /// The gateway's id of it.
    pub gateway_intent_id: Option<String>,
    /// Whose money box.
    pub gateway_account_id: Option<GatewayAccountId>,
}

impl From<&payments::Model> for TransactionView {
    fn from(row: &payments::Model) -> Self {
        Self {
            payment: row.into(),
            patient_id: row.patient_id,
            provider_id: row.provider_id,
            gateway_intent_id: row.stripe_payment_intent_id.clone(),
            gateway_account_id: row.gateway_account_id,
        }
    }
}

/// An attempt that waits for the card, or for a transfer.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StartedView {
    /// The attempt.
    pub payment: PaymentView,
    /// The gateway's intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent_id: Option<String>,
    /// The right to confirm it; for the patient's browser only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Which gateway confirms it: `simulator` or `stripe`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
    /// The account whose webhooks will tell the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway_account_id: Option<GatewayAccountId>,
    /// Where a transfer goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Instructions>,
}

/// The appointment of a booking.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AppointmentView {
    /// Day at the clinic.
    pub date: NaiveDate,
    /// Clock time at the clinic; absent means the whole day.
    #[schema(value_type = Option<String>)]
    pub time: Option<NaiveTime>,
    /// The clinic's zone.
    pub timezone: String,
    /// First instant.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts_at: Option<Timestamp>,
    /// `pending` while held, `confirmed` once paid.
    pub status: ScheduleStatus,
    /// End of the hold, while unpaid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub hold_expires_at: Option<Timestamp>,
}

impl From<&schedules::Model> for AppointmentView {
    fn from(row: &schedules::Model) -> Self {
        Self {
            date: row.schedule_date,
            time: row.schedule_time,
            timezone: row.timezone.clone(),
            starts_at: row.starts_at_utc,
            status: row.status,
            hold_expires_at: row.hold_expires_at.filter(|_| row.status == ScheduleStatus::Pending),
        }
    }
}

/// Where the money of a booking stands.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProgressView {
    /// In one word.
    pub state: PaymentState,
    /// The price in the payment currency.
    pub total: Money,
    /// The deposit.
    pub deposit: Money,
    /// What is there now.
    pub paid: Money,
    /// What is missing.
    pub due: Money,
    /// When the rest falls due.
    pub due_on: Option<NaiveDate>,
}

impl ProgressView {
    /// The view of a booking's progress.
    pub fn new(progress: &Progress, terms: &booking_terms::Model) -> Self {
        let money = |amount: Amount| Money::new(amount, terms.payment_currency);
        Self {
            state: progress.state,
            total: money(terms.payment_total),
            deposit: money(terms.deposit_amount),
            paid: money(progress.paid),
            due: money(progress.due),
            due_on: progress.due_on,
        }
    }
}

/// What every audience sees of a booking.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BookingHead {
    /// The quote's id is the booking's.
    pub id: QuoteId,
    /// `BKG-2603-00001`.
    pub booking_reference: String,
    /// Where the case stands.
    pub status: QuoteStatus,
    /// The appointment, unless it was released.
    pub appointment: Option<AppointmentView>,
}

/// The clinic of a booking.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClinicRef {
    /// Its id.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
}

/// A booking as its patient sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PatientBooking {
    /// What it is.
    #[serde(flatten)]
    pub head: BookingHead,
    /// Where the treatment is.
    pub clinic: ClinicRef,
    /// The price as quoted.
    pub price: Money,
    /// Payment units per quote unit, locked.
    pub rate: String,
    /// Where the money stands.
    pub payment: ProgressView,
    /// Every payment, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<PaymentView>>,
}

/// A booking as its clinic sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicBooking {
    /// What it is.
    #[serde(flatten)]
    pub head: BookingHead,
    /// The patient, masked until confirmed.
    pub patient: MaskedPatient,
    /// Whether nothing is missing: all that clinical staff may know.
    pub is_paid: bool,
    /// The price as quoted.
    pub price: Option<Money>,
    /// Where the money stands.
    pub payment: Option<ProgressView>,
    /// What arrived and went back, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<ClinicPaymentView>>,
}

/// A booking as the staff sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StaffBooking {
    /// What it is.
    #[serde(flatten)]
    pub head: BookingHead,
    /// Who pays.
    pub patient_id: PatientId,
    /// Their code.
    pub patient_code: Option<String>,
    /// Where the treatment is.
    pub clinic: ClinicRef,
    /// The price as quoted.
    pub price: Money,
    /// Payment units per quote unit, locked.
    pub rate: String,
    /// The commission, once frozen.
    pub commission: Option<Money>,
    /// Where the money stands.
    pub payment: ProgressView,
    /// Every payment, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payments: Option<Vec<TransactionView>>,
    /// Whether a cardholder disputes a payment, and nothing is decided.
    pub is_disputed: bool,
}

/// A booking, in the shape the reader may see.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum BookingView {
    /// For the patient.
    Patient(Box<PatientBooking>),
    /// For the clinic.
    Clinic(Box<ClinicBooking>),
    /// For the staff.
    Staff(Box<StaffBooking>),
}

/// One way to pay.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OfferView {
    /// Send this as `option`.
    pub option: PaymentOption,
    /// To pay now; send it back as `expected_amount`.
    pub now: Money,
    /// To pay later.
    pub later: Money,
    /// When the later part falls due.
    pub due_on: Option<NaiveDate>,
}

/// One part of a plan.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InstallmentPart {
    /// 1 and up.
    pub number: i32,
    /// When it is charged; the first at once.
    pub due_on: NaiveDate,
    /// How much.
    pub money: Money,
}

/// A plan on offer: equal parts without interest.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InstallmentChoice {
    /// In how many parts; send it as `installments`.
    pub count: u8,
    /// The parts; the first one's amount is the `expected_amount`.
    pub items: Vec<InstallmentPart>,
}

/// Everything the checkout shows.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CheckoutView {
    /// The booking.
    #[serde(flatten)]
    pub head: BookingHead,
    /// Price before the discount.
    pub list: Money,
    /// Discount.
    pub discount: Money,
    /// Price as quoted.
    pub total: Money,
    /// Payment units per quote unit, locked.
    pub rate: String,
    /// Where the money stands.
    pub payment: ProgressView,
    /// The ways to pay now; empty when nothing can be paid.
    pub options: Vec<OfferView>,
    /// How it can be paid: `card`, and `bank_transfer` where transfers are taken.
    pub methods: Vec<PaymentMethod>,
    /// The plans on offer, the one with the fewest parts first; empty where none fits.
    pub installments: Vec<InstallmentChoice>,
    /// Why nothing can be paid now: the code a payment would be refused with.
    pub blocked: Option<String>,
    /// Whether both acknowledgements were given.
    pub acknowledged: bool,
    /// Whether the discount comes from a code that was typed here, and can be taken off again.
    pub has_code: bool,
}

impl OfferView {
    /// The view of an offer in the payment currency.
    pub fn new(offer: &Offer, terms: &booking_terms::Model) -> Self {
        let money = |amount: Amount| Money::new(amount, terms.payment_currency);
        Self { option: offer.option, now: money(offer.now), later: money(offer.later), due_on: offer.due_on }
    }
}

/// A numbered paper.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentView {
    /// Its id.
    pub id: PaymentDocumentId,
    /// `RCT-2603-00001`.
    pub number: String,
    /// Which kind.
    pub kind: PaymentDocumentKind,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// Totals and parties.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

impl From<payment_documents::Model> for DocumentView {
    fn from(row: payment_documents::Model) -> Self {
        Self {
            id: row.id,
            number: row.document_number,
            kind: row.kind,
            issued_at: row.issued_at,
            content: row.snapshot,
        }
    }
}
