//! The worker: takes what is due and runs it, several at a time, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use kernel::AppResult;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Registry, Schedule, WAKE, run, schedule, store};
use crate::entity::jobs::Model;
use crate::{App, outbox};

/// Runs jobs, schedules and the outbox. Any number of them may work on one database.
pub struct Worker {
    app: App,
    registry: Arc<Registry>,
    concurrency: usize,
    name: String,
}

enum Unit {
    Job(Box<Model>),
    Schedule(Schedule),
}

/// Somebody called for work he is about to commit: look again after these pauses before going back to waiting.
const EAGER: [Duration; 3] = [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(400)];

impl Worker {
    /// A worker with the concurrency of the configuration.
    pub fn new(app: App, registry: Registry) -> Self {
        let name = format!("worker-{}", app.random.hex(6));
        let concurrency = app.config.worker.concurrency.max(1);
        Self { app, registry: Arc::new(registry), concurrency, name }
    }

    /// Works until `shutdown`; then takes nothing new and waits for what runs.
    pub async fn run(self, shutdown: CancellationToken) {
        tracing::info!(worker = self.name, concurrency = self.concurrency, "worker started");
        if let Err(error) = self.registry.check() {
            tracing::error!(%error, "worker refuses its registry");
            return;
        }
        let mut running = JoinSet::new();
        let mut eager = EAGER.iter();
        let mut registered = false;
        while !shutdown.is_cancelled() {
            let found = match self.look(&mut registered, &mut running).await {
                Ok(found) => found,
                Err(error) => {
                    // The database is away, most likely: wait and try again.
                    tracing::error!(%error, "worker could not look for work");
                    false
                }
            };
            let full = running.len() >= self.concurrency;
            if found && !full {
                eager = EAGER.iter();
                continue;
            }
            let pause = eager.next().copied().unwrap_or(self.app.config.worker.poll);
            #[expect(clippy::disallowed_methods, reason = "looks for work now and then")]
            let pause = tokio::time::sleep(pause);
            tokio::select! {
                () = shutdown.cancelled() => {}
                Some(_) = running.join_next() => {}
                () = WAKE.notified(), if !full => eager = EAGER.iter(),
                () = pause, if !full => {}
            }
        }
        tracing::info!(worker = self.name, running = running.len(), "worker stops, waiting for what runs");
        while running.join_next().await.is_some() {}
    }

    /// Dispatches events and starts what is due; whether there was anything.
    async fn look(&self, registered: &mut bool, running: &mut JoinSet<()>) -> AppResult<bool> {
        while running.try_join_next().is_some() {}
        if !*registered {
            schedule::register(&self.app, &self.registry).await?;
            *registered = true;
        }
        let dispatched = outbox::dispatch_due(&self.app, &self.registry).await?;
        let mut units = Vec::new();
        let mut free = self.concurrency.saturating_sub(running.len());
        if free > 0 {
            // Schedules first: there are few of them and deadlines hang on them.
            units.extend(schedule::claim_due(&self.app, &self.registry, &[]).await?.into_iter().map(Unit::Schedule));
            free = free.saturating_sub(units.len());
        }
        if free > 0 {
            let jobs = store::claim(&self.app, &self.name, free).await?;
            units.extend(jobs.into_iter().map(|job| Unit::Job(Box::new(job))));
        }
        let found = dispatched > 0 || !units.is_empty();
        for unit in units {
            let (app, registry) = (self.app.clone(), Arc::clone(&self.registry));
            running.spawn(async move { start(&app, &registry, unit).await });
        }
        Ok(found)
    }
}

async fn start(app: &App, registry: &Arc<Registry>, unit: Unit) {
    match unit {
        Unit::Job(job) => {
            if let Err(error) = run::run(app, registry, &job).await {
                // Its lock ends and it runs again.
                tracing::error!(job.id = %job.id, %error, "could not write down how a job ended");
            }
        }
        // Logged where it failed; the next time is already set.
        Unit::Schedule(schedule) => drop(schedule::run(app, &schedule).await),
    }
}
