//! Reconciliation, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kernel::ids::{ReconciliationItemId, ReconciliationRunId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FormatQuery, ListFormat, csv};
use crate::queries::reconciliation::{self as query, ItemFilter, ItemView, RunView};
use crate::service::reconcile;
use crate::sheets;

/// Lists the runs, the newest first.
#[utoipa::path(get, path = "/admin/reconciliation", tag = "reconciliation", operation_id = "list_reconciliation_runs",
    params(PageQuery),
    responses((status = 200, body = Page<RunView>), (status = 403, body = ProblemDocument)))]
pub async fn list_reconciliation_runs(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<RunView>>> {
    Ok(Json(query::runs(&app, &actor, page).await?))
}

/// Lists the differences: the open ones, unless others are asked for.
#[utoipa::path(get, path = "/admin/reconciliation/items", tag = "reconciliation",
    operation_id = "list_reconciliation_items", params(PageQuery, ItemFilter, FormatQuery),
    responses((status = 200, body = Page<ItemView>), (status = 403, body = ProblemDocument)))]
pub async fn list_reconciliation_items(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<ItemFilter>,
    Query(format): Query<FormatQuery>,
) -> ApiResult<Response> {
    let found = query::items(&app, &actor, &filter, page).await?;
    Ok(match format.format {
        ListFormat::Json => Json(found).into_response(),
        ListFormat::Csv => csv("reconciliation", sheets::reconciliation(&found.data)),
    })
}

/// The days to compare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRun {
    /// The first day, UTC.
    #[schema(example = "2026-03-01")]
    pub from: NaiveDate,
    /// The last day; at most 31 days in all.
    #[schema(example = "2026-03-07")]
    pub to: NaiveDate,
}

/// A run that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedRun {
    /// Its id.
    pub id: ReconciliationRunId,
}

/// Starts comparing some days with the gateways. The run is done in the background.
#[utoipa::path(post, path = "/admin/reconciliation/runs", tag = "reconciliation",
    operation_id = "start_reconciliation_run", request_body = StartRun,
    responses((status = 202, body = StartedRun), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn start_reconciliation_run(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<StartRun>,
) -> ApiResult<(StatusCode, Json<StartedRun>)> {
    let id = reconcile::start(&app, &actor, body.from, body.to).await?;
    Ok((StatusCode::ACCEPTED, Json(StartedRun { id })))
}

/// What a difference was.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseItem {
    /// 20 to 500 characters.
    #[schema(example = "The gateway confirmed that this charge belongs to another shop.")]
    pub note: String,
}

/// Closes a difference with a note. Nothing else changes.
#[utoipa::path(post, path = "/admin/reconciliation/items/{id}/close", tag = "reconciliation",
    operation_id = "close_reconciliation_item", params(("id" = ReconciliationItemId, Path)), request_body = CloseItem,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn close_reconciliation_item(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReconciliationItemId>,
    Json(body): Json<CloseItem>,
) -> ApiResult<StatusCode> {
    reconcile::close(&app, &actor, id, &body.note).await?;
    Ok(StatusCode::NO_CONTENT)
}
