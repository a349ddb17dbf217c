//! The pages of this wing.

use axum::Router;
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
}
