//! Whoever was invited comes in here.
//!
//! The link of the mail carries its token behind `#`: browsers do not send that part, so it stands in no log, no proxy and
//! no referrer. The script of the page puts it into the field; without script the reader pastes the code of the mail.

use askama::Template;
use axum::response::Response;
use kernel::{ErrorKind, Guard, Secret};
use platform::web::{ApiResult, status_of};
use ui::{Chrome, Ctx, Form, Html, Posted, page};

use crate::consents::{Given, PatientConsentChannel};
use crate::service::invitations::accept::{self, SetUp, Welcome};

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    chrome: Chrome,
    form: Form,
}

#[derive(Template)]
#[template(path = "invitation_set_up.html")]
struct InvitedPage {
    chrome: Chrome,
    form: Form,
    welcome: Welcome,
    until: Html,
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    page(&InvitationPage { chrome: ctx.chrome, form })
}

/// The code, also when somebody pasted the whole link.
pub(super) fn token_of(posted: &Posted) -> String {
    let text = posted.get("token");
    text.rsplit('#').next().unwrap_or_default().trim().to_owned()
}

fn ended(ctx: &Ctx, error: &kernel::AppError) -> ApiResult<Response> {
    // What was wrong stands in words; a code that is over need not be shown again.
    let error = match error.kind {
        ErrorKind::NotFound => {
            &kernel::AppError::field("token", "invitation_unknown", "This code opens no invitation.")
        }
        _ => error,
    };
    let form = Form::new(&ctx.chrome).refused(error);
    let mut response = page(&InvitationPage { chrome: ctx.chrome.clone(), form })?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

fn set_up(ctx: &Ctx, welcome: Welcome, form: Form) -> ApiResult<Response> {
    let until = ctx.chrome.when(welcome.expires_at);
    page(&InvitedPage { chrome: ctx.chrome.clone(), form, welcome, until })
}

pub(super) async fn look_up(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let token = token_of(&posted);
    match accept::lookup(&ctx.app, &token, ctx.locale()).await {
        Ok(welcome) => {
            let form = Form::new(&ctx.chrome)
                .with("token", token)
                .with("first_name", welcome.first_name.clone())
                .with("last_name", welcome.last_name.clone());
            set_up(&ctx, welcome, form)
        }
        Err(error) if error.kind != ErrorKind::Internal => ended(&ctx, &error),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn accept(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let token = token_of(&posted);
    // Blanks at the ends of a password are part of it.
    let raw =
        |name: &str| posted.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let form = SetUp {
        first_name: posted.get("first_name").to_owned(),
        last_name: posted.get("last_name").to_owned(),
        phone_number: posted.given("phone_number").map(str::to_owned),
        password: Secret::new(raw("password")),
        password_confirmation: Secret::new(raw("password_confirmation")),
        terms_accepted: posted.ticked("terms_accepted"),
        given: Given { locale: ctx.locale(), channel: PatientConsentChannel::Web },
    };
    match accept::accept(&ctx.app, &ctx.actor, &token, form).await {
        Ok(joined) if joined.guard == Guard::Provider => Ok(ctx.done("/provider/login", "joined")),
        Ok(_) => Ok(ctx.done("/admin/login", "joined")),
        Err(error) if error.kind != ErrorKind::Internal => match accept::lookup(&ctx.app, &token, ctx.locale()).await {
            Ok(welcome) => {
                let form = Form::posted(&ctx.chrome, &posted).refused(&error);
                let mut response = set_up(&ctx, welcome, form)?;
                *response.status_mut() = status_of(error.kind);
                Ok(response)
            }
            Err(_) => ended(&ctx, &error),
        },
        Err(error) => Err(error.into()),
    }
}
