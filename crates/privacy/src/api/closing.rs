//! Closing a clinic, over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::ProviderDeletionRequestId;
use kernel::{AppError, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use super::RequestQuery;
use crate::service::closing::{self, Closing};

/// Shows the clinic's newest request to be closed.
#[utoipa::path(get, path = "/provider/deletion-request", tag = "privacy", operation_id = "show_clinic_closing",
    responses((status = 200, body = Closing), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_clinic_closing(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Closing>> {
    Ok(Json(closing::own(&app, &actor).await?.0.ok_or_else(AppError::not_found)?))
}

/// Why the clinic closes; it may be left out.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "reason": "We retire at the end of the year." }))]
pub struct ClosingBody {
    /// At most 500 characters.
    pub reason: Option<String>,
}

/// Asks to close the clinic. While a request is pending it is answered again.
#[utoipa::path(post, path = "/provider/deletion-request", tag = "privacy", operation_id = "request_clinic_closing",
    request_body = ClosingBody,
    responses((status = 201, body = Closing), (status = 200, body = Closing), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn request_clinic_closing(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<ClosingBody>,
) -> ApiResult<(StatusCode, Json<Closing>)> {
    let (closing, is_new) = closing::request(&app, &actor, body.reason.as_deref()).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(closing)))
}

/// Lists requests to close clinics, those due soonest first.
#[utoipa::path(get, path = "/admin/provider-deletion-requests", tag = "privacy", operation_id = "list_clinic_closings",
    params(RequestQuery, PageQuery), responses((status = 200, body = Page<Closing>), (status = 403, body = ProblemDocument)))]
pub async fn list_clinic_closings(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<RequestQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Closing>>> {
    Ok(Json(closing::list(&app, &actor, query.status.as_deref() != Some("all"), page).await?))
}

/// A decision.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "justification": "Everything is treated and paid." }))]
pub struct ClosingDecisionBody {
    /// 20 to 500 characters; the owner reads it.
    pub justification: String,
}

/// Closes the clinic.
#[utoipa::path(post, path = "/admin/provider-deletion-requests/{id}/approve", tag = "privacy",
    operation_id = "approve_clinic_closing", params(("id" = ProviderDeletionRequestId, Path)),
    request_body = ClosingDecisionBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn approve_clinic_closing(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderDeletionRequestId>,
    Json(body): Json<ClosingDecisionBody>,
) -> ApiResult<StatusCode> {
    closing::decide(&app, &actor, id, true, &body.justification).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves the clinic open.
#[utoipa::path(post, path = "/admin/provider-deletion-requests/{id}/reject", tag = "privacy",
    operation_id = "reject_clinic_closing", params(("id" = ProviderDeletionRequestId, Path)),
    request_body = ClosingDecisionBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn reject_clinic_closing(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderDeletionRequestId>,
    Json(body): Json<ClosingDecisionBody>,
) -> ApiResult<StatusCode> {
    closing::decide(&app, &actor, id, false, &body.justification).await?;
    Ok(StatusCode::NO_CONTENT)
}
