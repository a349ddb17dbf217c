//! Signing up, in and out in a browser.

mod access;
mod account;
mod activation;
mod clients;
pub mod confirm;
mod dispute;
mod forgot;
mod invitation;
mod login;
mod patient_account;
mod profile;
mod qr;
mod resume;
mod sign_up;
mod team;
mod tokens;
mod tour;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use platform::App;

use crate::oauth::authorize;
use crate::service::image;

pub use resume::{give_back, is_lost, keep, take};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new()
        .merge(team::pages())
        .merge(access::pages())
        .route("/invitation", get(invitation::show).post(invitation::look_up))
        .route("/invitation/accept", get(invitation::show).post(invitation::accept))
        .route("/affiliate/activate", get(activation::show).post(activation::look_up))
        .route("/affiliate/activate/set-up", get(activation::show).post(activation::accept))
        .route("/affiliate/activate/resend", get(activation::show).post(activation::resend))
        .route("/logout", post(login::logout))
        .route("/provider/account/first-steps", post(tour::finish))
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
    for portal in ["", "/provider", "/admin", "/affiliate"] {
        router = router
            .route(&format!("{portal}/forgot"), get(forgot::show).post(forgot::submit))
            .route(&format!("{portal}/forgot/code"), get(forgot::show_code).post(forgot::submit_code))
            .route(&format!("{portal}/forgot/resend"), post(forgot::resend))
            .route(&format!("{portal}/forgot/new"), get(forgot::show_new).post(forgot::submit_new));
    }
    // An affiliate's address never changes.
    for portal in ["", "/provider", "/admin"] {
        router = router.route(&format!("{portal}/dispute-email"), get(dispute::show).post(dispute::submit));
    }
    for portal in ["/provider", "/admin"] {
        router = router
            .route(&format!("{portal}/set-password"), get(forgot::show_first).post(forgot::submit_first))
            .route(&format!("{portal}/set-password/link"), get(forgot::show_link).post(forgot::submit_link));
    }
    for base in ["/patient/security", "/provider/account", "/admin/account", "/affiliate/account"] {
        router = router.merge(own_account(base));
    }
    router
}

/// The pages of one's own account, below the address they have in a portal.
fn own_account(base: &str) -> Router<App> {
    let at = |rest: &str| format!("{base}{rest}");
    let upload = get(account::back).post(account::save_image).layer(DefaultBodyLimit::max(image::FORM_LIMIT));
    let router = Router::new()
        .route(base, get(account::show))
        .route(&at("/about"), get(account::back).post(account::save_about))
        .route(&at("/password"), get(account::back).post(account::change_password))
        .route(&at("/sessions/{id}/end"), get(account::back).post(account::end_session))
        .route(&at("/sign-out"), get(account::back).post(account::end_all));
    if base.starts_with("/affiliate") {
        return router;
    }
    let router = router
        .route(&at("/image"), upload)
        .route(&at("/email"), get(account::back).post(account::change_email))
        .route(&at("/email/code"), get(account::show_email_code).post(account::verify_email))
        .route(&at("/email/resend"), get(account::back).post(account::resend_email_code));
    if base.starts_with("/patient") {
        return router;
    }
    router
        .route(&at("/activity"), get(account::show_activity))
        .route(&at("/mfa"), get(account::show_mfa).post(account::confirm_mfa))
        .route(&at("/mfa/begin"), get(account::back).post(account::begin_mfa))
        .route(&at("/mfa/codes"), get(account::back).post(account::new_codes))
        .route(&at("/mfa/off"), get(account::back).post(account::ask_mfa_off))
        .route(&at("/mfa/remove"), get(account::back).post(account::mfa_off))
}
