//! The pages of this wing.

mod patient;
mod words;

use axum::Router;
use axum::routing::get;
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new().route("/patient/aftercare", get(patient::show))
}
