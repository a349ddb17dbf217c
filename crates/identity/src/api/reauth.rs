//! Fresh proof of identity over HTTP.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::{AppError, Secret};
use platform::App;
use platform::web::{ApiResult, Json, Lang, ProblemDocument, Who};
use serde::{Deserialize, Serialize};

use super::{guard_of, require_guard};
use crate::reauth::{self, Proof};
use crate::service::mfa::Factor;

/// What proves the account: the password (with the app's code where one is set up), or a patient's mailed code.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "password": "Correct-Horse7!", "code": "287082" }))]
pub struct ReauthBody {
    /// The password.
    #[schema(example = "Correct!Horse7Battery")]
    pub password: Option<Secret<String>>,
    /// Six digits: of the authenticator app beside a password, of the mail without one.
    #[schema(example = "492817")]
    pub code: Option<String>,
    /// A recovery code in place of the app's.
    #[schema(example = "7KQ2M-9XF4T")]
    pub recovery_code: Option<String>,
}

/// A fresh proof.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Proven {
    /// Until when it holds.
    pub valid_until: DateTime<Utc>,
}

impl ReauthBody {
    fn proof(self) -> Result<Proof, AppError> {
        match (self.password, self.code, self.recovery_code) {
            (Some(password), _, Some(code)) => Ok(Proof::Password(password, Some(Factor::Recovery(code)))),
            (Some(password), code, None) => Ok(Proof::Password(password, code.map(Factor::Totp))),
            (None, Some(code), _) => Ok(Proof::Code(code)),
            (None, None, _) => Err(AppError::field("password", "required", "This is required.")),
        }
    }
}

/// Proves the account anew; sensitive changes are open for five minutes.
#[utoipa::path(post, path = "/{g}/auth/reauth", tag = "identity", operation_id = "reauth", security(("bearer" = ["account"])),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")), request_body = ReauthBody,
    responses((status = 200, body = Proven), (status = 422, body = ProblemDocument),
        (status = 423, body = ProblemDocument)))]
pub async fn reauth(
    State(app): State<App>,
    Who(actor): Who,
    Path(guard): Path<String>,
    Json(body): Json<ReauthBody>,
) -> ApiResult<Json<Proven>> {
    require_guard(&actor, guard_of(&guard)?)?;
    let valid_until = reauth::prove(&app, &actor, &body.proof()?).await?;
    Ok(Json(Proven { valid_until }))
}

/// Mails a patient a code that does instead of the password.
#[utoipa::path(post, path = "/{g}/auth/reauth/code", tag = "identity", operation_id = "send_reauth_code", security(("bearer" = ["account"])),
    params(("g" = String, Path, description = "patient")),
    responses((status = 202), (status = 429, body = ProblemDocument)))]
pub async fn send_reauth_code(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(guard): Path<String>,
) -> ApiResult<StatusCode> {
    require_guard(&actor, guard_of(&guard)?)?;
    reauth::send_code(&app, &actor, locale).await?;
    Ok(StatusCode::ACCEPTED)
}
