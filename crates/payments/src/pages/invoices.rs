//! What patients owe, for staff: at risk and overdue on top.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ids::QuoteId;
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::words;
use crate::queries::invoices::{self as queries, InvoiceFilter, InvoiceLine, InvoiceStanding};
use crate::service::invoices::{self, InvoiceBadge, StatusOverride};

const LIST: &str = "/admin/invoices";

struct Line {
    id: QuoteId,
    href: String,
    reference: String,
    patient: String,
    clinic: String,
    total: String,
    due: String,
    due_on: String,
    state: Badge,
    overridden: Option<Badge>,
    why: String,
    reminded: Option<Html>,
    is_due: bool,
    /// What was typed and refused: the badge and the reason.
    typed: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "pay_invoices.html")]
struct InvoicesPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    standings: Vec<Choice>,
    badges: Vec<Choice>,
    lines: Vec<Line>,
    may_remind: bool,
    may_override: bool,
}

fn badge(chrome: &Chrome, badge: InvoiceBadge) -> Badge {
    let tone = if badge == InvoiceBadge::WrittenOff { Tone::Calm } else { Tone::Warn };
    Badge::new(tone, chrome.word("invoice-badge", badge.word()))
}

fn line(chrome: &Chrome, row: &InvoiceLine, typed: Option<(String, String)>) -> Line {
    Line {
        id: row.id,
        href: format!("/admin/bookings/{}", row.id),
        reference: row.booking_reference.clone(),
        patient: format!("{} · {}", row.patient_name, row.patient_code.as_deref().unwrap_or_default()),
        clinic: row.provider_name.clone(),
        total: chrome.money(row.total),
        due: chrome.money(row.due),
        due_on: row.due_on.map(|day| chrome.date(day)).unwrap_or_default(),
        state: words::state_badge(chrome, row.state),
        overridden: row.overridden.as_ref().map(|it| badge(chrome, it.badge)),
        why: row.overridden.as_ref().map(|it| it.reason.clone()).unwrap_or_default(),
        reminded: row.reminded_at.map(|at| chrome.when(at)),
        is_due: row.due.amount.is_positive(),
        typed,
    }
}

async fn invoices_page(ctx: &Ctx, form: Form, refused: Option<QuoteId>, status: StatusCode) -> ApiResult<Response> {
    let filter = InvoiceFilter {
        standing: InvoiceStanding::from_word(&ctx.asked("standing")),
        q: Some(ctx.asked("q")).filter(|text| !text.is_empty()),
    };
    let found = queries::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let standing = |it: InvoiceStanding| Choice::new(it.word(), chrome.word("invoice-standing", it.word()));
    let word = |it: InvoiceBadge| Choice::new(it.word(), chrome.word("invoice-badge", it.word()));
    let typed = |id: QuoteId| {
        let is_it = refused == Some(id) && !form.value("reason").is_empty();
        is_it.then(|| (form.value("badge").to_owned(), form.value("reason").to_owned()))
    };
    let none = Choice::new("none", chrome.t("invoice-badge-none"));
    let mut response = page(&InvoicesPage {
        list: ListView::new(chrome, &found.meta),
        standings: InvoiceStanding::ALL.into_iter().skip(1).map(standing).collect(),
        badges: InvoiceBadge::ALL.into_iter().map(word).chain([none]).collect(),
        lines: found.data.iter().map(|row| line(chrome, row, typed(row.id))).collect(),
        may_remind: ctx.actor.can(Permission::SendPaymentReminder),
        may_override: ctx.actor.can(Permission::ProcessPayout),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    invoices_page(&ctx, form, None, StatusCode::OK).await
}

async fn answer(
    ctx: &Ctx,
    (id, posted): (QuoteId, &Posted),
    outcome: AppResult<()>,
    done: &str,
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done_in(LIST, posted, done)),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid | ErrorKind::TooMany) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            invoices_page(ctx, form, Some(id), status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remind(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = invoices::remind(&ctx.app, &ctx.actor, id).await;
    answer(&ctx, (id, &posted), outcome, "invoice-reminded").await
}

fn wanted(posted: &Posted) -> AppResult<StatusOverride> {
    let badge = match posted.get("badge") {
        "none" => None,
        word => {
            let known = InvoiceBadge::ALL.into_iter().find(|badge| badge.word() == word);
            Some(known.ok_or_else(|| AppError::field("badge", "unknown_value", "Choose what the badge says."))?)
        }
    };
    Ok(StatusOverride { badge, reason: posted.get("reason").to_owned() })
}

pub(super) async fn override_status(
    Inside(ctx): Inside,
    Path(id): Path<QuoteId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ProcessPayout)?;
    if let Some(question) = confirm::ask(&ctx, &posted, LIST).await? {
        return Ok(question);
    }
    let outcome = match wanted(&posted) {
        Ok(ask) => invoices::override_status(&ctx.app, &ctx.actor, id, &ask).await,
        Err(error) => Err(error),
    };
    answer(&ctx, (id, &posted), outcome, "invoice-overridden").await
}
