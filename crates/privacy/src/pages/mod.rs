//! Pages about a patient's own data: for the patient, and the staff's queue of requests.

mod admin;
mod closing;
mod holds;
mod patient;
mod retention;
mod subject;

use axum::Router;
use identity::entity::deletion_requests::DeletionRequestStatus as Status;
use platform::App;
use platform::web::routing::{get, handled, post};
use ui::{Badge, Chrome, Tone};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/patient/privacy", get(patient::show))
        .route("/patient/privacy/data", post(patient::request_bundle))
        .route("/patient/privacy/data/{bundle_id}", post(patient::download_bundle))
        .route("/patient/privacy/delete", get(patient::show_delete).post(handled(patient::submit)))
        .route("/patient/privacy/delete/withdraw", post(patient::withdraw))
        .route("/admin/privacy", get(admin::list))
        .route("/admin/privacy/{request_id}", get(admin::show))
        .route("/admin/privacy/{request_id}/begin-review", post(admin::begin_review))
        .route("/admin/privacy/{request_id}/approve", post(admin::approve))
        .route("/admin/privacy/{request_id}/deny", post(admin::deny))
        .route("/admin/privacy/{request_id}/require-verification", post(admin::ask_proof))
        .route("/provider/closing", get(closing::show_own).post(handled(closing::request)))
        .route("/admin/privacy/clinics", get(closing::list))
        .route("/admin/privacy/clinics/{closing_id}", get(closing::show))
        .route("/admin/privacy/clinics/{closing_id}/approve", post(closing::approve))
        .route("/admin/privacy/clinics/{closing_id}/reject", post(closing::reject))
        .route("/admin/privacy/holds", get(holds::list))
        .route("/admin/privacy/holds/new", get(holds::show_new).post(handled(holds::place)))
        .route("/admin/privacy/holds/{hold_id}", get(holds::show))
        .route("/admin/privacy/holds/{hold_id}/review", post(holds::review))
        .route("/admin/privacy/holds/{hold_id}/release", post(holds::release))
        .route("/admin/privacy/retention", get(retention::show).post(handled(retention::try_out)))
        .route("/admin/privacy/retention/{run_id}", get(retention::one))
        .route("/admin/privacy/patients/{patient_id}", get(subject::show))
        .route("/admin/privacy/patients/{patient_id}/bundle", post(subject::request_bundle))
}

/// The stored word of an enumeration, as JSON writes it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

fn status_badge(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Completed => Tone::Good,
        Status::VerificationRequired | Status::OnHold => Tone::Warn,
        Status::Denied | Status::Withdrawn => Tone::Calm,
        Status::Submitted | Status::InReview | Status::Approved => Tone::Info,
    };
    Badge::new(tone, chrome.word("dsr", word(&status)))
}
