//! A clinic's team over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::ids::ProviderUserId;
use kernel::page::CursorPage;
use kernel::{AppResult, CursorQuery, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{accepted, no_content};
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::rules::team::Seats;
use crate::service::profile::refuse_protected;
use crate::service::team::activity::{self, Activity};
use crate::service::team::change::{self, NewRole};
use crate::service::team::clinicians::{self, Clinician};
use crate::service::team::leave::{self, Handing, Leaving, Way};
use crate::service::team::list::{self, MemberDetail, TeamFilter, TeamMember};
use crate::service::team::seats::{self, SeatState};
use crate::service::team::transfer;
use crate::work::Work;

/// A page of the team with the clinic's seats.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TeamPage {
    /// The members.
    #[serde(flatten)]
    members: Page<TeamMember>,
    /// The clinic's seats.
    seats: Seats,
}

/// What narrows the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TeamQuery {
    /// In names and addresses.
    q: Option<String>,
    /// Only this role.
    #[serde(rename = "filter[role]")]
    role: Option<String>,
    /// Only active or only suspended members.
    #[serde(rename = "filter[status]")]
    #[param(inline)]
    status: Option<ProviderTeamMemberStatus>,
}

/// The team of the caller's clinic: the owner first, then by role and name.
#[utoipa::path(get, path = "/provider/team", tag = "team", operation_id = "list_team", params(TeamQuery, PageQuery),
    responses((status = 200, body = TeamPage), (status = 403, body = ProblemDocument)))]
pub async fn list_team(
    State(app): State<App>,
    Who(actor): Who,
    work: Work,
    Query(asked): Query<TeamQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<TeamPage>> {
    let filter = TeamFilter { q: asked.q, role: asked.role, status: asked.status };
    let team = list::team(&app, &actor, &work, &filter, page.checked()?).await?;
    let list::Team { members, seats, .. } = team;
    Ok(Json(TeamPage { members, seats }))
}

/// One member with the open work that has their name on it.
#[utoipa::path(get, path = "/provider/team/{id}", tag = "team", operation_id = "show_team_member",
    params(("id" = ProviderUserId, Path, description = "The member")),
    responses((status = 200, body = MemberDetail), (status = 404, body = ProblemDocument)))]
pub async fn show_member(
    State(app): State<App>,
    Who(actor): Who,
    work: Work,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<Json<MemberDetail>> {
    Ok(Json(list::detail(&app, &actor, &work, id).await?))
}

/// How far back, and from which place on.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// 1 to 365 days; 30 when absent.
    pub days: Option<i64>,
    /// The `next_cursor` of the answer before; absent for the beginning.
    pub cursor: Option<String>,
    /// 1 to 100, 20 when absent.
    pub limit: Option<u64>,
}

/// What a member did in the last 30 days, or as many as are asked for, newest first.
#[utoipa::path(get, path = "/provider/team/{id}/activity", tag = "team", operation_id = "list_member_activity",
    params(("id" = ProviderUserId, Path, description = "The member"), ActivityQuery),
    responses((status = 200, body = CursorPage<Activity>), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_activity(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
    Query(query): Query<ActivityQuery>,
) -> ApiResult<Json<CursorPage<Activity>>> {
    let cursor = CursorQuery { cursor: query.cursor, limit: query.limit };
    Ok(Json(activity::activity(&app, &actor, id, query.days, &cursor).await?))
}

/// Another role.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleBody {
    /// `provider_manager`, `provider_clinical` or `provider_billing`.
    #[schema(example = "provider_billing")]
    role: String,
    /// From when on; now when absent.
    effective_from: Option<DateTime<Utc>>,
    /// At most 250 characters.
    #[schema(example = "Agreed with the head of support.")]
    note: Option<String>,
    /// The version the caller saw.
    #[schema(example = 1)]
    version: Option<i32>,
    /// False tells the member nothing; the note must say why.
    #[schema(example = true)]
    notify: Option<bool>,
}

/// Gives a member another role. Sessions go on; the new rights hold from the next call.
#[utoipa::path(put, path = "/provider/team/{id}/role", tag = "team", operation_id = "change_member_role",
    params(("id" = ProviderUserId, Path, description = "The member")), request_body = RoleBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn change_role(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<RoleBody>,
) -> ApiResult<StatusCode> {
    let new = NewRole {
        role: body.role,
        effective_from: body.effective_from,
        note: body.note,
        version: body.version,
        quiet: body.notify == Some(false),
    };
    no_content(change::change_role(&app, &actor, id, new).await)
}

/// Where one kind of open work goes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct HandingBody {
    /// The kind: `draft_quotes`.
    #[schema(example = "draft_quotes")]
    pub(super) kind: String,
    /// To which member; null leaves it without a name for whoever picks it up.
    pub(super) to: Option<ProviderUserId>,
}

/// Why somebody is shut out, and what becomes of their work.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct LeavingBody {
    /// 20 to 500 characters.
    #[schema(example = "On leave until the end of the quarter.")]
    #[serde(default)]
    pub(super) reason: String,
    /// Every kind with open work must be named.
    #[serde(default)]
    pub(super) handover: Vec<HandingBody>,
    /// The version the caller saw.
    #[schema(example = 1)]
    pub(super) version: Option<i32>,
}

impl From<LeavingBody> for Leaving {
    fn from(body: LeavingBody) -> Self {
        let handover = body.handover.into_iter().map(|hand| Handing { kind: hand.kind, to: hand.to });
        Self { reason: body.reason, handover: handover.collect(), version: body.version }
    }
}

