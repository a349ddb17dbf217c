//! A clinic's packages.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{MediaId, PackageId, PackageItemId, ProviderId};
use kernel::{Actor, AppError, Page, PageQuery, Permission};
use platform::App;
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Query, Who, files_of};
use serde::Deserialize;

use super::treatments::Made;
use crate::entity::packages::PackageStatus;
use crate::package_parts;
use crate::packages::{self, Package, PackageInput, PackageItemInput};
use crate::views::{PackageItemView, PackageView};

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
    let package = packages::show(&app, &actor, id).await?;
    shown(&app, &actor, package).await
}

/// The package with its pictures.
async fn shown(app: &App, actor: &Actor, package: Package) -> ApiResult<Json<PackageView>> {
    let id = package.row.id;
    let pictures = package_parts::pictures(app.db.conn(), &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Json(PackageView::from(package).with_pictures(app, actor, &pictures)))
}

/// Changes a package, its lines included (R-IQ-72, R-IQ-73).
#[utoipa::path(patch, path = "/packages/{id}", tag = "packages", operation_id = "change_package",
    params(("id" = PackageId, Path)), request_body = PackageInput,
    responses((status = 200, body = PackageView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn change_package(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
    Json(input): Json<PackageInput>,
) -> ApiResult<Json<PackageView>> {
    let package = packages::edit(&app, &actor, id, input).await?;
    shown(&app, &actor, package).await
}

/// Makes another package like this one, inactive at first.
#[utoipa::path(post, path = "/packages/{id}/clone", tag = "packages", operation_id = "clone_package",
    params(("id" = PackageId, Path)),
    responses((status = 201, body = PackageView), (status = 404, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn clone_package(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
) -> ApiResult<(StatusCode, Json<PackageView>)> {
    Ok((StatusCode::CREATED, Json(packages::clone(&app, &actor, id).await?.into())))
}

/// Lets a package be put into quotes again.
#[utoipa::path(post, path = "/packages/{id}/activate", tag = "packages", operation_id = "activate_package",
    params(("id" = PackageId, Path)),
    responses((status = 200, body = PackageView), (status = 404, body = ProblemDocument)))]
pub async fn activate_package(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
) -> ApiResult<Json<PackageView>> {
    let package = packages::switch(&app, &actor, id, PackageStatus::Active).await?;
    shown(&app, &actor, package).await
}

/// Takes a package out of what can be put into quotes.
#[utoipa::path(post, path = "/packages/{id}/deactivate", tag = "packages", operation_id = "deactivate_package",
    params(("id" = PackageId, Path)),
    responses((status = 200, body = PackageView), (status = 404, body = ProblemDocument)))]
pub async fn deactivate_package(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
) -> ApiResult<Json<PackageView>> {
    let package = packages::switch(&app, &actor, id, PackageStatus::Inactive).await?;
    shown(&app, &actor, package).await
}

/// Lists the lines of a package in their order.
#[utoipa::path(get, path = "/packages/{id}/items", tag = "packages", operation_id = "list_package_items",
    params(("id" = PackageId, Path)),
    responses((status = 200, body = Vec<PackageItemView>), (status = 404, body = ProblemDocument)))]
pub async fn list_package_items(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
) -> ApiResult<Json<Vec<PackageItemView>>> {
    Ok(Json(PackageView::from(packages::show(&app, &actor, id).await?).items))
}

/// A line as it is entered, with the version of its package that was seen.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
    /// The line.
    pub item: PackageItemInput,
    /// The package's version.
    pub version: i32,
}

/// Adds a line to a package.
#[utoipa::path(post, path = "/packages/{id}/items", tag = "packages", operation_id = "add_package_item",
    params(("id" = PackageId, Path)), request_body = ItemBody,
    responses((status = 201, body = Made), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn add_package_item(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
    Json(body): Json<ItemBody>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let made = package_parts::put_item(&app, &actor, id, body.version, None, &body.item).await?;
    Ok((StatusCode::CREATED, Json(Made { id: made.any() })))
}

/// Changes a line of a package.
#[utoipa::path(patch, path = "/packages/{id}/items/{item_id}", tag = "packages", operation_id = "change_package_item",
    params(("id" = PackageId, Path), ("item_id" = PackageItemId, Path)), request_body = ItemBody,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn change_package_item(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, item)): Path<(PackageId, PackageItemId)>,
    Json(body): Json<ItemBody>,
) -> ApiResult<StatusCode> {
    package_parts::put_item(&app, &actor, id, body.version, Some(item), &body.item).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a line out of a package.
#[utoipa::path(delete, path = "/packages/{id}/items/{item_id}", tag = "packages", operation_id = "remove_package_item",
    params(("id" = PackageId, Path), ("item_id" = PackageItemId, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn remove_package_item(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, item)): Path<(PackageId, PackageItemId)>,
) -> ApiResult<StatusCode> {
    package_parts::remove_item(&app, &actor, id, item).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The form of a picture.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct PackagePictureForm {
    /// JPEG or PNG, at most 2 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Adds a picture to a package; there is room for three.
#[utoipa::path(post, path = "/packages/{id}/media", tag = "packages", operation_id = "add_package_picture",
    params(("id" = PackageId, Path)),
    request_body(content = PackagePictureForm, content_type = "multipart/form-data"),
    responses((status = 200, body = PackageView), (status = 404, body = ProblemDocument),
        (status = 413, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn add_package_picture(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PackageId>,
    form: Multipart,
) -> ApiResult<Json<PackageView>> {
    actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    let (mut files, _) = files_of(form).await?;
    let (Some(file), true) = (files.pop(), files.is_empty()) else {
        return Err(AppError::field("file", "required", "Send exactly one file.").into());
    };
    package_parts::add_picture(&app, &actor, id, file).await?;
    let package = packages::show(&app, &actor, id).await?;
    shown(&app, &actor, package).await
}

/// Takes a picture out of a package.
#[utoipa::path(delete, path = "/packages/{id}/media/{media_id}", tag = "packages",
    operation_id = "remove_package_picture", params(("id" = PackageId, Path), ("media_id" = MediaId, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn remove_package_picture(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, media)): Path<(PackageId, MediaId)>,
) -> ApiResult<StatusCode> {
    package_parts::remove_picture(&app, &actor, id, media).await?;
    Ok(StatusCode::NO_CONTENT)
}
