//! Roles and permissions over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::{Guard, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Serialize};

use crate::service::roles::{self, PermissionView, Preview, RoleText, RoleView};

/// Which roles.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RoleQuery {
    /// Only those of this kind of account, without archived ones.
    #[serde(rename = "filter[guard]")]
    #[param(inline)]
    guard: Option<Guard>,
}

/// Lists roles with what they grant and whom they reach, those of the house first.
#[utoipa::path(get, path = "/admin/roles", tag = "roles", operation_id = "list_roles", params(RoleQuery, PageQuery),
    responses((status = 200, body = Page<RoleView>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_roles(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<RoleQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<RoleView>>> {
    Ok(Json(roles::list(&app, &actor, query.guard, page).await?))
}

/// The catalogue of permissions.
#[utoipa::path(get, path = "/admin/permissions", tag = "roles", operation_id = "list_permissions",
    responses((status = 200, body = Vec<PermissionView>), (status = 403, body = ProblemDocument)))]
pub async fn list_permissions(Who(actor): Who) -> ApiResult<Json<Vec<PermissionView>>> {
    Ok(Json(roles::catalogue(&actor)?))
}

/// A new role for Hairline's staff.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewRoleBody {
    /// 2 to 50 characters, unique.
    #[schema(example = "Partner manager")]
    #[serde(default)]
    name: String,
    /// At most 500 characters.
    #[schema(example = "Looks after clinics and their prices.")]
    description: Option<String>,
    /// At least one.
    #[schema(example = json!(["view_provider", "edit_provider"]))]
    #[serde(default)]
    permissions: Vec<String>,
    /// True when sensitive ones are among them.
    #[serde(default)]
    #[schema(example = false)]
    confirm_sensitive: bool,
}

/// A made role.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoleMade {
    /// The role.
    id: i64,
}

/// Makes a role for Hairline's staff.
#[utoipa::path(post, path = "/admin/roles", tag = "roles", operation_id = "create_role", request_body = NewRoleBody,
    responses((status = 201, body = RoleMade), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn create_role(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<NewRoleBody>,
) -> ApiResult<Made<RoleMade>> {
    let text = RoleText { name: Some(body.name), description: body.description };
    let id = roles::create(&app, &actor, text, (&body.permissions, body.confirm_sensitive)).await?;
    Ok(made("/admin/roles", id, RoleMade { id }))
}

/// Name and description.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct EditRoleBody {
    /// Only of roles that somebody made.
    #[schema(example = "Partner manager")]
    name: Option<String>,
    /// At most 500 characters.
    #[schema(example = "Looks after clinics and their prices.")]
    description: Option<String>,
    /// The version the caller saw.
    #[schema(example = 1)]
    version: i32,
}

/// Changes name and description of a role.
#[utoipa::path(patch, path = "/admin/roles/{id}", tag = "roles", operation_id = "edit_role",
    params(("id" = i64, Path, description = "The role")), request_body = EditRoleBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn edit_role(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<i64>,
    Json(body): Json<EditRoleBody>,
) -> ApiResult<StatusCode> {
    let text = RoleText { name: body.name, description: body.description };
    roles::edit(&app, &actor, id, (text, body.version)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Archives a role nobody holds.
#[utoipa::path(delete, path = "/admin/roles/{id}", tag = "roles", operation_id = "archive_role",
    params(("id" = i64, Path, description = "The role")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn archive_role(State(app): State<App>, Who(actor): Who, Path(id): Path<i64>) -> ApiResult<StatusCode> {
    roles::archive(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a role is to grant.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct GrantsBody {
    /// All of them.
    #[schema(example = json!(["view_quote", "edit_quote"]))]
    permissions: Vec<String>,
    /// True when sensitive ones are new.
    #[serde(default)]
    #[schema(example = false)]
    confirm_sensitive: bool,
    /// The version the caller saw.
    #[schema(example = 1)]
    version: i32,
}

/// Sets what a role grants; in force with the next call of everybody who holds it. Answers what it reached.
#[utoipa::path(put, path = "/admin/roles/{id}/permissions", tag = "roles", operation_id = "set_role_permissions",
    params(("id" = i64, Path, description = "The role")), request_body = GrantsBody,
    responses((status = 200, body = RoleView), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn set_permissions(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<i64>,
    Json(body): Json<GrantsBody>,
) -> ApiResult<Json<RoleView>> {
    let wanted = (body.permissions.as_slice(), body.confirm_sensitive, body.version);
    roles::set_permissions(&app, &actor, id, wanted).await?;
    Ok(Json(roles::show(&app, &actor, id).await?))
}

/// A change to try out.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PreviewBody {
    /// The role.
    #[schema(example = 4)]
    role_id: i64,
    /// All of them.
    #[schema(example = json!(["view_quote", "edit_quote"]))]
    permissions: Vec<String>,
}

/// Works out what a change would do, and changes nothing.
#[utoipa::path(post, path = "/admin/roles/preview", tag = "roles", operation_id = "preview_role",
    request_body = PreviewBody,
    responses((status = 200, body = Preview), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn preview_role(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<PreviewBody>,
) -> ApiResult<Json<Preview>> {
    Ok(Json(roles::preview(&app, &actor, body.role_id, &body.permissions).await?))
}
