//! The authenticator app over HTTP: for a signed-in account, or with the ticket of a login that waits for it.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{ProviderUserId, UserId};
use kernel::{AppError, AppResult};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::{Deserialize, Serialize};

use super::guard_of;
use super::password::factor;
use crate::service::mfa::{self, Enroller, Enrolment};
use crate::service::mfa_off::{self, Whose};
use crate::service::recovery_codes;
use crate::service::sessions::{Carrier, Tokens};

/// Who sets up; empty for a signed-in account.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct EnrolBody {
    /// The ticket of the login.
    pub mfa_token: Option<String>,
    /// `provider` or `admin`: where that login was made.
    #[schema(example = "provider")]
    pub guard: Option<String>,
}

impl EnrolBody {
    fn enroller(self) -> AppResult<Enroller> {
        match self.mfa_token {
            None => Ok(Enroller::SignedIn),
            Some(ticket) => Ok(Enroller::Ticket(guard_of(self.guard.as_deref().unwrap_or("admin"))?, ticket)),
        }
    }
}

/// Makes a secret for an authenticator app.
#[utoipa::path(post, path = "/me/mfa/totp", tag = "identity", operation_id = "enrol_totp", security(("bearer" = ["account"])), request_body = EnrolBody,
    responses((status = 200, body = Enrolment), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn enrol(State(app): State<App>, Who(actor): Who, Json(body): Json<EnrolBody>) -> ApiResult<Json<Enrolment>> {
    Ok(Json(mfa::enrol(&app, &actor, &body.enroller()?).await?))
}

/// The first code of the app.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ConfirmBody {
    /// Six digits.
    #[schema(example = "492817")]
    pub code: String,
    /// The ticket of the login.
    pub mfa_token: Option<String>,
    /// `provider` or `admin`: where that login was made.
    #[schema(example = "provider")]
    pub guard: Option<String>,
    /// What the device calls itself.
    #[schema(example = "Emma's phone")]
    pub device: Option<String>,
}

/// What a finished set-up gives.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EnrolledView {
    /// Ten single-use codes for the day the phone is lost; shown once.
    pub recovery_codes: Vec<String>,
    /// The session, when the set-up belonged to a login.
    pub session: Option<Tokens>,
}

/// Ends the set-up with the first code; a waiting login is in.
#[utoipa::path(post, path = "/me/mfa/confirm", tag = "identity", operation_id = "confirm_totp", security(("bearer" = ["account"])),
    request_body = ConfirmBody,
    responses((status = 200, body = EnrolledView), (status = 422, body = ProblemDocument)))]
pub async fn confirm(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<ConfirmBody>,
) -> ApiResult<Json<EnrolledView>> {
    let who = EnrolBody { mfa_token: body.mfa_token, guard: body.guard }.enroller()?;
    let enrolled = mfa::confirm(&app, &actor, &who, &body.code, (Carrier::Bearer, body.device)).await?;
    Ok(Json(EnrolledView { recovery_codes: enrolled.recovery_codes, session: enrolled.tokens }))
}

/// The second factor, to take it away.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "code": "287082" }))]
pub struct RemoveBody {
    /// Six digits of the authenticator app.
    #[schema(example = "492817")]
    pub code: Option<String>,
    /// A recovery code in its place.
    #[schema(example = "7KQ2M-9XF4T")]
    pub recovery_code: Option<String>,
}

/// Removes the caller's authenticator app, where it is not enforced.
#[utoipa::path(delete, path = "/me/mfa", tag = "identity", operation_id = "remove_mfa", security(("bearer" = ["account"])), request_body = RemoveBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn remove_mfa(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<RemoveBody>,
) -> ApiResult<StatusCode> {
    let given = factor(body.code, body.recovery_code);
    let factor = given.ok_or_else(|| AppError::field("code", "required", "Give a code or a recovery code."))?;
    mfa_off::remove(&app, &actor, &factor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "reason": "The phone was lost; identity checked by video call." }))]
pub struct MfaResetBody {
    /// 20 to 500 characters.
    #[schema(example = "The phone was lost; identity checked by video call.")]
    pub reason: String,
}

/// Resets the authenticator app of a member of Hairline's staff, who must set one up at the next login.
#[utoipa::path(post, path = "/admin/users/{id}/mfa-reset", tag = "identity", operation_id = "reset_user_mfa",
    params(("id" = UserId, Path)), request_body = MfaResetBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn reset_user_mfa(
    State(app): State<App>,
    Who(actor): Who,
    Path(user): Path<UserId>,
    Json(body): Json<MfaResetBody>,
) -> ApiResult<StatusCode> {
    mfa_off::reset(&app, &actor, Whose::User(user), &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resets the authenticator app of a member of a clinic's team, who must set one up at the next login.
#[utoipa::path(post, path = "/admin/provider-users/{id}/mfa-reset", tag = "identity",
    operation_id = "reset_member_mfa", params(("id" = ProviderUserId, Path)), request_body = MfaResetBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn reset_member_mfa(
    State(app): State<App>,
    Who(actor): Who,
    Path(member): Path<ProviderUserId>,
    Json(body): Json<MfaResetBody>,
) -> ApiResult<StatusCode> {
    mfa_off::reset(&app, &actor, Whose::Member(member), &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes ten new recovery codes; the earlier ones end.
#[utoipa::path(post, path = "/me/mfa/recovery-codes", tag = "identity", operation_id = "renew_recovery_codes", security(("bearer" = ["account"])),
    responses((status = 200, body = Vec<String>), (status = 403, body = ProblemDocument)))]
pub async fn renew_recovery_codes(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Vec<String>>> {
    Ok(Json(recovery_codes::make_new(&app, &actor).await?))
}
