//! Durable work: queued in the caller's transaction, run by any worker, tried again, and buried where people see it.
//!
//! A job is taken by compare-and-set, so any number of workers on any of the databases start it once. A worker that
//! dies leaves a lock that ends; then the job runs again. So every job must be safe to run twice.

mod failed;
mod idle;
mod purge;
mod redact;
mod run;
mod schedule;
mod store;
mod sweep;
mod worker;

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::ids::JobId;
use kernel::{AppError, AppResult, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::Value as Json;
use tokio::sync::Notify;

use crate::App;
use crate::entity::jobs::{ActiveModel, Column, Entity, JobStatus};
use crate::outbox::Subscription;

pub use failed::{discard, retry};
pub use idle::{Failure, run_until_idle};
pub use purge::purge_finished;
pub use redact::redact;
pub use sweep::{BATCH, Sweep};
pub use worker::Worker;

/// What a job does. The payload holds ids; everything else is read fresh.
pub type Run = for<'a> fn(&'a App, &'a Json) -> BoxFuture<'a, AppResult<()>>;

/// A kind of job.
#[derive(Clone)]
pub struct JobKind {
    /// Its unique name, stored with each job: `finance.render_invoice`.
    pub name: &'static str,
    /// What it does; safe to run twice.
    pub run: Run,
}

/// What a schedule does: no input, a batch of due rows, safe late and on many workers.
pub type RunSchedule = for<'a> fn(&'a App) -> BoxFuture<'a, AppResult<()>>;

/// Recurring work.
#[derive(Clone)]
pub struct Schedule {
    /// Its unique name: `quoting.expire_quotes`.
    pub name: &'static str,
    /// How often; whole seconds.
    pub every: Duration,
    /// What it does.
    pub run: RunSchedule,
}

/// Everything a worker knows how to do.
#[derive(Clone, Default)]
pub struct Registry {
    /// Who wants which events.
    pub subscriptions: Vec<Subscription>,
    /// The kinds of jobs.
    pub kinds: Vec<JobKind>,
    /// The recurring work.
    pub schedules: Vec<Schedule>,
}

impl Registry {
    /// Refuses two things of one name: the stored name must lead to one function.
    pub fn check(&self) -> AppResult<()> {
        let groups: [Vec<&str>; 3] = [
            self.subscriptions.iter().map(|it| it.name).collect(),
            self.kinds.iter().map(|it| it.name).collect(),
            self.schedules.iter().map(|it| it.name).collect(),
        ];
        for mut names in groups {
            names.sort_unstable();
            if let Some([twice, _]) = names.array_windows().find(|[a, b]| a == b) {
                return Err(AppError::internal(format!("two entries of the registry are called {twice}")));
            }
        }
        Ok(())
    }
}

/// Which line a job stands in; `high` goes first, then by priority and time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Queue {
    /// Everything else.
    #[default]
    Default,
    /// What somebody waits for.
    High,
    /// Telling people.
    Notifications,
    /// Pictures and documents.
    Media,
}

impl Queue {
    fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::High => "high",
            Self::Notifications => "notifications",
            Self::Media => "media",
        }
    }

    pub(crate) fn of_subscription(name: &str) -> Self {
        if name.starts_with("notifications.") { Self::Notifications } else { Self::Default }
    }
}

/// How a job is queued.
#[derive(Clone, Debug, Default)]
pub struct Enqueue {
    /// While a job with this key waits or runs, another one is not queued.
    pub dedupe: Option<String>,
    /// Not before this time; at once when absent.
    pub run_at: Option<Timestamp>,
    /// Its line.
    pub queue: Queue,
    /// Higher goes first.
    pub priority: i16,
}

/// A job runs at most this often before it is buried (identity, `failed_jobs`).
const MAX_ATTEMPTS: i16 = 3;

/// Queues a job in the caller's transaction.
pub async fn enqueue(
    conn: &impl ConnectionTrait,
    app: &App,
    kind: &'static str,
    payload: Json,
    options: Enqueue,
) -> AppResult<()> {
    insert(conn, app, kind, payload, options).await
}

/// [`enqueue`] for kinds whose name comes from a stored row.
async fn insert(conn: &impl ConnectionTrait, app: &App, kind: &str, payload: Json, options: Enqueue) -> AppResult<()> {
    if let Some(key) = &options.dedupe {
        if key.len() > 191 {
            return Err(AppError::internal(format!("dedupe key of {kind} is too long")));
        }
        let waiting = Entity::find()
            .filter(Column::DedupeKey.eq(key))
            .filter(Column::Status.is_in([JobStatus::Queued, JobStatus::Running]));
        if waiting.count(conn).await? > 0 {
            return Ok(());
        }
    }
    let now = app.now();
    let priority = options.priority.saturating_add(if options.queue == Queue::High { 100 } else { 0 });
    let row = ActiveModel {
        id: Set(JobId::new()),
        queue: Set(options.queue.name().to_owned()),
        job_type: Set(kind.to_owned()),
        payload: Set(payload),
        dedupe_key: Set(options.dedupe),
        priority: Set(priority),
        status: Set(JobStatus::Queued),
        attempts: Set(0),
        max_attempts: Set(MAX_ATTEMPTS),
        run_at: Set(options.run_at.unwrap_or(now)),
        locked_by: Set(None),
        locked_until: Set(None),
        last_error: Set(None),
        finished_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    // The unique key decides when two callers passed the question above at once.
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing_on([Column::Id]).to_owned())
        .try_insert()
        .exec_without_returning(conn)
        .await?;
    wake();
    Ok(())
}

/// Tells the worker of this process that there is, or in a moment will be, something to do.
pub(crate) fn wake() {
    WAKE.notify_one();
}

/// One per process: work is shared by the database, this only saves waiting for the next poll.
static WAKE: Notify = Notify::const_new();
