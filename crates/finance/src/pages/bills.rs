//! Statements as staff approve and look after them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use identity::confirm;
use kernel::ids::ProviderBillId;
use kernel::{AppError, AppResult, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, TimelineEntry, Tone, page};

use super::words;
use crate::entity::provider_bills::ProviderBillStatus as Status;
use crate::queries::{self, BillFilter};
use crate::rules::readiness::Block;
use crate::rules::state::{self, Step};
use crate::service::account;
use crate::service::decide::{self, BatchApproval, SeenBill};
use crate::views::{BillDetail, BillLine};

const LIST: &str = "/admin/payouts";

struct Line {
    href: String,
    clinic: String,
    reference: String,
    period: String,
    day: String,
    net: String,
    state: Badge,
    block: Option<String>,
    /// What the box sends that chooses it.
    seen: Option<String>,
}

struct Section {
    title: String,
    count: Option<String>,
    lines: Vec<Line>,
}

/// What became of the chosen ones.
struct Outcome {
    approved: String,
    failed: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "fin_bills.html")]
struct BillsPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    states: Vec<Choice>,
    sections: Vec<Section>,
    outcome: Option<Outcome>,
    may_approve: bool,
    can_choose: bool,
}

fn line(chrome: &Chrome, row: &BillLine) -> Line {
    let is_open = Step::Approve.from(row.status).is_ok();
    Line {
        href: format!("{LIST}/{}", row.id),
        clinic: row.clinic.name.clone(),
        reference: row.reference.clone(),
        period: words::days(chrome, row.period_start, row.period_end),
        day: chrome.date(row.payout_date),
        net: chrome.money(row.sums.net),
        state: words::state(chrome, row.status),
        block: row.block.filter(|_| is_open).map(|block| words::block(chrome, block)),
        seen: (is_open && row.block.is_none()).then(|| format!("{}:{}", row.id, row.version)),
    }
}

