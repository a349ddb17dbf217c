//! The pages of this wing.

mod provider;

use axum::Router;
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new().merge(provider::routes())
}
