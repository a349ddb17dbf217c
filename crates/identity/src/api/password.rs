//! Passwords over HTTP: forgotten, set by a link, changed, and reset by Hairline's staff.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Secret;
use kernel::ids::{PatientId, ProviderUserId, UserId};
use platform::App;
use platform::locale;
use platform::web::{ApiResult, Json, Lang, Path, ProblemDocument, Who};
use serde::{Deserialize, Serialize};

use super::{accepted, guard_of, no_content};
use crate::admin;
use crate::service::mfa::Factor;
use crate::service::password_reset::{self, TICKET, Whose};
use crate::service::passwords::{self, Change};
use crate::service::sessions::{Carrier, Tokens};

/// An address.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "email": "mark@example.com" }))]
pub struct ForgotBody {
    /// The address of the account.
    #[schema(example = "elif.demir@example.com")]
    pub email: String,
}

/// What is said to every address alike.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Neutral {
    /// What to do now, in the caller's language.
    #[schema(example = "If there is an account with this address, a code is on its way.")]
    pub message: String,
}

/// Asks for a code to reset a password. Unknown addresses are answered like known ones.
#[utoipa::path(post, path = "/{g}/auth/password/forgot", tag = "identity", operation_id = "forgot_password", security(()),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")), request_body = ForgotBody,
    responses((status = 200, body = Neutral), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn forgot_password(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(guard): Path<String>,
    Json(body): Json<ForgotBody>,
) -> ApiResult<Json<Neutral>> {
    password_reset::forgot(&app, &actor, guard_of(&guard)?, &body.email, locale).await?;
    Ok(Json(Neutral { message: locale::t(locale, "api-code-on-its-way") }))
}

/// Asks for a new link to set the first password. Answered alike whether or not one is due.
#[utoipa::path(post, path = "/{g}/auth/password/link", tag = "identity", operation_id = "request_password_link", security(()),
    params(("g" = String, Path, description = "provider or admin")), request_body = ForgotBody,
    responses((status = 200, body = Neutral), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn request_password_link(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(guard): Path<String>,
    Json(body): Json<ForgotBody>,
) -> ApiResult<Json<Neutral>> {
    password_reset::request_link(&app, &actor, guard_of(&guard)?, &body.email, locale).await?;
    Ok(Json(Neutral { message: locale::t(locale, "api-link-on-its-way") }))
}

/// Address and code.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "email": "mark@example.com", "code": "048213" }))]
pub struct VerifyResetBody {
    /// The address the code went to.
    #[schema(example = "elif.demir@example.com")]
    pub email: String,
    /// The six digits of the mail, as a string.
    #[schema(example = "492817")]
    pub code: String,
}

/// What sets a new password.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ResetTicket {
    /// Opens nothing but the setting of a new password.
    pub reset_token: String,
    /// Seconds it lives.
    pub expires_in: i64,
}

/// Exchanges the mailed code for a ticket.
#[utoipa::path(post, path = "/{g}/auth/password/verify", tag = "identity", operation_id = "verify_password_code", security(()),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")), request_body = VerifyResetBody,
    responses((status = 200, body = ResetTicket), (status = 422, body = ProblemDocument)))]
pub async fn verify_password_code(
    State(app): State<App>,
    Who(actor): Who,
    Path(guard): Path<String>,
    Json(body): Json<VerifyResetBody>,
) -> ApiResult<Json<ResetTicket>> {
    let ticket = password_reset::verify(&app, &actor, guard_of(&guard)?, &body.email, &body.code).await?;
    Ok(Json(ResetTicket { reset_token: ticket.expose().clone(), expires_in: TICKET.num_seconds() }))
}

/// A new password by a ticket or a link.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct SetPasswordBody {
    /// The `reset_token`, or the token of a set-password link.
    #[schema(example = "Zk3vQ1x8mT0bYw5nRj7cLd2sHf9aUeGp")]
    pub token: Secret<String>,
    /// The password: at least 12 characters, upper and lower case, a digit, a special character.
    #[schema(example = "Correct!Horse7Battery")]
    pub password: Secret<String>,
    /// The same again.
    #[schema(example = "Correct!Horse7Battery")]
    pub password_confirmation: Secret<String>,
    /// What the device calls itself.
    #[schema(example = "Emma's phone")]
    pub device: Option<String>,
}

