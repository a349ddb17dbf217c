//! Patients for staff over HTTP.

use axum::extract::State;
use kernel::ids::PatientId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::patients::{self, PatientSearch};
use crate::views::{PatientOverview, PatientRow};

/// Filters and order of the staff's list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PatientQuery {
    /// Name, address or code; two to 200 characters.
    pub q: Option<String>,
    /// Workflow status.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<String>,
    /// `deactivated` lists the accounts that were closed and can come back.
    #[serde(rename = "filter[account]")]
    #[param(rename = "filter[account]")]
    pub account: Option<String>,
    /// `created_at`, `last_activity_at`, `last_name`; a minus turns it round.
    pub sort: Option<String>,
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100.
    pub per_page: Option<u64>,
}

/// Lists patients.
#[utoipa::path(get, path = "/admin/patients", tag = "directory", operation_id = "list_patients", params(PatientQuery),
    responses((status = 200, body = Page<PatientRow>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_patients(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<PatientQuery>,
) -> ApiResult<Json<Page<PatientRow>>> {
    let page = PageQuery { page: query.page.unwrap_or(1), per_page: query.per_page.unwrap_or(20) };
    let search = PatientSearch { q: query.q, status: query.status, account: query.account, sort: query.sort };
    Ok(Json(patients::list_patients(&app, &actor, &search, page).await?))
}

/// Shows the head of one patient's view.
#[utoipa::path(get, path = "/admin/patients/{id}/overview", tag = "directory", operation_id = "show_patient_overview",
    params(("id" = PatientId, Path)),
    responses((status = 200, body = PatientOverview), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_patient(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
) -> ApiResult<Json<PatientOverview>> {
    Ok(Json(patients::show_patient(&app, &actor, id).await?))
}
