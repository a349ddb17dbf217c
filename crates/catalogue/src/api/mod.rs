//! The catalogue over HTTP.

mod packages;
mod pricing;
mod public;

use platform::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All routes of this wing, below `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(public::list_treatments))
        .routes(routes!(public::show_treatment))
        .routes(routes!(public::show_active_questionnaire))
        .routes(routes!(public::list_discovery_questions))
        .routes(routes!(public::list_destinations))
        .routes(routes!(pricing::list_treatment_pricing))
        .routes(routes!(pricing::show_treatment_pricing, pricing::put_treatment_pricing))
        .routes(routes!(packages::list_packages, packages::create_package))
        .routes(routes!(packages::show_package))
}
