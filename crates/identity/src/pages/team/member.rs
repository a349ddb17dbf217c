//! One member; and clinicians without login, who are written down here.

use askama::Template;
use axum::response::Response;
use kernel::ids::ProviderUserId;
use kernel::{CursorQuery, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::{full_name, is_refusal, status_badge};
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::service::team::activity::{self, Activity};
use crate::service::team::clinicians::{self, Clinician};
use crate::service::team::list::{self, MemberDetail, TeamMember};
use crate::work::Work;

/// A role that is not in force yet.
struct Planned {
    role: String,
    from: Html,
}

struct WorkLine {
    label: String,
    count: u64,
}

#[derive(Template)]
#[template(path = "team_member.html")]
struct MemberPage {
    chrome: Chrome,
    path: String,
    name: String,
    email: String,
    role: String,
    department: String,
    status: Badge,
    joined: Html,
    seen: Html,
    suspended: String,
    suspended_at: Html,
    planned: Option<Planned>,
    version: String,
    role_name: String,
    work: Vec<WorkLine>,
    id: String,
    can_login: bool,
    is_owner: bool,
    is_self: bool,
    is_suspended: bool,
    may_role: bool,
    may_leave: bool,
    may_invite: bool,
    may_watch: bool,
    form: Form,
}

/// One thing somebody did.
pub(in super::super) struct ActivityLine {
    pub at: Html,
    pub action: String,
    pub outcome: Badge,
    pub subject: String,
    pub ip: String,
}

#[derive(Template)]
#[template(path = "team_activity.html")]
struct ActivityPage {
    chrome: Chrome,
    path: String,
    name: String,
    lines: Vec<ActivityLine>,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "team_clinician.html")]
struct ClinicianPage {
    chrome: Chrome,
    form: Form,
    action: String,
    back: String,
    is_new: bool,
}

