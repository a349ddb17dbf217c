//! What the platform itself does from time to time.

use std::time::Duration;

use crate::jobs::{self, Schedule};
use crate::{audit, files, idempotency, rates};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The platform's own schedules.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule {
            name: "platform.seal_audit_log",
            // With the sealer's settling time well within the 60 s of R-ID-64.
            every: Duration::from_secs(20),
            run: |app| Box::pin(async move { audit::seal(app).await.map(drop) }),
        },
        Schedule {
            name: "platform.watch_audit_log",
            every: 24 * HOUR,
            run: |app| Box::pin(async move { audit::watch(app).await.map(drop) }),
        },
        Schedule { name: "platform.purge_jobs", every: HOUR, run: |app| Box::pin(jobs::purge_finished(app)) },
        Schedule {
            name: "platform.purge_idempotency_keys",
            every: HOUR,
            run: |app| Box::pin(idempotency::purge_expired(app)),
        },
        Schedule { name: "platform.purge_request_counts", every: HOUR / 12, run: |app| Box::pin(rates::purge(app)) },
        Schedule {
            name: "platform.sweep_orphaned_files",
            every: 24 * HOUR,
            run: |app| Box::pin(async move { files::sweep_orphans(app).await.map(drop) }),
        },
    ]
}
