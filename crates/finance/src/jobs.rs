//! Background work of this wing.

use std::time::Duration;

use futures::FutureExt;
use kernel::AppError;
use kernel::ids::ProviderBillId;
use platform::jobs::{JobKind, Schedule};

use crate::service::{build, pay, readiness};

/// The kinds of jobs.
pub fn jobs() -> Vec<JobKind> {
    vec![JobKind {
        name: pay::JOB,
        run: |app, payload| {
            async move {
                let id = payload.get("bill").cloned().ok_or_else(|| AppError::internal("a job without bill"))?;
                pay::pay(app, serde_json::from_value::<ProviderBillId>(id)?).await
            }
            .boxed()
        },
    }]
}

/// The recurring work. Hours of the day are kept by what runs: a run that was missed is made up for.
pub fn schedules() -> Vec<Schedule> {
    let minute = Duration::from_secs(60);
    vec![
        Schedule { name: "finance.build_statements", every: 15 * minute, run: |app| build::build_due(app).boxed() },
        Schedule { name: "finance.payout_day", every: 15 * minute, run: |app| pay::payout_day(app).boxed() },
        Schedule { name: "finance.poll_transfers", every: 10 * minute, run: |app| pay::poll(app).boxed() },
        Schedule {
            name: "finance.refresh_readiness",
            every: 15 * minute,
            run: |app| readiness::refresh_waiting(app).boxed(),
        },
    ]
}
