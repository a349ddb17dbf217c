//! "That was not me": the old address of an account objects to the new one (R-ID-30).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ErrorKind;
use platform::web::{ApiResult, status_of};
use ui::{Chrome, Ctx, Form, Posted, page};

use super::forgot::{door, new_password_due};
use crate::service::email_change;

#[derive(Template)]
#[template(path = "dispute_email.html")]
struct DisputePage {
    chrome: Chrome,
    action: String,
    form: Form,
}

/// The secret of the link stands behind `#` and so in no log. Opening the link changes nothing yet: programs that look
/// into mails open links too.
pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    // Links of mails that were sent before: three days they are good.
    let form = Form::new(&ctx.chrome).with_some("token", Some(ctx.asked("token")).filter(|token| !token.is_empty()));
    dispute_page(&ctx, form, StatusCode::OK)
}

fn dispute_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let (_, base) = door(ctx);
    let mut response =
        page(&DisputePage { chrome: ctx.chrome.clone(), action: format!("{base}/dispute-email"), form })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn submit(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    let (guard, _) = door(&ctx);
    match email_change::dispute(&ctx.app, &ctx.actor, guard, posted.get("token")).await {
        Ok(ticket) => new_password_due(&ctx, ticket.expose(), false),
        Err(error) if error.kind != ErrorKind::Internal => {
            let status = status_of(error.kind);
            let form = Form::posted(&ctx.chrome, &posted);
            let form = match &*error.code {
                "code_invalid" => form.refused(&kernel::AppError::invalid("dispute_too_late", "")),
                _ => form.refused(&error),
            };
            dispute_page(&ctx, form, status)
        }
        Err(error) => Err(error.into()),
    }
}
