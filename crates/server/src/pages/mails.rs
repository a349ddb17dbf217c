//! The mails of a demonstration, instead of a mailbox.

use askama::Template;
use axum::response::Response;
use platform::locale;
use platform::web::{ApiResult, Path};
use ui::{Chrome, Ctx, page};

struct Line {
    href: String,
    to: String,
    subject: String,
    at: String,
}

#[derive(Template)]
#[template(path = "mails.html")]
struct Mails {
    chrome: Chrome,
    mails: Vec<Line>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct OneMail {
    chrome: Chrome,
    to: String,
    subject: String,
    at: String,
    text: String,
}

pub(super) async fn list(ctx: Ctx) -> ApiResult<Response> {
    let (app, lang, chrome) = (&ctx.app, ctx.locale(), ctx.chrome.clone());
    let mails = app.mailer.list(200).await?.unwrap_or_default();
    let line = |mail: platform::mail::StoredMail| Line {
        href: format!("/demo/mails/{}", mail.id),
        to: mail.to,
        subject: mail.subject,
        at: locale::datetime(lang, mail.sent_at, chrono_tz::UTC),
    };
    page(&Mails { chrome, mails: mails.into_iter().map(line).collect() })
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<String>) -> ApiResult<Response> {
    let (app, lang, chrome) = (&ctx.app, ctx.locale(), ctx.chrome.clone());
    let mail = app.mailer.read(&id).await?;
    page(&OneMail {
        chrome,
        to: mail.to,
        subject: mail.subject,
        at: locale::datetime(lang, mail.sent_at, chrono_tz::UTC),
        text: mail.text,
    })
}
