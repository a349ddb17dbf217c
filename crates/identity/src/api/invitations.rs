//! Invitations over HTTP: of clinics, of Hairline, and the invited person's side.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{AdminInvitationId, ProviderStaffInvitationId, ProviderUserId};
use kernel::{Page, PageQuery, Secret};
use platform::App;
use platform::web::{ApiResult, Json, Lang, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{accepted, no_content};
use crate::consents::{Given, PatientConsentChannel};
use crate::service::invitations::accept::{self, Joined, SetUp, Welcome};
use crate::service::invitations::{InvitationView, Invite, clinic, staff};
use crate::service::profile::refuse_protected;

/// Who is invited.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InviteBody {
    /// Address; the later login.
    #[schema(example = "elif.demir@example.com")]
    #[serde(default)]
    email: String,
    /// First name.
    #[schema(example = "Elif")]
    #[serde(default)]
    first_name: String,
    /// Last name.
    #[schema(example = "Demir")]
    #[serde(default)]
    last_name: String,
    /// Role.
    #[schema(example = "provider_clinical")]
    #[serde(default)]
    role: String,
    /// A few words for the mail.
    #[schema(example = "Welcome to the team.")]
    message: Option<String>,
    /// A clinician without login who gets an account; clinics only.
    for_provider_user_id: Option<ProviderUserId>,
}

impl From<InviteBody> for Invite {
    fn from(body: InviteBody) -> Self {
        Self {
            email: body.email,
            first_name: body.first_name,
            last_name: body.last_name,
            role: body.role,
            message: body.message,
            for_provider_user_id: body.for_provider_user_id,
        }
    }
}

/// Which invitations.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InvitationQuery {
    /// True leaves out those that were accepted or taken back.
    live: Option<bool>,
}

/// A made invitation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Invited<T> {
    /// The invitation.
    id: T,
}

/// Invites somebody into the caller's team. The mail is queued.
#[utoipa::path(post, path = "/provider/invitations", tag = "team", operation_id = "invite_member",
    request_body = InviteBody,
    responses((status = 201, body = Invited<ProviderStaffInvitationId>), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn invite_member(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<InviteBody>,
) -> ApiResult<Made<Invited<ProviderStaffInvitationId>>> {
    let id = clinic::invite(&app, &actor, body.into(), locale).await?;
    Ok(made("/provider/invitations", id, Invited { id }))
}

/// The invitations of the caller's clinic, newest first.
#[utoipa::path(get, path = "/provider/invitations", tag = "team", operation_id = "list_invitations",
    params(InvitationQuery, PageQuery),
    responses((status = 200, body = Page<InvitationView>), (status = 403, body = ProblemDocument)))]
pub async fn list_invitations(
    State(app): State<App>,
    Who(actor): Who,
    Query(asked): Query<InvitationQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<InvitationView>>> {
    Ok(Json(clinic::list(&app, &actor, asked.live == Some(true), page.checked()?).await?))
}

/// Sends an invitation once more, with a new link and a new end.
#[utoipa::path(post, path = "/provider/invitations/{id}/resend", tag = "team", operation_id = "resend_invitation",
    params(("id" = ProviderStaffInvitationId, Path, description = "The invitation")),
    responses((status = 202), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn resend_invitation(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(id): Path<ProviderStaffInvitationId>,
) -> ApiResult<StatusCode> {
    accepted(clinic::resend(&app, &actor, id, locale).await)
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/provider/invitations/{id}", tag = "team", operation_id = "cancel_invitation",
    params(("id" = ProviderStaffInvitationId, Path, description = "The invitation")),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument)))]
pub async fn cancel_invitation(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderStaffInvitationId>,
) -> ApiResult<StatusCode> {
    no_content(clinic::cancel(&app, &actor, id).await)
}

/// Invites somebody into Hairline's staff.
#[utoipa::path(post, path = "/admin/invitations", tag = "staff", operation_id = "invite_staff",
    request_body = InviteBody,
    responses((status = 201, body = Invited<AdminInvitationId>), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn invite_staff(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<InviteBody>,
) -> ApiResult<Made<Invited<AdminInvitationId>>> {
    let id = staff::invite(&app, &actor, body.into(), locale).await?;
    Ok(made("/admin/invitations", id, Invited { id }))
}

/// The invitations into Hairline's staff, newest first.
#[utoipa::path(get, path = "/admin/invitations", tag = "staff", operation_id = "list_staff_invitations",
    params(InvitationQuery, PageQuery),
    responses((status = 200, body = Page<InvitationView>), (status = 403, body = ProblemDocument)))]
