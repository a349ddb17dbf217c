//! Endpoints of treatments, relative to the API's prefix.

mod cases;
mod media;

use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::routes;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

/// The endpoints.
pub fn routes() -> OpenApiRouter<App> {
    let limit = DefaultBodyLimit::max(crate::service::photos::form_limit());
    OpenApiRouter::new()
        .routes(routes!(cases::list_treatment_cases))
        .routes(routes!(cases::show_treatment_case, cases::edit_treatment_case))
        .routes(routes!(cases::check_in_patient))
        .routes(routes!(cases::change_treatment_day))
        .routes(routes!(cases::complete_treatment))
        .routes(routes!(media::list_treatment_media, media::add_treatment_media).layer(limit))
}
