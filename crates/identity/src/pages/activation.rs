//! An affiliate follows the link of its mail and chooses a password.
//!
//! The token stands behind `#`, as with other invitations; see [`super::invitation`].

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{AppError, ErrorKind};
use platform::web::{ApiResult, status_of};
use ui::{Chrome, Ctx, Form, Html, Posted, page};

use super::forgot::raw;
use super::invitation::token_of;
use crate::activation::{self, Asks, Invited, SetUp};
use crate::consents::{Given, PatientConsentChannel};

#[derive(Template)]
#[template(path = "activation.html")]
struct ActivationPage {
    chrome: Chrome,
    form: Form,
}

#[derive(Template)]
#[template(path = "activation_set_up.html")]
struct ActivationSetUpPage {
    chrome: Chrome,
    form: Form,
    invited: Invited,
    until: Html,
}

#[derive(Template)]
#[template(path = "activation_over.html")]
struct ActivationOverPage {
    chrome: Chrome,
    form: Form,
    /// The account is open: signing in is what is left.
    is_used: bool,
    /// The link that ended, to ask for its successor.
    token: String,
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    page(&ActivationPage { chrome: ctx.chrome, form })
}

fn with_status(mut response: Response, error: &AppError) -> Response {
    *response.status_mut() = status_of(error.kind);
    response
}

/// What cannot be used: a link that ended leads to a new one, a used one to the sign-in, an unknown one back.
fn ended(ctx: &Ctx, error: &AppError, token: String) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    if matches!(error.code.as_ref(), "activation_expired" | "activation_used") {
        let is_used = error.code == "activation_used";
        let form = Form::new(&chrome);
        return Ok(with_status(page(&ActivationOverPage { chrome, form, is_used, token })?, error));
    }
    let unknown = AppError::field("token", "invitation_unknown", "This code opens no invitation.");
    let form = Form::new(&chrome).refused(if error.kind == ErrorKind::NotFound { &unknown } else { error });
    Ok(with_status(page(&ActivationPage { chrome, form })?, error))
}

fn set_up(ctx: &Ctx, invited: Invited, form: Form) -> ApiResult<Response> {
    let until = ctx.chrome.when(invited.expires_at);
    page(&ActivationSetUpPage { chrome: ctx.chrome.clone(), form, invited, until })
}

pub(super) async fn look_up(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let token = token_of(&posted);
    match activation::lookup(&ctx.app, &token).await {
        Ok(invited) => {
            let form = Form::new(&ctx.chrome).with("token", token);
            set_up(&ctx, invited, form)
        }
        Err(error) if error.kind != ErrorKind::Internal => ended(&ctx, &error, token),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn accept(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let token = token_of(&posted);
    let form = SetUp {
        password: raw(&posted, "password"),
        password_confirmation: raw(&posted, "password_confirmation"),
        terms_accepted: posted.ticked("terms_accepted"),
        given: Given { locale: ctx.locale(), channel: PatientConsentChannel::Web },
    };
    match activation::activate(&ctx.app, &ctx.actor, &token, &form).await {
        Ok(()) => Ok(ctx.done("/affiliate/login", "activated")),
        Err(error) if error.kind == ErrorKind::Invalid => {
            let invited = activation::lookup(&ctx.app, &token).await?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(with_status(set_up(&ctx, invited, form)?, &error))
        }
        Err(error) if error.kind != ErrorKind::Internal => ended(&ctx, &error, token),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn resend(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let token = token_of(&posted);
    let asks = if token.is_empty() { Asks::Email(posted.get("email").to_owned()) } else { Asks::Token(token.clone()) };
    match activation::request_link(&ctx.app, &ctx.actor, &asks, ctx.locale()).await {
        Ok(()) => Ok(ctx.done("/affiliate/activate", "link-sent")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let chrome = ctx.chrome.clone();
            let form = Form::posted(&chrome, &posted).refused(&error);
            let mut response = page(&ActivationOverPage { chrome, form, is_used: false, token })?;
            *response.status_mut() = match error.kind {
                ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                kind => status_of(kind),
            };
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
