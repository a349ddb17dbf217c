//! Gateway accounts, as staff keep them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ids::{GatewayAccountId, LocationPreferenceId};
use kernel::{AppError, AppResult, ErrorKind, Permission, Secret};
use platform::config::Gateway;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use crate::entity::gateway_accounts::{GatewayAccountMode as Mode, GatewayAccountStatus as Status};
use crate::service::account_settings::{
    self as accounts, GatewayAccountChange, GatewayAccountView, Keys, NewGatewayAccount, Routing,
};

const LIST: &str = "/admin/settings/gateway-accounts";
const MODES: [Mode; 2] = [Mode::Test, Mode::Live];

struct Line {
    href: String,
    name: String,
    about: String,
    countries: String,
    mode: Badge,
    state: Badge,
    fallback: Option<Badge>,
    tested: Option<Html>,
}

#[derive(Template)]
#[template(path = "pay_accounts.html")]
struct AccountsPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "pay_account.html")]
struct AccountPage {
    chrome: Chrome,
    form: Form,
    /// The account; none while one is made.
    line: Option<Line>,
    action: String,
    webhook_url: String,
    version: i32,
    modes: Vec<Choice>,
    groups: Vec<Choice>,
    currencies: Vec<Choice>,
    /// Whether keys can be typed here.
    takes_keys: bool,
    /// Whether an account without keys can be made: the simulator's.
    plays: bool,
    overlap: bool,
    may_edit: bool,
}

