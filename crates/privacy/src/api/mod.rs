//! HTTP of this wing.

mod closing;
mod desk;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::ids::{DataBundleId, DeletionRequestId};
use kernel::{AppError, CursorPage, CursorQuery, Page, PageQuery};
use platform::App;
use platform::routes;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;

use crate::access_log::{self, Look};
use crate::rules::Obligations;
use crate::service::bundle::{self, NewBundle, OwnBundle};
use crate::service::requests::{self, Ask, OwnRequest, StaffRequest};

/// The routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_own, submit, withdraw))
        .routes(routes!(show_bundle, request_bundle))
        .routes(routes!(download_bundle))
        .routes(routes!(list_looks))
        .routes(routes!(list_requests))
        .routes(routes!(show_request))
        .routes(routes!(begin_review))
        .routes(routes!(approve))
        .routes(routes!(deny))
        .routes(routes!(require_verification))
        .routes(routes!(closing::show_clinic_closing, closing::request_clinic_closing))
        .routes(routes!(closing::list_clinic_closings))
        .routes(routes!(closing::approve_clinic_closing))
        .routes(routes!(closing::reject_clinic_closing))
        .routes(routes!(desk::list_holds, desk::place_hold))
        .routes(routes!(desk::show_hold, desk::change_hold))
        .routes(routes!(desk::release_hold))
        .routes(routes!(desk::list_retention_due))
        .routes(routes!(desk::list_retention_runs))
        .routes(routes!(desk::show_retention_run))
        .routes(routes!(desk::try_retention))
        .routes(routes!(desk::show_policies, desk::save_policies))
        .routes(routes!(desk::request_patient_bundle))
}

/// Shows the caller's newest request to be erased.
#[utoipa::path(get, path = "/me/deletion-request", tag = "privacy", operation_id = "show_deletion_request",
    responses((status = 200, body = OwnRequest), (status = 404, body = ProblemDocument)))]
pub async fn show_own(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<OwnRequest>> {
    Ok(Json(requests::own(&app, &actor).await?.ok_or_else(AppError::not_found)?))
}

/// Why somebody wants to be erased; both may be left out.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "reason_code": "no_longer_interested" }))]
pub struct AskBody {
    /// From the list of reasons.
    pub reason_code: Option<String>,
    /// At most 500 characters.
    pub reason_text: Option<String>,
}

/// Asks to be erased. While a request is open it is answered again; a fresh proof is also the verification staff asked for.
#[utoipa::path(post, path = "/me/deletion-request", tag = "privacy", operation_id = "submit_deletion_request",
    request_body = AskBody, responses((status = 201, body = OwnRequest), (status = 200, body = OwnRequest),
        (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn submit(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<AskBody>,
) -> ApiResult<(StatusCode, Json<OwnRequest>)> {
    let ask = Ask { reason_code: body.reason_code, reason_text: body.reason_text };
    let (request, is_new) = requests::submit(&app, &actor, ask).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(request)))
}

/// Takes the request back.
#[utoipa::path(delete, path = "/me/deletion-request", tag = "privacy", operation_id = "withdraw_deletion_request",
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn withdraw(State(app): State<App>, Who(actor): Who) -> ApiResult<StatusCode> {
    requests::withdraw(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the newest copy of the caller's data.
#[utoipa::path(get, path = "/me/data-bundle", tag = "privacy", operation_id = "show_data_bundle",
    responses((status = 200, body = OwnBundle), (status = 404, body = ProblemDocument)))]
pub async fn show_bundle(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<OwnBundle>> {
    Ok(Json(bundle::own(&app, &actor).await?.ok_or_else(AppError::not_found)?))
}

/// Asks for a copy of the caller's data; the key that opens it is in this answer only.
#[utoipa::path(post, path = "/me/data-bundle", tag = "privacy", operation_id = "request_data_bundle",
    responses((status = 202, body = NewBundle), (status = 403, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn request_bundle(State(app): State<App>, Who(actor): Who) -> ApiResult<(StatusCode, Json<NewBundle>)> {
    Ok((StatusCode::ACCEPTED, Json(bundle::request(&app, &actor).await?)))
}

/// Hands a copy over: a ZIP encrypted with its key.
#[utoipa::path(post, path = "/me/data-bundle/{id}/download", tag = "privacy", operation_id = "download_data_bundle",
    params(("id" = DataBundleId, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument)))]
pub async fn download_bundle(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<DataBundleId>,
) -> ApiResult<Response> {
    Ok(zip(bundle::download(&app, &actor, id).await?))
}

/// The answer that a browser saves as a file.
pub(crate) fn zip(bytes: bytes::Bytes) -> Response {
    let kept = "attachment; filename=\"hairline-my-data.zip\"";
    ([(header::CONTENT_TYPE, "application/zip"), (header::CONTENT_DISPOSITION, kept)], bytes).into_response()
}

/// Lists who looked at the caller's data, newest first: side, role and clinic, never a person.
#[utoipa::path(get, path = "/me/access-log", tag = "privacy", operation_id = "list_access_log", params(CursorQuery),
    responses((status = 200, body = CursorPage<Look>), (status = 403, body = ProblemDocument)))]
