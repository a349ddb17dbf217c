//! The pages of this wing.

mod patient;

use axum::Router;
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new().merge(patient::routes())
}
