//! Endpoints of reviews.

mod admin;
mod clinic;
mod patient;
mod public;

use platform::App;
use platform::routes;
use utoipa_axum::router::OpenApiRouter;

/// The endpoints, relative to the API's prefix.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(public::list_provider_reviews))
        .routes(routes!(public::show_review_summary))
        .routes(routes!(patient::list_own_reviews, patient::submit_review))
        .routes(routes!(patient::edit_review))
        .routes(routes!(patient::show_review_eligibility))
        .routes(routes!(admin::list_reviews))
        .routes(routes!(admin::show_review))
        .routes(routes!(admin::approve_review))
        .routes(routes!(admin::reject_review))
        .routes(routes!(admin::remove_review))
        .routes(routes!(admin::remove_review_response))
        .routes(routes!(clinic::list_clinic_reviews))
        .routes(routes!(clinic::respond_to_review))
}
