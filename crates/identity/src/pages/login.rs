//! The sign-in pages of the portals: password, then the code of the authenticator app, or its set-up.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AppError, ErrorKind, Guard, Secret};
use platform::App;
use platform::web::{ApiResult, Who};
use ui::{Chrome, Ctx, Form, Html, Portal, Posted, local_path, page};

use super::{qr, resume};
use crate::auth::{Credentials, Entered, Factor, browser_login, cleared_cookie, finish_login, session_cookie};
use crate::service::mfa::{self, Enroller, Enrolment};
use crate::service::sessions::{Carrier, Tokens};

/// The portal somebody signs in to, and where they go from there.
struct Door {
    ctx: Ctx,
    guard: Guard,
    /// The page they came for.
    next: String,
    /// What they had typed when their session ended, sealed.
    resume: String,
}

impl Door {
    fn new(ctx: Ctx, next: &str, resume: &str) -> Self {
        let guard = ctx.chrome.portal.guard().unwrap_or(Guard::Patient);
        let portal = Portal::of(guard);
        let wanted = local_path(next, portal.home());
        // A page of another portal would only ask to sign in again. A program that asks for consent knows its portal.
        let next =
            if Portal::of_path(&wanted) == portal || is_consent(&wanted) { wanted } else { portal.home().to_owned() };
        Self { ctx, guard, next, resume: resume.to_owned() }
    }

    fn of(ctx: Ctx, posted: &Posted) -> Self {
        Self::new(ctx, posted.get("next"), posted.get("resume"))
    }

    fn portal(&self) -> Portal {
        Portal::of(self.guard)
    }

    fn form(&self) -> Form {
        let form = Form::new(&self.ctx.chrome).with("next", self.next.clone());
        if self.resume.is_empty() { form } else { form.with("resume", self.resume.clone()) }
    }

    fn action(&self, step: &str) -> String {
        format!("{}{step}", self.portal().login())
    }

    /// Sets the session and goes on: to what was typed before, else to the page wanted.
    fn enter(&self, tokens: &Tokens) -> ApiResult<Response> {
        let answer = match resume::open(&self.ctx.app, &self.resume) {
            Some(kept) => resume::page_of(&self.ctx.chrome, kept, self.portal())?,
            // The consent may lead on to the program itself, and browsers let no form lead there by redirects.
            None if is_consent(&self.next) => {
                page(&OnwardPage { chrome: self.ctx.chrome.clone(), next: self.next.clone() })?
            }
            None => Redirect::to(&self.next).into_response(),
        };
        self.with_session(tokens, answer)
    }

    fn with_session(&self, tokens: &Tokens, mut answer: Response) -> ApiResult<Response> {
        answer.headers_mut().append(header::SET_COOKIE, session_cookie(&self.ctx.app, tokens)?);
        Ok(answer)
    }
}

/// Whether somebody comes from a program that asks to act for them.
fn is_consent(path: &str) -> bool {
    path.starts_with("/oauth/authorize?")
}

#[derive(Template)]
#[template(path = "login_onward.html")]
struct OnwardPage {
    chrome: Chrome,
    next: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    chrome: Chrome,
    heading: &'static str,
    for_patients: bool,
    again: bool,
    action: String,
    /// Where a forgotten password is replaced.
    forgot: &'static str,
    form: Form,
}

#[derive(Template)]
#[template(path = "login_code.html")]
struct CodePage {
    chrome: Chrome,
    action: String,
    form: Form,
}

