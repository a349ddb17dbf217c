//! The staff of all clinics, for Hairline.

use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::ProviderUserId;
use kernel::{AppError, AppResult, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Portal, Posted, Tone, page};

use crate::entity::provider_team_members::ProviderTeamMemberStatus as Status;
use crate::impersonation;
use crate::pages::confirm;
use crate::pages::team::is_refusal;
use crate::rules::team::{GIVEN_ROLES, OWNER};
use crate::service::team::leave::{Leaving, Way};
use crate::service::team::oversight::{self, ClinicMember, DirectoryFilter};
use crate::service::team::transfer::transfer as make_owner;
use crate::service::{mfa_off, password_reset};
use crate::work::Work;

struct Line {
    href: String,
    name: String,
    email: String,
    clinic: String,
    role: String,
    is_owner: bool,
    status: Badge,
    seen: Html,
}

#[derive(Template)]
#[template(path = "clinic_staff.html")]
struct DirectoryPage {
    chrome: Chrome,
    list: ListView,
    roles: Vec<Choice>,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "clinic_staff_member.html")]
struct ClinicMemberPage {
    chrome: Chrome,
    form: Form,
    path: String,
    member: Line,
    clinic_href: String,
    reason: String,
    is_suspended: bool,
    may_suspend: bool,
    may_transfer: bool,
    may_look: bool,
    may_erase: bool,
}

pub(in super::super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let asked = |name: &str| Some(ctx.asked(name).trim().to_owned()).filter(|value| !value.is_empty());
    let filter = DirectoryFilter {
        q: asked("q"),
        provider: asked("clinic").and_then(|id| id.parse().ok()),
        role: asked("role"),
        status: asked("status").and_then(|word| Status::try_from_value(&word).ok()),
    };
    let found = oversight::directory(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&DirectoryPage {
        list: ListView::new(&chrome, &found.meta),
        roles: std::iter::once(OWNER)
            .chain(GIVEN_ROLES)
            .map(|role| Choice::new(role, chrome.word("role", role)))
            .collect(),
        states: vec![
            Choice::new("active", chrome.t("team-active")),
            Choice::new("suspended", chrome.t("team-suspended")),
            Choice::new("removed", chrome.t("team-left")),
        ],
        lines: found.data.into_iter().map(|member| line(&chrome, &member)).collect(),
        chrome,
    })
}

fn line(chrome: &Chrome, member: &ClinicMember) -> Line {
    let status = match member.status {
        Status::Removed => Badge::new(Tone::Calm, chrome.t("team-left")),
        Status::Active if !member.can_login => Badge::new(Tone::Calm, chrome.t("team-no-login")),
        Status::Active => Badge::new(Tone::Good, chrome.t("team-active")),
        _ => Badge::new(Tone::Warn, chrome.t("team-suspended")),
    };
    Line {
        href: format!("/admin/provider-users/{}", member.id),
        name: format!("{} {}", member.first_name, member.last_name),
        email: member.email.clone().unwrap_or_default(),
        clinic: member.provider_name.clone(),
        role: chrome.word("role", &member.role),
        is_owner: member.is_owner,
        status,
        seen: member.last_active_at.map(|at| chrome.when(at)).unwrap_or_default(),
    }
}

pub(in super::super) async fn show(Inside(ctx): Inside, Path(id): Path<ProviderUserId>) -> ApiResult<Response> {
    let member = anybody(&ctx, id).await?;
    member_page(&ctx, &member, Form::new(&ctx.chrome))
}

/// A member, or somebody who was one.
async fn anybody(ctx: &Ctx, id: ProviderUserId) -> AppResult<ClinicMember> {
    match oversight::clinic_member(&ctx.app, &ctx.actor, id).await {
        Err(error) if error.kind == kernel::ErrorKind::NotFound => {
            oversight::former_member(&ctx.app, &ctx.actor, id).await
        }
        found => found,
    }
}

/// Writes over the names of somebody who left.
pub(in super::super) async fn erase(
    Inside(ctx): Inside,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    let member = anybody(&ctx, id).await?;
    ctx.actor.require(Permission::SuspendProviderUser)?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/provider-users/{id}")).await? {
        return Ok(question);
    }
    let done = oversight::erase(&ctx.app, &ctx.actor, id).await;
    after(&ctx, &member, &posted, done.map(|()| ("member-erased", false))).await
}

