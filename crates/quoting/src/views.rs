//! What each audience sees of a quote: the patient the offer, its clinic also its own share and the masked patient,
//! Hairline's staff everything (R-IQ-47, R-IQ-90).

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use identity::anonymity::MaskedPatient;
use kernel::Money;
use kernel::ids::{DiscountId, InquiryId, PackageId, PatientId, ProviderId, ProviderUserId, QuoteId, TreatmentId};
use serde::Serialize;

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason, QuoteTravelPath};
use crate::rules::content::{IncludedService, PlanDay};
use crate::rules::price::Breakdown;

/// The clinic beside an offer: what is public anyway.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicCard {
    /// Its id.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
    /// City.
    pub city: String,
    /// Country.
    pub country: String,
    /// Average of its published reviews with one decimal.
    #[schema(value_type = Option<String>)]
    pub rating: Option<rust_decimal::Decimal>,
    /// Number of published reviews.
    pub review_count: i32,
    /// What it is specialised in, in its own words.
    pub specialty: Option<String>,
    /// For how many years it has treated.
    pub years_experience: Option<i16>,
}

/// A person who treats.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicianCard {
    /// Their id.
    pub id: ProviderUserId,
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// The clinic's remark.
    pub note: Option<String>,
}

/// A quote as a line of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct QuoteSummary {
    /// Its id.
    pub id: QuoteId,
    /// For people.
    pub quote_code: Option<String>,
    /// Its request.
    pub inquiry_id: InquiryId,
    /// The request for people.
    pub inquiry_code: Option<String>,
    /// Where it stands.
    pub status: QuoteStatus,
    /// Why it is cancelled.
    pub status_reason: Option<QuoteStatusReason>,
    /// Send it back with changes and with the acceptance.
    pub version: i32,
    /// What is done.
    pub treatment_id: TreatmentId,
    /// Its name as it was when sent.
    pub treatment_name: String,
    /// Who offers.
    pub clinic: ClinicCard,
    /// Who treats.
    pub clinician: Option<ClinicianCard>,
    /// Follicular units.
    pub estimated_grafts: Option<i32>,
    /// The price before a discount.
    pub list: Money,
    /// What is taken off.
    pub discount: Money,
    /// What the patient pays.
    pub total: Money,
    /// The total divided by the grafts.
    pub price_per_graft: Option<Money>,
    /// Start of the slot.
    pub slot_at: Option<DateTime<Utc>>,
    /// The clinic's zone.
    pub timezone: Option<String>,
    /// End of its validity.
    pub expires_at: Option<DateTime<Utc>>,
    /// On offer at this moment.
    pub live: bool,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Archived by the clinic.
    pub archived: bool,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
}

/// A date of an offer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DateView {
    /// The day.
    pub date: NaiveDate,
    /// The treatment on that day.
    pub price: Option<Money>,
}

/// A package in an offer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PackageView {
    /// Its id.
    pub id: PackageId,
    /// Its content as it was when sent; empty in a draft.
    #[schema(value_type = Option<Object>)]
    pub content: Option<serde_json::Value>,
    /// Its price in its own currency.
    pub list_price: Money,
    /// Its price in the offer.
    pub price: Money,
}

/// A line of an offer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LineView {
    /// What it is.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Zero for inclusions.
    pub price: Money,
}

/// The slot in the clinic's time.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SlotView {
    /// First day.
    pub date: NaiveDate,
    /// Start of every day.
    pub time: NaiveTime,
    /// IANA zone.
    pub timezone: String,
    /// Length of every day.
    pub duration_minutes: i32,
    /// Consecutive days.
    pub day_count: i32,
}

/// The parts of a price, quote currency.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PriceView {
    /// Treatment at the slot's date.
    pub treatment: Money,
    /// Packages.
    pub packages: Money,
    /// Custom services.
    pub services: Money,
    /// Fees.
    pub fees: Money,
    /// Sum of these.
    pub list: Money,
    /// Discount.
    pub discount: Money,
    /// What the patient pays.
    pub total: Money,
    /// The total divided by the grafts.
    pub price_per_graft: Option<Money>,
}

