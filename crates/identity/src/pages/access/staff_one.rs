//! One member of Hairline's staff: role, standing, direct rights, trail.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;
use kernel::ids::UserId;
use kernel::{AppError, AppResult, Guard, Timestamp};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::matrix::{Group, groups};
use super::staff::{role_choices, role_word, standing as standing_badge};
use crate::entity::account_states::AccountState;
use crate::pages::confirm;
use crate::pages::team::{is_refusal, moment};
use crate::service::staff::list::{StaffDetail, detail};
use crate::service::staff::{change, direct};
use crate::service::{mfa_off, password_reset};

struct TrailLine {
    at: Html,
    action: String,
    own: bool,
    outcome: Badge,
    reason: String,
    ip: String,
}

#[derive(Template)]
#[template(path = "staff_member.html")]
struct StaffMemberPage {
    chrome: Chrome,
    form: Form,
    path: String,
    name: String,
    email: String,
    role: String,
    status: Badge,
    reason: String,
    until: Html,
    login: Html,
    planned: String,
    planned_at: Html,
    direct: Vec<String>,
    trail: Vec<TrailLine>,
    roles: Vec<Choice>,
    is_self: bool,
    is_active: bool,
    is_suspended: bool,
    is_closed: bool,
}

#[derive(Template)]
#[template(path = "staff_permissions.html")]
struct DirectPage {
    chrome: Chrome,
    form: Form,
    path: String,
    name: String,
    role: String,
    groups: Vec<Group>,
}

fn path_of(id: UserId) -> String {
    format!("/admin/users/{id}")
}

pub(in super::super) async fn show(Inside(ctx): Inside, Path(id): Path<UserId>) -> ApiResult<Response> {
    let found = detail(&ctx.app, &ctx.actor, id).await?;
    let form = Form::new(&ctx.chrome).with("role", found.member.role.clone());
    member_page(&ctx, found, form).await
}

async fn member_page(ctx: &Ctx, found: StaffDetail, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let roles = role_choices(ctx).await?;
    let member = &found.member;
    let trail = found.trail.into_iter().map(|row| {
        let outcome = serde_json::to_value(row.outcome).unwrap_or_default();
        let outcome = outcome.as_str().unwrap_or("success").to_owned();
        let tone = if outcome == "success" { Tone::Calm } else { Tone::Bad };
        TrailLine {
            at: chrome.when(row.occurred_at),
            action: chrome.deed(row.action),
            own: row.own,
            outcome: Badge::new(tone, chrome.word("audit-outcome", outcome)),
            reason: row.reason.unwrap_or_default(),
            ip: row.ip_address.unwrap_or_default(),
        }
    });
    let label = |name: &str| {
        roles.iter().find(|choice| choice.value == name).map_or_else(|| name.to_owned(), |choice| choice.label.clone())
    };
    page(&StaffMemberPage {
        path: path_of(member.id),
        name: format!("{} {}", member.first_name, member.last_name),
        email: member.email.clone(),
        role: role_word(&chrome, member),
        status: standing_badge(&chrome, member.status),
        reason: member.reason.clone().unwrap_or_default(),
        until: member.suspended_until.map(|at| chrome.when(at)).unwrap_or_default(),
        login: member.last_login_at.map(|at| chrome.when(at)).unwrap_or_default(),
        planned: found.planned.as_ref().map(|planned| label(&planned.role)).unwrap_or_default(),
        planned_at: found.planned.as_ref().map(|planned| chrome.when(planned.effective_from)).unwrap_or_default(),
        direct: found.direct.iter().map(|grant| chrome.word("permission", &grant.permission)).collect(),
        trail: trail.collect(),
        is_self: ctx.actor.reference().1 == Some(member.id.any()),
        is_active: member.status == AccountState::Active,
        is_suspended: member.status == AccountState::Suspended,
        is_closed: member.status == AccountState::Deactivated,
        roles,
        form,
        chrome,
    })
}

