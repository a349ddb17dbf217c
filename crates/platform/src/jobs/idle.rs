//! Runs everything that is due now, in order, for tests and for building demo data.

use std::sync::Arc;

use kernel::{AppError, AppResult};

use super::run::Outcome;
use super::{Registry, run, schedule, store};
use crate::{App, outbox};

/// Something that did not work while running until idle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The job kind with its payload, or the schedule.
    pub what: String,
    /// What went wrong, redacted.
    pub error: String,
    /// Whether it will not be tried again.
    pub buried: bool,
}

/// More jobs than this mean that jobs make jobs without end.
const TOO_MANY: usize = 100_000;

/// Dispatches events, runs due jobs and each due schedule once, again and again until nothing is due by the clock of
/// `app`. Returns what failed.
pub async fn run_until_idle(app: &App, registry: &Registry) -> AppResult<Vec<Failure>> {
    registry.check()?;
    let registry = Arc::new(registry.clone());
    let worker = format!("idle-{}", app.random.hex(6));
    let mut failures = Vec::new();
    let mut ran_schedules = Vec::new();
    let mut ran_jobs = 0;
    schedule::register(app, &registry).await?;
    loop {
        let dispatched = outbox::dispatch_due(app, &registry).await?;
        if let Some(job) = store::claim(app, &worker, 1).await?.pop() {
            if let Outcome::Failed { error, buried } = run::run(app, &registry, &job).await? {
                failures.push(Failure { what: format!("{} {}", job.job_type, job.payload), error, buried });
            }
            ran_jobs += 1;
            if ran_jobs > TOO_MANY {
                return Err(AppError::internal("jobs make jobs without end"));
            }
            continue;
        }
        let due = schedule::claim_due(app, &registry, &ran_schedules).await?;
        if due.is_empty() && dispatched == 0 {
            return Ok(failures);
        }
        for schedule in due {
            ran_schedules.push(schedule.name);
            if let Err(error) = schedule::run(app, &schedule).await {
                let error = super::redact(&error.to_string());
                failures.push(Failure { what: schedule.name.to_owned(), error, buried: false });
            }
        }
    }
}
