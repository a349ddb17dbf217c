//! Rows of this wing in the reader's words.

use platform::entity::media::{MediaPhase, MediaView};
use platform::locale;
use quoting::entity::quotes::QuoteStatus;
use ui::{Badge, Chrome, Photo, Tone};

use crate::entity::timelines::TimelineStatus;
use crate::queries::page::Appointment;
use crate::rules::outcome::Variance;
use crate::service::photos::Collection;
use crate::views::{Clinician, PhotoView};

/// Every state a day can have, in the order people go through them.
pub(super) const STATES: [TimelineStatus; 5] = [
    TimelineStatus::NotStarted,
    TimelineStatus::InProgress,
    TimelineStatus::Finished,
    TimelineStatus::NeedAttention,
    TimelineStatus::CancelledDeferred,
];

/// The stored word of a day's state.
pub(super) fn state_word(status: TimelineStatus) -> &'static str {
    match status {
        TimelineStatus::NotStarted => "not_started",
        TimelineStatus::InProgress => "in_progress",
        TimelineStatus::Finished => "finished",
        TimelineStatus::NeedAttention => "need_attention",
        TimelineStatus::CancelledDeferred => "cancelled_deferred",
    }
}

/// A day's state for people.
pub(super) fn state_name(chrome: &Chrome, status: TimelineStatus) -> String {
    chrome.t(format!("treatment-day-{}", state_word(status)))
}

/// A day's state.
pub(super) fn state_badge(chrome: &Chrome, status: TimelineStatus) -> Badge {
    let tone = match status {
        TimelineStatus::NotStarted | TimelineStatus::CancelledDeferred => Tone::Calm,
        TimelineStatus::InProgress => Tone::Info,
        TimelineStatus::Finished => Tone::Good,
        TimelineStatus::NeedAttention => Tone::Warn,
    };
    Badge::new(tone, state_name(chrome, status))
}

/// Where the case stands.
pub(super) fn status_badge(chrome: &Chrome, status: QuoteStatus) -> Badge {
    let (tone, key) = match status {
        QuoteStatus::Inprogress => (Tone::Info, "treat-status-inprogress"),
        QuoteStatus::Aftercare => (Tone::Good, "treat-status-aftercare"),
        QuoteStatus::Completed => (Tone::Good, "treat-status-completed"),
        _ => (Tone::Calm, "treat-status-confirmed"),
    };
    Badge::new(tone, chrome.t(key))
}

/// The appointment by the clinic's calendar and clock.
pub(super) fn appointment(chrome: &Chrome, seen: &Appointment) -> Option<String> {
    let Some(at) = seen.at else { return seen.date.map(|day| chrome.date(day)) };
    let place = seen.zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
    let args = [("when", chrome.datetime(at, seen.zone).into()), ("place", place.into())];
    Some(locale::tr(chrome.locale, "treat-appointment", &args))
}

/// The doctor in charge, with title.
pub(super) fn clinician(seen: Option<&Clinician>) -> Option<String> {
    let seen = seen?;
    Some(match &seen.title {
        Some(title) => format!("{title} {}", seen.name),
        None => seen.name.clone(),
    })
}

/// How far the result is from the estimate.
pub(super) fn variance(chrome: &Chrome, seen: &Variance) -> String {
    let signed = if seen.grafts > 0 { format!("+{}", seen.grafts) } else { seen.grafts.to_string() };
    let args = [("grafts", signed.into()), ("percent", seen.percent.clone().into())];
    locale::tr(chrome.locale, "treat-variance", &args)
}

/// A view of the standard set.
pub(super) fn view_word(view: MediaView) -> &'static str {
    match view {
        MediaView::Front => "front",
        MediaView::Top => "top",
        MediaView::Left => "left",
        MediaView::Right => "right",
        MediaView::Back => "back",
    }
}

/// When a picture was taken.
pub(super) fn phase_word(phase: MediaPhase) -> &'static str {
    match phase {
        MediaPhase::Before => "before",
        MediaPhase::During => "during",
        MediaPhase::After => "after",
    }
}

/// A picture with what it shows.
pub(super) fn photo(chrome: &Chrome, seen: &PhotoView) -> Photo {
    let phase = seen.phase.map(|phase| chrome.t(format!("treat-phase-{}", phase_word(phase)))).unwrap_or_default();
    let what = match seen.view {
        Some(view) => chrome.t(format!("treat-view-{}", view_word(view))),
        None => chrome.t("treat-photo"),
    };
    let said = if phase.is_empty() { what } else { format!("{what} · {phase}") };
    Photo::new(seen.url.clone(), said.clone()).caption(said)
}

/// Whether a picture belongs to a standard set.
pub(super) fn is_set(seen: &PhotoView) -> bool {
    seen.collection != Collection::TreatmentPhoto
}
