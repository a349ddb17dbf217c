//! HTTP in, HTTP out.

mod bookings;
mod simulator;
mod webhooks;

use platform::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this wing, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(bookings::list_bookings))
        .routes(routes!(bookings::show_booking))
        .routes(routes!(bookings::show_checkout))
        .routes(routes!(bookings::start_payment))
        .routes(routes!(bookings::list_documents))
        .routes(routes!(bookings::show_payment))
        .routes(routes!(bookings::sync_payment))
        .routes(routes!(bookings::list_transactions))
        .routes(routes!(webhooks::receive_gateway_event))
        .routes(routes!(simulator::confirm_intent))
        .routes(routes!(simulator::authenticate_intent))
}
