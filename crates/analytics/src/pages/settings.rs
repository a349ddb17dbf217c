//! Settings staff change at run time.

use std::fmt::Display;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AppError, ErrorKind, PageQuery, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Field, Form, Html, Inside, Posted, page};

use identity::confirm;

use crate::setting_effect::{self, SettingEffect};
use crate::setting_list::{self, GROUPS, Group, Known, group, needs_proof, save as save_group};

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
    /// What the values would mean, where the group is about money.
    effect: Vec<(String, String)>,
    has_effect: bool,
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
    let currencies = Tab { href: "/admin/settings/currencies".to_owned(), label: chrome.t("fx-title"), current: false };
    let commission =
        Tab { href: "/admin/settings/commission".to_owned(), label: chrome.t("commission-title"), current: false };
    let accounts =
        Tab { href: "/admin/settings/gateway-accounts".to_owned(), label: chrome.t("gateway-title"), current: false };
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
    // What stands in the form, typed or saved; faulty values have no effect to show.
    let effect =
        setting_list::preview(&ctx.app, &ctx.actor, found.name, |key| form.value(key)).await.unwrap_or_default();
    let effect = effect_lines(&chrome, &effect);
    let fields = found.values.iter().map(|(setting, _)| field(&chrome, &form, setting));
    page(&SettingsPage {
        tabs: tabs.chain([currencies, commission, accounts]).chain(clients).chain(keys).collect(),
        action: format!("/admin/settings/{}", found.name),
        version: found.version,
        fields: fields.collect(),
        may_edit: ctx.actor.can(platform::settings::permission_for(found.name)),
        history,
        about_passwords: found.name == "auth",
        title: chrome.word("setting-group", found.name),
        effect,
        has_effect: setting_effect::has_one(found.name),
        form,
        chrome,
    })
}

/// Shows what typed values would mean; nothing is saved.
pub(super) async fn preview(Inside(ctx): Inside, Path(name): Path<String>, posted: Posted) -> ApiResult<Response> {
    let found = group(&ctx.app, &ctx.actor, &name).await?;
    let form = Form::posted(&ctx.chrome, &posted);
    match setting_list::preview(&ctx.app, &ctx.actor, &name, |key| posted.get(key)).await {
        Ok(_) => settings_page(&ctx, &found, form).await,
        Err(error) => refused(&ctx, &name, &posted, &error).await,
    }
}

fn effect_lines(chrome: &Chrome, effect: &SettingEffect) -> Vec<(String, String)> {
    let money = |key: &str, money: Option<kernel::Money>| Some((chrome.t(key), chrome.money(money?)));
    let day = |key: &str, day: Option<chrono::NaiveDate>| Some((chrome.t(key), chrome.date(day?)));
    let mut lines: Vec<(String, String)> = [
        money("effect-deposit", effect.deposit),
        money("effect-balance", effect.balance),
        day("effect-balance-due", effect.balance_due_on),
        day("effect-statement", effect.statement_on),
        day("effect-payout", effect.payout_on),
    ]
    .into_iter()
    .flatten()
    .collect();
    let refund = |row: &crate::setting_effect::RefundEffect| {
        (chrome.tn("effect-refund", "days", row.days_before), chrome.money(row.refund))
    };
    lines.extend(effect.refunds.iter().map(refund));
    let plan = |row: &crate::setting_effect::PlanEffect| {
        let parts = [chrome.money(row.first), chrome.money(row.last)];
        let [first, last] = &parts;
        let value = if row.first == row.last { first.clone() } else { format!("{first} … {last}") };
        (chrome.tn("effect-plan", "count", i64::from(row.count)), value)
    };
    lines.extend(effect.plans.iter().map(plan));
    if lines.is_empty() && effect.price.is_some() {
        lines.push((chrome.t("effect-no-plan"), String::new()));
    }
    lines
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
        Known::Percent(_, least, most) => {
            let hint = chrome.tw("setting-range", "range", format!("{least}–{most}"));
            form.amount(key, label).suffix("%").hint(hint).required()
        }
        Known::Switch(_) => form.tick(key, label),
        Known::Text(_) => form.text(key, label).maxlength(200),
        Known::Line(..) => {
            form.text(key, label).hint(chrome.word("setting-shape", format!("{group}_{key}"))).maxlength(64)
        }
        Known::Shaped(..) => form.area(key, label).hint(chrome.word("setting-shape", format!("{group}_{key}"))).rows(3),
    }
}
