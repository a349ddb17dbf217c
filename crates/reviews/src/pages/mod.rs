//! The pages of this wing.

mod admin;
mod clinic;
mod patient;
mod words;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/patient/bookings/{quote_id}/review", get(patient::show).post(patient::send))
        .route("/provider/reviews", get(clinic::list))
        .route("/provider/reviews/{id}", get(clinic::show).post(clinic::answer))
        .route("/admin/reviews", get(admin::list))
        .route("/admin/reviews/{id}", get(admin::show))
        .route("/admin/reviews/{id}/approve", post(admin::approve))
        .route("/admin/reviews/{id}/reject", post(admin::reject))
        .route("/admin/reviews/{id}/remove", post(admin::remove))
        .route("/admin/reviews/{id}/remove-answer", post(admin::remove_answer))
}
