//! Signing in and out over HTTP; `{g}` is patient, provider or admin.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::{AppError, Secret};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::{Deserialize, Serialize};

use super::{guard_of, require_guard};
use crate::service::login::{self, Credentials, Entered, MFA_TICKET};
use crate::service::mfa::{self, ENROLMENT, Factor};
use crate::service::password_reset::TICKET;
use crate::service::sessions::{self, Carrier, Tokens};

/// What somebody signs in with.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LoginBody {
    /// E-mail address or username.
    #[schema(example = "emma@patients.example")]
    pub login: String,
    /// Password.
    #[schema(example = "Correct!Horse7Battery")]
    pub password: Secret<String>,
    /// What the device calls itself.
    #[schema(example = "Emma's phone")]
    pub device: Option<String>,
}

/// Where a right password leads: to a session, or to the second factor.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(tag = "next", rename_all = "snake_case")]
pub enum LoginAnswer {
    /// Signed in.
    Session(Tokens),
    /// Send `mfa_token` with the code of the authenticator app.
    Mfa {
        /// Opens nothing but the second step.
        mfa_token: String,
        /// Seconds it lives.
        expires_in: i64,
    },
    /// Set up an authenticator app first, with `mfa_token`.
    MfaEnrolment {
        /// Opens nothing but the set-up.
        mfa_token: String,
        /// Seconds it lives.
        expires_in: i64,
    },
    /// A new password is due: set it with `reset_token`.
    PasswordReset {
        /// Opens nothing but the setting of a new password.
        reset_token: String,
        /// Seconds it lives.
        expires_in: i64,
    },
}

impl From<Entered> for LoginAnswer {
    fn from(entered: Entered) -> Self {
        match entered {
            Entered::Session(tokens) => Self::Session(tokens),
            Entered::MfaRequired { ticket } => Self::Mfa { mfa_token: ticket, expires_in: MFA_TICKET.num_seconds() },
            Entered::EnrolmentRequired { ticket } => {
                Self::MfaEnrolment { mfa_token: ticket, expires_in: ENROLMENT.num_seconds() }
            }
            Entered::ResetRequired { ticket } => {
                Self::PasswordReset { reset_token: ticket, expires_in: TICKET.num_seconds() }
            }
        }
    }
}

/// Signs in.
#[utoipa::path(post, path = "/{g}/auth/login", tag = "identity", operation_id = "login", security(()),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")), request_body = LoginBody,
    responses((status = 200, body = LoginAnswer), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument), (status = 423, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn login(
    State(app): State<App>,
    Who(actor): Who,
    Path(guard): Path<String>,
    Json(body): Json<LoginBody>,
) -> ApiResult<Json<LoginAnswer>> {
    let guard = guard_of(&guard)?;
    let credentials = Credentials { login: body.login, password: body.password, device: body.device };
    let entered = login::login(&app, &actor, guard, credentials, Carrier::Bearer).await?;
    Ok(Json(entered.into()))
}

/// The second step: one of the two codes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct MfaBody {
    /// As answered to the login.
    #[schema(example = "c2lnbi1pbi13YWl0aW5nLWZvci1hLWNvZGU")]
    pub mfa_token: String,
    /// Six digits of the authenticator app.
    #[schema(example = "492817")]
    pub code: Option<String>,
    /// One of the recovery codes.
    #[schema(example = "7KQ2M-9XF4T")]
    pub recovery_code: Option<String>,
    /// What the device calls itself.
    #[schema(example = "Emma's phone")]
    pub device: Option<String>,
}

/// Finishes a login with the second factor.
#[utoipa::path(post, path = "/{g}/auth/mfa", tag = "identity", operation_id = "finish_login", security(()),
    params(("g" = String, Path, description = "provider or admin")), request_body = MfaBody,
    responses((status = 200, body = Tokens), (status = 422, body = ProblemDocument)))]
pub async fn finish_login(
    State(app): State<App>,
    Who(actor): Who,
    Path(guard): Path<String>,
    Json(body): Json<MfaBody>,
) -> ApiResult<Json<Tokens>> {
    let guard = guard_of(&guard)?;
    let factor = match (body.code, body.recovery_code) {
        (Some(code), None) => Factor::Totp(code),
        (None, Some(code)) => Factor::Recovery(code),
        _ => return Err(AppError::field("code", "required", "Give a code or a recovery code.").into()),
    };
    let step = (body.mfa_token.as_str(), &factor);
    Ok(Json(mfa::finish_login(&app, &actor, guard, step, (Carrier::Bearer, body.device)).await?))
}

/// A refresh token.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "refresh_token": "0198f2a0.Rk1xT7w0bYv5nQj3cLd8sHf2aUeGp9Zm" }))]
pub struct RefreshBody {
    /// The newest one of the session.
    pub refresh_token: Secret<String>,
}

/// Exchanges a refresh token for the next pair.
#[utoipa::path(post, path = "/{g}/auth/refresh", tag = "identity", operation_id = "refresh", security(()),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")), request_body = RefreshBody,
    responses((status = 200, body = Tokens), (status = 401, body = ProblemDocument)))]
pub async fn refresh(
    State(app): State<App>,
    Who(actor): Who,
    Path(guard): Path<String>,
    Json(body): Json<RefreshBody>,
) -> ApiResult<Json<Tokens>> {
    let guard = guard_of(&guard)?;
    Ok(Json(sessions::refresh(&app, &actor, guard, body.refresh_token.expose()).await?))
}

/// Ends this session.
#[utoipa::path(post, path = "/{g}/auth/logout", tag = "identity", operation_id = "logout", security(("bearer" = ["account"])),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")),
    responses((status = 204), (status = 401, body = ProblemDocument)))]
pub async fn logout(State(app): State<App>, Who(actor): Who, Path(guard): Path<String>) -> ApiResult<StatusCode> {
    require_guard(&actor, guard_of(&guard)?)?;
    sessions::logout(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session of the account.
#[utoipa::path(post, path = "/{g}/auth/logout-all", tag = "identity", operation_id = "logout_all", security(("bearer" = ["account"])),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")),
    responses((status = 204), (status = 401, body = ProblemDocument)))]
pub async fn logout_all(State(app): State<App>, Who(actor): Who, Path(guard): Path<String>) -> ApiResult<StatusCode> {
    require_guard(&actor, guard_of(&guard)?)?;
    sessions::logout_all(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
