//! The pages of this wing.

mod answers;
mod patient;
mod scan;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let uploads = Router::new()
        .route("/patient/aftercare/{case_id}/scan", get(scan::show).post(scan::send))
        .layer(DefaultBodyLimit::max(crate::api::scan_limit()));
    Router::new()
        .route("/patient/aftercare", get(patient::show))
        .route(
            "/patient/aftercare/{case_id}/questionnaires/{questionnaire_id}",
            get(answers::show).post(answers::send),
        )
        .route("/patient/aftercare/{case_id}/alert", get(answers::alert))
        .merge(uploads)
}
