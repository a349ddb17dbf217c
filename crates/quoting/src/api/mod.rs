//! Quotes over HTTP.

mod clinic;
mod patient;
mod read;
mod staff;

use platform::App;
use platform::routes;
use utoipa_axum::router::OpenApiRouter;

/// All routes of this wing, below `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(clinic::create_quote))
        .routes(routes!(read::show_quote, clinic::edit_quote))
        .routes(routes!(read::list_quotes))
        .routes(routes!(read::compare_quotes))
        .routes(routes!(read::list_quote_versions))
        .routes(routes!(clinic::preview_quote_price))
        .routes(routes!(clinic::submit_quote))
        .routes(routes!(clinic::withdraw_quote))
        .routes(routes!(clinic::archive_quote))
        .routes(routes!(clinic::request_withdrawal))
        .routes(routes!(staff::resolve_withdrawal))
        .routes(routes!(staff::restore_quote))
        .routes(routes!(staff::list_acceptances))
        .routes(routes!(staff::list_withdrawals))
        .routes(routes!(patient::accept_quote))
        .routes(routes!(patient::decline_quote))
        .routes(routes!(patient::cancel_inquiry))
}
