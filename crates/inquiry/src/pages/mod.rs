//! The patient's request, one question a step.

mod calendar;
mod clinics;
mod destinations;
mod evidence;
mod extend;
mod health;
mod past;
mod photos;
mod review;
mod sent;
mod staff;
mod steps;
mod view;
mod way;
mod wizard;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::web::routing::{get, handled};

/// What an upload may weigh with its form around it. More than a picture may have: one that is too large is read to its
/// end and refused beside its place, where a line cut off half-way would say nothing at all.
const UPLOAD_LIMIT: usize = 24 * 1024 * 1024;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/patient/request", get(wizard::start))
        .route("/patient/request/discard", get(wizard::back_to_start).post(handled(wizard::discard)))
        .route("/patient/request/submit", get(wizard::back_to_review).post(handled(wizard::submit)))
        .route(
            "/patient/request/photos/{view}",
            get(photos::back).post(handled(photos::add)).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/patient/request/photos/{view}/remove", get(photos::back).post(handled(photos::remove)))
        .route("/patient/request/{step}", get(wizard::show).post(handled(wizard::save)))
        .merge(evidence::pages())
        .route("/patient/requests", get(past::show))
        .route("/patient/cases/{inquiry_id}/extend", get(extend::show).post(handled(extend::submit)))
        .merge(sent::pages())
        .merge(staff::pages())
}
