//! What the money of a request means for it: paid and waiting, paused, going on (R-AC-59, R-AC-60).

use futures::FutureExt;
use kernel::ids::StandaloneAftercareRequestId;
use kernel::{Actor, AppResult};
use payments::service::aftercare as money;
use platform::App;
use platform::db::Txn;
use platform::outbox::{self, Event, Subscription};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::{RequestStatus, event, is_paid, lock, requests, write};
use crate::entity::after_cares::{self, AfterCareStatus};
use crate::entity::aftercare_milestones as milestones;
use crate::rules::schedule::Schedule;

/// Why a case is paused whose charge was refused for good.
const UNPAID: &str = "payment_overdue";

/// What this wing wants to hear of the payments wing.
pub fn subscriptions() -> Vec<Subscription> {
    vec![
        Subscription {
            event: "aftercare.standalone_payment_confirmed",
            name: "aftercare.charge_paid",
            handle: |app, event| async move { paid(app, event.id("request_id")?).await }.boxed(),
        },
        Subscription {
            event: "aftercare.payment_failed",
            name: "aftercare.charge_failed",
            handle: |app, event| {
                async move {
                    match event.payload.get("is_final").and_then(serde_json::Value::as_bool) {
                        Some(true) => failed(app, event.id("request_id")?).await,
                        _ => Ok(()),
                    }
                }
                .boxed()
            },
        },
    ]
}

/// A charge was paid: the request waits for its clinic from then on, and a case that was paused for it goes on.
async fn paid(app: &App, id: StandaloneAftercareRequestId) -> AppResult<()> {
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        if row.request_status == RequestStatus::Pending && !is_paid(&row) {
            let change = requests::ActiveModel { waiting_since: Set(Some(app.now())), ..Default::default() };
            write(txn, app, &row, change).await?;
            // Staff hear of it once there is something to do.
            outbox::emit(txn, app, &actor, event("aftercare.standalone_requested", &row).occurrence("paid")).await?;
        }
        let rows = money::of_request(txn, id).await?;
        match case_of(txn, id).await? {
            Some(case)
                if !money::owes(&rows)
                    && case.suspended_reason.as_deref() == Some(UNPAID)
                    && case.ended_at.is_none() =>
            {
                resume(txn, app, &case).await
            }
            _ => Ok(()),
        }
    })
}

/// The last retry was refused: nothing is asked of the patient until it is paid.
async fn failed(app: &App, id: StandaloneAftercareRequestId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        lock(txn, id).await?;
        pause_if_owed(txn, app, id).await
    })
}

/// Pauses the case of a locked request while a month of it is owed.
pub(super) async fn pause_if_owed(txn: &Txn, app: &App, id: StandaloneAftercareRequestId) -> AppResult<()> {
    // Paid since: the news is old.
    let owes = money::owes(&money::of_request(txn, id).await?);
    let case = case_of(txn, id).await?.filter(|case| owes && case.status == AfterCareStatus::Active);
    let Some(case) = case else { return Ok(()) };
    let change = after_cares::ActiveModel {
        status: Set(AfterCareStatus::Suspended),
        suspended_reason: Set(Some(UNPAID.to_owned())),
        suspended_at: Set(Some(app.now())),
        ..Default::default()
    };
    put(txn, app, &case, change, "aftercare.case_suspended", UNPAID).await
}

async fn case_of(txn: &Txn, id: StandaloneAftercareRequestId) -> AppResult<Option<after_cares::Model>> {
    Ok(after_cares::Entity::find()
        .filter(after_cares::Column::StandaloneRequestId.eq(id))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Goes on; what was due meanwhile is excused, and later days stay (section 4).
async fn resume(txn: &Txn, app: &App, case: &after_cares::Model) -> AppResult<()> {
    let today = app.now().date_naive();
    if let Some(since) = case.suspended_at {
        let rows = milestones::Entity::find().filter(milestones::Column::AfterCareId.eq(case.id)).all(txn).await?;
        for row in rows {
            let mut schedule: Schedule = serde_json::from_value(row.schedule.clone())?;
            if !schedule.excuse(since.date_naive(), today, "suspended") {
                continue;
            }
            let change = milestones::ActiveModel {
                schedule: Set(serde_json::to_value(&schedule)?),
                updated_at: Set(app.now()),
                ..Default::default()
            };
            milestones::Entity::update_many().set(change).filter(milestones::Column::Id.eq(row.id)).exec(txn).await?;
        }
    }
    let change = after_cares::ActiveModel {
        status: Set(AfterCareStatus::Active),
        suspended_reason: Set(None),
        suspended_at: Set(None),
        ..Default::default()
    };
    put(txn, app, case, change, "aftercare.case_resumed", "paid").await
}

/// Changes a locked case and tells its patient and clinic.
pub(super) async fn put(
    txn: &Txn,
    app: &App,
    case: &after_cares::Model,
    change: after_cares::ActiveModel,
    name: &'static str,
    reason: &str,
) -> AppResult<()> {
    let change =
        after_cares::ActiveModel { lock_version: Set(case.lock_version + 1), updated_at: Set(app.now()), ..change };
    after_cares::Entity::update_many().set(change).filter(after_cares::Column::Id.eq(case.id)).exec(txn).await?;
    let entry = platform::audit::Entry::new(name)
        .subject("AfterCare", case.id)
        .patient(case.patient_id)
        .provider(case.provider_id)
        .reason(reason);
    platform::audit::record(txn, app, &Actor::system(), entry).await?;
    let told = Event::new(name, "AfterCare", case.id)
        .occurrence(app.now().timestamp_micros().to_string())
        .with("case_id", case.id)
        .with("patient_id", case.patient_id)
        .with("provider_id", case.provider_id)
        .with("reason_code", reason)
        .with("recovery_percentage", case.recovery_percentage);
    outbox::emit(txn, app, &Actor::system(), told).await
}