/// Sets a new password. Every session of the account ends; a fresh one is answered unless a second factor is due.
#[utoipa::path(post, path = "/{g}/auth/password/reset", tag = "identity", operation_id = "reset_password", security(()),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")), request_body = SetPasswordBody,
    responses((status = 200, body = Tokens), (status = 204, description = "Set; sign in now."),
        (status = 422, body = ProblemDocument)))]
pub async fn reset_password(
    State(app): State<App>,
    Who(actor): Who,
    Path(guard): Path<String>,
    Json(body): Json<SetPasswordBody>,
) -> ApiResult<Response> {
    let guard = guard_of(&guard)?;
    let passwords = (&body.password, &body.password_confirmation);
    let token = body.token.expose();
    if !password_reset::is_ticket(token) {
        admin::set_password(&app, &actor, guard, token, passwords).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    match password_reset::reset(&app, &actor, guard, token, passwords, (Carrier::Bearer, body.device)).await? {
        Some(tokens) => Ok(Json(tokens).into_response()),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// A new password with the current one as its proof.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ChangePasswordBody {
    /// The current password.
    #[schema(example = "Old!Horse6Battery")]
    pub current_password: Secret<String>,
    /// The new one.
    #[schema(example = "Correct!Horse7Battery")]
    pub password: Secret<String>,
    /// The same again.
    #[schema(example = "Correct!Horse7Battery")]
    pub password_confirmation: Secret<String>,
    /// Six digits of the authenticator app, where one is set up.
    #[schema(example = "492817")]
    pub code: Option<String>,
    /// A recovery code in its place.
    #[schema(example = "7KQ2M-9XF4T")]
    pub recovery_code: Option<String>,
}

/// Changes the caller's password. Every other session of the account ends.
#[utoipa::path(put, path = "/me/password", tag = "identity", operation_id = "change_password", security(("bearer" = ["account"])),
    request_body = ChangePasswordBody,
    responses((status = 204), (status = 422, body = ProblemDocument), (status = 423, body = ProblemDocument)))]
pub async fn change_password(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<ChangePasswordBody>,
) -> ApiResult<StatusCode> {
    let ask = Change {
        current: body.current_password,
        factor: factor(body.code, body.recovery_code),
        password: body.password,
        confirmation: body.password_confirmation,
    };
    no_content(passwords::change(&app, &actor, &ask).await)
}

/// The second factor of a body that may hold one.
pub(super) fn factor(code: Option<String>, recovery_code: Option<String>) -> Option<Factor> {
    match (code, recovery_code) {
        (_, Some(code)) => Some(Factor::Recovery(code)),
        (Some(code), None) => Some(Factor::Totp(code)),
        (None, None) => None,
    }
}

/// Mails a patient a code to reset the password. Nobody else sees it.
#[utoipa::path(post, path = "/admin/patients/{id}/reset-password", tag = "identity",
    operation_id = "reset_patient_password", params(("id" = PatientId, Path)),
    responses((status = 202), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn reset_patient_password(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(patient): Path<PatientId>,
) -> ApiResult<StatusCode> {
    accepted(password_reset::start_for(&app, &actor, Whose::Patient(patient), locale).await)
}

/// Mails a member of a clinic's team a code to reset the password.
#[utoipa::path(post, path = "/admin/provider-users/{id}/reset-password", tag = "identity",
    operation_id = "reset_member_password", params(("id" = ProviderUserId, Path)),
    responses((status = 202), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn reset_member_password(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(member): Path<ProviderUserId>,
) -> ApiResult<StatusCode> {
    accepted(password_reset::start_for(&app, &actor, Whose::Member(member), locale).await)
}

/// Demands a new password of a member of Hairline's staff: the sessions end and the next login leads nowhere else.
#[utoipa::path(post, path = "/admin/users/{id}/force-reset", tag = "identity", operation_id = "force_password_reset",
    params(("id" = UserId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn force_password_reset(
    State(app): State<App>,
    Who(actor): Who,
    Path(user): Path<UserId>,
) -> ApiResult<StatusCode> {
    no_content(password_reset::force(&app, &actor, user).await)
}
