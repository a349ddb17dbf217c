//! Reconciliation as staff look after it: what is open, and the runs that found it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ids::ReconciliationItemId;
use kernel::{AppError, AppResult, ErrorKind, PageQuery};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use crate::entity::reconciliation_items::{ReconciliationItemClass as Class, ReconciliationItemStatus as Status};
use crate::entity::reconciliation_runs::ReconciliationRunStatus as RunStatus;
use crate::queries::reconciliation::{self as query, ItemFilter, ItemView, RunView};
use crate::service::reconcile;
use crate::sheets;

const PAGE: &str = "/admin/reconciliation";
/// Runs that are shown.
const RUNS: u64 = 10;

struct Line {
    id: ReconciliationItemId,
    what: String,
    about: Option<String>,
    booking: Option<(String, String)>,
    expected: Option<String>,
    found: Option<String>,
    at: Html,
    note: Option<String>,
    closed_by: Option<String>,
    is_open: bool,
}

struct Sum {
    currency: String,
    charged: String,
    refunded: String,
    fees: String,
    net: String,
    paid_out: String,
    held: String,
}

struct Run {
    days: String,
    trigger: String,
    state: Badge,
    matched: String,
    sums: Vec<Sum>,
}

#[derive(Template)]
#[template(path = "fin_reconciliation.html")]
struct ReconciliationPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    states: Vec<Choice>,
    classes: Vec<Choice>,
    lines: Vec<Line>,
    runs: Vec<Run>,
    csv: String,
    may_act: bool,
}

fn line(chrome: &Chrome, row: ItemView) -> Line {
    Line {
        id: row.id,
        what: chrome.word("recon-class", row.class.to_value()),
        booking: row.booking_id.zip(row.booking_reference).map(|(id, name)| (format!("/admin/bookings/{id}"), name)),
        about: row.remote_ref,
        expected: row.expected.map(|money| chrome.money(money)),
        found: row.found.map(|money| chrome.money(money)),
        at: chrome.when(row.found_at),
        note: row.note,
        closed_by: row.closed_by,
        is_open: row.status == Status::Open,
    }
}

fn run(chrome: &Chrome, row: &RunView) -> Run {
    let (first, last) = (row.period_start.date_naive(), row.period_end.date_naive().pred_opt().unwrap_or_default());
    let tone = match row.status {
        RunStatus::Running => Tone::Info,
        RunStatus::Done => Tone::Good,
        RunStatus::Failed => Tone::Bad,
    };
    let sum = |it: &reconcile::CurrencyTotals| {
        let money = |total: kernel::MoneySum| platform::locale::total(chrome.locale, total, it.currency);
        Sum {
            currency: it.currency.code().to_owned(),
            charged: money(it.charged),
            refunded: money(it.refunded),
            fees: money(it.fees),
            net: money(it.net),
            paid_out: money(it.paid_out),
            held: money(it.held),
        }
    };
    Run {
        days: super::words::days(chrome, first, last),
        trigger: chrome.word("recon-trigger", row.trigger.to_value()),
        state: Badge::new(tone, chrome.word("recon-run", row.status.to_value())),
        matched: chrome.tn("recon-matched", "count", i64::try_from(row.matched).unwrap_or(i64::MAX)),
        sums: row.totals.iter().map(sum).collect(),
    }
}

fn asked(ctx: &Ctx) -> ItemFilter {
    ItemFilter {
        status: Status::try_from_value(&ctx.asked("status")).ok(),
        class: Class::try_from_value(&ctx.asked("class")).ok(),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    whole_page(&ctx, form, StatusCode::OK).await
}

async fn whole_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let filter = asked(ctx);
    let found = query::items(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let runs = query::runs(&ctx.app, &ctx.actor, PageQuery { per_page: RUNS, ..PageQuery::default() }).await?;
    let chrome = &ctx.chrome;
    let state = |it: Status| Choice::new(it.to_value(), chrome.word("recon-state", it.to_value()));
    let class = |it: Class| Choice::new(it.to_value(), chrome.word("recon-class", it.to_value()));
    let shown = filter.status.map(|it| format!("?status={}", it.to_value())).unwrap_or_default();
    let mut response = page(&ReconciliationPage {
        list: ListView::new(chrome, &found.meta),
        states: Status::iter().map(state).collect(),
        classes: Class::iter().filter(|class| *class != Class::Matched).map(class).collect(),
        lines: found.data.into_iter().map(|row| line(chrome, row)).collect(),
        runs: runs.data.iter().map(|row| run(chrome, row)).collect(),
        csv: format!("{PAGE}/csv{shown}"),
        may_act: reconcile::keeper(&ctx.actor).is_ok(),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn csv(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = query::items(&ctx.app, &ctx.actor, &asked(&ctx), ctx.page_query()).await?;
    Ok(crate::api::csv("reconciliation", sheets::reconciliation(&found.data)))
}

async fn answer(ctx: &Ctx, posted: &Posted, outcome: AppResult<()>, done: &str) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(PAGE, done)),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            whole_page(ctx, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn start(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    reconcile::keeper(&ctx.actor)?;
    let day = |name: &str| {
        posted.get(name).trim().parse().map_err(|_| AppError::field(name.to_owned(), "date_invalid", "Give a day."))
    };
    let outcome = match (day("from"), day("to")) {
        (Ok(from), Ok(to)) => reconcile::start(&ctx.app, &ctx.actor, from, to).await.map(drop),
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    answer(&ctx, &posted, outcome, "recon-started").await
}

pub(super) async fn close(
    Inside(ctx): Inside,
    Path(id): Path<ReconciliationItemId>,
    posted: Posted,
) -> ApiResult<Response> {
    reconcile::keeper(&ctx.actor)?;
    let outcome = reconcile::close(&ctx.app, &ctx.actor, id, posted.get("note")).await;
    answer(&ctx, &posted, outcome, "recon-closed").await
}
