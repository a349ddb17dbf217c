//! The treatment as its patient sees it: the days, and when it is over what was done.

use askama::Template;
use axum::response::Response;
use kernel::ids::QuoteId;
use platform::locale;
use platform::web::{ApiResult, Path};
use quoting::entity::quotes::QuoteStatus;
use ui::{Badge, Chrome, Html, Inside, page};

use super::words;
use crate::queries::page::{self as query, PatientPage};

struct DayLine {
    title: String,
    date: String,
    text: String,
    badge: Badge,
}

struct Text {
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "treat_patient.html")]
struct PatientView {
    chrome: Chrome,
    booking_href: String,
    treatment: String,
    clinic: String,
    clinic_href: String,
    status: Badge,
    appointment: Option<String>,
    clinician: Option<String>,
    estimate: Option<i32>,
    actual: Option<i32>,
    note: Option<String>,
    progress: String,
    percent: u32,
    days: Vec<DayLine>,
    texts: Vec<Text>,
    is_over: bool,
    is_guided: bool,
    has_photos: bool,
    photos: Html,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let seen = query::of_patient(&ctx.app, &ctx.actor, id).await?;
    page(&view(&ctx.chrome, seen))
}

fn view(chrome: &Chrome, seen: PatientPage) -> PatientView {
    let case = &seen.view.case;
    let days = seen.view.days.iter().map(|day| DayLine {
        title: chrome.tn("treat-day", "number", i64::from(day.day_number)),
        date: chrome.date(day.plan_date),
        text: day.description.clone(),
        badge: words::state_badge(chrome, day.status),
    });
    let outcome = seen.view.outcome.as_ref();
    let texts = outcome.map(|done| {
        [
            ("treat-conclusion", &done.conclusion_notes),
            ("treat-prescription", &done.prescription),
            ("treat-medication", &done.medication_instructions),
            ("treat-advice", &done.advice),
        ]
    });
    let texts = texts.into_iter().flatten().filter_map(|(key, text)| {
        Some(Text { title: chrome.t(key), text: text.clone().filter(|text| !text.is_empty())? })
    });
    let photos: Vec<_> = seen.photos.iter().map(|photo| words::photo(chrome, photo)).collect();
    let (finished, total) = (case.progress.finished, case.progress.total);
    let args = [("done", finished.to_string().into()), ("total", total.to_string().into())];
    PatientView {
        booking_href: format!("/patient/bookings/{}", case.quote_id),
        treatment: case.treatment_name.clone(),
        clinic: seen.clinic.clone(),
        clinic_href: format!("/clinics/{}", case.provider_id),
        status: words::status_badge(chrome, case.status),
        appointment: words::appointment(chrome, &seen.appointment),
        clinician: words::clinician(seen.view.clinician.as_ref()),
        estimate: seen.view.estimated_graft_count,
        actual: outcome.and_then(|done| done.actual_graft_count),
        note: seen.view.beginning_note.clone().filter(|note| !note.is_empty()),
        progress: locale::tr(chrome.locale, "treat-progress-days", &args),
        percent: percent(finished, total),
        days: days.collect(),
        texts: texts.collect(),
        is_over: case.completed_at.is_some(),
        is_guided: matches!(case.status, QuoteStatus::Aftercare | QuoteStatus::Completed),
        has_photos: !photos.is_empty(),
        photos: ui::photo_grid(&photos),
        chrome: chrome.clone(),
    }
}

/// How much of a plan is done.
pub(super) fn percent(finished: usize, total: usize) -> u32 {
    let share = finished.saturating_mul(100).checked_div(total).unwrap_or(0);
    u32::try_from(share).unwrap_or(100).min(100)
}
