//! A forgotten password in three steps: the address, the six digits, the new password. And the link that sets the
//! first one.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use kernel::{AppError, ErrorKind, Guard, Sealed, Secret};
use platform::App;
use platform::web::{ApiResult, status_of};
use serde::{Deserialize, Serialize};
use ui::{Chrome, Ctx, Form, Html, Portal, Posted, page};

use crate::admin;
use crate::auth::session_cookie;
use crate::service::password_reset;
use crate::service::sessions::Carrier;

/// Holds what the steps know, sealed: the address, then the ticket.
const COOKIE: &str = "hl_reset";

/// Between the steps.
#[derive(Default, Serialize, Deserialize)]
struct Way {
    guard: String,
    email: String,
    ticket: Option<String>,
    /// The new password was demanded at a sign-in.
    demanded: bool,
}

impl Way {
    fn of(app: &App, jar: &CookieJar, guard: Guard) -> Option<Self> {
        let sealed = Sealed::<String>::from_ciphertext(jar.get(COOKIE)?.value());
        let way: Self = serde_json::from_str(&app.keys.open(&sealed).ok()?).ok()?;
        (way.guard == guard.name()).then_some(way)
    }
}

#[derive(Template)]
#[template(path = "forgot.html")]
struct ForgotPage {
    chrome: Chrome,
    heading: &'static str,
    action: String,
    /// Where staff ask for a link to set their first password.
    link: String,
    login: &'static str,
    form: Form,
}

#[derive(Template)]
#[template(path = "forgot_code.html")]
struct ForgotCodePage {
    chrome: Chrome,
    address: String,
    base: &'static str,
    form: Form,
    /// When the next code may be asked for.
    wait: Html,
}

#[derive(Template)]
#[template(path = "forgot_new.html")]
struct NewPasswordPage {
    chrome: Chrome,
    lead: &'static str,
    action: String,
    login: &'static str,
    /// The secret comes with the link of a mail.
    by_link: bool,
    form: Form,
}

#[derive(Template)]
#[template(path = "forgot_link.html")]
struct LinkPage {
    chrome: Chrome,
    action: String,
    login: &'static str,
    form: Form,
}

/// The guard of the portal, and where its pages begin. Patients' pages have no prefix.
pub(super) fn door(ctx: &Ctx) -> (Guard, &'static str) {
    match ctx.chrome.portal {
        Portal::Provider => (Guard::Provider, "/provider"),
        Portal::Admin => (Guard::Api, "/admin"),
        Portal::Affiliate => (Guard::Affiliate, "/affiliate"),
        _ => (Guard::Patient, ""),
    }
}

/// Whether a path leads to people who cannot sign in: forms there belong to no session.
pub(super) fn is_open(path: &str) -> bool {
    ["/forgot", "/set-password", "/dispute-email", "/activate"].iter().any(|open| {
        ["", "/provider", "/admin", "/affiliate"].iter().any(|base| path.starts_with(&format!("{base}{open}")))
    })
}

fn with_way(ctx: &Ctx, way: Option<&Way>, mut response: Response) -> ApiResult<Response> {
    let secure = if ctx.app.config.http.secure_cookies { "; Secure" } else { "" };
    let (value, age) = match way {
        Some(way) => {
            let text = serde_json::to_string(way).map_err(AppError::internal)?;
            (ctx.app.keys.seal(&text).ciphertext().to_owned(), 3600)
        }
        None => (String::new(), 0),
    };
    let text = format!("{COOKIE}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    let value = HeaderValue::from_str(&text).map_err(AppError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

fn with_status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    forgot_page(&ctx, form)
}

fn forgot_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let (guard, base) = door(ctx);
    let portal = Portal::of(guard);
    let (heading, login) = (portal.name_key(), portal.login());
    let (action, link) = (format!("{base}/forgot"), format!("{base}/set-password/link"));
    page(&ForgotPage { chrome: ctx.chrome.clone(), heading, action, link, login, form })
}

