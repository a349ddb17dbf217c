//! The rows of `jobs`, each change made only from the state it was decided on.

use chrono::TimeDelta;
use kernel::{AppError, AppResult, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, UpdateResult};
use serde_json::json;

use crate::entity::failed_jobs;
use crate::entity::jobs::{Column, Entity, JobStatus, Model};
use crate::{App, db, write_txn};

/// When a claim made now ends without a sign of life; a job lost by a crash waits this long.
fn lock_end(app: &App) -> Timestamp {
    app.now() + app.config.worker.lock
}

/// First pause after a failure; each further one is four times as long.
const BACKOFF: TimeDelta = TimeDelta::seconds(1);

fn runnable(now: Timestamp) -> Condition {
    Condition::any()
        .add(Condition::all().add(Column::Status.eq(JobStatus::Queued)).add(Column::RunAt.lte(now)))
        // Its worker died, or lost the database for longer than the lock.
        .add(Condition::all().add(Column::Status.eq(JobStatus::Running)).add(Column::LockedUntil.lte(now)))
}

/// Takes up to `limit` jobs for this worker.
pub(super) async fn claim(app: &App, worker: &str, limit: usize) -> AppResult<Vec<Model>> {
    let now = app.now();
    let candidates = Entity::find()
        .filter(runnable(now))
        .order_by_desc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        // A few more than wanted: other workers look at the same ones.
        .limit(limit as u64 * 2)
        .all(app.db.conn())
        .await?;
    let mut claimed = Vec::new();
    for candidate in candidates {
        if claimed.len() == limit {
            break;
        }
        if let Some(job) = take(app, worker, candidate).await? {
            claimed.push(job);
        }
    }
    Ok(claimed)
}

async fn take(app: &App, worker: &str, seen: Model) -> AppResult<Option<Model>> {
    let now = app.now();
    let (attempts, until) = (seen.attempts.saturating_add(1), lock_end(app));
    let taken = Entity::update_many()
        .col_expr(Column::Status, status(JobStatus::Running))
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::LockedBy, Expr::value(worker))
        .col_expr(Column::LockedUntil, Expr::value(until))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(seen.id))
        // Every claim counts an attempt: whoever claimed meanwhile changed this number.
        .filter(Column::Attempts.eq(seen.attempts))
        .filter(runnable(now))
        .exec(app.db.conn())
        .await;
    Ok(won(taken)?.then(|| Model {
        status: JobStatus::Running,
        attempts,
        locked_by: Some(worker.to_owned()),
        locked_until: Some(until),
        ..seen
    }))
}

/// Whether a conditional update hit. A conflict reported by a cluster means that somebody else was first.
fn won(result: Result<UpdateResult, sea_orm::DbErr>) -> AppResult<bool> {
    match result {
        Ok(result) => Ok(result.rows_affected == 1),
        Err(error) if db::is_transient(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The job as this worker's claim left it; nobody else's.
fn held(job: &Model) -> Condition {
    Condition::all()
        .add(Column::Id.eq(job.id))
        .add(Column::Status.eq(JobStatus::Running))
        .add(Column::LockedBy.eq(job.locked_by.clone()))
        .add(Column::Attempts.eq(job.attempts))
}

fn status(status: JobStatus) -> Expr {
    use sea_orm::ActiveEnum;
    Expr::value(status.to_value())
}

/// Holds a running job for longer. `false` when it was lost.
pub(super) async fn extend(app: &App, job: &Model) -> AppResult<bool> {
    let extended = Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(lock_end(app)))
        .filter(held(job))
        .exec(app.db.conn())
        .await;
    won(extended)
}

/// Marks a job as done.
pub(super) async fn finish(app: &App, job: &Model) -> AppResult<()> {
    let now = app.now();
    write_txn!(app.db, |txn| {
        Entity::update_many()
            .col_expr(Column::Status, status(JobStatus::Done))
            .col_expr(Column::FinishedAt, Expr::value(now))
            .col_expr(Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(held(job))
            .exec(txn)
            .await?;
        Ok(())
    })
}

/// Puts a failed job back with a pause, or buries it. Returns whether it was buried.
pub(super) async fn fail(app: &App, job: &Model, error: &str) -> AppResult<bool> {
    if job.attempts >= job.max_attempts {
        return bury(app, job, error).await;
    }
    let now = app.now();
    let pause = BACKOFF * 4i32.saturating_pow(u32::try_from(job.attempts.clamp(1, 8)).unwrap_or(1) - 1);
    write_txn!(app.db, |txn| {
        Entity::update_many()
            .col_expr(Column::Status, status(JobStatus::Queued))
            .col_expr(Column::RunAt, Expr::value(now + pause))
            .col_expr(Column::LockedBy, Expr::value(Option::<String>::None))
            .col_expr(Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
            .col_expr(Column::LastError, Expr::value(error))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(held(job))
            .exec(txn)
            .await?;
        Ok(false)
    })
}

async fn bury(app: &App, job: &Model, error: &str) -> AppResult<bool> {
    let now = app.now();
    // What retry needs to queue it again.
    let payload =
        json!({ "job_type": job.job_type, "payload": job.payload, "dedupe_key": job.dedupe_key, "queue": job.queue });
    let payload = serde_json::to_string(&payload)?;
    write_txn!(app.db, |txn| {
        let buried = Entity::update_many()
            .col_expr(Column::Status, status(JobStatus::Dead))
            .col_expr(Column::FinishedAt, Expr::value(now))
            .col_expr(Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
            .col_expr(Column::LastError, Expr::value(error))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(held(job))
            .exec(txn)
            .await?;
        if buried.rows_affected == 0 {
            return Ok(false);
        }
        let row = failed_jobs::ActiveModel {
            uuid: Set(job.id.to_string()),
            connection: Set("database".to_owned()),
            queue: Set(job.queue.clone()),
            payload: Set(payload.clone()),
            exception: Set(error.to_owned()),
            failed_at: Set(now),
            ..Default::default()
        };
        failed_jobs::Entity::insert(row).exec_without_returning(txn).await.map_err(AppError::from)?;
        Ok(true)
    })
}
