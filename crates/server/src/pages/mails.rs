//! The mails of a demonstration, instead of a mailbox.

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use platform::App;
use platform::locale;
use platform::web::{ApiResult, CsrfToken, Lang, Path, Who};
use ui::{Chrome, page};

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

pub(super) async fn list(
    State(app): State<App>,
    Who(actor): Who,
    Lang(lang): Lang,
    csrf: CsrfToken,
    OriginalUri(uri): OriginalUri,
) -> ApiResult<Response> {
    let chrome = Chrome::new(lang, &actor, uri.path(), csrf.field(&app));
    let mails = app.mailer.list(200).await?.unwrap_or_default();
    let line = |mail: platform::mail::StoredMail| Line {
        href: format!("/demo/mails/{}", mail.id),
        to: mail.to,
        subject: mail.subject,
        at: locale::datetime(lang, mail.sent_at, chrono_tz::UTC),
    };
    page(&Mails { chrome, mails: mails.into_iter().map(line).collect() })
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    Lang(lang): Lang,
    csrf: CsrfToken,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let chrome = Chrome::new(lang, &actor, uri.path(), csrf.field(&app));
    let mail = app.mailer.read(&id).await?;
    page(&OneMail {
        chrome,
        to: mail.to,
        subject: mail.subject,
        at: locale::datetime(lang, mail.sent_at, chrono_tz::UTC),
        text: mail.text,
    })
}
