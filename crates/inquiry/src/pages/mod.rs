//! The patient's request, one question a step.

mod photos;
mod steps;
mod view;
mod wizard;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use platform::App;

/// What an upload may weigh with its form around it: the largest head-scan picture and a margin.
const UPLOAD_LIMIT: usize = 6 * 1024 * 1024;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/patient/request", get(wizard::start))
        .route("/patient/request/discard", post(wizard::discard))
        .route("/patient/request/submit", post(wizard::submit))
        .route("/patient/request/photos/{view}", post(photos::add).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route("/patient/request/photos/{view}/remove", post(photos::remove))
        .route("/patient/request/{step}", get(wizard::show).post(wizard::save))
}