pub async fn list_looks(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<CursorQuery>,
) -> ApiResult<Json<CursorPage<Look>>> {
    Ok(Json(access_log::own(&app, &actor, &query).await?))
}

/// Which requests.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestQuery {
    /// `all` shows decided ones too.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<String>,
}

/// Lists requests for staff, the oldest first.
#[utoipa::path(get, path = "/admin/deletion-requests", tag = "privacy", operation_id = "list_deletion_requests",
    params(RequestQuery, PageQuery),
    responses((status = 200, body = Page<StaffRequest>), (status = 403, body = ProblemDocument)))]
pub async fn list_requests(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<RequestQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<StaffRequest>>> {
    Ok(Json(requests::list(&app, &actor, query.status.as_deref() != Some("all"), page).await?))
}

/// One request with what stands in its way.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RequestDetail {
    /// The request.
    pub request: StaffRequest,
    /// A treatment is going on or in aftercare.
    pub active_care: bool,
    /// A payment is on its way.
    pub payment_in_progress: bool,
    /// A booking is paid and still to come.
    pub confirmed_booking: bool,
    /// A legal order keeps the data.
    pub legal_hold: bool,
}

impl RequestDetail {
    fn new(request: StaffRequest, found: Obligations) -> Self {
        Self {
            request,
            active_care: found.active_care,
            payment_in_progress: found.payment_in_progress,
            confirmed_booking: found.confirmed_booking,
            legal_hold: found.legal_hold,
        }
    }
}

/// Shows one request to staff.
#[utoipa::path(get, path = "/admin/deletion-requests/{id}", tag = "privacy", operation_id = "show_deletion_request_to_staff",
    params(("id" = DeletionRequestId, Path)),
    responses((status = 200, body = RequestDetail), (status = 404, body = ProblemDocument)))]
pub async fn show_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<DeletionRequestId>,
) -> ApiResult<Json<RequestDetail>> {
    let (request, obligations) = requests::show(&app, &actor, id).await?;
    Ok(Json(RequestDetail::new(request, obligations)))
}

/// A decision.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "justification": "Identity proven, no obligations left", "version": 1 }))]
pub struct DecisionBody {
    /// 20 to 500 characters; the patient reads it when the request is denied.
    pub justification: String,
    /// The version the decision was made on.
    pub version: Option<i32>,
}

/// The version of a request that somebody looked at.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "version": 1 }))]
pub struct ReviewBody {
    /// Left out: whatever version it has now.
    pub version: Option<i32>,
}

/// Takes a request up, so that colleagues see somebody looks into it.
#[utoipa::path(post, path = "/admin/deletion-requests/{id}/begin-review", tag = "privacy",
    operation_id = "begin_review_of_deletion_request", params(("id" = DeletionRequestId, Path)), request_body = ReviewBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn begin_review(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<DeletionRequestId>,
    Json(body): Json<ReviewBody>,
) -> ApiResult<StatusCode> {
    requests::begin_review(&app, &actor, id, body.version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Approves a request; the erasure follows at once.
#[utoipa::path(post, path = "/admin/deletion-requests/{id}/approve", tag = "privacy",
    operation_id = "approve_deletion_request", params(("id" = DeletionRequestId, Path)), request_body = DecisionBody,
    responses((status = 202), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn approve(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<DeletionRequestId>,
    Json(body): Json<DecisionBody>,
) -> ApiResult<StatusCode> {
    requests::approve(&app, &actor, id, body.version, &body.justification).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Denies a request.
#[utoipa::path(post, path = "/admin/deletion-requests/{id}/deny", tag = "privacy",
    operation_id = "deny_deletion_request", params(("id" = DeletionRequestId, Path)), request_body = DecisionBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn deny(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<DeletionRequestId>,
    Json(body): Json<DecisionBody>,
) -> ApiResult<StatusCode> {
    requests::deny(&app, &actor, id, body.version, &body.justification).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the patient to prove their identity; the clock stops until they do.
#[utoipa::path(post, path = "/admin/deletion-requests/{id}/require-verification", tag = "privacy",
    operation_id = "verify_deletion_request", params(("id" = DeletionRequestId, Path)), request_body = DecisionBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn require_verification(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<DeletionRequestId>,
    Json(body): Json<DecisionBody>,
) -> ApiResult<StatusCode> {
    requests::require_verification(&app, &actor, id, body.version, &body.justification).await?;
    Ok(StatusCode::NO_CONTENT)
}
