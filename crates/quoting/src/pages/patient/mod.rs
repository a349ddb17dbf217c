//! A patient's offers: cards, side by side, one in full, and the sheet on which one is accepted.

mod accept;
mod cancel;
mod compare;
mod list;
mod show;

use axum::Router;
use chrono::NaiveDate;
use kernel::Timestamp;
use platform::App;
use platform::web::routing::{get, handled, post};
use ui::{Badge, Chrome, Html, Tone};

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};
use crate::offers::Change;
use crate::rules::content::IncludedService;
use crate::views::{ClinicCard, ClinicianCard, DateView, QuoteSummary};

/// The pages for patients.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/patient/cases/{inquiry_id}/quotes", get(list::show))
        .route("/patient/cases/{inquiry_id}/compare", get(compare::show))
        .route("/patient/cases/{inquiry_id}/cancel", get(cancel::ask).post(handled(cancel::submit)))
        .route("/patient/cases/{inquiry_id}/cancelled", get(cancel::done))
        .route("/patient/quotes/{quote_id}", get(show::show))
        .route("/patient/quotes/{quote_id}/decline", post(show::decline))
        .route("/patient/quotes/{quote_id}/accept", get(accept::sheet).post(handled(accept::submit)))
}

/// The word of a status or reason, as stored.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

/// An appointment on the clinic's clocks.
fn at_clinic(chrome: &Chrome, at: Option<Timestamp>, zone: Option<&str>) -> String {
    let zone: chrono_tz::Tz = zone.and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    at.map(|at| chrome.datetime(at, zone)).unwrap_or_default()
}

/// Whether an offer can be taken now.
fn is_open(quote: &QuoteSummary) -> bool {
    quote.status == QuoteStatus::Quote && quote.live
}

/// Whether an offer was taken by its patient, whatever came afterwards.
fn is_taken(status: QuoteStatus) -> bool {
    matches!(
        status,
        QuoteStatus::Accepted
            | QuoteStatus::Confirmed
            | QuoteStatus::Inprogress
            | QuoteStatus::Aftercare
            | QuoteStatus::Completed
    )
}

/// Where an offer stands, for its patient.
fn state(chrome: &Chrome, quote: &QuoteSummary) -> Badge {
    let tone = match quote.status {
        QuoteStatus::Quote if quote.live => Tone::Info,
        // The clock is ahead of the job that closes it.
        QuoteStatus::Quote => return Badge::new(Tone::Calm, chrome.t("offer-state-ended")),
        QuoteStatus::Accepted => Tone::Warn,
        taken if is_taken(taken) => Tone::Good,
        _ => Tone::Calm,
    };
    Badge::new(tone, chrome.word("offer-state", word(&quote.status)))
}

/// Why an offer is closed; nothing while it is not.
fn reason(chrome: &Chrome, quote: &QuoteSummary) -> String {
    quote.status_reason.map(|reason| chrome.word("offer-reason", word(&reason))).unwrap_or_default()
}

fn place(clinic: &ClinicCard) -> String {
    format!("{}, {}", clinic.city, clinic.country)
}

/// The rating in stars with the number of reviews; nothing without a review.
fn rating(chrome: &Chrome, clinic: &ClinicCard) -> Html {
    let stars: Option<f64> = clinic.rating.and_then(|rating| rating.to_string().parse().ok());
    let reviews = chrome.tn("offer-reviews", "count", i64::from(clinic.review_count));
    stars
        .map(|stars| {
            Html(format!("{} <span class=\"muted small\">{}</span>", chrome.stars(stars), ui::escape(&reviews)))
        })
        .unwrap_or_default()
}

/// What speaks for a clinic beside its reviews: its specialty and its years.
fn credentials(chrome: &Chrome, clinic: &ClinicCard) -> Vec<String> {
    let years = clinic.years_experience.filter(|years| *years > 0);
    let years = years.map(|years| chrome.tn("offer-clinic-years", "years", i64::from(years)));
    let specialty = clinic.specialty.as_deref().map(str::trim).filter(|text| !text.is_empty());
    specialty.map(str::to_owned).into_iter().chain(years).collect()
}

/// A day of an offer with what the treatment costs on it.
struct DateLine {
    day: String,
    price: String,
    /// The day of the appointment, whose price is the one in the total.
    chosen: bool,
}

fn dates(chrome: &Chrome, dates: &[DateView], quote: &QuoteSummary) -> Vec<DateLine> {
    let slot = local_day(quote);
    let line = |it: &DateView| DateLine {
        day: chrome.date(it.date),
        price: it.price.map(|price| chrome.money(price)).unwrap_or_default(),
        chosen: slot == Some(it.date),
    };
    dates.iter().map(line).collect()
}

/// The day of the appointment on the clinic's clocks.
fn local_day(quote: &QuoteSummary) -> Option<NaiveDate> {
    let zone: chrono_tz::Tz = quote.timezone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    quote.slot_at.map(|at| at.with_timezone(&zone).date_naive())
}

/// When an offer ran out; nothing where it did not end that way.
fn ran_out(chrome: &Chrome, quote: &QuoteSummary) -> String {
    let expired = quote.status_reason == Some(QuoteStatusReason::Expired)
        || (quote.status == QuoteStatus::Quote && !quote.live && !quote.archived);
    match quote.expires_at.filter(|_| expired) {
        Some(at) => chrome.tw("offer-ran-out", "when", chrome.moment(at)),
        None => String::new(),
    }
}

/// Name with title.
fn titled(person: &ClinicianCard) -> String {
    match person.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("{title} {}", person.name),
        None => person.name.clone(),
    }
}

fn travel(chrome: &Chrome, services: &[IncludedService]) -> Vec<String> {
    services.iter().map(|service| chrome.word("offer-includes", word(service))).collect()
}

fn technique(chrome: &Chrome, stored: Option<&str>) -> String {
    stored.map(|stored| chrome.word("offer-technique", stored.to_lowercase())).unwrap_or_default()
}

/// What the clinic changed, as it is told above the offer.
struct Revised {
    at: Html,
    fields: Vec<String>,
    total_before: String,
}

impl Revised {
    fn new(chrome: &Chrome, change: &Change) -> Self {
        // A changed price is told with its amount.
        let named = change.fields.iter().filter(|field| *field != "price" || change.total_before.is_none());
        Self {
            at: chrome.when(change.at),
            fields: named.map(|field| chrome.word("offer-changed", field)).collect(),
            total_before: change.total_before.map(|total| chrome.money(total)).unwrap_or_default(),
        }
    }
}
