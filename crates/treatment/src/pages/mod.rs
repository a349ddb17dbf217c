//! The pages of this wing: the clinic's treatment day, and the treatment as its patient sees it.

mod clinic;
mod forms;
mod patient;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::web::routing::{get, post};

use crate::service::photos;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let uploads = Router::new()
        .route("/provider/treatments/{quote_id}/photos", post(forms::add_set))
        .route("/provider/treatments/{quote_id}/days/{day}/photos", post(forms::add_photo))
        .layer(DefaultBodyLimit::max(photos::form_limit()));
    Router::new()
        .route("/patient/treatments/{quote_id}", get(patient::show))
        .route("/provider/treatments/{quote_id}", get(clinic::show))
        .route("/provider/treatments/{quote_id}/check-in", post(forms::check_in))
        .route("/provider/treatments/{quote_id}/days/{day}", post(forms::change_day))
        .route("/provider/treatments/{quote_id}/notes", post(forms::save_notes))
        .route("/provider/treatments/{quote_id}/complete", post(forms::complete))
        .merge(uploads)
}
