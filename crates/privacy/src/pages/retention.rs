//! What ends when its time is over, on the pages of staff.

use analytics::entity::retention_items::RetentionItemOutcome as Outcome;
use analytics::entity::retention_runs::RetentionRunStatus;
use askama::Template;
use axum::response::Response;
use kernel::PageQuery;
use kernel::ids::RetentionRunId;
use platform::web::{ApiResult, Path};
use ui::{Badge, Chrome, Html, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::service::retention::{self, Run};

const BASE: &str = "/admin/privacy/retention";

struct DueLine {
    href: String,
    patient: String,
    on: String,
    late: bool,
}

struct RunLine {
    href: String,
    at: Html,
    status: Badge,
    dry: bool,
    /// How many ended how, in words.
    counts: Vec<String>,
}

#[derive(Template)]
#[template(path = "admin_retention.html")]
struct RetentionPage {
    chrome: Chrome,
    list: ListView,
    due: Vec<DueLine>,
    runs: Vec<RunLine>,
}

struct ItemLine {
    href: String,
    subject: String,
    on: String,
    outcome: Badge,
}

#[derive(Template)]
#[template(path = "admin_retention_run.html")]
struct RunPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<ItemLine>,
}

fn run_line(chrome: &Chrome, run: Run) -> RunLine {
    let tone = match run.status {
        RetentionRunStatus::Finished => Tone::Good,
        RetentionRunStatus::Running => Tone::Info,
        RetentionRunStatus::Failed => Tone::Bad,
    };
    let counts = run.counts.as_ref().and_then(|counts| counts.as_object());
    let counted = counts.into_iter().flatten().filter_map(|(name, count)| {
        let count = count.as_i64().filter(|count| *count > 0)?;
        Some(format!("{}: {count}", chrome.word("retention-outcome", name)))
    });
    RunLine {
        href: format!("{BASE}/{}", run.id),
        at: chrome.when(run.started_at),
        status: Badge::new(tone, chrome.word("retention-status", word(&run.status))),
        dry: run.is_dry_run,
        counts: counted.collect(),
    }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let due = retention::due(&ctx.app, &ctx.actor, PageQuery { page: 1, per_page: 20 }).await?;
    let runs = retention::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let today = chrome.now.date_naive();
    let line = |row: retention::Due| DueLine {
        href: format!("/admin/privacy/patients/{}", row.patient_id),
        patient: row.patient_code.unwrap_or_default(),
        on: chrome.date(row.due_on),
        late: row.due_on <= today,
    };
    page(&RetentionPage {
        list: ListView::new(&chrome, &runs.meta),
        due: due.data.into_iter().map(line).collect(),
        runs: runs.data.into_iter().map(|run| run_line(&chrome, run)).collect(),
        chrome,
    })
}

/// Tries a run out: nothing changes, its items say what would.
pub(super) async fn try_out(Inside(ctx): Inside, _: Posted) -> ApiResult<Response> {
    let id = retention::dry_run(&ctx.app, &ctx.actor).await?;
    Ok(ctx.done(&format!("{BASE}/{id}"), "retention-tried"))
}

pub(super) async fn one(Inside(ctx): Inside, Path(id): Path<RetentionRunId>) -> ApiResult<Response> {
    let found = retention::show(&ctx.app, &ctx.actor, id, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let tone = |outcome: Outcome| match outcome {
        Outcome::Anonymised => Tone::Good,
        Outcome::WouldAct => Tone::Info,
        Outcome::Held => Tone::Warn,
        Outcome::Failed => Tone::Bad,
        Outcome::Skipped => Tone::Calm,
    };
    let line = |item: retention::Item| ItemLine {
        href: format!("/admin/privacy/patients/{}", item.subject_id),
        subject: item.subject_id.to_string(),
        on: chrome.date(item.due_on),
        outcome: Badge::new(tone(item.outcome), chrome.word("retention-outcome", word(&item.outcome))),
    };
    let lines = found.data.into_iter().map(line).collect();
    page(&RunPage { list: ListView::new(&chrome, &found.meta), lines, chrome })
}
