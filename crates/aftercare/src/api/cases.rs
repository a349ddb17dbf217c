//! Cases and plans.

use axum::extract::State;
use chrono::NaiveDate;
use kernel::ids::AfterCareId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::entity::after_cares::AfterCareStatus;
use crate::queries::{self, TaskFilter};
use crate::rules::slots::SlotState;
use crate::views::{CaseDetail, CaseSummary, MilestoneView, OwnAftercare, TaskView, TemplateView};

/// Filters of the list of cases.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CaseFilter {
    /// Only cases in this state.
    #[serde(rename = "filter[status]")]
    #[param(inline)]
    status: Option<AfterCareStatus>,
}

/// Filters of tasks.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TaskQuery {
    /// Not before this day.
    from: Option<NaiveDate>,
    /// Not after this day.
    to: Option<NaiveDate>,
    /// Only in this state.
    #[param(inline)]
    state: Option<SlotState>,
}

/// The signed-in patient's recovery.
#[utoipa::path(
    get, path = "/me/aftercare", tag = "aftercare", operation_id = "show_own_aftercare",
    responses((status = 200, body = OwnAftercare), (status = 403, body = ProblemDocument))
)]
pub(super) async fn show_own_aftercare(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<OwnAftercare>> {
    Ok(Json(queries::own(&app, &actor).await?))
}

/// Recoveries of the asker: a clinic's, a patient's own, all for staff.
#[utoipa::path(
    get, path = "/aftercare-cases", tag = "aftercare", operation_id = "list_aftercare_cases",
    params(CaseFilter, PageQuery),
    responses((status = 200, body = Page<CaseSummary>), (status = 403, body = ProblemDocument))
)]
pub(super) async fn list_aftercare_cases(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<CaseFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<CaseSummary>>> {
    Ok(Json(queries::list(&app, &actor, filter.status, page.checked()?).await?))
}

/// One recovery with its plan.
#[utoipa::path(
    get, path = "/aftercare-cases/{case_id}", tag = "aftercare", operation_id = "show_aftercare_case",
    params(("case_id" = AfterCareId, Path, description = "The case")),
    responses((status = 200, body = CaseDetail), (status = 404, body = ProblemDocument))
)]
pub(super) async fn show_aftercare_case(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AfterCareId>,
) -> ApiResult<Json<CaseDetail>> {
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// The milestones of a recovery.
#[utoipa::path(
    get, path = "/aftercare-cases/{case_id}/milestones", tag = "aftercare", operation_id = "list_aftercare_milestones",
    params(("case_id" = AfterCareId, Path, description = "The case")),
    responses((status = 200, body = Vec<MilestoneView>), (status = 404, body = ProblemDocument))
)]
pub(super) async fn list_aftercare_milestones(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AfterCareId>,
) -> ApiResult<Json<Vec<MilestoneView>>> {
    Ok(Json(queries::milestones(&app, &actor, id).await?))
}

/// The tasks of a recovery by day.
#[utoipa::path(
    get, path = "/aftercare-cases/{case_id}/tasks", tag = "aftercare", operation_id = "list_aftercare_tasks",
    params(("case_id" = AfterCareId, Path, description = "The case"), TaskQuery),
    responses((status = 200, body = Vec<TaskView>), (status = 404, body = ProblemDocument))
)]
pub(super) async fn list_aftercare_tasks(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AfterCareId>,
    Query(filter): Query<TaskQuery>,
) -> ApiResult<Json<Vec<TaskView>>> {
    let filter = TaskFilter { from: filter.from, to: filter.to, state: filter.state };
    Ok(Json(queries::tasks(&app, &actor, id, filter).await?))
}

/// The plans a clinic can choose at the end of a treatment.
#[utoipa::path(
    get, path = "/aftercare-milestone-templates", tag = "aftercare", operation_id = "list_aftercare_templates",
    params(PageQuery),
    responses((status = 200, body = Page<TemplateView>), (status = 403, body = ProblemDocument))
)]
pub(super) async fn list_aftercare_templates(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<TemplateView>>> {
    Ok(Json(queries::templates(&app, &actor, page.checked()?).await?))
}