pub(super) async fn submit(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    let email = posted.get("email").to_owned();
    match password_reset::forgot(&ctx.app, &ctx.actor, guard, &email, ctx.locale()).await {
        Ok(()) => {
            let way = Way { guard: guard.name().to_owned(), email, ..Way::default() };
            with_way(&ctx, Some(&way), Redirect::to(&format!("{base}/forgot/code")).into_response())
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(with_status(forgot_page(&ctx, form)?, status_of(error.kind)))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show_code(ctx: Ctx, jar: CookieJar) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    match Way::of(&ctx.app, &jar, guard) {
        Some(way) if way.ticket.is_none() => {
            let form = Form::new(&ctx.chrome);
            code_page(&ctx, way, form).await
        }
        _ => Ok(Redirect::to(&format!("{base}/forgot")).into_response()),
    }
}

async fn code_page(ctx: &Ctx, way: Way, form: Form) -> ApiResult<Response> {
    let (_, base) = door(ctx);
    let wait = ctx.chrome.code_wait(password_reset::wait(&ctx.app, &way.email).await?);
    page(&ForgotCodePage { chrome: ctx.chrome.clone(), address: way.email, base, form, wait })
}

pub(super) async fn submit_code(ctx: Ctx, jar: CookieJar, posted: Posted) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    let Some(way) = Way::of(&ctx.app, &jar, guard) else {
        return Ok(Redirect::to(&format!("{base}/forgot")).into_response());
    };
    let code: String = posted.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    match password_reset::verify(&ctx.app, &ctx.actor, guard, &way.email, &code).await {
        Ok(ticket) => {
            let way = Way { ticket: Some(ticket.expose().clone()), ..way };
            with_way(&ctx, Some(&way), Redirect::to(&format!("{base}/forgot/new")).into_response())
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error.on_field("code"));
            Ok(with_status(code_page(&ctx, way, form).await?, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn resend(ctx: Ctx, jar: CookieJar, _: Posted) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    let Some(way) = Way::of(&ctx.app, &jar, guard) else {
        return Ok(Redirect::to(&format!("{base}/forgot")).into_response());
    };
    match password_reset::forgot(&ctx.app, &ctx.actor, guard, &way.email, ctx.locale()).await {
        Ok(()) => Ok(ctx.done(&format!("{base}/forgot/code"), "code-sent")),
        Err(error) if error.kind == ErrorKind::TooMany => {
            let form = Form::new(&ctx.chrome).refused(&error);
            Ok(with_status(code_page(&ctx, way, form).await?, StatusCode::TOO_MANY_REQUESTS))
        }
        Err(error) => Err(error.into()),
    }
}

/// Leads somebody whose account needs a new password to the choice of one.
pub(super) fn new_password_due(ctx: &Ctx, ticket: &str, demanded: bool) -> ApiResult<Response> {
    let (guard, base) = door(ctx);
    let guard = guard.name().to_owned();
    let way = Way { guard, ticket: Some(ticket.to_owned()), demanded, ..Way::default() };
    with_way(ctx, Some(&way), Redirect::to(&format!("{base}/forgot/new")).into_response())
}

pub(super) async fn show_new(ctx: Ctx, jar: CookieJar) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    match Way::of(&ctx.app, &jar, guard).filter(|way| way.ticket.is_some()) {
        Some(way) => {
            let form = Form::new(&ctx.chrome);
            new_page(&ctx, lead(&way), format!("{base}/forgot/new"), form)
        }
        None => Ok(Redirect::to(&format!("{base}/forgot")).into_response()),
    }
}

fn lead(way: &Way) -> &'static str {
    if way.demanded { "forgot-new-demanded" } else { "forgot-new-lead" }
}

fn new_page(ctx: &Ctx, lead: &'static str, action: String, form: Form) -> ApiResult<Response> {
    let login = Portal::of(door(ctx).0).login();
    let by_link = action.ends_with("/set-password");
    page(&NewPasswordPage { chrome: ctx.chrome.clone(), lead, action, login, by_link, form })
}

/// A password as it was typed: blanks at its ends are part of it.
pub(super) fn raw(posted: &Posted, name: &str) -> Secret<String> {
    let value = posted.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Secret::new(value.unwrap_or_default())
}

pub(super) async fn submit_new(ctx: Ctx, jar: CookieJar, posted: Posted) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    let Some(way) = Way::of(&ctx.app, &jar, guard) else {
        return Ok(Redirect::to(&format!("{base}/forgot")).into_response());
    };
    let ticket = way.ticket.clone().unwrap_or_default();
    let (given, confirmation) = (raw(&posted, "password"), raw(&posted, "password_confirmation"));
    let how = (Carrier::Cookie, Some("Browser".to_owned()));
    match password_reset::reset(&ctx.app, &ctx.actor, guard, &ticket, (&given, &confirmation), how).await {
        Ok(Some(tokens)) => {
            let mut response = ctx.done(Portal::of(guard).home(), "password-reset");
            response.headers_mut().append(header::SET_COOKIE, session_cookie(&ctx.app, &tokens)?);
            with_way(&ctx, None, response)
        }
        Ok(None) => with_way(&ctx, None, ctx.done(Portal::of(guard).login(), "password-reset")),
        Err(error) if error.code == "code_invalid" => {
            let form = Form::new(&ctx.chrome).refused(&AppError::invalid("reset_too_late", ""));
            with_way(&ctx, None, with_status(forgot_page(&ctx, form)?, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(with_status(new_page(&ctx, lead(&way), format!("{base}/forgot/new"), form)?, status_of(error.kind)))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show_first(ctx: Ctx) -> ApiResult<Response> {
    let (_, base) = door(&ctx);
    // Links of mails that were sent before the secret stood behind `#`.
    let form = Form::new(&ctx.chrome).with_some("token", Some(ctx.asked("token")).filter(|token| !token.is_empty()));
    new_page(&ctx, "set-password-lead", format!("{base}/set-password"), form)
}

pub(super) async fn submit_first(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    let (given, confirmation) = (raw(&posted, "password"), raw(&posted, "password_confirmation"));
    let passwords = (&given, &confirmation);
    match admin::set_password(&ctx.app, &ctx.actor, guard, posted.get("token"), passwords).await {
        Ok(()) => Ok(ctx.done(Portal::of(guard).login(), "password-set")),
        Err(error) if error.code == "code_invalid" => {
            let form = Form::new(&ctx.chrome).refused(&AppError::invalid("link_too_late", ""));
            Ok(with_status(link_page(&ctx, form)?, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let shown = new_page(&ctx, "set-password-lead", format!("{base}/set-password"), form)?;
            Ok(with_status(shown, status_of(error.kind)))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show_link(ctx: Ctx) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    link_page(&ctx, form)
}

fn link_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let (guard, base) = door(ctx);
    let login = Portal::of(guard).login();
    page(&LinkPage { chrome: ctx.chrome.clone(), action: format!("{base}/set-password/link"), login, form })
}

pub(super) async fn submit_link(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let (guard, base) = door(&ctx);
    match password_reset::request_link(&ctx.app, &ctx.actor, guard, posted.get("email"), ctx.locale()).await {
        Ok(()) => Ok(ctx.done(&format!("{base}/set-password/link"), "link-sent")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(with_status(link_page(&ctx, form)?, status_of(error.kind)))
        }
        Err(error) => Err(error.into()),
    }
}
