//! Legal orders, retention and copies on behalf of patients, over HTTP: for those who answer requests about data.

use axum::extract::State;
use axum::http::StatusCode;
use identity::entity::legal_holds::LegalHoldHoldableType;
use kernel::ids::{AnyId, LegalHoldId, PatientId, RetentionRunId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Serialize};

use crate::service::bundle::{self, NewBundle};
use crate::service::holds::{self, Change, Hold, NewHold};
use crate::service::retention::policies::{self, Policies, PolicyChange};
use crate::service::retention::{self, Due, Item, Run};

/// Which orders.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HoldQuery {
    /// `all` shows released ones too.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<String>,
}

/// Lists legal orders, those to be looked at soonest first.
#[utoipa::path(get, path = "/admin/holds", tag = "privacy", operation_id = "list_holds", params(HoldQuery, PageQuery),
    responses((status = 200, body = Page<Hold>), (status = 403, body = ProblemDocument)))]
pub async fn list_holds(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<HoldQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Hold>>> {
    Ok(Json(holds::list(&app, &actor, query.status.as_deref() != Some("all"), None, page).await?))
}

/// Shows one order.
#[utoipa::path(get, path = "/admin/holds/{id}", tag = "privacy", operation_id = "show_hold",
    params(("id" = LegalHoldId, Path)),
    responses((status = 200, body = Hold), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_hold(State(app): State<App>, Who(actor): Who, Path(id): Path<LegalHoldId>) -> ApiResult<Json<Hold>> {
    Ok(Json(holds::show(&app, &actor, id).await?))
}

/// An order.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "holdable_type": "Patient", "holdable_id": "01930000-0000-7000-8000-000000000001",
    "reference": "AZ 12 O 34/26", "reason": "The court asked to keep everything until it has decided." }))]
pub struct HoldBody {
    /// What it covers.
    pub holdable_type: LegalHoldHoldableType,
    /// Which one.
    pub holdable_id: AnyId,
    /// At most 100 characters.
    pub reference: String,
    /// 20 to 500 characters.
    pub reason: String,
}

/// A placed order.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Placed {
    /// The order.
    pub id: LegalHoldId,
}

/// Places an order: nothing it covers is erased while it stands.
#[utoipa::path(post, path = "/admin/holds", tag = "privacy", operation_id = "place_hold", request_body = HoldBody,
    responses((status = 201, body = Placed), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn place_hold(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<HoldBody>,
) -> ApiResult<Made<Placed>> {
    let new = NewHold {
        holdable_type: body.holdable_type,
        holdable_id: body.holdable_id,
        reference: body.reference,
        reason: body.reason,
    };
    let id = holds::place(&app, &actor, new).await?;
    Ok(made("/admin/holds", id, Placed { id }))
}

/// What of an order changes; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "reviewed": true }))]
pub struct HoldChangeBody {
    /// At most 100 characters.
    pub reference: Option<String>,
    /// 20 to 500 characters.
    pub reason: Option<String>,
    /// It was looked at and still stands.
    #[serde(default)]
    pub reviewed: bool,
}

/// Corrects an order, or notes that it was looked at.
#[utoipa::path(patch, path = "/admin/holds/{id}", tag = "privacy", operation_id = "change_hold",
    params(("id" = LegalHoldId, Path)), request_body = HoldChangeBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn change_hold(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalHoldId>,
    Json(body): Json<HoldChangeBody>,
) -> ApiResult<StatusCode> {
    let change = Change { reference: body.reference, reason: body.reason, reviewed: body.reviewed };
    holds::change(&app, &actor, id, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "reason": "The court has decided and needs nothing more." }))]
pub struct WhyBody {
    /// 20 to 500 characters.
    pub reason: String,
}

/// Releases an order: another person than who placed it.
#[utoipa::path(post, path = "/admin/holds/{id}/release", tag = "privacy", operation_id = "release_hold",
    params(("id" = LegalHoldId, Path)), request_body = WhyBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn release_hold(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalHoldId>,
    Json(body): Json<WhyBody>,
) -> ApiResult<StatusCode> {
    holds::release(&app, &actor, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists what ends within ninety days, the soonest first.
#[utoipa::path(get, path = "/admin/retention/due", tag = "privacy", operation_id = "list_retention_due", params(PageQuery),
    responses((status = 200, body = Page<Due>), (status = 403, body = ProblemDocument)))]
pub async fn list_retention_due(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Due>>> {
    Ok(Json(retention::due(&app, &actor, page).await?))
}

/// Lists the runs of retention, the newest first.
#[utoipa::path(get, path = "/admin/retention/runs", tag = "privacy", operation_id = "list_retention_runs",
    params(PageQuery), responses((status = 200, body = Page<Run>), (status = 403, body = ProblemDocument)))]
pub async fn list_retention_runs(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Run>>> {
    Ok(Json(retention::list(&app, &actor, page).await?))
}

/// Lists what a run did, subject by subject.
#[utoipa::path(get, path = "/admin/retention/runs/{id}", tag = "privacy", operation_id = "show_retention_run",
    params(("id" = RetentionRunId, Path), PageQuery),
    responses((status = 200, body = Page<Item>), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_retention_run(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<RetentionRunId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Item>>> {
    Ok(Json(retention::show(&app, &actor, id, page).await?))
}

/// Shows how long each class of data is kept.
#[utoipa::path(get, path = "/admin/retention/policies", tag = "privacy", operation_id = "show_retention_policies",
    responses((status = 200, body = Policies), (status = 403, body = ProblemDocument)))]
pub async fn show_policies(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Policies>> {
    Ok(Json(policies::show(&app, &actor).await?))
}

/// Sets how long each class of data is kept; needs a fresh proof of identity.
#[utoipa::path(put, path = "/admin/retention/policies", tag = "privacy", operation_id = "save_retention_policies",
    request_body = PolicyChange,
    responses((status = 200, body = Policies), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn save_policies(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<PolicyChange>,
) -> ApiResult<Json<Policies>> {
    Ok(Json(policies::change(&app, &actor, body).await?))
}

/// A run that was tried out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Tried {
    /// The run, whose items say what would happen.
    pub id: RetentionRunId,
}

/// Tries a run out: nothing changes.
#[utoipa::path(post, path = "/admin/retention/dry-run", tag = "privacy", operation_id = "try_retention",
    responses((status = 201, body = Tried), (status = 403, body = ProblemDocument)))]
pub async fn try_retention(State(app): State<App>, Who(actor): Who) -> ApiResult<Made<Tried>> {
    let id = retention::dry_run(&app, &actor).await?;
    Ok(made("/admin/retention/runs", id, Tried { id }))
}

/// Asks for a copy of a patient's data in their name; the key that opens it is in this answer only.
#[utoipa::path(post, path = "/admin/patients/{id}/data-bundles", tag = "privacy", operation_id = "request_patient_bundle",
    params(("id" = PatientId, Path)), request_body = WhyBody,
    responses((status = 202, body = NewBundle), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn request_patient_bundle(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
    Json(body): Json<WhyBody>,
) -> ApiResult<(StatusCode, Json<NewBundle>)> {
    Ok((StatusCode::ACCEPTED, Json(bundle::request_for(&app, &actor, id, &body.reason).await?)))
}