/// After a form of this page: back to it, or the page with what was wrong.
async fn after(ctx: &Ctx, id: UserId, posted: &Posted, done: AppResult<&str>) -> ApiResult<Response> {
    match done {
        Ok(word) => Ok(ctx.done(&path_of(id), word)),
        Err(error) if is_refusal(&error) && error.kind != kernel::ErrorKind::NotFound => {
            let found = detail(&ctx.app, &ctx.actor, id).await?;
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            let mut response = member_page(ctx, found, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// The beginning of a day, in UTC.
fn day(posted: &Posted, name: &str) -> AppResult<Option<Timestamp>> {
    let day: Option<NaiveDate> = posted.maybe(name)?;
    Ok(day.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|moment| moment.and_utc()))
}

pub(in super::super) async fn change_role(
    Inside(ctx): Inside,
    Path(id): Path<UserId>,
    posted: Posted,
) -> ApiResult<Response> {
    detail(&ctx.app, &ctx.actor, id).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &path_of(id)).await? {
        return Ok(question);
    }
    let done = match moment(&posted, "effective_from") {
        Ok(from) => {
            change::change_role(&ctx.app, &ctx.actor, id, (posted.get("role"), from, posted.given("note"))).await
        }
        Err(error) => Err(error),
    };
    after(&ctx, id, &posted, done.map(|()| "role-changed")).await
}

pub(in super::super) async fn standing(
    Inside(ctx): Inside,
    Path(id): Path<UserId>,
    posted: Posted,
) -> ApiResult<Response> {
    detail(&ctx.app, &ctx.actor, id).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &path_of(id)).await? {
        return Ok(question);
    }
    let (app, actor, reason) = (&ctx.app, &ctx.actor, posted.get("reason"));
    let done = match posted.get("action") {
        "suspend" => match day(&posted, "until") {
            Ok(until) => change::suspend(app, actor, id, (reason, until)).await.map(|()| "member-suspended"),
            Err(error) => Err(error),
        },
        "activate" => change::activate(app, actor, id, reason).await.map(|()| "member-reactivated"),
        "deactivate" => change::deactivate(app, actor, id, reason).await.map(|()| "member-closed"),
        "demand-password" => password_reset::force(app, actor, id).await.map(|()| "password-demanded"),
        "mfa-reset" => mfa_off::reset(app, actor, mfa_off::Whose::User(id), reason).await.map(|()| "mfa-reset"),
        "erase" => change::erase(app, actor, id).await.map(|()| "member-erased"),
        _ => Err(AppError::not_found()),
    };
    after(&ctx, id, &posted, done).await
}

pub(in super::super) async fn show_direct(Inside(ctx): Inside, Path(id): Path<UserId>) -> ApiResult<Response> {
    let found = detail(&ctx.app, &ctx.actor, id).await?;
    let held = found.direct.iter().map(|grant| grant.permission.clone()).collect();
    direct_page(&ctx, &found, &held, Form::new(&ctx.chrome))
}

fn direct_page(ctx: &Ctx, found: &StaffDetail, held: &BTreeSet<String>, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    page(&DirectPage {
        path: path_of(found.member.id),
        name: format!("{} {}", found.member.first_name, found.member.last_name),
        role: role_word(&chrome, &found.member),
        groups: groups(&chrome, Guard::Api, held, "", false),
        form,
        chrome,
    })
}

pub(in super::super) async fn save_direct(
    Inside(ctx): Inside,
    Path(id): Path<UserId>,
    posted: Posted,
) -> ApiResult<Response> {
    let found = detail(&ctx.app, &ctx.actor, id).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &path_of(id)).await? {
        return Ok(question);
    }
    let wanted: Vec<String> = posted.all("permissions").into_iter().map(str::to_owned).collect();
    let sure = posted.ticked("confirm_sensitive");
    match direct::set(&ctx.app, &ctx.actor, id, (&wanted, posted.get("reason"), sure)).await {
        Ok(()) => Ok(ctx.done(&path_of(id), "role-saved")),
        Err(error) if is_refusal(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = direct_page(&ctx, &found, &wanted.into_iter().collect(), form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
