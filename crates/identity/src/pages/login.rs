//! The sign-in pages of the portals: password, then the code of the authenticator app, or its set-up.

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, AppError, ErrorKind, Guard, Secret};
use platform::App;
use platform::locale::{Locale, error_sentence};
use platform::web::{ApiResult, CsrfForm, CsrfToken, Lang, Who};
use serde::Deserialize;
use ui::{Chrome, Portal, page};

use crate::auth::{Credentials, Entered, Factor, browser_login, cleared_cookie, finish_login, session_cookie};
use crate::service::mfa::{self, Enroller};
use crate::service::sessions::{Carrier, Tokens};

/// Everything a sign-in page needs around its fields.
struct Place {
    app: App,
    actor: Actor,
    locale: Locale,
    csrf: String,
    path: String,
}

impl Place {
    fn guard(&self) -> Guard {
        Portal::of_path(&self.path).guard().unwrap_or(Guard::Patient)
    }

    fn portal(&self) -> Portal {
        Portal::of(self.guard())
    }

    fn chrome(&self) -> Chrome {
        Chrome::new(self.locale, &self.actor, &self.path, self.csrf.clone())
    }
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    chrome: Chrome,
    heading: String,
    action: String,
    login: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "login_code.html")]
struct CodePage {
    chrome: Chrome,
    action: String,
    ticket: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "login_set_up.html")]
struct SetUpPage {
    chrome: Chrome,
    action: String,
    ticket: String,
    secret: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct RecoveryCodesPage {
    chrome: Chrome,
    codes: Vec<String>,
    home: &'static str,
}

/// What somebody signs in with.
#[derive(Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
}

/// The second step.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    code: String,
    /// The secret shown at the set-up, so that a wrong code does not lose it.
    #[serde(default)]
    secret: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    csrf: CsrfToken,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    let place = Place { csrf: csrf.field(&app), app, actor, locale, path: uri.path().to_owned() };
    if place.actor.guard() == Some(place.guard()) {
        return Ok(Redirect::to(place.portal().home()).into_response());
    }
    login_page(&place, String::new(), None)
}

pub(super) async fn submit(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    csrf: CsrfToken,
    OriginalUri(uri): OriginalUri,
    CsrfForm(form): CsrfForm<LoginForm>,
) -> ApiResult<Response> {
    let place = Place { csrf: csrf.field(&app), app, actor, locale, path: uri.path().to_owned() };
    let credentials =
        Credentials { login: form.login.clone(), password: Secret::new(form.password), device: Some("Browser".into()) };
    match browser_login(&place.app, &place.actor, place.guard(), credentials).await {
        Ok(Entered::Session(tokens)) => signed_in(&place, &tokens, Redirect::to(place.portal().home()).into_response()),
        Ok(Entered::MfaRequired { ticket }) => code_page(&place, ticket, None),
        Ok(Entered::EnrolmentRequired { ticket }) => {
            let who = Enroller::Ticket(place.guard(), ticket.clone());
            let enrolment = mfa::enrol(&place.app, &place.actor, &who).await?;
            set_up_page(&place, ticket, enrolment.secret, None)
        }
        // A refusal is shown beside the fields; what was typed stays, but never the password.
        Err(error) if error.kind != ErrorKind::Internal => login_page(&place, form.login, Some(error)),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn submit_code(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    csrf: CsrfToken,
    OriginalUri(uri): OriginalUri,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> ApiResult<Response> {
    let place = Place { csrf: csrf.field(&app), app, actor, locale, path: uri.path().to_owned() };
    let digits: String = form.code.chars().filter(|c| !c.is_whitespace()).collect();
    let is_totp = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
    let factor = if is_totp { Factor::Totp(digits) } else { Factor::Recovery(digits) };
    let carrier = (Carrier::Cookie, Some("Browser".to_owned()));
    match finish_login(&place.app, &place.actor, place.guard(), (&form.ticket, &factor), carrier).await {
        Ok(tokens) => signed_in(&place, &tokens, Redirect::to(place.portal().home()).into_response()),
        Err(error) if error.kind != ErrorKind::Internal => code_page(&place, form.ticket, Some(error)),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn submit_set_up(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    csrf: CsrfToken,
    OriginalUri(uri): OriginalUri,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> ApiResult<Response> {
    let place = Place { csrf: csrf.field(&app), app, actor, locale, path: uri.path().to_owned() };
    let who = Enroller::Ticket(place.guard(), form.ticket.clone());
    let carrier = (Carrier::Cookie, Some("Browser".to_owned()));
    match mfa::confirm(&place.app, &place.actor, &who, form.code.trim(), carrier).await {
        Ok(done) => {
            let home = place.portal().home();
            let codes = page(&RecoveryCodesPage { chrome: place.chrome(), codes: done.recovery_codes, home })?;
            match done.tokens {
                Some(tokens) => signed_in(&place, &tokens, codes),
                None => Ok(codes),
            }
        }
        Err(error) if error.kind != ErrorKind::Internal => set_up_page(&place, form.ticket, form.secret, Some(error)),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn logout(
    State(app): State<App>,
    Who(actor): Who,
    CsrfForm(_): CsrfForm<std::collections::HashMap<String, String>>,
) -> ApiResult<Response> {
    let login = actor.guard().map_or("/", |guard| Portal::of(guard).login());
    if actor.is_signed_in() {
        crate::auth::logout(&app, &actor).await?;
    }
    Ok(([(header::SET_COOKIE, cleared_cookie())], Redirect::to(login)).into_response())
}

fn signed_in(place: &Place, tokens: &Tokens, mut response: Response) -> ApiResult<Response> {
    response.headers_mut().append(header::SET_COOKIE, session_cookie(&place.app, tokens)?);
    Ok(response)
}

fn sentence(place: &Place, error: Option<&AppError>) -> Option<String> {
    error.map(|error| error_sentence(place.locale, error))
}

fn with_status(mut response: Response, error: Option<&AppError>) -> Response {
    if let Some(error) = error {
        *response.status_mut() = match platform::web::status_of(error.kind) {
            // A browser would open its own dialog.
            StatusCode::UNAUTHORIZED => StatusCode::UNPROCESSABLE_ENTITY,
            status => status,
        };
    }
    response
}

fn login_page(place: &Place, login: String, error: Option<AppError>) -> ApiResult<Response> {
    let chrome = place.chrome();
    let shown = LoginPage {
        heading: chrome.t(place.portal().name_key()),
        action: place.portal().login().to_owned(),
        chrome,
        login,
        error: sentence(place, error.as_ref()),
    };
    Ok(with_status(page(&shown)?, error.as_ref()))
}

fn code_page(place: &Place, ticket: String, error: Option<AppError>) -> ApiResult<Response> {
    let action = format!("{}/code", place.portal().login());
    let shown = CodePage { chrome: place.chrome(), action, ticket, error: sentence(place, error.as_ref()) };
    Ok(with_status(page(&shown)?, error.as_ref()))
}

fn set_up_page(place: &Place, ticket: String, secret: String, error: Option<AppError>) -> ApiResult<Response> {
    let action = format!("{}/set-up", place.portal().login());
    let shown = SetUpPage { chrome: place.chrome(), action, ticket, secret, error: sentence(place, error.as_ref()) };
    Ok(with_status(page(&shown)?, error.as_ref()))
}