fn line(chrome: &Chrome, row: &GatewayAccountView) -> Line {
    let tone = match row.status {
        Status::Active => Tone::Good,
        Status::Failing => Tone::Bad,
        Status::Inactive => Tone::Calm,
    };
    let live = if row.mode == Mode::Live { Tone::Good } else { Tone::Calm };
    let countries: Vec<_> = row.countries.iter().map(|code| chrome.country(code, "")).collect();
    Line {
        href: format!("{LIST}/{}", row.id),
        name: row.name.clone(),
        about: match row.is_configured {
            true => format!("{} · {}", chrome.word("gateway", row.gateway), chrome.t("gateway-configured")),
            false => chrome.word("gateway", row.gateway),
        },
        countries: countries.join(", "),
        mode: Badge::new(live, chrome.word("gateway-mode", row.mode.to_value())),
        state: Badge::new(tone, chrome.word("gateway-state", row.status.to_value())),
        fallback: row.is_fallback.then(|| Badge::new(Tone::Info, chrome.t("gateway-fallback"))),
        tested: row.last_tested_at.map(|at| chrome.when(at)),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = accounts::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    page(&AccountsPage {
        list: ListView::new(chrome, &found.meta),
        lines: found.data.iter().map(|row| line(chrome, row)).collect(),
        may_edit: ctx.actor.can(Permission::ConfigurePaymentSetting),
        chrome: chrome.clone(),
    })
}

/// The groups of countries that can be mapped.
async fn groups(ctx: &Ctx) -> AppResult<Vec<Choice>> {
    let rows = accounts::groups(&ctx.app, &ctx.actor).await?;
    Ok(rows.into_iter().map(|row| Choice::new(row.id.to_string(), row.name.unwrap_or_default())).collect())
}

async fn account_page(
    ctx: &Ctx,
    row: Option<&GatewayAccountView>,
    form: Form,
    error: Option<&AppError>,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    // Also what the account has and what was switched off since: leaving it out would widen the account to everything.
    let mut enabled = catalogue::fx::enabled(ctx.app.db.conn()).await?;
    for code in row.iter().flat_map(|row| &row.currencies) {
        if !enabled.contains(code) {
            enabled.push(*code);
        }
    }
    let plays = matches!(ctx.app.config.payments.gateway, Gateway::Simulator);
    let mode = |mode: Mode| Choice::new(mode.to_value(), chrome.word("gateway-mode", mode.to_value()));
    let form = match error {
        Some(error) => form.refused(error),
        None => form,
    };
    let mut response = page(&AccountPage {
        line: row.map(|row| line(chrome, row)),
        action: row.map_or_else(|| format!("{LIST}/new"), |row| format!("{LIST}/{}", row.id)),
        webhook_url: row.map(|row| row.webhook_url.clone()).unwrap_or_default(),
        version: row.map_or(0, |row| row.version),
        modes: MODES.map(mode).into(),
        groups: groups(ctx).await?,
        currencies: enabled.iter().map(|code| Choice::new(code.code(), code.code())).collect(),
        takes_keys: row.is_none_or(|row| !row.is_configured && row.gateway == crate::gateway::stripe::NAME),
        plays,
        overlap: error.is_some_and(|error| error.code == "overlap") || form.holds("takes_over", "true"),
        may_edit: ctx.actor.can(Permission::ConfigurePaymentSetting),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    Ok(response)
}

fn filled(chrome: &Chrome, row: &GatewayAccountView) -> Form {
    let mut form = Form::new(chrome).with("countries", row.countries.join(", "));
    for group in &row.region_groups {
        form = form.with("region_groups", group.to_string());
    }
    for currency in &row.currencies {
        form = form.with("currencies", currency.code());
    }
    if row.is_fallback {
        form = form.with("is_fallback", "true");
    }
    if row.status != Status::Inactive {
        form = form.with("is_active", "true");
    }
    form
}

pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ConfigurePaymentSetting)?;
    let form = Form::new(&ctx.chrome).with("mode", "test");
    account_page(&ctx, None, form, None).await
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<GatewayAccountId>) -> ApiResult<Response> {
    let row = accounts::show(&ctx.app, &ctx.actor, id).await?;
    let form = filled(&ctx.chrome, &row);
    account_page(&ctx, Some(&row), form, None).await
}

fn routing(posted: &Posted) -> AppResult<Routing> {
    let words = |text: &str| -> Vec<String> {
        text.split([',', ';', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let mut groups: Vec<LocationPreferenceId> = Vec::new();
    for id in posted.all("region_groups") {
        groups.push(id.parse().map_err(|_| AppError::field("region_groups", "unknown_value", "Choose groups."))?);
    }
    let mut currencies = Vec::new();
    for code in posted.all("currencies") {
        currencies
            .push(code.parse().map_err(|_| AppError::field("currencies", "unknown_value", "Choose currencies."))?);
    }
    Ok(Routing {
        countries: words(posted.get("countries")),
        region_groups: groups,
        currencies,
        is_fallback: posted.ticked("is_fallback"),
    })
}

/// Keys that were typed; none where all three are empty.
fn keys(posted: &Posted) -> Option<Keys> {
    let said = |name: &str| posted.get(name).trim().to_owned();
    let (public_key, secret, webhook) = (said("public_key"), said("secret_key"), said("webhook_secret"));
    let any = !(public_key.is_empty() && secret.is_empty() && webhook.is_empty());
    any.then(|| Keys { public_key, secret_key: Secret::new(secret), webhook_secret: Secret::new(webhook) })
}

fn is_sayable(error: &AppError) -> bool {
    matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid | ErrorKind::Unavailable)
}

async fn try_create(ctx: &Ctx, posted: &Posted) -> AppResult<GatewayAccountId> {
    let mode = MODES.into_iter().find(|mode| mode.to_value() == posted.get("mode"));
    let new = NewGatewayAccount {
        name: posted.get("name").to_owned(),
        keys: keys(posted),
        mode: mode.ok_or_else(|| AppError::field("mode", "unknown_value", "Choose the mode."))?,
        routing: routing(posted)?,
        takes_over: posted.ticked("takes_over"),
        reason: posted.get("reason").to_owned(),
    };
    accounts::create(&ctx.app, &ctx.actor, &new).await
}

pub(super) async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ConfigurePaymentSetting)?;
    if let Some(question) = confirm::ask(&ctx, &posted, LIST).await? {
        return Ok(question);
    }
    match try_create(&ctx, &posted).await {
        Ok(id) => Ok(ctx.done(&format!("{LIST}/{id}"), "gateway-made")),
        Err(error) if is_sayable(&error) => {
            account_page(&ctx, None, Form::posted(&ctx.chrome, &posted), Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn try_change(ctx: &Ctx, id: GatewayAccountId, posted: &Posted) -> AppResult<()> {
    let ask = GatewayAccountChange {
        version: posted.parse("version")?,
        routing: routing(posted)?,
        keys: keys(posted),
        is_active: posted.ticked("is_active"),
        takes_over: posted.ticked("takes_over"),
        reason: posted.get("reason").to_owned(),
    };
    accounts::change(&ctx.app, &ctx.actor, id, &ask).await
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<GatewayAccountId>, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(Permission::ConfigurePaymentSetting)?;
    let row = accounts::show(&ctx.app, &ctx.actor, id).await?;
    let here = format!("{LIST}/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &here).await? {
        return Ok(question);
    }
    match try_change(&ctx, id, &posted).await {
        Ok(()) => Ok(ctx.done(&here, "saved")),
        Err(error) if is_sayable(&error) => {
            account_page(&ctx, Some(&row), Form::posted(&ctx.chrome, &posted), Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn test(Inside(ctx): Inside, Path(id): Path<GatewayAccountId>, _: Posted) -> ApiResult<Response> {
    let here = format!("{LIST}/{id}");
    match accounts::test(&ctx.app, &ctx.actor, id).await {
        Ok(true) => Ok(ctx.done(&here, "gateway-works")),
        Ok(false) => Ok(ctx.done(&here, "gateway-fails")),
        Err(error) if is_sayable(&error) => {
            let row = accounts::show(&ctx.app, &ctx.actor, id).await?;
            let form = filled(&ctx.chrome, &row);
            account_page(&ctx, Some(&row), form, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
