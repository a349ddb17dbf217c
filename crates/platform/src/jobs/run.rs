//! Runs one job to its end, whatever happens inside.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use kernel::{AppError, AppResult};
use tokio::task::JoinError;
use tracing::Instrument;

use super::redact::redact;
use super::{JobKind, Registry, Run, store};
use crate::entity::jobs::Model;
use crate::{App, outbox};

/// A job that takes longer counts as failed (identity, `failed_jobs`: tries of at most 60 s).
const TIMEOUT: Duration = Duration::from_secs(60);

/// What became of a job.
pub(super) enum Outcome {
    Done,
    Failed { error: String, buried: bool },
}

/// Runs a claimed job and writes down what became of it.
pub(super) async fn run(app: &App, registry: &Arc<Registry>, job: &Model) -> AppResult<Outcome> {
    let span = tracing::info_span!("job", job.id = %job.id, job.kind = %job.job_type, attempt = job.attempts);
    let result = if job.attempts > job.max_attempts {
        // Claimed again after its last try: whoever ran it died, and may die again.
        Err(AppError::internal("the worker died during the last attempt"))
    } else {
        attempt(app, registry, job).instrument(span.clone()).await
    };
    let _in_span = span.enter();
    drop(_in_span);
    match result {
        Ok(()) => {
            metrics::counter!("hairline_jobs_total", "outcome" => "done").increment(1);
            store::finish(app, job).await?;
            Ok(Outcome::Done)
        }
        Err(error) => {
            let error = redact(&error.to_string());
            let buried = store::fail(app, job, &error).await?;
            metrics::counter!("hairline_jobs_total", "outcome" => if buried { "dead" } else { "failed" }).increment(1);
            if buried {
                tracing::error!(job.id = %job.id, job.kind = %job.job_type, %error, "job failed for good");
            } else {
                tracing::warn!(job.id = %job.id, job.kind = %job.job_type, %error, "job failed, will try again");
            }
            Ok(Outcome::Failed { error, buried })
        }
    }
}

async fn attempt(app: &App, registry: &Arc<Registry>, job: &Model) -> AppResult<()> {
    let work = work(app.clone(), Arc::clone(registry), job.clone());
    // A task of its own: a panic ends the task and not the worker.
    let mut task = tokio::spawn(work.in_current_span());
    #[expect(clippy::disallowed_methods, reason = "a deadline, not a pause")]
    let deadline = tokio::time::sleep(TIMEOUT);
    tokio::pin!(deadline);
    // A sign of life well within the lock.
    let pause = app.config.worker.lock / 3;
    let mut heartbeat = tokio::time::interval_at(tokio::time::Instant::now() + pause, pause);
    loop {
        tokio::select! {
            ended = &mut task => return ended.unwrap_or_else(|lost| Err(of_panic(lost))),
            () = &mut deadline => {
                task.abort();
                // Wait until it is really gone, so that the next try does not run beside it.
                let _ = (&mut task).await;
                return Err(AppError::internal(format!("took longer than {} s", TIMEOUT.as_secs())));
            }
            _ = heartbeat.tick() => {
                // A failed sign of life is no reason to stop: the lock may still hold, and a second run is allowed.
                if let Err(error) = store::extend(app, job).await {
                    tracing::warn!(job.id = %job.id, %error, "could not extend the lock of a job");
                }
            }
        }
    }
}

async fn work(app: App, registry: Arc<Registry>, job: Model) -> AppResult<()> {
    if job.job_type == outbox::DELIVER {
        return outbox::deliver(&app, &registry, &job.payload).await;
    }
    let run = kind(&registry.kinds, &job.job_type)?;
    run(&app, &job.payload).await
}

fn kind(kinds: &[JobKind], name: &str) -> AppResult<Run> {
    let kind = kinds.iter().find(|kind| kind.name == name);
    Ok(kind.ok_or_else(|| AppError::internal(format!("no job kind {name}")))?.run)
}

/// What a panic said.
pub(super) fn of_panic(lost: JoinError) -> AppError {
    match lost.try_into_panic() {
        Ok(panic) => AppError::internal(format!("panicked: {}", message(&*panic))),
        Err(cancelled) => AppError::internal(cancelled),
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words")
}
