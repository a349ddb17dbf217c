//! HTTP of this wing.

mod account;
mod activation;
mod clients;
mod interventions;
mod invitations;
mod login;
mod me;
mod mfa;
mod password;
mod phi;
mod reauth;
mod register;
mod roles;
mod staff;
mod team;
mod tokens;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use kernel::{AppError, AppResult, Guard};
use platform::App;
use platform::routes;
use platform::web::ApiResult;
use utoipa_axum::router::OpenApiRouter;

use crate::service::image;

/// The routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    let uploads =
        OpenApiRouter::new().routes(routes!(account::put_image)).layer(DefaultBodyLimit::max(image::FORM_LIMIT));
    OpenApiRouter::new()
        .merge(uploads)
        .routes(routes!(register::register_patient))
        .routes(routes!(register::resend_code))
        .routes(routes!(register::verify_registration))
        .routes(routes!(login::login))
        .routes(routes!(login::finish_login))
        .routes(routes!(login::refresh))
        .routes(routes!(login::logout))
        .routes(routes!(login::logout_all))
        .routes(routes!(password::forgot_password))
        .routes(routes!(password::request_password_link))
        .routes(routes!(password::verify_password_code))
        .routes(routes!(password::reset_password))
        .routes(routes!(password::change_password))
        .routes(routes!(password::reset_patient_password))
        .routes(routes!(password::reset_member_password))
        .routes(routes!(password::force_password_reset))
        .routes(routes!(activation::activate))
        .routes(routes!(activation::resend))
        .routes(routes!(reauth::reauth))
        .routes(routes!(reauth::send_reauth_code))
        .routes(routes!(me::show_me, me::edit_me))
        .routes(routes!(me::show_permissions))
        .routes(routes!(me::list_consents, me::change_consent))
        .routes(routes!(mfa::enrol))
        .routes(routes!(mfa::confirm))
        .routes(routes!(mfa::renew_recovery_codes))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(clients::list_clients, clients::create_client))
        .routes(routes!(clients::edit_client, clients::revoke_client))
        .routes(routes!(clients::rotate_secret))
        .routes(routes!(mfa::remove_mfa))
        .routes(routes!(mfa::reset_user_mfa))
        .routes(routes!(mfa::reset_member_mfa))
        .routes(routes!(account::list_sessions))
        .routes(routes!(account::list_activity))
        .routes(routes!(account::end_session))
        .routes(routes!(account::change_email))
        .routes(routes!(account::verify_email))
        .routes(routes!(account::dispute_email))
        .routes(routes!(phi::grant_medical_access))
        .routes(routes!(interventions::correct_patient))
        .routes(routes!(interventions::suspend_patient))
        .routes(routes!(interventions::hold_identity))
        .routes(routes!(interventions::lift_identity_hold))
        .routes(routes!(interventions::reactivate_patient))
        .routes(routes!(interventions::deactivate_patient))
        .routes(routes!(interventions::unlock_patient))
        // Teams, invitations, staff, roles.
        .merge(of_teams())
        .merge(of_staff())
}

fn of_teams() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(team::list_team))
        .routes(routes!(team::show_seats, team::ask_for_seats))
        .routes(routes!(team::show_member, team::remove))
        .routes(routes!(team::list_activity))
        .routes(routes!(team::change_role))
        .routes(routes!(team::suspend))
        .routes(routes!(team::reactivate))
        .routes(routes!(team::transfer))
        .routes(routes!(team::create_clinician))
        .routes(routes!(team::edit_clinician))
        .routes(routes!(invitations::invite_member, invitations::list_invitations))
        .routes(routes!(invitations::resend_invitation))
        .routes(routes!(invitations::cancel_invitation))
        .routes(routes!(invitations::look_up))
        .routes(routes!(invitations::accept))
}

fn of_staff() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(staff::list_staff))
        .routes(routes!(staff::show_staff))
        .routes(routes!(staff::change_staff_role))
        .routes(routes!(staff::suspend_staff))
        .routes(routes!(staff::activate_staff))
        .routes(routes!(staff::deactivate_staff))
        .routes(routes!(staff::erase_staff))
        .routes(routes!(staff::set_direct))
        .routes(routes!(invitations::invite_staff, invitations::list_staff_invitations))
        .routes(routes!(invitations::resend_staff_invitation))
        .routes(routes!(invitations::cancel_staff_invitation))
        .routes(routes!(staff::list_clinic_staff))
        .routes(routes!(staff::suspend_clinic_staff))
        .routes(routes!(staff::reactivate_clinic_staff))
        .routes(routes!(staff::remove_clinic_staff))
        .routes(routes!(staff::log_out_clinic_staff))
        .routes(routes!(staff::erase_clinic_staff))
        .routes(routes!(staff::impersonate))
        .routes(routes!(staff::end_impersonation))
        .routes(routes!(roles::list_roles, roles::create_role))
        .routes(routes!(roles::list_permissions))
        .routes(routes!(roles::edit_role, roles::archive_role))
        .routes(routes!(roles::set_permissions))
        .routes(routes!(roles::preview_role))
}

/// The answer to a change that has nothing to say.
fn no_content(done: AppResult<()>) -> ApiResult<StatusCode> {
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// The answer to what is done later: a mail, a decision of somebody else.
fn accepted(done: AppResult<()>) -> ApiResult<StatusCode> {
    done?;
    Ok(StatusCode::ACCEPTED)
}

/// The guard of a path's first segment; 404 for any other word.
fn guard_of(word: &str) -> AppResult<Guard> {
    match word {
        "patient" => Ok(Guard::Patient),
        "provider" => Ok(Guard::Provider),
        "admin" => Ok(Guard::Api),
        "affiliate" => Ok(Guard::Affiliate),
        _ => Err(AppError::not_found()),
    }
}

/// Refuses an account of another guard with 401 `wrong_guard` (R-ID-32).
fn require_guard(actor: &kernel::Actor, guard: Guard) -> AppResult<()> {
    match actor.guard() {
        Some(own) if own == guard => Ok(()),
        Some(_) => {
            Err(AppError::new(kernel::ErrorKind::Unauthenticated, "wrong_guard", "This account has no access here."))
        }
        None => Err(AppError::unauthenticated()),
    }
}
