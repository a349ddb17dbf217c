//! Background work of this wing.

use std::time::Duration;

use futures::FutureExt;
use kernel::ids::{AftercarePaymentId, GatewayEventId, PaymentId};
use kernel::{AppError, AppResult};
use platform::jobs::{JobKind, Schedule};
use platform::outbox::Subscription;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::gateway::simulator;
use crate::service::{aftercare, holds, plans, poll, process, refund, transfer, treated};

/// The kinds of jobs.
pub fn jobs() -> Vec<JobKind> {
    vec![
        JobKind {
            name: process::JOB,
            run: |app, payload| {
                async move { process::process(app, id::<GatewayEventId>(payload, "event")?).await }.boxed()
            },
        },
        JobKind {
            name: refund::JOB,
            run: |app, payload| async move { refund::execute(app, id::<PaymentId>(payload, "refund")?).await }.boxed(),
        },
        JobKind {
            name: aftercare::REFUND_JOB,
            run: |app, payload| {
                async move { aftercare::execute(app, id::<AftercarePaymentId>(payload, "refund")?).await }.boxed()
            },
        },
        JobKind {
            name: aftercare::GIVE_UP_JOB,
            run: |app, payload| {
                async move { aftercare::give_up(app, id::<AftercarePaymentId>(payload, "charge")?).await }.boxed()
            },
        },
        JobKind { name: simulator::DELIVER, run: |app, payload| simulator::deliver(app, payload).boxed() },
    ]
}

/// The recurring work.
pub fn schedules() -> Vec<Schedule> {
    let minute = Duration::from_secs(60);
    vec![
        Schedule { name: "payments.retry_events", every: minute, run: |app| process::retry_due(app).boxed() },
        Schedule { name: "payments.close_attempts", every: minute, run: |app| holds::close_attempts(app).boxed() },
        Schedule { name: "payments.charge_due", every: 15 * minute, run: |app| plans::charge_due(app).boxed() },
        Schedule { name: "payments.remind_items", every: 15 * minute, run: |app| plans::remind_items(app).boxed() },
        Schedule {
            name: "payments.remind_balances",
            every: 60 * minute,
            run: |app| plans::remind_balances(app).boxed(),
        },
        Schedule {
            name: "payments.give_up_transfers",
            every: 60 * minute,
            run: |app| transfer::give_up_old(app).boxed(),
        },
        Schedule {
            name: "payments.give_up_declined",
            every: 60 * minute,
            run: |app| poll::give_up_declined(app).boxed(),
        },
        Schedule {
            name: "payments.charge_aftercare",
            every: 15 * minute,
            run: |app| aftercare::charge_due(app).boxed(),
        },
        Schedule { name: "payments.remind_aftercare", every: 15 * minute, run: |app| aftercare::remind(app).boxed() },
        Schedule { name: "payments.earn_aftercare", every: 60 * minute, run: |app| aftercare::earn_due(app).boxed() },
        Schedule {
            name: "payments.poll_silent_aftercare",
            every: 10 * minute,
            run: |app| aftercare::poll_silent(app).boxed(),
        },
        Schedule { name: "payments.poll_silent", every: 10 * minute, run: |app| poll::poll_silent(app).boxed() },
    ]
}

/// Which events of other wings matter here.
pub fn subscriptions() -> Vec<Subscription> {
    vec![
        Subscription {
            event: "treatment.completed",
            name: "payments.book_treatment",
            handle: |app, event| async move { treated::treated(app, event.id("quote_id")?).await }.boxed(),
        },
        Subscription {
            event: "booking.hold_released",
            name: "payments.return_part",
            handle: |app, event| async move { transfer::hold_released(app, event.id("quote_id")?).await }.boxed(),
        },
    ]
}

fn id<T: DeserializeOwned>(payload: &Json, name: &str) -> AppResult<T> {
    let value = payload.get(name).cloned().ok_or_else(|| AppError::internal(format!("a job without {name}")))?;
    Ok(serde_json::from_value(value)?)
}
