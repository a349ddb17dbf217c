//! Requests nobody pays or takes, and subscriptions whose last month is over. Everything follows from dates: a run that comes
//! late or twice does the same.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use kernel::ids::{AfterCareId, StandaloneAftercareRequestId};
use kernel::{Actor, AppResult, Timestamp};
use payments::service::aftercare as money;
use platform::App;
use platform::db::Txn;
use platform::jobs::{BATCH, Sweep};
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::heard::put;
use super::{Refusal, RequestStatus, event, is_paid, lock, refuse, requests};
use crate::access;
use crate::entity::after_cares::{self, AfterCarePricingModel, AfterCareStatus};

/// An unpaid request ends after this time.
const UNPAID: Duration = Duration::hours(48);
/// A paid one nobody takes.
const UNTAKEN: Duration = Duration::days(7);
/// Days on which staff are warned before.
const WARNED: [i64; 3] = [3, 5, 6];

/// A clinic is reminded of what it was given and has not begun.
const REMINDED: Duration = Duration::hours(48);
/// And then staff are.
const ALARMED: Duration = Duration::hours(72);

/// Works off what is over.
pub async fn run(app: &App) -> AppResult<()> {
    end_requests(app).await?;
    end_subscriptions(app).await
}

async fn end_requests(app: &App) -> AppResult<()> {
    let mut sweep = Sweep::start(app, "aftercare.expire_requests");
    loop {
        let now = app.now();
        let unpaid = Condition::all()
            .add(requests::Column::WaitingSince.is_null())
            .add(requests::Column::CreatedAt.lte(now - UNPAID));
        let waits = Condition::all()
            .add(requests::Column::AwaitingProvider.eq(false))
            .add(requests::Column::WaitingSince.lte(now - Duration::days(WARNED[0])));
        let pending = Condition::all().add(requests::Column::RequestStatus.eq(RequestStatus::Pending));
        let with_clinic = Condition::all()
            .add(requests::Column::RequestStatus.eq(RequestStatus::Assigned))
            .add(requests::Column::AssignedAt.lte(now - REMINDED));
        let due: Vec<(StandaloneAftercareRequestId, Timestamp)> = requests::Entity::find()
            .select_only()
            .columns([requests::Column::Id, requests::Column::CreatedAt])
            .filter(Condition::any().add(pending.add(Condition::any().add(unpaid).add(waits))).add(with_clinic))
            .filter(sweep.rest(requests::Column::CreatedAt, requests::Column::Id))
            .order_by_asc(requests::Column::CreatedAt)
            .order_by_asc(requests::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        for row in &due {
            sweep.took(*row, look(app, row.0).await);
        }
        if !sweep.goes_on(app, due.len()) {
            return Ok(());
        }
    }
}

async fn look(app: &App, id: StandaloneAftercareRequestId) -> AppResult<()> {
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let (row, now) = (lock(txn, id).await?, app.now());
        if row.request_status == RequestStatus::Assigned {
            return nudge(txn, app, &row).await;
        }
        if row.request_status != RequestStatus::Pending {
            return Ok(());
        }
        let Some(since) = row.waiting_since.filter(|_| is_paid(&row)) else {
            // Paid, and not heard of yet: the money decides.
            let rows = money::of_request(txn, id).await?;
            let is_paid = rows.iter().any(|charge| charge.paid_at.is_some());
            if is_paid || now - row.created_at < UNPAID {
                return Ok(());
            }
            return refuse(txn, app, &actor, &row, (Refusal::PaymentExpired, None)).await.map(drop);
        };
        if row.awaiting_provider {
            return Ok(());
        }
        if now - since >= UNTAKEN {
            return refuse(txn, app, &actor, &row, (Refusal::AssignmentExpired, None)).await.map(drop);
        }
        let Some(day) = WARNED.into_iter().rev().find(|day| now - since >= Duration::days(*day)) else { return Ok(()) };
        // The key has the clock and the day: each warning is told once.
        let told = event("aftercare.request_expiring", &row)
            .occurrence(format!("{}:{day}", since.timestamp()))
            .with("age_days", day)
            .with("hours_left", (since + UNTAKEN - now).num_hours());
        outbox::emit(txn, app, &actor, told).await
    })
}

/// A clinic that has not begun what it was given is reminded, and then staff hear of it; each once (section 4).
async fn nudge(txn: &Txn, app: &App, row: &requests::Model) -> AppResult<()> {
    let (actor, now) = (Actor::system(), app.now());
    let Some(since) = row.assigned_at.filter(|since| now - *since >= REMINDED) else { return Ok(()) };
    let key = since.timestamp().to_string();
    outbox::emit(txn, app, &actor, event("aftercare.assignment_reminder", row).occurrence(key.clone())).await?;
    if now - since < ALARMED {
        return Ok(());
    }
    let alert = Event::new("system.alert", "StandaloneAftercareRequest", row.id)
        .occurrence(format!("not_begun:{key}"))
        .with("alert", "aftercare_not_begun")
        .with("request_id", row.id);
    outbox::emit(txn, app, &actor, alert).await
}

/// Today where a case's days are counted.
pub(super) fn clinic_day(app: &App, case: &after_cares::Model) -> NaiveDate {
    let zone: Tz = case.timezone.parse().unwrap_or(Tz::UTC);
    app.now().with_timezone(&zone).date_naive()
}

/// Closes cases whose subscription was stopped and whose last month is over.
async fn end_subscriptions(app: &App) -> AppResult<()> {
    let mut sweep = Sweep::start(app, "aftercare.end_subscriptions");
    loop {
        let open: Vec<(AfterCareId, Timestamp)> = after_cares::Entity::find()
            .select_only()
            .columns([after_cares::Column::Id, after_cares::Column::CreatedAt])
            .filter(after_cares::Column::Status.is_in([AfterCareStatus::Active, AfterCareStatus::Suspended]))
            .filter(after_cares::Column::PricingModel.eq(AfterCarePricingModel::MonthlySubscription))
            .filter(after_cares::Column::EndedAt.is_null())
            .filter(sweep.rest(after_cares::Column::CreatedAt, after_cares::Column::Id))
            .order_by_asc(after_cares::Column::CreatedAt)
            .order_by_asc(after_cares::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        for row in &open {
            sweep.took(*row, close(app, row.0).await);
        }
        if !sweep.goes_on(app, open.len()) {
            return Ok(());
        }
    }
}

async fn close(app: &App, id: AfterCareId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let case = access::lock(txn, id).await?;
        let Some(request) = case.standalone_request_id.filter(|_| case.ended_at.is_none()) else { return Ok(()) };
        // The last day its patient was told.
        let last = money::ends_on(&money::of_request(txn, request).await?);
        if last.is_none_or(|last| last >= clinic_day(app, &case)) {
            return Ok(());
        }
        let change = after_cares::ActiveModel {
            status: Set(AfterCareStatus::Suspended),
            suspended_reason: Set(Some("subscription_ended".to_owned())),
            suspended_at: Set(case.suspended_at.or(Some(app.now()))),
            ended_at: Set(Some(app.now())),
            ..Default::default()
        };
        put(txn, app, &case, change, "aftercare.case_suspended", "subscription_ended").await
    })
}
