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
use platform::App;
use platform::web::routing::{get, handled, post};

use crate::oauth::authorize;
use crate::service::image;

pub use resume::{give_back, is_lost, keep, take};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new()
        .merge(team::pages())
        .merge(access::pages())
        .route("/invitation", get(invitation::show).post(handled(invitation::look_up)))
        .route("/invitation/accept", get(invitation::show).post(handled(invitation::accept)))
        .route("/affiliate/activate", get(activation::show).post(handled(activation::look_up)))
        .route("/affiliate/activate/set-up", get(activation::show).post(handled(activation::accept)))
        .route("/affiliate/activate/resend", get(activation::show).post(handled(activation::resend)))
        .route("/logout", post(login::logout))
        .route("/provider/account/first-steps", post(tour::finish))
        .route("/oauth/authorize", get(authorize::show).post(handled(authorize::decide)))
        .route("/sign-up", get(sign_up::show).post(handled(sign_up::submit)))
        .route("/sign-up/verify", get(sign_up::show_verify).post(handled(sign_up::submit_verify)))
        .route("/sign-up/resend", post(sign_up::resend))
        .route("/admin/patients/{patient_id}/account", get(patient_account::show))
        .route("/admin/patients/{patient_id}/account/{act}", post(patient_account::submit))
        .route("/patient/profile", get(profile::show).post(handled(profile::save)))
        .route("/patient/profile/complete", get(profile::show_complete).post(handled(profile::save_complete)))
        .route("/patient/profile/consents/{kind}", get(profile::to_profile).post(handled(profile::consent)));
    router = router.merge(clients::routes()).merge(tokens::routes());
    for portal in ["", "/provider", "/admin", "/affiliate"] {
        router = router
            .route(&format!("{portal}/login"), get(login::show).post(handled(login::submit)))
            .route(&format!("{portal}/login/code"), post(login::submit_code))
            .route(&format!("{portal}/login/set-up"), post(login::submit_set_up));
    }
    for portal in ["", "/provider", "/admin", "/affiliate"] {
        router = router
            .route(&format!("{portal}/forgot"), get(forgot::show).post(handled(forgot::submit)))
            .route(&format!("{portal}/forgot/code"), get(forgot::show_code).post(handled(forgot::submit_code)))
            .route(&format!("{portal}/forgot/resend"), post(forgot::resend))
            .route(&format!("{portal}/forgot/new"), get(forgot::show_new).post(handled(forgot::submit_new)));
    }
    // An affiliate's address never changes.
    for portal in ["", "/provider", "/admin"] {
        router = router.route(&format!("{portal}/dispute-email"), get(dispute::show).post(handled(dispute::submit)));
    }
    for portal in ["/provider", "/admin"] {
        router = router
            .route(&format!("{portal}/set-password"), get(forgot::show_first).post(handled(forgot::submit_first)))
            .route(&format!("{portal}/set-password/link"), get(forgot::show_link).post(handled(forgot::submit_link)));
    }
    for base in ["/patient/security", "/provider/account", "/admin/account", "/affiliate/account"] {
        router = router.merge(own_account(base));
    }
    router
}

/// The pages of one's own account, below the address they have in a portal.
fn own_account(base: &str) -> Router<App> {
    let at = |rest: &str| format!("{base}{rest}");
    let upload = get(account::back).post(handled(account::save_image)).layer(DefaultBodyLimit::max(image::FORM_LIMIT));
    let router = Router::new()
        .route(base, get(account::show))
        .route(&at("/about"), get(account::back).post(handled(account::save_about)))
        .route(&at("/password"), get(account::back).post(handled(account::change_password)))
        .route(&at("/sessions/{id}/end"), get(account::back).post(handled(account::end_session)))
        .route(&at("/sign-out"), get(account::back).post(handled(account::end_all)));
    if base.starts_with("/affiliate") {
        return router;
    }
    let router = router
        .route(&at("/image"), upload)
        .route(&at("/email"), get(account::back).post(handled(account::change_email)))
        .route(&at("/email/code"), get(account::show_email_code).post(handled(account::verify_email)))
        .route(&at("/email/resend"), get(account::back).post(handled(account::resend_email_code)));
    if base.starts_with("/patient") {
        return router;
    }
    router
        .route(&at("/activity"), get(account::show_activity))
        .route(&at("/mfa"), get(account::show_mfa).post(handled(account::confirm_mfa)))
        .route(&at("/mfa/begin"), get(account::back).post(handled(account::begin_mfa)))
        .route(&at("/mfa/codes"), get(account::back).post(handled(account::new_codes)))
        .route(&at("/mfa/off"), get(account::back).post(handled(account::ask_mfa_off)))
        .route(&at("/mfa/remove"), get(account::back).post(handled(account::mfa_off)))
}
