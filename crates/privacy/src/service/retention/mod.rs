//! The nightly run that ends what was kept long enough (R-ID-66, R-ID-70, R-MG-80, 81, 85).
//!
//! Ending means: the key of a sealed identity is shredded, and from then on nobody can tell who an erased patient was; the
//! words and pictures of records, payments and conversations go; the people of a closed clinic become former members. No
//! row of a protected table is deleted. Codes and tokens go with the upkeep of identity, copies with that of this wing.

mod due;
mod end;
pub mod policies;
pub(in crate::service) mod texts;
mod views;

use analytics::entity::retention_items::{self as items, RetentionDataClass, RetentionItemOutcome as Outcome};
use analytics::entity::retention_runs::{self as runs, RetentionRunStatus};
use chrono::{Datelike, Duration, NaiveDate, NaiveTime};
use kernel::ids::{AnyId, RetentionItemId, RetentionRunId, UserId};
use kernel::{Actor, AppResult};
use platform::App;
use platform::outbox::{self, Event};
use platform::retention::Policy;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde::Serialize;
use serde_json::{Value as Json, json};

use self::due::Subject;
use self::end::Ended;
pub use self::views::{Due, Item, Run, dry_run, due, list, show};
use crate::service::objects;

/// The most subjects of one run; the next one goes on.
const MOST: u64 = 1000;

/// When the night's run is due.
fn hour() -> NaiveTime {
    NaiveTime::from_hms_opt(2, 30, 0).unwrap_or_default()
}

/// Who starts a run, and whether it only tells what it would do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start {
    /// Nothing changes: the items say what would.
    pub dry: bool,
    /// The member of staff; the night itself when left out.
    pub by: Option<UserId>,
}

/// Runs when it is time and tonight's run was not begun; the first run of a month tells of the month before. One worker of
/// many takes the schedule; should two run all the same, each subject is locked and looked at again.
pub async fn nightly(app: &App) -> AppResult<()> {
    let now = app.now();
    let due = now.date_naive().and_time(hour()).and_utc();
    let due = if now < due { due - Duration::days(1) } else { due };
    let begun = runs::Entity::find()
        .filter(runs::Column::IsDryRun.eq(false))
        .filter(runs::Column::StartedAt.gte(due))
        .count(app.db.conn())
        .await?;
    if begun == 0 {
        run(app, Start::default()).await?;
        tell_month(app).await?;
    }
    Ok(())
}

/// How many of a run ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Counts {
    anonymised: u64,
    held: u64,
    skipped: u64,
    failed: u64,
    would_act: u64,
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        let counted = match outcome {
            Outcome::Anonymised => &mut self.anonymised,
            Outcome::Held => &mut self.held,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Failed => &mut self.failed,
            Outcome::WouldAct => &mut self.would_act,
        };
        *counted += 1;
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// What a run did to one thing.
struct Line {
    class: RetentionDataClass,
    kind: &'static str,
    id: AnyId,
    due_on: NaiveDate,
    outcome: Outcome,
    basis: &'static str,
    counts: Option<Json>,
    error: Option<String>,
}

/// Ends what is due: every subject in a transaction of its own, so that one that fails is left untouched and holds up
/// nobody. A run that broke off is finished by the next one.
pub async fn run(app: &App, start: Start) -> AppResult<RetentionRunId> {
    let now = app.now();
    let id = RetentionRunId::new();
    let opened = runs::ActiveModel {
        id: Set(id),
        started_at: Set(now),
        finished_at: Set(None),
        is_dry_run: Set(start.dry),
        status: Set(RetentionRunStatus::Running),
        counts: Set(None),
        started_by: Set(start.by),
        created_at: Set(now),
        updated_at: Set(now),
    };
    runs::Entity::insert(opened).exec_without_returning(app.db.conn()).await?;
    let policy = Policy::load(app).await?;
    let mut counts = Counts::default();
    for subject in due::find(app, &policy, MOST).await? {
        if let Some(outcome) = one(app, id, &policy, subject, start.dry).await? {
            counts.add(outcome);
        }
    }
    for line in end::technical(app, id, start.dry).await? {
        counts.add(line.outcome);
        note(app.db.conn(), app, id, line).await?;
    }
    finish(app, id, counts, start).await?;
    Ok(id)
}