fn member_page(ctx: &Ctx, member: &ClinicMember, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    page(&ClinicMemberPage {
        path: format!("/admin/provider-users/{}", member.id),
        clinic_href: format!("/admin/provider-users?clinic={}", member.provider_id),
        reason: member.suspension_reason.clone().unwrap_or_default(),
        is_suspended: member.status == Status::Suspended,
        may_suspend: ctx.actor.can(Permission::SuspendProviderUser) && member.status != Status::Removed,
        // Once is enough: afterwards there is no address any more.
        may_erase: ctx.actor.can(Permission::SuspendProviderUser)
            && member.status == Status::Removed
            && member.email.is_some(),
        may_transfer: ctx.actor.can(Permission::ManageUser)
            && !member.is_owner
            && member.can_login
            && member.status == Status::Active,
        may_look: ctx.actor.can(Permission::ImpersonateProviderUser)
            && member.can_login
            && member.status == Status::Active,
        member: line(&chrome, member),
        form,
        chrome,
    })
}

async fn after(
    ctx: &Ctx,
    member: &ClinicMember,
    posted: &Posted,
    done: AppResult<(&str, bool)>,
) -> ApiResult<Response> {
    match done {
        Ok((word, true)) => Ok(ctx.done("/admin/provider-users", word)),
        Ok((word, false)) => Ok(ctx.done(&format!("/admin/provider-users/{}", member.id), word)),
        Err(error) if is_refusal(&error) && error.kind != kernel::ErrorKind::NotFound => {
            let mut response = member_page(ctx, member, Form::posted(&ctx.chrome, posted).refused(&error))?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(in super::super) async fn standing(
    Inside(ctx): Inside,
    work: Work,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    let member = oversight::clinic_member(&ctx.app, &ctx.actor, id).await?;
    ctx.actor.require(Permission::SuspendProviderUser)?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/provider-users/{id}")).await? {
        return Ok(question);
    }
    let leaving = || Leaving { reason: posted.get("reason").to_owned(), handover: Vec::new(), version: None };
    let (app, actor) = (&ctx.app, &ctx.actor);
    let done = match posted.get("action") {
        "suspend" => {
            let done = oversight::leave(app, actor, &work, id, (Way::Suspend, leaving())).await;
            done.map(|()| ("member-suspended", false))
        }
        "remove" => {
            let done = oversight::leave(app, actor, &work, id, (Way::Remove, leaving())).await;
            done.map(|()| ("member-removed", true))
        }
        "reactivate" => oversight::reactivate(app, actor, id).await.map(|()| ("member-reactivated", false)),
        "reset-password" => {
            let done = password_reset::start_for(app, actor, password_reset::Whose::Member(id), ctx.locale()).await;
            done.map(|()| ("password-code-sent", false))
        }
        "mfa-reset" => {
            let done = mfa_off::reset(app, actor, mfa_off::Whose::Member(id), posted.get("reason")).await;
            done.map(|()| ("mfa-reset", false))
        }
        "logout" => oversight::logout_all(app, actor, id).await.map(|_| ("member-logged-out", false)),
        _ => Err(AppError::not_found()),
    };
    after(&ctx, &member, &posted, done).await
}

pub(in super::super) async fn transfer(
    Inside(ctx): Inside,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    let member = oversight::clinic_member(&ctx.app, &ctx.actor, id).await?;
    ctx.actor.require(Permission::ManageUser)?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/provider-users/{id}")).await? {
        return Ok(question);
    }
    let done = make_owner(&ctx.app, &ctx.actor, id, posted.get("justification")).await;
    after(&ctx, &member, &posted, done.map(|()| ("owner-changed", false))).await
}

/// Begins to look through the member's eyes and goes to what they see first.
pub(in super::super) async fn look(
    Inside(ctx): Inside,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    let member = oversight::clinic_member(&ctx.app, &ctx.actor, id).await?;
    ctx.actor.require(Permission::ImpersonateProviderUser)?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/provider-users/{id}")).await? {
        return Ok(question);
    }
    match impersonation::begin_in_browser(&ctx.app, &ctx.actor, id, posted.get("look_reason")).await {
        Ok(cookie) => Ok(([(header::SET_COOKIE, cookie)], Redirect::to(Portal::Provider.home())).into_response()),
        Err(mut error) => {
            // The page has a field of that name already, for another purpose.
            if let Some(faults) = error.fields.0.remove("reason") {
                error.fields.0.insert("look_reason".to_owned(), faults);
            }
            after(&ctx, &member, &posted, Err(error)).await
        }
    }
}

/// Ends the view and leads back to where it began.
pub(in super::super) async fn end_look(Inside(ctx): Inside, headers: HeaderMap, _: Posted) -> ApiResult<Response> {
    impersonation::end(&ctx.app, &ctx.actor).await?;
    let back = impersonation::beginning(&ctx.app, &ctx.actor, &headers).await?;
    let mut response = ctx.done(&back, "view-ended");
    response.headers_mut().append(header::SET_COOKIE, impersonation::cleared_cookie());
    Ok(response)
}

/// The address of the form alone leads home.
pub(in super::super) async fn home(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(Permission::ImpersonateProviderUser)?;
    Ok(Redirect::to(ctx.chrome.portal.home()).into_response())
}