/// The sections of the list, in its order, with the statuses each counts.
fn section(status: Status) -> (&'static str, &'static [Status]) {
    match status {
        Status::Overdue => ("bills-section-overdue", &[Status::Overdue]),
        Status::Failed => ("bills-section-failed", &[Status::Failed]),
        Status::PendingApproval | Status::Approved | Status::Processing => {
            ("bills-section-upcoming", &[Status::PendingApproval, Status::Approved, Status::Processing])
        }
        Status::Paid => ("bills-section-paid", &[]),
        Status::Voided => ("bills-section-voided", &[]),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    bills_page(&ctx, Form::new(&ctx.chrome), None, StatusCode::OK).await
}

async fn bills_page(ctx: &Ctx, form: Form, outcome: Option<&BatchApproval>, status: StatusCode) -> ApiResult<Response> {
    let asked = ctx.asked("status");
    let filter = BillFilter { status: Status::try_from_value(&asked).ok(), provider: None, all: asked == "all" };
    let found = queries::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let counts = queries::counts(&ctx.app, &ctx.actor).await?;
    let chrome = &ctx.chrome;
    let mut sections: Vec<(&'static str, Section)> = Vec::new();
    for row in &found.data {
        let (key, of) = section(row.status);
        let shown = line(chrome, row);
        match sections.iter_mut().find(|(known, _)| *known == key) {
            Some((_, section)) => section.lines.push(shown),
            None => {
                let count: i64 = of.iter().filter_map(|status| counts.get(&status.to_value())).sum();
                let count = (count > 0).then(|| chrome.tn("bills-count", "count", count));
                sections.push((key, Section { title: chrome.t(key), count, lines: vec![shown] }));
            }
        }
    }
    let named = |id: ProviderBillId| {
        let row = found.data.iter().find(|row| row.id == id);
        row.map_or_else(|| id.to_string(), |row| format!("{} · {}", row.clinic.name, row.reference))
    };
    let outcome = outcome.map(|done| Outcome {
        approved: chrome.tn("bills-approved", "count", i64::try_from(done.approved.len()).unwrap_or(i64::MAX)),
        failed: done
            .failed
            .iter()
            .map(|one| {
                let why = match one.block {
                    Some(block) => words::block(chrome, block),
                    None => chrome.t(format!("error-{}", one.code)),
                };
                (named(one.id), why)
            })
            .collect(),
    });
    let choice = |status: Status| Choice::new(status.to_value(), chrome.word("bill-state", status.to_value()));
    let sections: Vec<Section> = sections.into_iter().map(|(_, section)| section).collect();
    let mut response = page(&BillsPage {
        list: ListView::new(chrome, &found.meta),
        states: Status::iter().map(choice).chain([Choice::new("all", chrome.t("bills-all"))]).collect(),
        may_approve: decide::payer(&ctx.actor).is_ok(),
        can_choose: sections.iter().flat_map(|section| &section.lines).any(|line| line.seen.is_some()),
        sections,
        outcome,
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// Who comes back to the address of a form sees the list.
pub(super) async fn to_list(Inside(ctx): Inside) -> ApiResult<Response> {
    decide::payer(&ctx.actor)?;
    Ok(Redirect::to(LIST).into_response())
}

fn chosen(posted: &Posted) -> AppResult<Vec<SeenBill>> {
    let read = |text: &str| {
        let (id, version) = text.split_once(':')?;
        Some(SeenBill { id: id.parse().ok()?, version: version.parse().ok()? })
    };
    let all: Option<Vec<SeenBill>> = posted.all("bill").into_iter().map(read).collect();
    all.ok_or_else(|| AppError::field("bills", "invalid", "This value is not valid."))
}

pub(super) async fn approve_chosen(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    decide::payer(&ctx.actor)?;
    if let Some(question) = confirm::ask(&ctx, &posted, LIST).await? {
        return Ok(question);
    }
    let outcome = match chosen(&posted) {
        Ok(seen) => Box::pin(decide::batch_approve(&ctx.app, &ctx.actor, &seen)).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(done) => bills_page(&ctx, Form::new(&ctx.chrome), Some(&done), StatusCode::OK).await,
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            bills_page(&ctx, form, None, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

struct Note {
    text: String,
    by: String,
    at: Html,
}

#[derive(Template)]
#[template(path = "fin_bill.html")]
struct BillPage {
    chrome: Chrome,
    form: Form,
    href: String,
    clinic: String,
    reference: String,
    period: String,
    day: String,
    state: Badge,
    block: Option<String>,
    items: Vec<words::Item>,
    sums: words::Sums,
    account: Option<String>,
    invoice: Option<(String, String)>,
    timeline: Html,
    notes: Vec<Note>,
    version: i32,
    needs_review: bool,
    may_act: bool,
    may_approve: bool,
    may_clear: bool,
    may_retry: bool,
    may_unapprove: bool,
    may_void: bool,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<ProviderBillId>) -> ApiResult<Response> {
    let seen = queries::detail(&ctx.app, &ctx.actor, id).await?;
    detail(&ctx, &seen, Form::new(&ctx.chrome), StatusCode::OK)
}

/// Who comes back to the address of a form sees the statement.
pub(super) async fn back(Inside(ctx): Inside, Path(id): Path<ProviderBillId>) -> ApiResult<Response> {
    queries::detail(&ctx.app, &ctx.actor, id).await?;
    Ok(Redirect::to(&format!("{LIST}/{id}")).into_response())
}

fn history(chrome: &Chrome, seen: &BillDetail) -> Html {
    let mut entries = Vec::new();
    let mut entry = |key: &str, at: Option<kernel::Timestamp>, text: String, tone: Tone| {
        if let Some(at) = at {
            let at = chrome.when(at);
            entries.push(TimelineEntry { title: chrome.t(key), text, at, tone, ahead: false });
        }
    };
    entry("bill-built", Some(seen.built_at), String::new(), Tone::Calm);
    entry("bill-was-approved", seen.approved_at, seen.approved_by.clone().unwrap_or_default(), Tone::Info);
    entry("bill-sent", seen.processed_at, String::new(), Tone::Info);
    if seen.line.status == Status::Failed {
        let code = seen.failure.as_deref().unwrap_or_default();
        entry("bill-failed", seen.processed_at, chrome.word("bill-failure", code), Tone::Bad);
    }
    entry("bill-paid", seen.paid_at, String::new(), Tone::Good);
    entry("bill-voided", seen.voided_at, seen.void_reason.clone().unwrap_or_default(), Tone::Calm);
    ui::timeline(&entries)
}

fn detail(ctx: &Ctx, seen: &BillDetail, form: Form, status: StatusCode) -> ApiResult<Response> {
    let (chrome, row) = (&ctx.chrome, &seen.line);
    let may_act = decide::payer(&ctx.actor).is_ok();
    let may = |step: Step| may_act && step.from(row.status).is_ok();
    let needs_review = row.block.is_some_and(Block::may_be_reviewed);
    let note = |note: &decide::BillNote| Note {
        text: note.text.clone(),
        by: seen.writers.get(&note.by).cloned().unwrap_or_default(),
        at: chrome.when(note.at),
    };
    let account = seen.account.as_ref().map(|account| {
        format!("{} · {} · •••• {}", account.account_holder_name, account.currency, account.account_last4)
    });
    let open = Step::Approve.from(row.status).is_ok();
    let mut response = page(&BillPage {
        href: format!("{LIST}/{}", row.id),
        clinic: row.clinic.name.clone(),
        reference: row.reference.clone(),
        period: words::days(chrome, row.period_start, row.period_end),
        day: chrome.date(row.payout_date),
        state: words::state(chrome, row.status),
        block: row.block.filter(|_| open).map(|block| words::block(chrome, block)),
        items: seen.items.iter().map(|item| words::item(chrome, item)).collect(),
        sums: words::sums(chrome, &row.sums),
        account,
        invoice: seen.document_number.clone().map(|number| (number, format!("/admin/payout-invoices/{}", row.id))),
        timeline: history(chrome, seen),
        notes: seen.notes.iter().map(note).collect(),
        version: row.version,
        needs_review,
        may_act,
        may_approve: may(Step::Approve) && (row.block.is_none() || needs_review),
        may_clear: may_act && row.block == Some(Block::SharedAccount),
        may_retry: may(Step::Retry),
        may_unapprove: may(Step::Unapprove) && !state::is_payout_time(row.payout_date, chrome.now),
        may_void: may(Step::Void),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// Back to the statement with a word of what was done, or the same page with what was refused.
async fn answer(
    ctx: &Ctx,
    id: ProviderBillId,
    posted: &Posted,
    outcome: AppResult<()>,
    (done, field): (&str, &'static str),
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{LIST}/{id}"), done)),
        Err(mut error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            if let Some(faults) = error.fields.0.remove("reason") {
                error.fields.0.insert(field.to_owned(), faults);
            }
            let seen = queries::detail(&ctx.app, &ctx.actor, id).await?;
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            detail(ctx, &seen, form, status_of(error.kind))
        }
        Err(error) => Err(error.into()),
    }
}

/// The question for a proof, once it is clear that the actor may act on this statement.
async fn ask(ctx: &Ctx, id: ProviderBillId, posted: &Posted) -> ApiResult<Option<Response>> {
    decide::payer(&ctx.actor)?;
    queries::detail(&ctx.app, &ctx.actor, id).await?;
    confirm::ask(ctx, posted, &format!("{LIST}/{id}")).await
}

pub(super) async fn approve(
    Inside(ctx): Inside,
    Path(id): Path<ProviderBillId>,
    posted: Posted,
) -> ApiResult<Response> {
    if let Some(question) = ask(&ctx, id, &posted).await? {
        return Ok(question);
    }
    let outcome = match posted.parse("version") {
        Ok(version) => decide::approve(&ctx.app, &ctx.actor, id, version, posted.given("review_reason")).await,
        Err(error) => Err(error),
    };
    answer(&ctx, id, &posted, outcome, ("bill-approved", "review_reason")).await
}

pub(super) async fn unapprove(
    Inside(ctx): Inside,
    Path(id): Path<ProviderBillId>,
    posted: Posted,
) -> ApiResult<Response> {
    if let Some(question) = ask(&ctx, id, &posted).await? {
        return Ok(question);
    }
    let outcome = match posted.parse("version") {
        Ok(version) => decide::unapprove(&ctx.app, &ctx.actor, id, version, posted.get("unapprove_reason")).await,
        Err(error) => Err(error),
    };
    answer(&ctx, id, &posted, outcome, ("bill-unapproved", "unapprove_reason")).await
}

pub(super) async fn void(Inside(ctx): Inside, Path(id): Path<ProviderBillId>, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = ask(&ctx, id, &posted).await? {
        return Ok(question);
    }
    let outcome = match posted.parse("version") {
        Ok(version) => decide::void(&ctx.app, &ctx.actor, id, version, posted.get("void_reason")).await,
        Err(error) => Err(error),
    };
    answer(&ctx, id, &posted, outcome, ("bill-voided", "void_reason")).await
}

pub(super) async fn retry(Inside(ctx): Inside, Path(id): Path<ProviderBillId>, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = ask(&ctx, id, &posted).await? {
        return Ok(question);
    }
    let outcome = match posted.parse("version") {
        Ok(version) => decide::retry(&ctx.app, &ctx.actor, id, version).await,
        Err(error) => Err(error),
    };
    answer(&ctx, id, &posted, outcome, ("bill-retried", "reason")).await
}

pub(super) async fn note(Inside(ctx): Inside, Path(id): Path<ProviderBillId>, posted: Posted) -> ApiResult<Response> {
    decide::payer(&ctx.actor)?;
    let outcome = decide::add_note(&ctx.app, &ctx.actor, id, posted.get("note")).await;
    answer(&ctx, id, &posted, outcome, ("bill-noted", "note")).await
}

pub(super) async fn clear(Inside(ctx): Inside, Path(id): Path<ProviderBillId>, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = ask(&ctx, id, &posted).await? {
        return Ok(question);
    }
    let seen = queries::detail(&ctx.app, &ctx.actor, id).await?;
    let outcome = match seen.account {
        Some(row) => account::clear(&ctx.app, &ctx.actor, row.id, posted.get("clear_reason")).await,
        None => Err(AppError::conflict("not_shared", "Nobody else has this account.")),
    };
    answer(&ctx, id, &posted, outcome, ("account-cleared", "clear_reason")).await
}
