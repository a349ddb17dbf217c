//! Endpoints for Hairline's staff.

mod audit;
mod settings;

use axum::extract::State;
use chrono::NaiveDate;
use inquiry::entity::inquiries::InquiryStatus;
use kernel::ids::InquiryId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::routes;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use audit::file as audit_file;

use crate::case_file::{CaseFile, case_file};
use crate::case_list::{CaseLine, Filter, cases};

/// The endpoints, relative to the API's prefix.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_cases))
        .routes(routes!(show_case))
        .routes(routes!(audit::list_audit_logs))
        .routes(routes!(audit::export_audit_logs))
        .routes(routes!(settings::show_settings, settings::save_settings))
        .routes(routes!(settings::list_versions))
        .routes(routes!(settings::preview_settings))
}

/// Filters of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CaseFilter {
    /// In codes, name or address.
    q: Option<String>,
    /// Only this stage.
    #[serde(rename = "filter[status]")]
    #[param(inline)]
    status: Option<InquiryStatus>,
    /// Only patients of this country (ISO code).
    #[serde(rename = "filter[country]")]
    country: Option<String>,
    /// Only those that went to a clinic of this country (ISO code).
    #[serde(rename = "filter[provider_country]")]
    provider_country: Option<String>,
    /// Only accepted ones with money that arrived, or only those without.
    #[serde(rename = "filter[paid]")]
    paid: Option<bool>,
    /// Only those sent on or after this day.
    #[serde(rename = "filter[submitted_from]")]
    from: Option<NaiveDate>,
    /// Only those sent on or before this day.
    #[serde(rename = "filter[submitted_to]")]
    to: Option<NaiveDate>,
    /// Those that were put away instead of the others.
    #[serde(rename = "filter[archived]")]
    archived: Option<bool>,
}

/// All cases, newest change first.
#[utoipa::path(
    get, path = "/admin/cases", tag = "cases", operation_id = "list_cases", params(CaseFilter, PageQuery),
    responses((status = 200, body = Page<CaseLine>), (status = 403, body = ProblemDocument))
)]
async fn list_cases(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<CaseFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<CaseLine>>> {
    let filter = Filter {
        status: filter.status,
        q: filter.q,
        country: filter.country,
        provider_country: filter.provider_country,
        paid: filter.paid,
        from: filter.from,
        to: filter.to,
        archived: filter.archived.unwrap_or_default(),
    };
    Ok(Json(cases(&app, &actor, filter, page.checked()?).await?))
}

/// One case with all that belongs to it.
#[utoipa::path(
    get, path = "/admin/cases/{inquiry_id}", tag = "cases", operation_id = "show_case",
    params(("inquiry_id" = InquiryId, Path, description = "The inquiry that names the case")),
    responses((status = 200, body = CaseFile), (status = 404, body = ProblemDocument))
)]
async fn show_case(State(app): State<App>, Who(actor): Who, Path(id): Path<InquiryId>) -> ApiResult<Json<CaseFile>> {
    Ok(Json(case_file(&app, &actor, id).await?))
}
