//! The pages of this wing.

mod admin;
mod changes;
mod patient;
mod provider;
mod states;

use axum::Router;
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new().merge(patient::routes()).merge(provider::routes()).merge(admin::routes())
}
