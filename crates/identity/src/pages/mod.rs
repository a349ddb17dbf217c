//! Signing up, in and out in a browser.

mod clients;
pub mod confirm;
mod login;
mod patient_account;
mod profile;
mod resume;
mod sign_up;
mod tokens;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

use crate::oauth::authorize;

pub use resume::{is_lost, keep};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new()
        .route("/logout", post(login::logout))
        .route("/oauth/authorize", get(authorize::show).post(authorize::decide))
        .route("/sign-up", get(sign_up::show).post(sign_up::submit))
        .route("/sign-up/verify", get(sign_up::show_verify).post(sign_up::submit_verify))
        .route("/sign-up/resend", post(sign_up::resend))
        .route("/admin/patients/{patient_id}/account", get(patient_account::show))
        .route("/admin/patients/{patient_id}/account/{act}", post(patient_account::submit))
        .route("/patient/profile", get(profile::show).post(profile::save))
        .route("/patient/profile/complete", get(profile::show_complete).post(profile::save_complete))
        .route("/patient/profile/consents/{kind}", get(profile::to_profile).post(profile::consent));
    router = router.merge(clients::routes()).merge(tokens::routes());
    for portal in ["", "/provider", "/admin", "/affiliate"] {
        router = router
            .route(&format!("{portal}/login"), get(login::show).post(login::submit))
            .route(&format!("{portal}/login/code"), post(login::submit_code))
            .route(&format!("{portal}/login/set-up"), post(login::submit_set_up));
    }
    router
}