#[derive(Template)]
#[template(path = "login_set_up.html")]
pub(super) struct SetUpPage {
    pub chrome: Chrome,
    pub action: String,
    pub form: Form,
    pub secret: String,
    pub qr: Html,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
pub(super) struct RecoveryCodesPage {
    pub chrome: Chrome,
    pub codes: Vec<String>,
    pub next: String,
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let next = ctx.asked("next");
    let door = Door::new(ctx, &next, "");
    if door.ctx.actor.guard() == Some(door.guard) {
        return Ok(Redirect::to(&door.next).into_response());
    }
    login_page(&door, door.form(), StatusCode::OK)
}

/// The sign-in in place of a form whose session is over; what was typed goes along.
pub(super) fn again(ctx: Ctx, resume: String) -> ApiResult<Response> {
    let door = Door::new(ctx, "", &resume);
    login_page(&door, door.form(), StatusCode::UNAUTHORIZED)
}

fn login_page(door: &Door, form: Form, status: StatusCode) -> ApiResult<Response> {
    let shown = LoginPage {
        chrome: door.ctx.chrome.clone(),
        heading: door.portal().name_key(),
        for_patients: door.guard == Guard::Patient,
        again: !door.resume.is_empty(),
        action: door.action(""),
        forgot: match door.guard {
            Guard::Patient => "/forgot",
            Guard::Provider => "/provider/forgot",
            Guard::Api => "/admin/forgot",
            Guard::Affiliate => "/affiliate/forgot",
        },
        form,
    };
    let mut response = page(&shown)?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn submit(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let door = Door::of(ctx, &posted);
    let password = posted.0.iter().find(|(name, _)| name == "password").map(|(_, value)| value.clone());
    let credentials = Credentials {
        login: posted.get("login").to_owned(),
        password: Secret::new(password.unwrap_or_default()),
        device: Some("Browser".into()),
    };
    match browser_login(&door.ctx.app, &door.ctx.actor, door.guard, credentials).await {
        Ok(Entered::Session(tokens)) => door.enter(&tokens),
        Ok(Entered::MfaRequired { ticket }) => code_page(&door, &ticket, None),
        Ok(Entered::EnrolmentRequired { ticket }) => {
            let who = Enroller::Ticket(door.guard, ticket.clone());
            let enrolment = mfa::enrol(&door.ctx.app, &door.ctx.actor, &who).await?;
            set_up_page(&door, &ticket, &enrolment, None)
        }
        Ok(Entered::ResetRequired { ticket }) => super::forgot::new_password_due(&door.ctx, &ticket, true),
        // The address was never proven: on to where its code is entered.
        Err(error) if error.code == "email_unverified" && error.extra.contains_key("registration_token") => {
            let token = error.extra.get("registration_token").and_then(|token| token.as_str()).unwrap_or_default();
            super::sign_up::resume(&door.ctx, token, &door.next)
        }
        // A refusal is shown beside the fields; what was typed stays, but never the password.
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = door.form().with("login", posted.get("login")).refused(&error);
            login_page(&door, form, platform::web::status_of(error.kind))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn submit_code(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let door = Door::of(ctx, &posted);
    let factor = factor_of(posted.given("recovery_code").unwrap_or_else(|| posted.get("code")));
    let ticket = posted.get("ticket").to_owned();
    let carrier = (Carrier::Cookie, Some("Browser".to_owned()));
    match finish_login(&door.ctx.app, &door.ctx.actor, door.guard, (&ticket, &factor), carrier).await {
        Ok(tokens) => door.enter(&tokens),
        Err(error) if error.kind != ErrorKind::Internal => code_page(&door, &ticket, Some(error)),
        Err(error) => Err(error.into()),
    }
}

/// Six digits are a code of the app, anything else is a recovery code.
pub(super) fn factor_of(typed: &str) -> Factor {
    let given: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let is_totp = given.len() == 6 && given.bytes().all(|b| b.is_ascii_digit());
    if is_totp { Factor::Totp(given) } else { Factor::Recovery(given) }
}

pub(super) async fn submit_set_up(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let door = Door::of(ctx, &posted);
    let ticket = posted.get("ticket").to_owned();
    let who = Enroller::Ticket(door.guard, ticket.clone());
    let carrier = (Carrier::Cookie, Some("Browser".to_owned()));
    match mfa::confirm(&door.ctx.app, &door.ctx.actor, &who, posted.get("code"), carrier).await {
        Ok(done) => {
            let shown = RecoveryCodesPage {
                chrome: door.ctx.chrome.clone(),
                codes: done.recovery_codes,
                next: door.next.clone(),
            };
            let codes = page(&shown)?;
            match done.tokens {
                Some(tokens) => door.with_session(&tokens, codes),
                None => Ok(codes),
            }
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            // A set-up that is over begins again with the password.
            let Ok(enrolment) = mfa::pending(&door.ctx.app, &door.ctx.actor, &who).await else {
                let form = door.form().refused(&error);
                return login_page(&door, form, platform::web::status_of(error.kind));
            };
            set_up_page(&door, &ticket, &enrolment, Some(error))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn logout(State(app): State<App>, Who(actor): Who, _: Posted) -> ApiResult<Response> {
    let login = actor.guard().map_or("/", |guard| Portal::of(guard).login());
    if actor.is_signed_in() {
        crate::auth::logout(&app, &actor).await?;
    }
    let mut response = Redirect::to(login).into_response();
    response.headers_mut().append(header::SET_COOKIE, cleared_cookie());
    response.headers_mut().append(header::SET_COOKIE, crate::impersonation::cleared_cookie());
    Ok(response)
}

fn with_fault(form: Form, error: Option<&AppError>) -> (Form, StatusCode) {
    match error {
        Some(error) => (form.refused(error), platform::web::status_of(error.kind)),
        None => (form, StatusCode::OK),
    }
}

fn code_page(door: &Door, ticket: &str, error: Option<AppError>) -> ApiResult<Response> {
    let (form, status) = with_fault(door.form().with("ticket", ticket), error.as_ref());
    let mut response = page(&CodePage { chrome: door.ctx.chrome.clone(), action: door.action("/code"), form })?;
    *response.status_mut() = status;
    Ok(response)
}

fn set_up_page(door: &Door, ticket: &str, enrolment: &Enrolment, error: Option<AppError>) -> ApiResult<Response> {
    let (form, status) = with_fault(door.form().with("ticket", ticket), error.as_ref());
    let action = door.action("/set-up");
    let chrome = door.ctx.chrome.clone();
    let qr = qr::svg(&enrolment.otpauth_uri, &chrome.t("login-set-up-qr"))?;
    let mut response = page(&SetUpPage { chrome, action, form, secret: enrolment.secret.clone(), qr })?;
    *response.status_mut() = status;
    Ok(response)
}
