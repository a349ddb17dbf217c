//! The OAuth 2 server. It stands beside the API and answers in the words of its own standards.

mod metadata;

use axum::Router;
use axum::routing::get;
use platform::App;

/// What programs ask, outside of the API's prefix.
pub fn endpoints() -> Router<App> {
    Router::new().route("/.well-known/jwks.json", get(metadata::keys))
}