/// Suspends a member; their sessions end at once.
#[utoipa::path(post, path = "/provider/team/{id}/suspend", tag = "team", operation_id = "suspend_member",
    params(("id" = ProviderUserId, Path, description = "The member")), request_body = LeavingBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn suspend(
    State(app): State<App>,
    Who(actor): Who,
    work: Work,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<LeavingBody>,
) -> ApiResult<StatusCode> {
    no_content(leave::leave(&app, &actor, &work, id, (Way::Suspend, body.into())).await)
}

/// Removes a member from the team; their sessions end at once.
#[utoipa::path(delete, path = "/provider/team/{id}", tag = "team", operation_id = "remove_member",
    params(("id" = ProviderUserId, Path, description = "The member")), request_body = LeavingBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn remove(
    State(app): State<App>,
    Who(actor): Who,
    work: Work,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<LeavingBody>,
) -> ApiResult<StatusCode> {
    no_content(leave::leave(&app, &actor, &work, id, (Way::Remove, body.into())).await)
}

/// Lets a suspended member back in.
#[utoipa::path(post, path = "/provider/team/{id}/reactivate", tag = "team", operation_id = "reactivate_member",
    params(("id" = ProviderUserId, Path, description = "The member")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn reactivate(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<StatusCode> {
    no_content(leave::reactivate(&app, &actor, id).await)
}

/// Why the clinic gets another owner.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TransferBody {
    /// 20 to 500 characters.
    #[schema(example = "The founder sold the clinic; contract of 3 May on file.")]
    #[serde(default)]
    justification: String,
}

/// Makes a member the owner of their clinic. By super admins only.
#[utoipa::path(post, path = "/provider/team/{id}/transfer", tag = "team", operation_id = "transfer_ownership",
    params(("id" = ProviderUserId, Path, description = "The member who becomes the owner")), request_body = TransferBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn transfer(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<TransferBody>,
) -> ApiResult<StatusCode> {
    no_content(transfer::transfer(&app, &actor, id, &body.justification).await)
}

/// A clinician who does not sign in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ClinicianBody {
    /// First name.
    #[schema(example = "Elif")]
    #[serde(default)]
    first_name: String,
    /// Last name.
    #[schema(example = "Demir")]
    #[serde(default)]
    last_name: String,
    /// `Dr.`, `Prof.`
    #[schema(example = "Dr.")]
    title: Option<String>,
    /// Address, for a later invitation.
    #[schema(example = "elif.demir@example.com")]
    email: Option<String>,
    /// Department.
    #[schema(example = "Hair surgery")]
    department: Option<String>,
    /// The version the caller saw; for changes.
    #[schema(example = 1)]
    version: Option<i32>,
    /// Members that nobody may set are refused, others ignored.
    #[serde(flatten)]
    #[schema(ignore)]
    other: Map<String, Value>,
}

impl ClinicianBody {
    fn split(self) -> AppResult<(Clinician, Option<i32>)> {
        let Self { first_name, last_name, title, email, department, version, other } = self;
        refuse_protected(&other)?;
        Ok((Clinician { first_name, last_name, title, email, department }, version))
    }
}

/// A made clinician.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicianMade {
    /// The clinician.
    id: ProviderUserId,
}

/// Shows the seats of the caller's clinic and what it asked for.
#[utoipa::path(get, path = "/provider/team/seats", tag = "team", operation_id = "show_seats",
    responses((status = 200, body = SeatState), (status = 403, body = ProblemDocument)))]
pub async fn show_seats(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<SeatState>> {
    Ok(Json(seats::own(&app, &actor).await?))
}

/// How many seats a clinic would like to have.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "seats": 120, "note": "We open a second house in May." }))]
pub struct SeatsBody {
    /// The limit, above the present one and at most 500.
    seats: u64,
    /// In the clinic's own words, at most 500 characters.
    #[schema(example = "Agreed with the head of support.")]
    note: Option<String>,
}

/// Asks Hairline for more seats once every seat is taken; for the owner. Asking for the same again changes nothing.
#[utoipa::path(post, path = "/provider/team/seats", tag = "team", operation_id = "ask_for_seats", request_body = SeatsBody,
    responses((status = 202, description = "Hairline was told"), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn ask_for_seats(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<SeatsBody>,
) -> ApiResult<StatusCode> {
    accepted(seats::ask(&app, &actor, body.seats, body.note.as_deref()).await)
}

/// Adds a clinician without login, to be named on quotes and treatments. Takes no seat.
#[utoipa::path(post, path = "/provider/clinicians", tag = "team", operation_id = "create_clinician",
    request_body = ClinicianBody,
    responses((status = 201, body = ClinicianMade), (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn create_clinician(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<ClinicianBody>,
) -> ApiResult<Made<ClinicianMade>> {
    let id = clinicians::create(&app, &actor, body.split()?.0).await?;
    Ok(made("/provider/team", id, ClinicianMade { id }))
}

/// Changes what is written about a clinician without login.
#[utoipa::path(patch, path = "/provider/clinicians/{id}", tag = "team", operation_id = "edit_clinician",
    params(("id" = ProviderUserId, Path, description = "The clinician")), request_body = ClinicianBody,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn edit_clinician(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderUserId>,
    Json(body): Json<ClinicianBody>,
) -> ApiResult<StatusCode> {
    no_content(clinicians::edit(&app, &actor, id, body.split()?).await)
}
