//! Hairline's staff: the list and the invitations.

use askama::Template;
use axum::response::Response;
use kernel::PageQuery;
use kernel::ids::AdminInvitationId;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use crate::entity::account_states::AccountState;
use crate::pages::confirm;
use crate::pages::team::{InvitationLine, after_button, bounced_invitations, invitation_line, invited, is_refusal};
use crate::service::invitations::staff as invitations;
use crate::service::roles;
use crate::service::staff::list::{self as people, StaffFilter, StaffMember};

struct Line {
    href: String,
    name: String,
    email: String,
    role: String,
    status: Badge,
    login: Html,
}

#[derive(Template)]
#[template(path = "staff_list.html")]
struct StaffPage {
    chrome: Chrome,
    tab: &'static str,
    list: ListView,
    roles: Vec<Choice>,
    states: Vec<Choice>,
    lines: Vec<Line>,
    invitations: Vec<InvitationLine>,
    lonely: bool,
    bounced: Html,
    alert: Html,
}

#[derive(Template)]
#[template(path = "staff_invite.html")]
struct InviteStaffPage {
    chrome: Chrome,
    form: Form,
    roles: Vec<Choice>,
}

/// A member's role as people read it.
pub(super) fn role_word(chrome: &Chrome, member: &StaffMember) -> String {
    platform::locale::find_text(chrome.locale, &format!("role-{}", member.role.replace('_', "-")))
        .or_else(|| member.role_label.clone())
        .unwrap_or_else(|| member.role.clone())
}

/// A member's standing as a badge.
pub(super) fn standing(chrome: &Chrome, state: AccountState) -> Badge {
    let tone = match state {
        AccountState::Active => Tone::Good,
        AccountState::Suspended => Tone::Warn,
        _ => Tone::Calm,
    };
    Badge::new(tone, chrome.word("account", state.to_value()))
}

/// The roles a member of the staff may be given.
pub(super) async fn role_choices(ctx: &Ctx) -> kernel::AppResult<Vec<Choice>> {
    let given = roles::given_to_staff(&ctx.app, &ctx.actor).await?;
    let choice = |(name, label, is_system): (String, Option<String>, bool)| {
        let word = if is_system { ctx.chrome.word("role", &name) } else { label.unwrap_or_else(|| name.clone()) };
        Choice::new(name, word)
    };
    Ok(given.into_iter().map(choice).collect())
}

pub(in super::super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    staff_page(&ctx, Html::default()).await
}

async fn staff_page(ctx: &Ctx, alert: Html) -> ApiResult<Response> {
    let asked = |name: &str| Some(ctx.asked(name).trim().to_owned()).filter(|value| !value.is_empty());
    let filter = StaffFilter {
        q: asked("q"),
        role: asked("role"),
        status: asked("status").and_then(|word| AccountState::try_from_value(&word).ok()),
        sort: asked("sort"),
    };
    let found = people::staff(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let chrome = ctx.chrome.clone();
    let first = PageQuery { page: 1, per_page: 50 };
    let running = invitations::list(&ctx.app, &ctx.actor, true, first).await?;
    let state = |state: AccountState| Choice::new(state.to_value(), chrome.word("account", state.to_value()));
    page(&StaffPage {
        tab: "users",
        list: ListView::new(&chrome, &found.members.meta),
        roles: role_choices(ctx).await?,
        states: [AccountState::Active, AccountState::Suspended, AccountState::Deactivated].map(state).to_vec(),
        lines: found.members.data.iter().map(|member| line(&chrome, member)).collect(),
        bounced: bounced_invitations(&chrome, &running.data),
        invitations: running.data.into_iter().map(|row| invitation_line(&chrome, row)).collect(),
        lonely: found.super_admins == 1,
        alert,
        chrome,
    })
}

fn line(chrome: &Chrome, member: &StaffMember) -> Line {
    Line {
        href: format!("/admin/users/{}", member.id),
        name: format!("{} {}", member.first_name, member.last_name),
        email: member.email.clone(),
        role: role_word(chrome, member),
        status: standing(chrome, member.status),
        login: member.last_login_at.map(|at| chrome.when(at)).unwrap_or_default(),
    }
}

pub(in super::super) async fn show_invite(Inside(ctx): Inside) -> ApiResult<Response> {
    invite_page(&ctx, Form::new(&ctx.chrome)).await
}

async fn invite_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ManageUser)?;
    let roles = role_choices(ctx).await?;
    page(&InviteStaffPage { chrome: ctx.chrome.clone(), form, roles })
}

pub(in super::super) async fn submit_invite(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ManageUser)?;
    if let Some(question) = confirm::ask(&ctx, &posted, "/admin/users").await? {
        return Ok(question);
    }
    match invitations::invite(&ctx.app, &ctx.actor, invited(&posted)?, ctx.locale()).await {
        Ok(_) => Ok(ctx.done("/admin/users", "invited")),
        Err(error) if is_refusal(&error) => {
            let mut response = invite_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn after(ctx: &Ctx, done: kernel::AppResult<()>, word: &str) -> ApiResult<Response> {
    let list = async |alert| staff_page(ctx, alert).await;
    after_button(ctx, done, ("/admin/users", word), list).await
}

pub(in super::super) async fn resend(
    Inside(ctx): Inside,
    Path(id): Path<AdminInvitationId>,
    _: Posted,
) -> ApiResult<Response> {
    let done = invitations::resend(&ctx.app, &ctx.actor, id, ctx.locale()).await;
    after(&ctx, done, "invited").await
}

pub(in super::super) async fn cancel(
    Inside(ctx): Inside,
    Path(id): Path<AdminInvitationId>,
    _: Posted,
) -> ApiResult<Response> {
    let done = invitations::cancel(&ctx.app, &ctx.actor, id).await;
    after(&ctx, done, "invitation-cancelled").await
}
