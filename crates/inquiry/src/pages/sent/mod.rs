//! A request that was sent: read in full, changed part by part until a clinic has quoted (R-IQ-11, R-IQ-21).

mod edit;
mod parts;
mod places;
mod show;

use axum::Router;
use kernel::ids::InquiryId;
use platform::App;
use platform::web::routing::{get, handled};

use super::evidence::body_limit;

/// The pages of a sent request.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/patient/cases/{inquiry_id}/request", get(show::show))
        .route(
            "/patient/cases/{inquiry_id}/request/destinations",
            get(places::show_destinations).post(handled(places::save_destinations)),
        )
        .route(
            "/patient/cases/{inquiry_id}/request/clinics",
            get(places::show_clinics).post(handled(places::save_clinics)),
        )
        .route("/patient/cases/{inquiry_id}/request/{part}", get(edit::show).post(handled(edit::save)))
        .route(
            "/patient/cases/{inquiry_id}/request/evidence/add",
            get(show::back).post(handled(show::add)).layer(body_limit()),
        )
        .route(
            "/patient/cases/{inquiry_id}/request/evidence/{media_id}/remove",
            get(show::back_from_file).post(handled(show::remove)),
        )
}

/// Where the request is read.
fn address(id: InquiryId) -> String {
    format!("/patient/cases/{id}/request")
}
