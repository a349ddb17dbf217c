//! The OAuth 2 server. It stands beside the API and answers in the words of its own standards.
//!
//! Offered: authorization code with PKCE, client credentials, refresh; the password grant for single clients of the
//! house. Tables and tokens are those of Laravel Passport, so that its clients keep working.

mod afterwards;
mod ask;
pub(crate) mod authorize;
mod codes;
mod cors;
mod describe;
pub(crate) mod error;
mod grants;
pub(crate) mod metadata;
mod personal;

use axum::Router;
use axum::middleware::from_fn;
use platform::App;
use platform::web::routing::{get, post};

pub use describe::document;

/// What programs ask, outside of the API's prefix.
pub fn endpoints() -> Router<App> {
    // Whoever explains a token holds a secret, and no browser does; consent is given on a page of ours.
    let open_to_browsers = Router::new()
        .route("/.well-known/jwks.json", get(metadata::keys).options(cors::ask_first))
        .route("/.well-known/oauth-authorization-server", get(metadata::server).options(cors::ask_first))
        .route("/oauth/token", post(afterwards::token).options(cors::ask_first))
        .route("/oauth/revoke", post(afterwards::revoke).options(cors::ask_first))
        .route("/oauth/scopes", get(metadata::scopes).options(cors::ask_first))
        .layer(from_fn(cors::open));
    Router::new()
        .merge(open_to_browsers)
        .route("/oauth/introspect", post(afterwards::introspect))
        .route("/oauth/personal-access-tokens", post(personal::create))
}
