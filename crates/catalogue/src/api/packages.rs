//! A clinic's packages.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{PackageId, ProviderId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::entity::packages::PackageStatus;
use crate::packages::{self, PackageInput};
use crate::views::PackageView;

/// The reader's wishes for a list of packages.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PackageQuery {
    /// Number of the page.
    page: Option<u64>,
    /// Entries per page.
    per_page: Option<u64>,
    /// One clinic's, for staff.
    #[serde(rename = "filter[provider_id]")]
    provider_id: Option<ProviderId>,
    /// Only active or inactive ones.
    #[serde(rename = "filter[status]")]
    status: Option<PackageStatus>,
}

/// Lists packages: a clinic its own, staff all.
#[utoipa::path(get, path = "/packages", tag = "packages", operation_id = "list_packages", params(PackageQuery),
    responses((status = 200, body = Page<PackageView>), (status = 403, body = ProblemDocument)))]
pub async fn list_packages(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<PackageQuery>,
) -> ApiResult<Json<Page<PackageView>>> {
    let default = PageQuery::default();
    let page =
        PageQuery { page: query.page.unwrap_or(default.page), per_page: query.per_page.unwrap_or(default.per_page) };
    let found = packages::list(&app, &actor, query.provider_id, query.status, page).await?;
    Ok(Json(found.map(PackageView::from)))
}

/// Makes a package of the asking clinic (R-IQ-72).
#[utoipa::path(post, path = "/packages", tag = "packages", operation_id = "create_package", request_body = PackageInput,
    responses((status = 201, body = PackageView), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn create_package(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<PackageInput>,
) -> ApiResult<(StatusCode, Json<PackageView>)> {
    let package = packages::create(&app, &actor, input).await?;
    Ok((StatusCode::CREATED, Json(package.into())))
}

/// Shows a package.
#[utoipa::path(get, path = "/packages/{id}", tag = "packages", operation_id = "show_package",
    params(("id" = PackageId, Path)),
    responses((status = 200, body = PackageView), (status = 404, body = ProblemDocument)))]
pub async fn show_package(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
) -> ApiResult<Json<PackageView>> {
    Ok(Json(packages::show(&app, &actor, id).await?.into()))
}
