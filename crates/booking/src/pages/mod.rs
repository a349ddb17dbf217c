//! A clinic's bookings: the list and the month; everybody's appointment as a calendar file.

mod bookings;
mod calendar;

use axum::Router;
use axum::response::Response;
use identity::anonymity::{Level, MaskedPatient};
use kernel::ids::QuoteId;
use platform::App;
use platform::web::routing::get;
use platform::web::{ApiResult, Path};
use quoting::entity::quotes::QuoteStatus;
use ui::{Badge, Chrome, Inside, Tone};

use crate::ics;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/provider/bookings", get(bookings::show))
        .route("/provider/calendar", get(calendar::show))
        .route("/patient/bookings/{quote_id}/calendar.ics", get(calendar_file))
        .route("/provider/bookings/{quote_id}/calendar.ics", get(calendar_file))
        .route("/admin/bookings/{quote_id}/calendar.ics", get(calendar_file))
}

/// The appointment of a booking for the reader's own calendar.
async fn calendar_file(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    Ok(crate::api::file(&ics::calendar(&ctx.app, &ctx.actor, id, ctx.locale()).await?))
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

fn state(chrome: &Chrome, status: QuoteStatus) -> Badge {
    let tone = match status {
        QuoteStatus::Accepted => Tone::Warn,
        QuoteStatus::Confirmed | QuoteStatus::Inprogress => Tone::Good,
        QuoteStatus::Aftercare | QuoteStatus::Completed => Tone::Info,
        _ => Tone::Calm,
    };
    Badge::new(tone, chrome.word("booking-state", word(&status)))
}

/// Where a booking is opened: with its treatment once it is confirmed, at the offer before and when it was cancelled.
fn opened(id: QuoteId, status: QuoteStatus) -> String {
    match status {
        QuoteStatus::Accepted | QuoteStatus::Cancelled => format!("/provider/quotes/{id}"),
        _ => format!("/provider/treatments/{id}"),
    }
}

/// What a clinic calls the patient: by code until a name may be known.
fn patient_name(chrome: &Chrome, patient: &MaskedPatient) -> String {
    match (&patient.patient_code, patient.anonymization_level) {
        (Some(code), Level::Full) => chrome.tw("booking-patient-code", "code", code),
        _ => patient.display_name.clone(),
    }
}
