//! Endpoints of treatments, relative to the API's prefix.

mod cases;
mod media;

use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::files::Purpose;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

/// Most pictures of one upload, and room for the form around them.
const BODY_LIMIT: usize = 5;

/// The endpoints.
pub fn routes() -> OpenApiRouter<App> {
    let limit = DefaultBodyLimit::max(Purpose::TreatmentPhoto.max_bytes() * BODY_LIMIT + 64 * 1024);
    OpenApiRouter::new()
        .routes(routes!(cases::list_treatment_cases))
        .routes(routes!(cases::show_treatment_case, cases::edit_treatment_case))
        .routes(routes!(cases::check_in_patient))
        .routes(routes!(cases::change_treatment_day))
        .routes(routes!(cases::complete_treatment))
        .routes(routes!(media::list_treatment_media, media::add_treatment_media).layer(limit))
}
