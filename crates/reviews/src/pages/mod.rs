//! The pages of this wing.

mod admin;
mod patient;
mod words;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/patient/bookings/{quote_id}/review", get(patient::show).post(patient::send))
        .route("/admin/reviews", get(admin::list))
        .route("/admin/reviews/{id}", get(admin::show))
        .route("/admin/reviews/{id}/approve", post(admin::approve))
        .route("/admin/reviews/{id}/reject", post(admin::reject))
        .route("/admin/reviews/{id}/remove", post(admin::remove))
}
