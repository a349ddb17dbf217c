//! The pages on which a clinic reads requests and writes its quotes.

mod builder;
mod case;
mod inbox;
mod list;
mod panel;
mod quote;
mod rows;
mod sheet;
mod words;

use axum::Router;
use platform::App;
use platform::web::routing::{get, handled, post};

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/inquiries", get(inbox::show))
        .route("/provider/cases/{inquiry_id}", get(case::show))
        .route("/provider/cases/{inquiry_id}/acknowledge", post(case::acknowledge))
        .route("/provider/cases/{inquiry_id}/decline", post(case::decline))
        .route("/provider/cases/{inquiry_id}/quote", get(builder::show).post(handled(builder::submit)))
        .route("/provider/cases/{inquiry_id}/quote/preview", post(builder::preview))
        .route("/provider/cases/{inquiry_id}/quote/autosave", post(builder::autosave))
        .route("/provider/quotes", get(list::show))
        .route("/provider/quotes/{quote_id}", get(quote::show))
        .route("/provider/quotes/{quote_id}/archive", post(quote::archive))
        .route("/provider/quotes/{quote_id}/withdrawal", post(quote::ask_to_leave))
        .route("/provider/quotes/{quote_id}/withdraw", post(quote::withdraw))
}
