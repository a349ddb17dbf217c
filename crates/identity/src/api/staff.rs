//! Hairline's staff, and its view of the clinics' staff, over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::ids::{ProviderId, ProviderUserId, UserId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};

use super::no_content;
use super::team::LeavingBody;
use crate::entity::account_states::AccountState;
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::impersonation::{self, Glimpse};
use crate::service::staff::list::{self, StaffDetail, StaffFilter, StaffMember};
use crate::service::staff::{change, direct};
use crate::service::team::leave::Way;
use crate::service::team::oversight::{self, ClinicMember, DirectoryFilter};
use crate::work::Work;

/// What narrows and orders the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StaffQuery {
    /// In names and addresses.
    q: Option<String>,
    /// Only this role.
    #[serde(rename = "filter[role]")]
    role: Option<String>,
    /// Only this standing.
    #[serde(rename = "filter[status]")]
    #[param(inline)]
    status: Option<AccountState>,
    /// `name`, `last_login` or `role`; `-` turns it round.
    #[param(example = "-last_login")]
    sort: Option<String>,
}

/// A page of the staff.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StaffPage {
    /// The members.
    #[serde(flatten)]
    members: Page<StaffMember>,
    /// Active super admins; with one alone the house is one accident away from nobody.
    super_admins: u64,
}

/// Hairline's staff.
#[utoipa::path(get, path = "/admin/users", tag = "staff", operation_id = "list_staff", params(StaffQuery, PageQuery),
    responses((status = 200, body = StaffPage), (status = 403, body = ProblemDocument)))]
pub async fn list_staff(
    State(app): State<App>,
    Who(actor): Who,
    Query(asked): Query<StaffQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<StaffPage>> {
    let filter = StaffFilter { q: asked.q, role: asked.role, status: asked.status, sort: asked.sort };
    let list::Staff { members, super_admins } = list::staff(&app, &actor, &filter, page.checked()?).await?;
    Ok(Json(StaffPage { members, super_admins }))
}

/// One member of the staff with the 100 newest entries of their trail.
#[utoipa::path(get, path = "/admin/users/{id}", tag = "staff", operation_id = "show_staff",
    params(("id" = UserId, Path, description = "The account")),
    responses((status = 200, body = StaffDetail), (status = 404, body = ProblemDocument)))]
pub async fn show_staff(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<UserId>,
) -> ApiResult<Json<StaffDetail>> {
    Ok(Json(list::detail(&app, &actor, id).await?))
}

/// Another role.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct StaffRoleBody {
    /// A role of Hairline's staff.
    #[schema(example = "support_staff")]
    role: String,
    /// From when on; now when absent. Until then the old role holds.
    effective_from: Option<DateTime<Utc>>,
    /// At most 250 characters.
    #[schema(example = "Agreed with the head of support.")]
    note: Option<String>,
}

/// Gives a member of the staff another role.
#[utoipa::path(put, path = "/admin/users/{id}/role", tag = "staff", operation_id = "change_staff_role",
    params(("id" = UserId, Path, description = "The account")), request_body = StaffRoleBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn change_staff_role(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<UserId>,
    Json(body): Json<StaffRoleBody>,
) -> ApiResult<StatusCode> {
    no_content(change::change_role(&app, &actor, id, (&body.role, body.effective_from, body.note.as_deref())).await)
}

/// Why, and until when.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct StandingBody {
    /// 20 to 500 characters.
    #[schema(example = "On leave; the access is not needed until autumn.")]
    #[serde(default)]
    reason: String,
    /// End of a suspension; without one somebody must let them in again.
    until: Option<DateTime<Utc>>,
}

/// Shuts a member of the staff out; their sessions end at once.
#[utoipa::path(post, path = "/admin/users/{id}/suspend", tag = "staff", operation_id = "suspend_staff",
    params(("id" = UserId, Path, description = "The account")), request_body = StandingBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn suspend_staff(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<UserId>,
    Json(body): Json<StandingBody>,
) -> ApiResult<StatusCode> {
    no_content(change::suspend(&app, &actor, id, (&body.reason, body.until)).await)
}

/// Lets a suspended or closed account in again.
#[utoipa::path(post, path = "/admin/users/{id}/activate", tag = "staff", operation_id = "activate_staff",
    params(("id" = UserId, Path, description = "The account")), request_body = StandingBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn activate_staff(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<UserId>,
    Json(body): Json<StandingBody>,
) -> ApiResult<StatusCode> {
    no_content(change::activate(&app, &actor, id, &body.reason).await)
}

/// Closes an account of the staff.
#[utoipa::path(post, path = "/admin/users/{id}/deactivate", tag = "staff", operation_id = "deactivate_staff",
    params(("id" = UserId, Path, description = "The account")), request_body = StandingBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn deactivate_staff(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<UserId>,
    Json(body): Json<StandingBody>,
) -> ApiResult<StatusCode> {
    no_content(change::deactivate(&app, &actor, id, &body.reason).await)
}

/// Writes over the names of a closed account whose owner asked to be forgotten.
#[utoipa::path(post, path = "/admin/users/{id}/erase", tag = "staff", operation_id = "erase_staff",
    params(("id" = UserId, Path, description = "The account")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn erase_staff(State(app): State<App>, Who(actor): Who, Path(id): Path<UserId>) -> ApiResult<StatusCode> {
    no_content(change::erase(&app, &actor, id).await)
}

/// Grants beside the role.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct DirectBody {
    /// All of them; an empty list takes all away.
    #[schema(example = json!(["issue_refund"]))]
    permissions: Vec<String>,
    /// 20 to 500 characters.
    #[serde(default)]
    #[schema(example = "Takes over the refunds while a colleague is away.")]
    reason: String,
    /// True for what is sensitive.
    #[serde(default)]
    #[schema(example = false)]
    confirm_sensitive: bool,
}

