//! What ends when its time is over, on the pages of staff.

use analytics::entity::retention_items::RetentionItemOutcome as Outcome;
use analytics::entity::retention_runs::RetentionRunStatus;
use askama::Template;
use axum::response::Response;
use kernel::ids::RetentionRunId;
use kernel::{AppResult, PageQuery, Permission};
use platform::retention::{AUDIT_YEARS, CLINIC_YEARS, COUNTRY_OVERRIDES, Class, Policy, TECHNICAL_DAYS};
use platform::web::{ApiResult, Path};
use ui::{Badge, Chrome, Ctx, Html, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::service::retention::{self, Run};

const BASE: &str = "/admin/privacy/retention";

struct DueLine {
    href: String,
    patient: String,
    on: String,
    late: bool,
}

/// A class and how long it is kept.
struct ClassLine {
    name: String,
    kept: String,
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
    classes: Vec<ClassLine>,
    overrides: Vec<String>,
    /// Whether the reader may look at the settings behind it.
    may_set: bool,
    due: Vec<DueLine>,
    runs: Vec<RunLine>,
}

struct ItemLine {
    /// Where the subject is looked at; nothing for what has no page.
    href: Option<String>,
    class: String,
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

/// Every class with the years in force: settings are remembered and cost no statement.
async fn classes(ctx: &Ctx) -> AppResult<(Vec<ClassLine>, Vec<String>)> {
    let (chrome, policy) = (&ctx.chrome, Policy::load(&ctx.app).await?);
    let years = |years: u32| chrome.tw("retention-years", "years", years.to_string());
    let audit = u32::try_from(AUDIT_YEARS.get(&ctx.app).await?).unwrap_or_default();
    let days = TECHNICAL_DAYS.get(&ctx.app).await?.to_string();
    let lines = [
        ("medical", years(policy.years(Class::Medical, None))),
        ("financial", years(policy.years(Class::Financial, None))),
        ("communication", years(policy.years(Class::Communication, None))),
        ("account", chrome.t("retention-kept-account")),
        ("clinic", years(CLINIC_YEARS)),
        ("consents", chrome.t("retention-kept-proof")),
        ("audit", years(audit)),
        ("technical", chrome.tw("retention-days", "days", days)),
    ];
    let line = |(class, kept)| ClassLine { name: chrome.word("retention-class", class), kept };
    let overrides = COUNTRY_OVERRIDES.get(&ctx.app).await?;
    Ok((lines.into_iter().map(line).collect(), overrides.lines().map(str::to_owned).collect()))
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let due = retention::due(&ctx.app, &ctx.actor, PageQuery { page: 1, per_page: 20 }).await?;
    let runs = retention::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let (classes, overrides) = classes(&ctx).await?;
    let may_set = ctx.actor.can(Permission::ViewSetting);
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
        classes,
        overrides,
        may_set,
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
        href: match item.subject_type.as_str() {
            "Patient" => Some(format!("/admin/privacy/patients/{}", item.subject_id)),
            "Provider" => Some(format!("/admin/clinics/{}", item.subject_id)),
            _ => None,
        },
        class: chrome.word("retention-class", word(&item.data_class)),
        subject: item.subject_id.to_string(),
        on: chrome.date(item.due_on),
        outcome: Badge::new(tone(item.outcome), chrome.word("retention-outcome", word(&item.outcome))),
    };
    let lines = found.data.into_iter().map(line).collect();
    page(&RunPage { list: ListView::new(&chrome, &found.meta), lines, chrome })
}