/// A quote with all its content.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct QuoteDetail {
    /// The line of the list.
    #[serde(flatten)]
    pub summary: QuoteSummary,
    /// Offered dates.
    pub dates: Vec<DateView>,
    /// The slot.
    pub slot: Option<SlotView>,
    /// Packages in order.
    pub package_lines: Vec<PackageView>,
    /// Custom services.
    pub services: Vec<LineView>,
    /// Fees.
    pub fees: Vec<LineView>,
    /// Free inclusions.
    pub inclusions: Vec<LineView>,
    /// The discount, if there is one.
    pub discount_id: Option<DiscountId>,
    /// The price in its parts.
    pub price: PriceView,
    /// Day by day.
    pub plan: Vec<PlanDay>,
    /// Travel the clinic takes care of.
    pub included_services: Vec<IncludedService>,
    /// Whose travel it is, from acceptance on.
    pub travel_path: Option<QuoteTravelPath>,
    /// From the clinic.
    pub note: Option<String>,
    /// End of the exclusive hold while it waits for payment.
    pub hold_expires_at: Option<DateTime<Utc>>,
}

/// Who gets what of the total; never shown to patients.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Settlement {
    /// Whole percent; indicative until the booking is confirmed.
    pub commission_percent: i32,
    /// The platform's commission.
    pub commission: Money,
    /// What the clinic gets.
    pub provider_net: Money,
}

/// A quote for its own clinic.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ForClinic<T> {
    /// The quote.
    #[serde(flatten)]
    pub quote: T,
    /// The patient as this clinic may know them.
    pub patient: MaskedPatient,
    /// Its share.
    pub settlement: Settlement,
}

/// A quote for Hairline's staff.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ForStaff<T> {
    /// The quote.
    #[serde(flatten)]
    pub quote: T,
    /// Whose request it is.
    pub patient: PatientCard,
    /// Everybody's share.
    pub settlement: Settlement,
}

/// A patient as staff know them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PatientCard {
    /// Their id.
    pub id: PatientId,
    /// `PAT-001`.
    pub patient_code: Option<String>,
    /// Full name.
    pub name: String,
    /// Home country.
    pub country: Option<String>,
}

/// A quote shaped by who asks.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum QuoteView<T> {
    /// For the clinic that made it.
    Clinic(ForClinic<T>),
    /// For staff.
    Staff(ForStaff<T>),
    /// For the patient.
    Patient(T),
}

/// What a version changed in one field.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ChangeView {
    /// Name of the field.
    pub field: String,
    /// What it said before.
    #[schema(value_type = Object)]
    pub before: serde_json::Value,
    /// What it says now.
    #[schema(value_type = Object)]
    pub after: serde_json::Value,
}

/// A version of a quote.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct VersionView {
    /// From 1.
    pub version: i32,
    /// Its total.
    pub total: Money,
    /// Names of what changed against the version before.
    #[schema(value_type = Option<Vec<String>>)]
    pub changed_fields: Option<serde_json::Value>,
    /// The same with what stood there before.
    pub changes: Vec<ChangeView>,
    /// Its content.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
    /// Whether Hairline's staff made it.
    pub by_staff: bool,
    /// Why, for changes by staff.
    pub reason: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A computed price beside the editor.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PricePreview {
    /// The parts.
    pub price: PriceView,
    /// The shares.
    pub settlement: Settlement,
}

impl PricePreview {
    /// The computed price in the shape of the API.
    pub fn new(price: &Breakdown, commission_percent: i32) -> Self {
        let money = |amount| Money::new(amount, price.currency);
        Self {
            price: PriceView {
                treatment: money(price.treatment),
                packages: money(price.packages),
                services: money(price.extras),
                fees: money(price.fees),
                list: money(price.list),
                discount: money(price.discount),
                total: money(price.total),
                price_per_graft: price.per_graft.map(money),
            },
            settlement: Settlement {
                commission_percent,
                commission: money(price.commission),
                provider_net: money(price.provider_net),
            },
        }
    }
}
