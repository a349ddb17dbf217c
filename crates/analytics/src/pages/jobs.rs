//! Background work for staff: what waits, what recurs, what failed.

use askama::Template;
use axum::response::Response;
use kernel::permission::Permission;
use kernel::{AppError, AppResult};
use platform::entity::failed_jobs;
use platform::jobs as queue;
use platform::web::{ApiResult, Path};
use ui::{Badge, Chrome, Ctx, Html, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::staff_lists;

struct Failed {
    id: i64,
    kind: String,
    reason: String,
    at: Html,
    closed: Option<Badge>,
}

struct Recurring {
    name: String,
    cron: String,
    last: Html,
    next: Html,
}

#[derive(Template)]
#[template(path = "admin_jobs.html")]
struct JobsPage {
    chrome: Chrome,
    states: Vec<(String, u64)>,
    oldest: Html,
    failed: Vec<Failed>,
    list: ListView,
    schedules: Vec<Recurring>,
    may_act: bool,
    all: bool,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let all = ctx.asked("show") == "all";
    let found = staff_lists::jobs(&ctx.app, &ctx.actor, all, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&JobsPage {
        states: found.states.iter().map(|(state, count)| (chrome.word("job-state", word(state)), *count)).collect(),
        oldest: found.oldest.map(|at| chrome.when(at)).unwrap_or_default(),
        list: ListView::new(&chrome, &found.failed.meta),
        failed: found.failed.data.into_iter().map(|row| failed_line(&chrome, row)).collect(),
        schedules: found
            .schedules
            .into_iter()
            .map(|row| Recurring {
                name: row.name,
                cron: row.cron,
                last: row.last_run_at.map(|at| chrome.when(at)).unwrap_or_default(),
                next: chrome.when(row.next_run_at),
            })
            .collect(),
        may_act: ctx.actor.can(Permission::EditSetting),
        all,
        chrome,
    })
}

fn failed_line(chrome: &Chrome, row: failed_jobs::Model) -> Failed {
    let stored: serde_json::Value = serde_json::from_str(&row.payload).unwrap_or_default();
    let kind = stored.get("job_type").and_then(serde_json::Value::as_str).unwrap_or(&row.queue).to_owned();
    Failed {
        id: row.id,
        kind,
        reason: row.exception.lines().next().unwrap_or_default().to_owned(),
        at: chrome.when(row.failed_at),
        closed: row
            .resolution
            .map(|resolution| Badge::new(Tone::Calm, chrome.word("job-resolution", word(&resolution)))),
    }
}

/// Somebody who dealt with it before is no fault: what was wanted is done.
fn settled(ctx: &Ctx, outcome: AppResult<()>, done: &str) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done("/admin/jobs", done)),
        Err(AppError { code, .. }) if code == "already_resolved" => Ok(ctx.done("/admin/jobs", "job-closed")),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn retry(Inside(ctx): Inside, Path(id): Path<i64>, _: Posted) -> ApiResult<Response> {
    ctx.actor.require(Permission::EditSetting)?;
    let outcome = queue::retry(&ctx.app, ctx.actor.admin()?, id, None).await;
    settled(&ctx, outcome, "job-retried")
}

pub(super) async fn discard(Inside(ctx): Inside, Path(id): Path<i64>, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(Permission::EditSetting)?;
    let outcome = queue::discard(&ctx.app, ctx.actor.admin()?, id, posted.get("reason")).await;
    settled(&ctx, outcome, "job-discarded")
}
