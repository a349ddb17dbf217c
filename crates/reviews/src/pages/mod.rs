//! The pages of this wing.

mod admin;
mod clinic;
mod patient;
mod words;

use axum::Router;
use platform::App;
use platform::web::routing::{get, handled, post};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/patient/bookings/{quote_id}/review", get(patient::show).post(handled(patient::send)))
        .route("/provider/reviews", get(clinic::list))
        .route("/provider/reviews/{id}", get(clinic::show).post(handled(clinic::answer)))
        .route("/admin/reviews", get(admin::list))
        .route("/admin/reviews/{id}", get(admin::show))
        .route("/admin/reviews/{id}/approve", post(admin::approve))
        .route("/admin/reviews/{id}/reject", post(admin::reject))
        .route("/admin/reviews/{id}/remove", post(admin::remove))
        .route("/admin/reviews/{id}/remove-answer", post(admin::remove_answer))
}
