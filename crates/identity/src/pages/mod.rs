//! Signing up, in and out in a browser.

mod login;
mod resume;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

pub use resume::{is_lost, keep};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new().route("/logout", post(login::logout));
    for portal in ["", "/provider", "/admin", "/affiliate"] {
        router = router
            .route(&format!("{portal}/login"), get(login::show).post(login::submit))
            .route(&format!("{portal}/login/code"), post(login::submit_code))
            .route(&format!("{portal}/login/set-up"), post(login::submit_set_up));
    }
    router
}
