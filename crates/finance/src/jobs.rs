//! Background work of this wing.

use std::time::Duration;

use futures::FutureExt;
use kernel::ids::{ProviderBillId, ReconciliationRunId};
use kernel::{AppError, AppResult};
use payments::gateway::event::SentStage;
use platform::jobs::{JobKind, Schedule};
use platform::outbox::Subscription;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::service::{build, pay, readiness, reconcile, refund_account};

/// What this wing hears of.
pub fn subscriptions() -> Vec<Subscription> {
    vec![Subscription {
        event: payments::service::process::SENT,
        name: "finance.hear_of_transfer",
        handle: |app, event| {
            async move {
                let said = |name: &str| event.payload.get(name).and_then(Json::as_str).map(str::to_owned);
                let what = said("what").as_deref().and_then(SentStage::from_word);
                let news = pay::Heard {
                    transfer: said("transfer").unwrap_or_default(),
                    key: said("key"),
                    what: what.ok_or_else(|| AppError::internal("news of money without what became of it"))?,
                    amount_minor: event.payload.get("amount_minor").and_then(Json::as_i64),
                    currency: said("currency"),
                };
                pay::heard(app, &news).await
            }
            .boxed()
        },
    }]
}

/// The kinds of jobs.
pub fn jobs() -> Vec<JobKind> {
    vec![
        JobKind {
            name: pay::JOB,
            run: |app, payload| async move { pay::pay(app, id::<ProviderBillId>(payload, "bill")?).await }.boxed(),
        },
        JobKind {
            name: reconcile::JOB,
            run: |app, payload| {
                async move { reconcile::work(app, id::<ReconciliationRunId>(payload, "run")?).await }.boxed()
            },
        },
    ]
}

fn id<T: DeserializeOwned>(payload: &Json, name: &str) -> AppResult<T> {
    let value = payload.get(name).cloned().ok_or_else(|| AppError::internal(format!("a job without {name}")))?;
    Ok(serde_json::from_value(value)?)
}

/// The recurring work. Hours of the day are kept by what runs: a run that was missed is made up for.
pub fn schedules() -> Vec<Schedule> {
    let minute = Duration::from_secs(60);
    vec![
        Schedule { name: "finance.build_statements", every: 15 * minute, run: |app| build::build_due(app).boxed() },
        Schedule { name: "finance.payout_day", every: 15 * minute, run: |app| pay::payout_day(app).boxed() },
        Schedule { name: "finance.poll_transfers", every: 10 * minute, run: |app| pay::poll(app).boxed() },
        Schedule { name: "finance.poll_refunds", every: 10 * minute, run: |app| refund_account::poll(app).boxed() },
        Schedule {
            name: "finance.refresh_readiness",
            every: 15 * minute,
            run: |app| readiness::refresh_waiting(app).boxed(),
        },
        Schedule { name: "finance.reconcile_daily", every: 15 * minute, run: |app| reconcile::daily(app).boxed() },
    ]
}
