//! The pages on which Hairline's staff look after quotes.

mod acceptances;
mod list;
mod quote;
mod withdrawals;

use axum::Router;
use platform::App;
use platform::web::routing::{get, handled, post};

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/quotes", get(list::show))
        .route("/admin/quotes/{quote_id}", get(quote::show).post(handled(quote::edit)))
        .route("/admin/quotes/{quote_id}/restore", post(quote::restore))
        .route("/admin/quotes/{quote_id}/resolve", post(quote::resolve))
        .route("/admin/acceptances", get(acceptances::show))
        .route("/admin/withdrawals", get(withdrawals::show))
}
