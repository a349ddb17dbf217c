//! Settings staff change at run time.

use std::fmt::Display;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AppError, ErrorKind, PageQuery, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Field, Form, Html, Inside, Posted, page};

use identity::confirm;

use crate::setting_list::{GROUPS, Group, Known, group, needs_proof, save as save_group};

struct Tab {
    href: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "admin_settings.html")]
struct SettingsPage {
    chrome: Chrome,
    tabs: Vec<Tab>,
    action: String,
    version: i32,
    form: Form,
    fields: Vec<Field>,
    may_edit: bool,
    /// What a password needs stands beside what is set about signing in: it is not set here.
    about_passwords: bool,
    title: String,
    history: Vec<Saved>,
}

struct Saved {
    version: i32,
    at: Html,
    reason: String,
    values: String,
}

pub(super) async fn index(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(Permission::ViewSetting)?;
    let first = GROUPS.first().map_or("", |(name, _)| name);
    Ok(Redirect::to(&format!("/admin/settings/{first}")).into_response())
}

pub(super) async fn show(Inside(ctx): Inside, Path(name): Path<String>) -> ApiResult<Response> {
    let found = group(&ctx.app, &ctx.actor, &name).await?;
    let mut form = Form::new(&ctx.chrome);
    for (setting, value) in &found.values {
        form = form.with(setting.name().1, value.clone());
    }
    settings_page(&ctx, &found, form).await
}

pub(super) async fn save(Inside(ctx): Inside, Path(name): Path<String>, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(platform::settings::permission_for(&name))?;
    if needs_proof(&name)
        && let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/settings/{name}")).await?
    {
        return Ok(question);
    }
    let version = posted.parse("version").unwrap_or(-1);
    let reason = posted.get("reason");
    match save_group(&ctx.app, &ctx.actor, &name, version, reason, |key| posted.get(key)).await {
        Ok(_) => Ok(ctx.done(&format!("/admin/settings/{name}"), "saved")),
        Err(error) if error.kind != ErrorKind::Internal && error.kind != ErrorKind::NotFound => {
            refused(&ctx, &name, &posted, &error).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(ctx: &Ctx, name: &str, posted: &Posted, error: &AppError) -> ApiResult<Response> {
    let found = group(&ctx.app, &ctx.actor, name).await?;
    let form = Form::posted(&ctx.chrome, posted).refused(error);
    let mut response = settings_page(ctx, &found, form).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

async fn settings_page(ctx: &Ctx, found: &Group, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let newest = PageQuery { page: 1, per_page: 20 };
    let saved = crate::setting_list::history(&ctx.app, &ctx.actor, found.name, newest).await?;
    let history = saved.data.into_iter().map(|row| Saved {
        version: row.version,
        at: chrome.when(row.effective_from),
        reason: row.reason,
        values: row
            .values
            .iter()
            .map(|(key, value)| said(&chrome, found.name, key, value))
            .collect::<Vec<_>>()
            .join(", "),
    });
    let history = history.collect();
    let tabs = GROUPS.iter().map(|(name, _)| Tab {
        href: format!("/admin/settings/{name}"),
        label: chrome.word("setting-group", name),
        current: *name == found.name,
    });
    // Kept elsewhere, on pages of their own.
    let clients = ctx.actor.can(Permission::ManageOauthClient).then(|| Tab {
        href: "/admin/settings/clients".to_owned(),
        label: chrome.t("clients-title"),
        current: false,
    });
    let keys = ctx.actor.can(Permission::ManageEncryptionKey).then(|| Tab {
        href: "/admin/encryption".to_owned(),
        label: chrome.t("encryption-title"),
        current: false,
    });
    let fields = found.values.iter().map(|(setting, _)| field(&chrome, &form, setting));
    page(&SettingsPage {
        tabs: tabs.chain(clients).chain(keys).collect(),
        action: format!("/admin/settings/{}", found.name),
        version: found.version,
        fields: fields.collect(),
        may_edit: ctx.actor.can(platform::settings::permission_for(found.name)),
        history,
        about_passwords: found.name == "auth",
        title: chrome.word("setting-group", found.name),
        form,
        chrome,
    })
}

/// A value that was saved, in words.
fn said(chrome: &Chrome, group: &str, key: &str, value: impl Display) -> String {
    format!("{}: {value}", chrome.word("setting", format!("{group}_{key}")))
}

fn field(chrome: &Chrome, form: &Form, setting: &Known) -> Field {
    let (group, key) = setting.name();
    let label = chrome.word("setting", format!("{group}_{key}"));
    match setting {
        Known::Range(_, least, most) => {
            let hint = chrome.tw("setting-range", "range", format!("{least}–{most}"));
            form.number(key, label).min(*least).max(*most).hint(hint).required()
        }
        Known::Number(_) => form.number(key, label).min(0).max(1_000_000).required(),
        Known::Percent(_) => form.amount(key, label).suffix("%").required(),
        Known::Switch(_) => form.tick(key, label),
        Known::Text(_) => form.text(key, label).maxlength(200),
        Known::Line(..) => {
            form.text(key, label).hint(chrome.word("setting-shape", format!("{group}_{key}"))).maxlength(64)
        }
        Known::Shaped(..) => form.area(key, label).hint(chrome.word("setting-shape", format!("{group}_{key}"))).rows(3),
    }
}