pub(in super::super) async fn show(
    Inside(ctx): Inside,
    work: Work,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<Response> {
    let detail = list::detail(&ctx.app, &ctx.actor, &work, id).await?;
    member_page(&ctx, &detail, Form::new(&ctx.chrome))
}

pub(super) fn member_page(ctx: &Ctx, detail: &MemberDetail, form: Form) -> ApiResult<Response> {
    let member = &detail.member;
    let chrome = ctx.chrome.clone();
    let is_self = ctx.actor.reference().1 == Some(member.id.any());
    let may = |permission: Permission| ctx.actor.can(permission) && !member.is_owner && !is_self;
    page(&MemberPage {
        path: format!("/provider/team/{}", member.id),
        name: full_name(member),
        email: member.email.clone().unwrap_or_default(),
        role: chrome.word("role", &member.role),
        department: member.department.clone().unwrap_or_default(),
        status: status_badge(&chrome, member),
        joined: chrome.when(member.joined_at),
        seen: member.last_active_at.map(|at| chrome.when(at)).unwrap_or_default(),
        suspended: detail.suspension_reason.clone().unwrap_or_default(),
        suspended_at: detail.suspended_at.map(|at| chrome.when(at)).unwrap_or_default(),
        planned: detail
            .planned_role
            .as_deref()
            .zip(detail.planned_from)
            .map(|(role, from)| Planned { role: chrome.word("role", role), from: chrome.when(from) }),
        version: member.version.to_string(),
        role_name: member.role.clone(),
        work: detail
            .work
            .iter()
            .map(|kind| WorkLine { label: chrome.word("work", kind.kind), count: kind.count })
            .collect(),
        id: member.id.to_string(),
        can_login: member.can_login,
        is_owner: member.is_owner,
        is_self,
        is_suspended: member.status == ProviderTeamMemberStatus::Suspended,
        may_role: may(Permission::EditTeamRole) && member.can_login,
        may_leave: may(Permission::RemoveTeamMember),
        may_invite: may(Permission::InviteTeamMember) && !member.can_login,
        may_watch: ctx.actor.can(Permission::ViewTeamActivity),
        form,
        chrome,
    })
}

/// One line of what somebody did.
pub(in super::super) fn activity_line(chrome: &Chrome, row: Activity) -> ActivityLine {
    let outcome = serde_json::to_value(row.outcome).unwrap_or_default();
    let outcome = outcome.as_str().unwrap_or("success").to_owned();
    let tone = if outcome == "success" { Tone::Calm } else { Tone::Bad };
    ActivityLine {
        at: chrome.when(row.occurred_at),
        action: chrome.deed(row.action),
        outcome: Badge::new(tone, chrome.word("audit-outcome", outcome)),
        subject: chrome.thing(row.subject_type.as_deref()),
        ip: row.ip_address.unwrap_or_default(),
    }
}

pub(in super::super) async fn activity(Inside(ctx): Inside, Path(id): Path<ProviderUserId>) -> ApiResult<Response> {
    let cursor = Some(ctx.asked("cursor")).filter(|cursor| !cursor.is_empty());
    let found = activity::activity(&ctx.app, &ctx.actor, id, None, &CursorQuery { cursor, limit: Some(50) }).await?;
    let member = list::head(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome;
    let path = format!("/provider/team/{id}");
    let lines = found.data.into_iter().map(|row| activity_line(&chrome, row));
    page(&ActivityPage {
        lines: lines.collect(),
        older: found.meta.next_cursor.map(|cursor| format!("{path}/activity?cursor={cursor}")),
        name: full_name(&member),
        path,
        chrome,
    })
}

pub(in super::super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.provider()?;
    ctx.actor.require(Permission::InviteTeamMember)?;
    new_page(&ctx, Form::new(&ctx.chrome))
}

fn new_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let (action, back) = ("/provider/team/clinician".to_owned(), "/provider/team".to_owned());
    page(&ClinicianPage { chrome: ctx.chrome.clone(), form, action, back, is_new: true })
}

fn clinician_of(posted: &Posted) -> Clinician {
    let given = |name: &str| posted.given(name).map(str::to_owned);
    Clinician {
        first_name: posted.get("first_name").to_owned(),
        last_name: posted.get("last_name").to_owned(),
        title: given("title"),
        email: given("email"),
        department: given("department"),
    }
}

pub(in super::super) async fn submit_new(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    match clinicians::create(&ctx.app, &ctx.actor, clinician_of(&posted)).await {
        Ok(id) => Ok(ctx.done(&format!("/provider/team/{id}"), "clinician-saved")),
        Err(error) if is_refusal(&error) => {
            let mut response = new_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error))?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(in super::super) async fn show_edit(Inside(ctx): Inside, Path(id): Path<ProviderUserId>) -> ApiResult<Response> {
    ctx.actor.require(Permission::InviteTeamMember)?;
    let member = list::head(&ctx.app, &ctx.actor, id).await?;
    edit_page(&ctx, id, form_of(&ctx, &member))
}

fn form_of(ctx: &Ctx, member: &TeamMember) -> Form {
    Form::new(&ctx.chrome)
        .with("first_name", member.first_name.clone())
        .with("last_name", member.last_name.clone())
        .with_some("title", member.title.clone())
        .with_some("email", member.email.clone())
        .with_some("department", member.department.clone())
        .with("version", member.version.to_string())
}

fn edit_page(ctx: &Ctx, id: ProviderUserId, form: Form) -> ApiResult<Response> {
    let back = format!("/provider/team/{id}");
    page(&ClinicianPage { chrome: ctx.chrome.clone(), form, action: format!("{back}/edit"), back, is_new: false })
}

pub(in super::super) async fn submit_edit(
    Inside(ctx): Inside,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    let version = posted.maybe("version")?;
    match clinicians::edit(&ctx.app, &ctx.actor, id, (clinician_of(&posted), version)).await {
        Ok(()) => Ok(ctx.done(&format!("/provider/team/{id}"), "clinician-saved")),
        Err(error) if is_refusal(&error) && error.kind != kernel::ErrorKind::NotFound => {
            let mut response = edit_page(&ctx, id, Form::posted(&ctx.chrome, &posted).refused(&error))?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
