//! Closing a clinic: the owner's page, and the staff's.

use askama::Template;
use axum::response::Response;
use directory::entity::provider_deletion_requests::ProviderDeletionRequestStatus as Status;
use identity::confirm;
use kernel::ids::ProviderDeletionRequestId;
use kernel::{AppError, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::service::closing::{self, Bound, Closing};

const OWN: &str = "/provider/closing";
const BASE: &str = "/admin/privacy/clinics";

struct Line {
    href: String,
    clinic: String,
    clinic_href: String,
    status: Badge,
    requested: Html,
    due: String,
    late: bool,
    reason: String,
    note: String,
    is_pending: bool,
}

#[derive(Template)]
#[template(path = "clinic_closing.html")]
struct OwnPage {
    chrome: Chrome,
    line: Option<Line>,
    may_ask: bool,
    bound: Bound,
    is_bound: bool,
    form: Form,
}

#[derive(Template)]
#[template(path = "admin_closings.html")]
struct ClosingsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "admin_closing.html")]
struct ClosingPage {
    chrome: Chrome,
    line: Line,
    bound: Bound,
    is_bound: bool,
    form: Form,
}

fn line(chrome: &Chrome, row: Closing) -> Line {
    let tone = match row.status {
        Status::Pending => Tone::Info,
        Status::Approved => Tone::Good,
        Status::Rejected => Tone::Calm,
    };
    let is_pending = row.status == Status::Pending;
    Line {
        href: format!("{BASE}/{}", row.id),
        clinic: row.clinic,
        clinic_href: format!("/admin/clinics/{}", row.provider_id),
        status: Badge::new(tone, chrome.word("closing", word(&row.status))),
        requested: chrome.when(row.requested_at),
        due: chrome.date(row.due_on),
        late: is_pending && row.due_on < chrome.now.date_naive(),
        reason: row.reason.unwrap_or_default(),
        note: row.note.unwrap_or_default(),
        is_pending,
    }
}

fn is_for_the_form(error: &AppError) -> bool {
    !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) && error.code != "forbidden"
}

pub(super) async fn show_own(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    own_page(&ctx, form).await
}

async fn own_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let (found, bound) = closing::own(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    let line = found.map(|row| line(&chrome, row));
    let may_ask = line.as_ref().is_none_or(|line| !line.is_pending);
    page(&OwnPage { line, may_ask, bound, is_bound: bound != Bound::default(), form, chrome })
}

pub(super) async fn request(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = confirm::ask(&ctx, &posted, OWN).await? {
        return Ok(question);
    }
    match closing::request(&ctx.app, &ctx.actor, posted.given("reason")).await {
        Ok(_) => Ok(ctx.done(OWN, "closing-requested")),
        Err(error) if is_for_the_form(&error) => {
            let mut response = own_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let pending = ctx.asked("status") != "all";
    let found = closing::list(&ctx.app, &ctx.actor, pending, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&ClosingsPage {
        list: ListView::new(&chrome, &found.meta),
        states: vec![Choice::new("all", chrome.t("dsr-all"))],
        lines: found.data.into_iter().map(|row| line(&chrome, row)).collect(),
        chrome,
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<ProviderDeletionRequestId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    one_page(&ctx, id, form).await
}

async fn one_page(ctx: &Ctx, id: ProviderDeletionRequestId, form: Form) -> ApiResult<Response> {
    let (row, bound) = closing::show(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome.clone();
    page(&ClosingPage { line: line(&chrome, row), bound, is_bound: bound != Bound::default(), form, chrome })
}

pub(super) async fn approve(
    inside: Inside,
    id: Path<ProviderDeletionRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    decide(inside, id, posted, true).await
}

pub(super) async fn reject(inside: Inside, id: Path<ProviderDeletionRequestId>, posted: Posted) -> ApiResult<Response> {
    decide(inside, id, posted, false).await
}

async fn decide(
    Inside(ctx): Inside,
    Path(id): Path<ProviderDeletionRequestId>,
    posted: Posted,
    approves: bool,
) -> ApiResult<Response> {
    let here = format!("{BASE}/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &here).await? {
        return Ok(question);
    }
    match closing::decide(&ctx.app, &ctx.actor, id, approves, posted.get("justification")).await {
        Ok(()) => Ok(ctx.done(&here, if approves { "closing-approved" } else { "closing-rejected" })),
        Err(error) if is_for_the_form(&error) => {
            let mut response = one_page(&ctx, id, Form::posted(&ctx.chrome, &posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
