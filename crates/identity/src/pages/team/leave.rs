//! Suspending and removing, with the open work and who takes it.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Permission;
use kernel::ids::ProviderUserId;
use platform::web::{ApiResult, Path, status_of};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use super::{full_name, is_refusal, member::member_page};
use crate::pages::confirm;
use crate::service::team::leave::{self, Handing, Leaving, Way};
use crate::service::team::list::{member, takers};
use crate::work::Work;

struct WorkField {
    name: String,
    label: String,
}

#[derive(Template)]
#[template(path = "team_leave.html")]
struct LeavePage {
    chrome: Chrome,
    form: Form,
    path: String,
    action: String,
    name: String,
    is_removal: bool,
    work: Vec<WorkField>,
    takers: Vec<Choice>,
}

/// The value of a choice that leaves work without a name.
const NOBODY: &str = "nobody";

async fn leave_page(ctx: &Ctx, work: &Work, (id, way): (ProviderUserId, Way), form: Form) -> ApiResult<Response> {
    let detail = member(&ctx.app, &ctx.actor, work, id).await?;
    let path = format!("/provider/team/{id}");
    if detail.member.is_owner || ctx.actor.reference().1 == Some(id.any()) {
        return Ok(Redirect::to(&path).into_response());
    }
    let others = if detail.work.is_empty() { Vec::new() } else { takers(&ctx.app, &ctx.actor, id).await? };
    let chrome = ctx.chrome.clone();
    let first = [Choice::new("", chrome.t("team-choose")), Choice::new(NOBODY, chrome.t("team-nobody"))];
    let people = others.iter().map(|taker| {
        Choice::new(taker.id.to_string(), format!("{} · {}", full_name(taker), chrome.word("role", &taker.role)))
    });
    let is_removal = way == Way::Remove;
    page(&LeavePage {
        action: format!("{path}/{}", if is_removal { "remove" } else { "suspend" }),
        takers: first.into_iter().chain(people).collect(),
        work: detail
            .work
            .iter()
            .map(|kind| WorkField {
                name: format!("handover.{}", kind.kind),
                label: format!("{}: {}", chrome.word("work", kind.kind), kind.count),
            })
            .collect(),
        form: if form.value("version").is_empty() {
            form.with("version", detail.member.version.to_string())
        } else {
            form
        },
        name: full_name(&detail.member),
        is_removal,
        path,
        chrome,
    })
}

pub(in super::super) async fn show_suspend(
    Inside(ctx): Inside,
    work: Work,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<Response> {
    ctx.actor.require(Permission::RemoveTeamMember)?;
    leave_page(&ctx, &work, (id, Way::Suspend), Form::new(&ctx.chrome)).await
}

pub(in super::super) async fn show_remove(
    Inside(ctx): Inside,
    work: Work,
    Path(id): Path<ProviderUserId>,
) -> ApiResult<Response> {
    ctx.actor.require(Permission::RemoveTeamMember)?;
    leave_page(&ctx, &work, (id, Way::Remove), Form::new(&ctx.chrome)).await
}

pub(in super::super) async fn suspend(
    Inside(ctx): Inside,
    work: Work,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    submit(&ctx, &work, (id, Way::Suspend), &posted).await
}

pub(in super::super) async fn remove(
    Inside(ctx): Inside,
    work: Work,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    submit(&ctx, &work, (id, Way::Remove), &posted).await
}

async fn submit(ctx: &Ctx, work: &Work, (id, way): (ProviderUserId, Way), posted: &Posted) -> ApiResult<Response> {
    ctx.actor.require(Permission::RemoveTeamMember)?;
    let detail = member(&ctx.app, &ctx.actor, work, id).await?;
    let path = format!("/provider/team/{id}");
    if let Some(question) = confirm::ask(ctx, posted, &path).await? {
        return Ok(question);
    }
    let mut handover = Vec::new();
    for kind in &detail.work {
        let name = format!("handover.{}", kind.kind);
        match posted.given(&name) {
            None => {}
            Some(NOBODY) => handover.push(Handing { kind: kind.kind.to_owned(), to: None }),
            Some(_) => handover.push(Handing { kind: kind.kind.to_owned(), to: posted.maybe(&name)? }),
        }
    }
    let leaving = Leaving { reason: posted.get("reason").to_owned(), handover, version: posted.maybe("version")? };
    match leave::leave(&ctx.app, &ctx.actor, work, id, (way, leaving)).await {
        Ok(()) if way == Way::Remove => Ok(ctx.done("/provider/team", "member-removed")),
        Ok(()) => Ok(ctx.done(&path, "member-suspended")),
        Err(error) if is_refusal(&error) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            let mut response = leave_page(ctx, work, (id, way), form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(in super::super) async fn reactivate(
    Inside(ctx): Inside,
    work: Work,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.require(Permission::RemoveTeamMember)?;
    let detail = member(&ctx.app, &ctx.actor, &work, id).await?;
    let path = format!("/provider/team/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &path).await? {
        return Ok(question);
    }
    match leave::reactivate(&ctx.app, &ctx.actor, id).await {
        Ok(()) => Ok(ctx.done(&path, "member-reactivated")),
        Err(error) if is_refusal(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = member_page(&ctx, &detail, form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
