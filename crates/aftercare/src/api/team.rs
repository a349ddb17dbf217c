//! The care team's work.

use axum::extract::State;
use kernel::ids::AftercareWorkflowId;
use kernel::{AppError, AppResult, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use sea_orm::EntityTrait;
use serde::Deserialize;

use crate::entity::aftercare_workflows;
use crate::queries;
use crate::rules::worklist::Bucket;
use crate::service::escalation::{self, NewStep, Resolution};
use crate::views::{EscalationView, WorkItem};

/// Filters of the work list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WorkFilter {
    /// Only cases that wait for this.
    #[serde(rename = "filter[bucket]")]
    #[param(inline)]
    bucket: Option<Bucket>,
}

/// All running recoveries, the most urgent first.
#[utoipa::path(
    get, path = "/aftercare/worklist", tag = "aftercare", operation_id = "show_aftercare_worklist",
    params(WorkFilter, PageQuery),
    responses((status = 200, body = Page<WorkItem>), (status = 403, body = ProblemDocument))
)]
pub(super) async fn show_aftercare_worklist(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<WorkFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<WorkItem>>> {
    Ok(Json(queries::worklist(&app, &actor, filter.bucket, page.checked()?).await?))
}

/// Takes an alarm. Whoever comes second sees who took it.
#[utoipa::path(
    post, path = "/aftercare-workflows/{workflow_id}/acknowledge", tag = "aftercare",
    operation_id = "acknowledge_escalation",
    params(("workflow_id" = AftercareWorkflowId, Path, description = "The item")),
    responses((status = 200, body = EscalationView), (status = 404, body = ProblemDocument))
)]
pub(super) async fn acknowledge_escalation(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AftercareWorkflowId>,
) -> ApiResult<Json<EscalationView>> {
    escalation::acknowledge(&app, &actor, id).await?;
    Ok(Json(shown(&app, id).await?))
}

/// Adds what was done or seen to an alarm.
#[utoipa::path(
    post, path = "/aftercare-workflows/{workflow_id}/steps", tag = "aftercare", operation_id = "add_escalation_step",
    params(("workflow_id" = AftercareWorkflowId, Path, description = "The item")), request_body = NewStep,
    responses((status = 200, body = EscalationView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`invalid_status`"))
)]
pub(super) async fn add_escalation_step(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AftercareWorkflowId>,
    Json(new): Json<NewStep>,
) -> ApiResult<Json<EscalationView>> {
    escalation::add_step(&app, &actor, id, &new).await?;
    Ok(Json(shown(&app, id).await?))
}

/// Ends an alarm with what came of it.
#[utoipa::path(
    post, path = "/aftercare-workflows/{workflow_id}/resolve", tag = "aftercare", operation_id = "resolve_escalation",
    params(("workflow_id" = AftercareWorkflowId, Path, description = "The item")), request_body = Resolution,
    responses((status = 200, body = EscalationView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`invalid_status`"),
        (status = 422, body = ProblemDocument, description = "`resolution_incomplete`"))
)]
pub(super) async fn resolve_escalation(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AftercareWorkflowId>,
    Json(ask): Json<Resolution>,
) -> ApiResult<Json<EscalationView>> {
    escalation::resolve(&app, &actor, id, &ask).await?;
    Ok(Json(shown(&app, id).await?))
}

async fn shown(app: &App, id: AftercareWorkflowId) -> AppResult<EscalationView> {
    let row = aftercare_workflows::Entity::find_by_id(id).one(app.db.conn()).await?;
    row.map(queries::escalation).ok_or_else(AppError::not_found)
}