pub async fn list_staff_invitations(
    State(app): State<App>,
    Who(actor): Who,
    Query(asked): Query<InvitationQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<InvitationView>>> {
    Ok(Json(staff::list(&app, &actor, asked.live == Some(true), page.checked()?).await?))
}

/// Sends an invitation into the staff once more.
#[utoipa::path(post, path = "/admin/invitations/{id}/resend", tag = "staff", operation_id = "resend_staff_invitation",
    params(("id" = AdminInvitationId, Path, description = "The invitation")),
    responses((status = 202), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn resend_staff_invitation(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(id): Path<AdminInvitationId>,
) -> ApiResult<StatusCode> {
    accepted(staff::resend(&app, &actor, id, locale).await)
}

/// Takes an invitation into the staff back.
#[utoipa::path(delete, path = "/admin/invitations/{id}", tag = "staff", operation_id = "cancel_staff_invitation",
    params(("id" = AdminInvitationId, Path, description = "The invitation")),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn cancel_staff_invitation(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AdminInvitationId>,
) -> ApiResult<StatusCode> {
    no_content(staff::cancel(&app, &actor, id).await)
}

/// The token of the mail.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct LookupBody {
    /// What stands behind `#` in the link.
    #[serde(default)]
    #[schema(example = "Zk3vQ1x8mT0bYw5nRj7cLd2sHf9aUeGp")]
    token: String,
}

/// Shows an invitation to whoever holds its token. The token travels in the body, never in an address.
#[utoipa::path(post, path = "/invitations/lookup", tag = "team", operation_id = "look_up_invitation", security(()),
    request_body = LookupBody,
    responses((status = 200, body = Welcome), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument)))]
pub async fn look_up(
    State(app): State<App>,
    Lang(locale): Lang,
    Json(body): Json<LookupBody>,
) -> ApiResult<Json<Welcome>> {
    Ok(Json(accept::lookup(&app, &body.token, locale).await?))
}

/// What the invited person fills in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AcceptBody {
    /// What stands behind `#` in the link.
    #[serde(default)]
    #[schema(example = "Zk3vQ1x8mT0bYw5nRj7cLd2sHf9aUeGp")]
    token: String,
    /// First name.
    #[serde(default)]
    #[schema(example = "Elif")]
    first_name: String,
    /// Last name.
    #[serde(default)]
    #[schema(example = "Demir")]
    last_name: String,
    /// E.164; required for clinics.
    #[schema(example = "+905551234567")]
    phone_number: Option<String>,
    /// Password.
    #[serde(default)]
    #[schema(example = "Correct!Horse7Battery")]
    password: String,
    /// The same again.
    #[serde(default)]
    #[schema(example = "Correct!Horse7Battery")]
    password_confirmation: String,
    /// The tick under the terms.
    #[serde(default)]
    #[schema(example = true)]
    terms_accepted: bool,
    /// The surface the terms were shown on; `web` when left out.
    channel: Option<PatientConsentChannel>,
    /// Members that nobody may set are refused, others ignored: address and role are the invitation's.
    #[serde(flatten)]
    #[schema(ignore)]
    other: Map<String, Value>,
}

/// Sets the account up. Sign in with it afterwards.
#[utoipa::path(post, path = "/invitations/accept", tag = "team", operation_id = "accept_invitation", security(()),
    request_body = AcceptBody,
    responses((status = 201, body = Joined), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn accept(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<AcceptBody>,
) -> ApiResult<(StatusCode, Json<Joined>)> {
    refuse_protected(&body.other)?;
    let form = SetUp {
        first_name: body.first_name,
        last_name: body.last_name,
        phone_number: body.phone_number,
        password: Secret::new(body.password),
        password_confirmation: Secret::new(body.password_confirmation),
        terms_accepted: body.terms_accepted,
        given: Given { locale, channel: body.channel.unwrap_or(PatientConsentChannel::Web) },
    };
    Ok((StatusCode::CREATED, Json(accept::accept(&app, &actor, &body.token, form).await?)))
}
