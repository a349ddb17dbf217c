//! A patient's offers: cards, side by side, one in full, and the sheet on which one is accepted.

mod accept;
mod offers;
mod show;

use axum::Router;
use axum::routing::{get, post};
use kernel::Timestamp;
use platform::App;
use ui::{Badge, Chrome, Tone};

use crate::entity::quotes::QuoteStatus;
use crate::views::{QuoteSummary, QuoteView};

/// The pages for patients.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/patient/cases/{inquiry_id}/quotes", get(offers::list))
        .route("/patient/cases/{inquiry_id}/compare", get(offers::compare))
        .route("/patient/cases/{inquiry_id}/cancel", get(show::ask_cancel).post(show::cancel))
        .route("/patient/quotes/{quote_id}", get(show::show))
        .route("/patient/quotes/{quote_id}/decline", post(show::decline))
        .route("/patient/quotes/{quote_id}/accept", get(accept::sheet).post(accept::submit))
}

/// The patient's shape of a quote; any other shape is a fault of the caller.
fn own<T>(view: QuoteView<T>) -> Option<T> {
    match view {
        QuoteView::Patient(quote) => Some(quote),
        _ => None,
    }
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

/// Where an offer stands, for its patient.
fn state(chrome: &Chrome, quote: &QuoteSummary) -> Badge {
    let tone = match quote.status {
        QuoteStatus::Quote if quote.live => Tone::Info,
        QuoteStatus::Accepted => Tone::Warn,
        QuoteStatus::Confirmed | QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed => {
            Tone::Good
        }
        _ => Tone::Calm,
    };
    Badge::new(tone, chrome.word("offer-state", word(&quote.status)))
}
