//! Currencies and exchange rates, as staff keep them.

use askama::Template;
use axum::response::Response;
use identity::confirm;
use kernel::{AppError, AppResult, Currency, Permission};
use platform::web::{ApiResult, Path};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::{refused, sayable};
use crate::entity::currencies::{CurrencyFxMode as Mode, CurrencyFxStatus as Status};
use crate::feed::Source;
use crate::service::currencies::{self, CurrencySwitch, CurrencyView, PairChange, Rate, SYNC_HOURS};

const HOME: &str = "/admin/settings/currencies";

struct Line {
    code: Currency,
    name: String,
    state: Badge,
    rate: String,
    how: String,
    at: Option<Html>,
    is_default: bool,
}

#[derive(Template)]
#[template(path = "cat_currencies.html")]
struct CurrenciesPage {
    chrome: Chrome,
    lines: Vec<Line>,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "cat_currency.html")]
struct CurrencyPage {
    chrome: Chrome,
    form: Form,
    switch: Form,
    line: Line,
    enabled: bool,
    version: i32,
    modes: Vec<Choice>,
    sources: Vec<Choice>,
    hours: Vec<Choice>,
}

fn line(chrome: &Chrome, view: &CurrencyView) -> Line {
    let (tone, word) = match (view.enabled, view.status) {
        (false, _) => (Tone::Calm, "off"),
        _ if view.is_default => (Tone::Good, "default"),
        (true, Status::Active) => (Tone::Good, "active"),
        (true, Status::Failing) => (Tone::Bad, "failing"),
        (true, Status::Inactive) => (Tone::Warn, "none"),
    };
    let how = match (view.mode, &view.source) {
        (Some(Mode::Auto), Some(source)) => {
            let args =
                [("source", chrome.word("fx-source", source).into()), ("hours", i64::from(view.sync_hours).into())];
            platform::locale::tr(chrome.locale, "fx-how-auto", &args)
        }
        (Some(_), _) => chrome.t("fx-how-manual"),
        (None, _) => String::new(),
    };
    Line {
        code: view.code,
        name: view.name.clone(),
        state: Badge::new(tone, chrome.word("fx-state", word)),
        rate: view.base_rate.map(|rate| rate.to_string()).unwrap_or_default(),
        how,
        at: view.fetched_at.map(|at| chrome.when(at)),
        is_default: view.is_default,
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let all = currencies::list(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    page(&CurrenciesPage {
        lines: all.iter().map(|view| line(&chrome, view)).collect(),
        may_edit: ctx.actor.can(Permission::ConfigurePaymentSetting),
        chrome,
    })
}

async fn of(ctx: &Ctx, code: &str) -> AppResult<CurrencyView> {
    let all = currencies::list(&ctx.app, &ctx.actor).await?;
    ctx.actor.require(Permission::ConfigurePaymentSetting)?;
    all.into_iter().find(|view| view.code.code() == code).ok_or_else(AppError::not_found)
}

fn currency_page(ctx: &Ctx, view: &CurrencyView, form: Form, switch: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let sources = Source::all(&ctx.app);
    let mut modes = vec![Choice::new("manual", chrome.t("fx-mode-manual"))];
    if !sources.is_empty() {
        modes.push(Choice::new("auto", chrome.t("fx-mode-auto")));
    }
    page(&CurrencyPage {
        line: line(&chrome, view),
        enabled: view.enabled,
        version: view.version,
        modes,
        sources: sources
            .into_iter()
            .map(|source| Choice::new(source.word(), chrome.word("fx-source", source.word())))
            .collect(),
        hours: SYNC_HOURS
            .iter()
            .map(|hours| Choice::new(hours.to_string(), chrome.tn("fx-hours", "count", i64::from(*hours))))
            .collect(),
        form,
        switch,
        chrome,
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(code): Path<String>) -> ApiResult<Response> {
    let view = of(&ctx, &code).await?;
    let (form, switch) = (filled(&ctx, &view), Form::new(&ctx.chrome));
    currency_page(&ctx, &view, form, switch)
}

/// The form of a pair as it stands.
fn filled(ctx: &Ctx, view: &CurrencyView) -> Form {
    let mode = if view.mode == Some(Mode::Auto) { "auto" } else { "manual" };
    Form::new(&ctx.chrome)
        .with("mode", mode)
        .with_some("base_rate", view.base_rate.map(|rate| rate.to_string()))
        .with_some("source", view.source.clone())
        .with("sync_hours", view.sync_hours.to_string())
        .with("markup_percent", view.markup_percent.normalize().to_string())
        .with("alert_percent", view.alert_percent.normalize().to_string())
}

fn number<T: std::str::FromStr>(posted: &Posted, name: &'static str) -> AppResult<T> {
    let wrong = |_| AppError::field(name, "invalid", "This value is not valid.");
    posted.get(name).trim().replace(',', ".").parse().map_err(wrong)
}

fn change(posted: &Posted, code: String) -> AppResult<PairChange> {
    let rate = match posted.get("mode") {
        "auto" => Rate::Auto { source: posted.get("source").to_owned(), sync_hours: number(posted, "sync_hours")? },
        _ => Rate::Manual { base_rate: number(posted, "base_rate")? },
    };
    Ok(PairChange {
        code,
        version: posted.parse("version")?,
        rate,
        markup_percent: Some(number(posted, "markup_percent")?),
        alert_percent: number(posted, "alert_percent")?,
        reason: posted.get("reason").to_owned(),
    })
}

pub(super) async fn save(Inside(ctx): Inside, Path(code): Path<String>, posted: Posted) -> ApiResult<Response> {
    let view = of(&ctx, &code).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("{HOME}/{code}")).await? {
        return Ok(question);
    }
    let outcome = match change(&posted, view.code.to_string()) {
        Ok(change) => currencies::set_pair(&ctx.app, &ctx.actor, &change).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(HOME, "fx-saved")),
        Err(error) => {
            let error = sayable(error)?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let switch = Form::new(&ctx.chrome);
            Ok(refused(currency_page(&ctx, &view, form, switch)?, &error))
        }
    }
}

pub(super) async fn switch(Inside(ctx): Inside, Path(code): Path<String>, posted: Posted) -> ApiResult<Response> {
    let view = of(&ctx, &code).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("{HOME}/{code}")).await? {
        return Ok(question);
    }
    let outcome = match posted.parse("version") {
        Ok(version) => {
            let reason = posted.get("switch_reason").to_owned();
            let ask =
                CurrencySwitch { code: view.code.to_string(), version, enabled: posted.ticked("enabled"), reason };
            currencies::switch(&ctx.app, &ctx.actor, &ask).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(HOME, "fx-switched")),
        Err(error) => {
            let mut error = sayable(error)?;
            if let Some(faults) = error.fields.0.remove("reason") {
                error.fields.0.insert("switch_reason".to_owned(), faults);
            }
            let switch = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(refused(currency_page(&ctx, &view, filled(&ctx, &view), switch)?, &error))
        }
    }
}

/// Who comes back to the address of the switch finds the page it stands on.
pub(super) async fn back(Inside(ctx): Inside, Path(code): Path<String>) -> ApiResult<Response> {
    show(Inside(ctx), Path(code)).await
}
