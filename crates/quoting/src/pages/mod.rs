//! The pages of this wing.

mod patient;
mod provider;

use axum::Router;
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new().merge(patient::routes()).merge(provider::routes())
}
