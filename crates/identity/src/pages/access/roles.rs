//! The roles: of the house, of one's own, of clinics.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use kernel::{ErrorKind, Guard};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::matrix::{Group, groups, reach_of, title_of};
use crate::pages::confirm;
use crate::pages::team::is_refusal;
use crate::service::roles::{self, RoleText, RoleView};

struct Line {
    id: i64,
    href: String,
    title: String,
    description: String,
    kind: Badge,
    count: usize,
    reach: String,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "role_list.html")]
struct RolesPage {
    chrome: Chrome,
    tab: &'static str,
    list: ListView,
    lines: Vec<Line>,
    alert: Html,
}

#[derive(Template)]
#[template(path = "role_new.html")]
struct NewRolePage {
    chrome: Chrome,
    form: Form,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "role_text.html")]
struct RoleTextPage {
    chrome: Chrome,
    form: Form,
    path: String,
    title: String,
    is_system: bool,
}

pub(in super::super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    roles_page(&ctx, Guard::Api, Html::default()).await
}

pub(in super::super) async fn list_clinics(Inside(ctx): Inside) -> ApiResult<Response> {
    roles_page(&ctx, Guard::Provider, Html::default()).await
}

async fn roles_page(ctx: &Ctx, guard: Guard, alert: Html) -> ApiResult<Response> {
    let found = roles::list(&ctx.app, &ctx.actor, Some(guard), ctx.page_query()).await?;
    let chrome = ctx.chrome.clone();
    page(&RolesPage {
        tab: if guard == Guard::Api { "roles" } else { "clinics" },
        list: ListView::new(&chrome, &found.meta),
        lines: found.data.iter().map(|role| line(&chrome, role)).collect(),
        alert,
        chrome,
    })
}

fn line(chrome: &Chrome, role: &RoleView) -> Line {
    let (tone, word) = match (role.is_locked, role.is_system) {
        (true, _) => (Tone::Info, "access-locked"),
        (_, true) => (Tone::Calm, "access-system"),
        _ => (Tone::Good, "access-custom"),
    };
    Line {
        id: role.id,
        href: format!("/admin/roles/{}", role.id),
        title: title_of(chrome, role),
        description: role.description.clone().unwrap_or_default(),
        kind: Badge::new(tone, chrome.t(word)),
        count: role.permissions.len(),
        reach: reach_of(chrome, role.guard, role.accounts, role.clinics),
        is_own: !role.is_system,
    }
}

pub(in super::super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    let model = match ctx.asked("clone").parse::<i64>() {
        // What is no role of the staff is no model: the form starts empty.
        Ok(id) => match roles::show(&ctx.app, &ctx.actor, id).await {
            Err(error) if error.kind == ErrorKind::NotFound => None,
            found => Some(found?).filter(|role| role.guard == Guard::Api),
        },
        Err(_) => {
            roles::catalogue(&ctx.actor)?;
            None
        }
    };
    let held = model.map(|role| role.permissions.into_iter().collect()).unwrap_or_default();
    new_page(&ctx, &held, Form::new(&ctx.chrome))
}

fn new_page(ctx: &Ctx, held: &BTreeSet<String>, form: Form) -> ApiResult<Response> {
    let groups = groups(&ctx.chrome, Guard::Api, held, "", false);
    page(&NewRolePage { chrome: ctx.chrome.clone(), form, groups })
}

fn text_of(posted: &Posted) -> RoleText {
    RoleText { name: posted.given("name").map(str::to_owned), description: Some(posted.get("description").to_owned()) }
}

pub(in super::super) async fn submit_new(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    // Asked of somebody who may at all.
    roles::catalogue(&ctx.actor)?;
    if let Some(question) = confirm::ask(&ctx, &posted, "/admin/roles").await? {
        return Ok(question);
    }
    let wanted: Vec<String> = posted.all("permissions").into_iter().map(str::to_owned).collect();
    let sure = posted.ticked("confirm_sensitive");
    match roles::create(&ctx.app, &ctx.actor, text_of(&posted), (&wanted, sure)).await {
        Ok(id) => Ok(ctx.done(&format!("/admin/roles/{id}"), "role-saved")),
        Err(error) if is_refusal(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = new_page(&ctx, &wanted.into_iter().collect(), form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(in super::super) async fn show_text(Inside(ctx): Inside, Path(id): Path<i64>) -> ApiResult<Response> {
    let role = roles::show(&ctx.app, &ctx.actor, id).await?;
    let form = Form::new(&ctx.chrome)
        .with("name", role.label.clone().unwrap_or_else(|| role.name.clone()))
        .with_some("description", role.description.clone())
        .with("version", role.version.to_string());
    text_page(&ctx, &role, form)
}

fn text_page(ctx: &Ctx, role: &RoleView, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let (path, title) = (format!("/admin/roles/{}", role.id), title_of(&chrome, role));
    page(&RoleTextPage { chrome, form, path, title, is_system: role.is_system })
}

pub(in super::super) async fn submit_text(
    Inside(ctx): Inside,
    Path(id): Path<i64>,
    posted: Posted,
) -> ApiResult<Response> {
    let role = roles::show(&ctx.app, &ctx.actor, id).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/roles/{id}")).await? {
        return Ok(question);
    }
    let mut text = text_of(&posted);
    if role.is_system {
        text.name = None;
    }
    let version = posted.parse("version")?;
    match roles::edit(&ctx.app, &ctx.actor, id, (text, version)).await {
        Ok(()) => Ok(ctx.done(&format!("/admin/roles/{id}"), "role-saved")),
        Err(error) if is_refusal(&error) => {
            let mut response = text_page(&ctx, &role, Form::posted(&ctx.chrome, &posted).refused(&error))?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(in super::super) async fn archive(Inside(ctx): Inside, Path(id): Path<i64>, posted: Posted) -> ApiResult<Response> {
    roles::show(&ctx.app, &ctx.actor, id).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, "/admin/roles").await? {
        return Ok(question);
    }
    match roles::archive(&ctx.app, &ctx.actor, id).await {
        Ok(()) => Ok(ctx.done("/admin/roles", "role-archived")),
        Err(error) if is_refusal(&error) => {
            let sentence = platform::locale::error_sentence(ctx.locale(), &error);
            let mut response = roles_page(&ctx, Guard::Api, ui::alert(Tone::Bad, sentence, "")).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
