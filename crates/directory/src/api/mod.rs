//! HTTP of this wing.

mod clinics;
mod featured;
mod patients;
mod seats;

use platform::App;
use platform::routes;
use utoipa_axum::router::OpenApiRouter;

/// The routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(clinics::list_clinics))
        .routes(routes!(clinics::show_clinic))
        .routes(routes!(clinics::list_countries))
        .routes(routes!(clinics::list_places))
        .routes(routes!(patients::list_patients))
        .routes(routes!(patients::show_patient))
        .routes(routes!(featured::feature_clinic))
        .routes(routes!(featured::unfeature_clinic))
        .routes(routes!(seats::show_seats, seats::set_seats))
}
