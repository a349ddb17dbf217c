//! Signing up, in and out in a browser.

mod access;
pub mod confirm;
mod invitation;
mod login;
mod profile;
mod resume;
mod sign_up;
mod team;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

pub use resume::{is_lost, keep};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new()
        .merge(team::pages())
        .merge(access::pages())
        .route("/invitation", get(invitation::show).post(invitation::look_up))
        .route("/invitation/accept", get(invitation::show).post(invitation::accept))
        .route("/logout", post(login::logout))
        .route("/sign-up", get(sign_up::show).post(sign_up::submit))
        .route("/sign-up/verify", get(sign_up::show_verify).post(sign_up::submit_verify))
        .route("/sign-up/resend", post(sign_up::resend))
        .route("/patient/profile", get(profile::show).post(profile::save))
        .route("/patient/profile/complete", get(profile::show_complete).post(profile::save_complete))
        .route("/patient/profile/consents/{kind}", get(profile::to_profile).post(profile::consent));
    for portal in ["", "/provider", "/admin", "/affiliate"] {
        router = router
            .route(&format!("{portal}/login"), get(login::show).post(login::submit))
            .route(&format!("{portal}/login/code"), post(login::submit_code))
            .route(&format!("{portal}/login/set-up"), post(login::submit_set_up));
    }
    router
}
