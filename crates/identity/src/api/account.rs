//! The caller's own sessions, address and portrait over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::AuthSessionId;
use kernel::page::CursorPage;
use kernel::{AppError, CursorQuery, Secret};
use platform::App;
use platform::web::{ApiResult, Json, Lang, Multipart, Path, ProblemDocument, Query, Who, files_of};
use serde::Deserialize;

use super::guard_of;
use super::password::ResetTicket;
use crate::service::devices::{self, SessionView};
use crate::service::password_reset::TICKET;
use crate::service::profile::{self, Me};
use crate::service::team::activity::{self, Activity};
use crate::service::{email_change, image};

/// Lists what the caller did in the last 90 days, newest first; clinic staff and Hairline's staff.
#[utoipa::path(get, path = "/me/activity", tag = "identity", operation_id = "list_own_activity",
    security(("bearer" = ["account"])), params(CursorQuery),
    responses((status = 200, body = CursorPage<Activity>), (status = 403, body = ProblemDocument)))]
pub async fn list_activity(
    State(app): State<App>,
    Who(actor): Who,
    Query(cursor): Query<CursorQuery>,
) -> ApiResult<Json<CursorPage<Activity>>> {
    Ok(Json(activity::own(&app, &actor, &cursor).await?))
}

/// Lists where the caller is signed in, the most recently used session first.
#[utoipa::path(get, path = "/me/sessions", tag = "identity", operation_id = "list_sessions", security(("bearer" = ["account"])),
    responses((status = 200, body = Vec<SessionView>), (status = 401, body = ProblemDocument)))]
pub async fn list_sessions(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Vec<SessionView>>> {
    Ok(Json(devices::list(&app, &actor).await?))
}

/// Signs the caller out on one device.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "identity", operation_id = "end_session", security(("bearer" = ["account"])),
    params(("id" = AuthSessionId, Path)), responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn end_session(
    State(app): State<App>,
    Who(actor): Who,
    Path(session): Path<AuthSessionId>,
) -> ApiResult<StatusCode> {
    devices::end(&app, &actor, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new address.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "email": "mark.new@example.com" }))]
pub struct EmailBody {
    /// Where the code goes.
    #[schema(example = "elif.demir@example.com")]
    pub email: String,
}

/// Mails a code to a new address. The present one stays in force until the code is entered.
#[utoipa::path(post, path = "/me/email", tag = "identity", operation_id = "change_email", security(("bearer" = ["account"])), request_body = EmailBody,
    responses((status = 202), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn change_email(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<EmailBody>,
) -> ApiResult<StatusCode> {
    email_change::request(&app, &actor, &body.email, locale).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The code that went to the new address.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "code": "048213" }))]
pub struct EmailCodeBody {
    /// Six digits, as a string.
    #[schema(example = "492817")]
    pub code: String,
}

/// Puts the new address in force.
#[utoipa::path(post, path = "/me/email/verify", tag = "identity", operation_id = "verify_email", security(("bearer" = ["account"])),
    request_body = EmailCodeBody,
    responses((status = 200, body = Me), (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn verify_email(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<EmailCodeBody>,
) -> ApiResult<Json<Me>> {
    email_change::verify(&app, &actor, &body.code, locale).await?;
    Ok(Json(profile::show_me(&app, &actor).await?))
}

/// The token of the link that went to the old address.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "token": "Zk3vQ1x8mT0bYw5nRj7cLd2sHf9aUeGp" }))]
pub struct DisputeBody {
    /// Good for 72 hours.
    pub token: Secret<String>,
}

/// Objects to a changed address: the old one is put back, every session ends, and a new password is due.
#[utoipa::path(post, path = "/{g}/auth/email/dispute", tag = "identity", operation_id = "dispute_email", security(()),
    params(("g" = String, Path, description = "patient, provider, admin or affiliate")), request_body = DisputeBody,
    responses((status = 200, body = ResetTicket), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn dispute_email(
    State(app): State<App>,
    Who(actor): Who,
    Path(guard): Path<String>,
    Json(body): Json<DisputeBody>,
) -> ApiResult<Json<ResetTicket>> {
    let ticket = email_change::dispute(&app, &actor, guard_of(&guard)?, body.token.expose()).await?;
    Ok(Json(ResetTicket { reset_token: ticket.expose().clone(), expires_in: TICKET.num_seconds() }))
}

/// A portrait.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only describes the form")]
pub struct ImageForm {
    /// JPEG or PNG, at most 2 MB.
    #[schema(value_type = String, format = Binary)]
    image: Vec<u8>,
}

/// Puts a portrait in the place of the earlier one. It is drawn anew: what the camera noted does not survive.
#[utoipa::path(put, path = "/me/image", tag = "identity", operation_id = "put_image", security(("bearer" = ["account"])),
    request_body(content = ImageForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Me), (status = 422, body = ProblemDocument)))]
pub async fn put_image(State(app): State<App>, Who(actor): Who, form: Multipart) -> ApiResult<Json<Me>> {
    let (files, _) = files_of(form).await?;
    let file = files.into_iter().next();
    let file = file.ok_or_else(|| AppError::field("image", "required", "Choose a picture."))?;
    image::put(&app, &actor, &file.file_name, file.bytes).await?;
    Ok(Json(profile::show_me(&app, &actor).await?))
}
