//! Personal tokens on the pages of clinics and staff.

use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::response::Response;
use kernel::{AppError, ErrorKind, PageQuery};
use platform::App;
use platform::web::routing::{get, handled, post};
use platform::web::{ApiResult, Path, status_of};
use ui::{Choice, Chrome, Ctx, Form, Html, Inside, Posted, page};

use super::confirm;
use crate::oauth::metadata::scope_key;
use crate::rules::scopes;
use crate::service::personal::{self, NewToken, PersonalToken};

struct Line {
    id: String,
    name: String,
    scopes: String,
    ends: String,
    used: Html,
    signed: bool,
}

struct Shown {
    base: String,
    form: Form,
    scopes: Vec<Choice>,
    days: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "tokens_provider.html")]
struct ProviderTokens {
    chrome: Chrome,
    tokens: Shown,
}

#[derive(Template)]
#[template(path = "tokens_admin.html")]
struct AdminTokens {
    chrome: Chrome,
    tokens: Shown,
}

#[derive(Template)]
#[template(path = "secret_once.html")]
pub(super) struct SecretPage {
    pub chrome: Chrome,
    pub heading: String,
    pub text: String,
    /// Name and value of what is to be copied.
    pub values: Vec<(String, String)>,
    pub next: String,
}

pub(super) fn routes() -> Router<App> {
    let mut router = Router::new();
    for portal in ["/provider", "/admin"] {
        router = router
            .route(&format!("{portal}/account/tokens"), get(show).post(handled(create)))
            .route(&format!("{portal}/account/tokens/{{id}}/revoke"), post(revoke));
    }
    router
}

fn base(ctx: &Ctx) -> String {
    format!("{}/account/tokens", ctx.chrome.portal.home())
}

/// Every scope as a choice with its meaning.
pub(super) fn scope_choices(chrome: &Chrome) -> Vec<Choice> {
    scopes::catalogue()
        .map(|scope| Choice::new(scope.as_str(), chrome.t(scope_key(&scope))).hint(scope.as_str()))
        .collect()
}

async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome).with("expires_in_days", "30");
    tokens_page(&ctx, form).await
}

async fn tokens_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let all = personal::list(&ctx.app, &ctx.actor, PageQuery { page: 1, per_page: 100 }).await?;
    let line = |token: PersonalToken| Line {
        id: token.id,
        name: token.name,
        scopes: token.scopes.into_iter().collect::<Vec<_>>().join(" · "),
        ends: chrome.tw("tokens-ends", "date", chrome.day(token.expires_at)),
        used: token.last_used_at.map(|at| chrome.when(at)).unwrap_or_default(),
        signed: token.signed,
    };
    let tokens = Shown {
        base: base(ctx),
        scopes: scope_choices(&chrome),
        days: [7, 30, 60, 90]
            .map(|days: i64| Choice::new(days.to_string(), chrome.tn("tokens-days", "days", days)))
            .into(),
        lines: all.data.into_iter().map(line).collect(),
        form,
    };
    match ctx.chrome.portal {
        ui::Portal::Admin => page(&AdminTokens { chrome, tokens }),
        _ => page(&ProviderTokens { chrome, tokens }),
    }
}

async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(response) = confirm::ask(&ctx, &posted, &base(&ctx)).await? {
        return Ok(response);
    }
    let new = NewToken {
        name: posted.get("name").to_owned(),
        scopes: posted.all("scopes").into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
        days: posted.parse("expires_in_days").unwrap_or_default(),
    };
    match personal::create(&ctx.app, &ctx.actor, new).await {
        Ok(made) => page(&SecretPage {
            heading: ctx.chrome.t("tokens-made"),
            text: ctx.chrome.t("tokens-made-text"),
            values: vec![(made.token.name, made.secret.into_inner())],
            next: base(&ctx),
            chrome: ctx.chrome.clone(),
        }),
        Err(error) => refused(&ctx, &posted, error).await,
    }
}

async fn refused(ctx: &Ctx, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let mut response = tokens_page(ctx, Form::posted(&ctx.chrome, posted).refused(&error)).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

async fn revoke(Inside(ctx): Inside, Path(id): Path<String>, _: Posted) -> ApiResult<Response> {
    match personal::revoke(&ctx.app, &ctx.actor, &id).await {
        // Pressed twice: it has ended either way.
        Ok(()) => Ok(ctx.done(&base(&ctx), "token-revoked")),
        Err(error) => Err(error.into()),
    }
}