/// Ends one subject; nothing when it turns out not to be due.
async fn one(
    app: &App,
    run: RetentionRunId,
    policy: &Policy,
    subject: Subject,
    dry: bool,
) -> AppResult<Option<Outcome>> {
    let (class, kind, subject_id) = subject.named();
    let basis = end::basis(class);
    let ended = platform::write_txn!(app.db, |txn| {
        let Some(ended) = end::end(txn, app, policy, subject, dry).await? else { return Ok(None) };
        let Ended { outcome, due_on, counts, objects } = ended;
        let line = Line { class, kind, id: subject_id, due_on, outcome, basis, counts, error: None };
        note(txn, app, run, line).await?;
        // A store that fails is asked again; where it never answers, the job stands among the failed ones.
        objects::destroy_later(txn, app, &objects).await?;
        Ok(Some(outcome))
    });
    match ended {
        Ok(outcome) => Ok(outcome),
        Err(error) => {
            tracing::error!(%error, %subject_id, kind, "what was kept long enough could not be ended");
            let due_on = app.now().date_naive();
            let (outcome, error) = (Outcome::Failed, Some(error.code.into_owned()));
            let line = Line { class, kind, id: subject_id, due_on, outcome, basis, counts: None, error };
            note(app.db.conn(), app, run, line).await?;
            Ok(Some(Outcome::Failed))
        }
    }
}

async fn note(conn: &impl ConnectionTrait, app: &App, run: RetentionRunId, line: Line) -> AppResult<()> {
    let row = items::ActiveModel {
        id: Set(RetentionItemId::new()),
        retention_run_id: Set(run),
        data_class: Set(line.class),
        subject_type: Set(line.kind.to_owned()),
        subject_id: Set(line.id),
        due_on: Set(line.due_on),
        outcome: Set(line.outcome),
        basis: Set(line.basis.to_owned()),
        counts: Set(line.counts),
        error: Set(line.error),
        created_at: Set(app.now()),
    };
    items::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

async fn finish(app: &App, id: RetentionRunId, counts: Counts, start: Start) -> AppResult<()> {
    let system = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let status = if counts.failed > 0 { RetentionRunStatus::Failed } else { RetentionRunStatus::Finished };
        runs::ActiveModel {
            id: Set(id),
            finished_at: Set(Some(now)),
            status: Set(status),
            counts: Set(Some(json!(counts))),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        // Most nights nothing is due, and nobody needs to hear of them.
        if counts.is_empty() || start.dry {
            return Ok(());
        }
        let event = Event::new("privacy.retention_run_finished", "RetentionRun", id)
            .occurrence("finished")
            .with("scope", "run")
            .with("ended", counts.anonymised)
            .with("held", counts.held)
            .with("failed", counts.failed);
        outbox::emit(txn, app, &system, event).await
    })
}

/// Tells super admins once what the runs of the month before did (R-MG-85); safe twice and on several workers, because the
/// month is part of the event's name.
async fn tell_month(app: &App) -> AppResult<()> {
    let today = app.now().date_naive();
    let Some(first) = today.with_day(1) else { return Ok(()) };
    let Some(before) = first.pred_opt().and_then(|last| last.with_day(1)) else { return Ok(()) };
    let found = runs::Entity::find()
        .filter(runs::Column::IsDryRun.eq(false))
        .filter(runs::Column::StartedAt.gte(before.and_time(NaiveTime::MIN).and_utc()))
        .filter(runs::Column::StartedAt.lt(first.and_time(NaiveTime::MIN).and_utc()))
        .order_by_asc(runs::Column::StartedAt)
        .order_by_asc(runs::Column::Id)
        .all(app.db.conn())
        .await?;
    let Some(newest) = found.last().map(|run| run.id) else { return Ok(()) };
    let sum = |name: &str| -> u64 {
        let of = |run: &runs::Model| run.counts.as_ref().and_then(|counts| counts.get(name)?.as_u64()).unwrap_or(0);
        found.iter().map(of).sum()
    };
    let month = before.format("%Y-%m").to_string();
    platform::write_txn!(app.db, |txn| {
        let event = Event::new("privacy.retention_run_finished", "RetentionRun", newest)
            .occurrence(format!("month:{month}"))
            .with("scope", "month")
            .with("month", &month)
            .with("runs", found.len() as u64)
            .with("ended", sum("anonymised"))
            .with("held", sum("held"))
            .with("failed", sum("failed"));
        outbox::emit(txn, app, &Actor::system(), event).await
    })
}