/// Sets what one account may do beside its role.
#[utoipa::path(put, path = "/admin/users/{id}/permissions", tag = "staff", operation_id = "set_direct_permissions",
    params(("id" = UserId, Path, description = "The account")), request_body = DirectBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn set_direct(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<UserId>,
    Json(body): Json<DirectBody>,
) -> ApiResult<StatusCode> {
    no_content(direct::set(&app, &actor, id, (&body.permissions, &body.reason, body.confirm_sensitive)).await)
}

/// What narrows the directory.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DirectoryQuery {
    /// In names, addresses and the clinic's name.
    q: Option<String>,
    /// Only this clinic.
    #[serde(rename = "filter[provider_id]")]
    provider: Option<ProviderId>,
    /// Only this role.
    #[serde(rename = "filter[role]")]
    role: Option<String>,
    /// Only active or only suspended ones.
    #[serde(rename = "filter[status]")]
    #[param(inline)]
    status: Option<ProviderTeamMemberStatus>,
}

/// The staff of all clinics.
#[utoipa::path(get, path = "/admin/provider-users", tag = "staff", operation_id = "list_clinic_staff",
    params(DirectoryQuery, PageQuery),
    responses((status = 200, body = Page<ClinicMember>), (status = 403, body = ProblemDocument)))]
pub async fn list_clinic_staff(
    State(app): State<App>,
    Who(actor): Who,
    Query(asked): Query<DirectoryQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ClinicMember>>> {
    let filter = DirectoryFilter { q: asked.q, provider: asked.provider, role: asked.role, status: asked.status };
    Ok(Json(oversight::directory(&app, &actor, &filter, page.checked()?).await?))
}

/// Suspends a member of any clinic. Work nobody is named for stays with the clinic without a name.
#[utoipa::path(post, path = "/admin/provider-users/{id}/suspend", tag = "staff", operation_id = "suspend_clinic_staff",
    params(("id" = ProviderUserId, Path, description = "The member")), request_body = LeavingBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn suspend_clinic_staff(
    State(app): State<App>,
    Who(actor): Who,
    work: Work,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<LeavingBody>,
) -> ApiResult<StatusCode> {
    no_content(oversight::leave(&app, &actor, &work, id, (Way::Suspend, body.into())).await)
}

/// Lets a suspended member of any clinic back in.
#[utoipa::path(post, path = "/admin/provider-users/{id}/reactivate", tag = "staff",
    operation_id = "reactivate_clinic_staff", params(("id" = ProviderUserId, Path, description = "The member")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn reactivate_clinic_staff(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<StatusCode> {
    no_content(oversight::reactivate(&app, &actor, id).await)
}

/// Removes a member of any clinic, in an emergency.
#[utoipa::path(post, path = "/admin/provider-users/{id}/remove", tag = "staff", operation_id = "remove_clinic_staff",
    params(("id" = ProviderUserId, Path, description = "The member")), request_body = LeavingBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn remove_clinic_staff(
    State(app): State<App>,
    Who(actor): Who,
    work: Work,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<LeavingBody>,
) -> ApiResult<StatusCode> {
    no_content(oversight::leave(&app, &actor, &work, id, (Way::Remove, body.into())).await)
}

/// How many sessions ended.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Ended {
    /// Sessions.
    #[schema(example = 2)]
    sessions: u64,
}

/// Ends every session of a member of any clinic.
#[utoipa::path(post, path = "/admin/provider-users/{id}/logout-all", tag = "staff", operation_id = "log_out_clinic_staff",
    params(("id" = ProviderUserId, Path, description = "The member")),
    responses((status = 200, body = Ended), (status = 403, body = ProblemDocument)))]
pub async fn log_out_clinic_staff(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<Json<Ended>> {
    Ok(Json(Ended { sessions: oversight::logout_all(&app, &actor, id).await? }))
}

/// Writes over the names of a removed member who asked to be forgotten.
#[utoipa::path(post, path = "/admin/provider-users/{id}/erase", tag = "staff", operation_id = "erase_clinic_staff",
    params(("id" = ProviderUserId, Path, description = "The member")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn erase_clinic_staff(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<StatusCode> {
    no_content(oversight::erase(&app, &actor, id).await)
}

/// Why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ImpersonationBody {
    /// 20 to 500 characters.
    #[schema(example = "The clinic cannot find its calendar; case 4711.")]
    #[serde(default)]
    reason: String,
}

/// Ends whatever the caller sees through clinic staff's eyes. Asking again changes nothing.
#[utoipa::path(post, path = "/admin/impersonation/end", tag = "staff", operation_id = "end_impersonation",
    responses((status = 204, description = "It is over"), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument)))]
pub async fn end_impersonation(State(app): State<App>, Who(actor): Who) -> ApiResult<StatusCode> {
    no_content(impersonation::end(&app, &actor).await)
}

/// Opens a clinic's portal as one of its members sees it: for reading, for a quarter of an hour, every view on record.
#[utoipa::path(post, path = "/admin/provider-users/{id}/impersonate", tag = "staff",
    operation_id = "impersonate_clinic_staff", params(("id" = ProviderUserId, Path, description = "The member")),
    request_body = ImpersonationBody,
    responses((status = 201, body = Glimpse), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn impersonate(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<ImpersonationBody>,
) -> ApiResult<(StatusCode, Json<Glimpse>)> {
    Ok((StatusCode::CREATED, Json(impersonation::begin(&app, &actor, id, &body.reason).await?)))
}
