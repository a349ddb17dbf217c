//! Staff move a paid booking, and what is still to be paid follows (R-PY-09, R-PY-44).

use chrono::{NaiveDate, NaiveTime};
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::db::Txn;
use quoting::case::Case;
use quoting::entity::booking_terms;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use quoting::service::reschedule::{self as slot, Moving};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::facts;
use crate::queries;
use crate::rules::reschedule::{Before, Effect, effect};
use crate::service::access::{self, Audience};
use crate::service::plans::{self, First, Plan};
use crate::store::{self, Sums};

/// Where staff want a booking to go.
#[derive(Clone, Debug)]
pub struct NewSlot {
    /// The first day, on the clinic's calendar.
    pub date: NaiveDate,
    /// The start of each day, on the clinic's clock.
    pub time: NaiveTime,
    /// Minutes of each day; as now where none is given.
    pub duration_minutes: Option<i32>,
    /// Consecutive days; as now where none is given.
    pub day_count: Option<i32>,
}

/// A booking that may move, and what would become of its money.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The booking.
    pub quote: quotes::Model,
    /// Its terms.
    pub terms: booking_terms::Model,
    /// Where it is now.
    pub schedule: schedules::Model,
    /// What would become of the money, where a day was given.
    pub effect: Option<Effect>,
}

fn require(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::IssueRefund)
}

fn not_movable() -> AppError {
    AppError::conflict("invalid_transition", "Only a confirmed booking can be moved.")
}

/// What another day would mean; nothing happens. Five statements.
///
/// Errors: 403; 404; 409 `invalid_transition` unless the booking is confirmed.
pub async fn preview(app: &App, actor: &Actor, id: QuoteId, date: Option<NaiveDate>) -> AppResult<Preview> {
    require(actor)?;
    let conn = app.db.conn();
    let (quote, _) = access::visible(conn, Audience::Staff, id).await?;
    if quote.status != QuoteStatus::Confirmed {
        return Err(not_movable());
    }
    let terms = quoting::store::newest_terms(conn, id).await?.ok_or_else(not_movable)?;
    let schedule = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(id))
        .filter(schedules::Column::Status.eq(ScheduleStatus::Confirmed))
        .one(conn)
        .await?
        .ok_or_else(not_movable)?;
    let effect = match date {
        None => None,
        Some(date) => {
            let rows = queries::of_quotes(conn, [id]).await?;
            let plan = plans::of_quotes(conn, &[id]).await?.into_iter().find(is_live);
            let before = before(&terms, &rows, plan.as_ref());
            Some(effect(&before, date, facts::clinic_today(&quote, app.now())))
        }
    };
    Ok(Preview { quote, terms, schedule, effect })
}

fn is_live(plan: &Plan) -> bool {
    use crate::entity::installment_payment_plans::InstallmentPaymentPlanStatus as Status;
    matches!(plan.row.status, Status::Active | Status::Defaulted)
}

fn before(terms: &booking_terms::Model, rows: &[payments::Model], plan: Option<&Plan>) -> Before {
    let plan = plan.filter(|plan| plan.has_begun());
    Before {
        rest: terms.payment_total - Sums::of(rows).paid(),
        currency: terms.payment_currency,
        planned: plan.map(|plan| plan.open().map(|item| item.due_date).collect()),
        balance_due_days: terms.balance_due_days,
        cutoff_days: i64::from(terms.cutoff_days),
    }
}

/// Moves a confirmed booking to another slot. The plan or balance follows by [`effect`]; patient and clinic are told. Doing
/// it again changes nothing.
///
/// Errors: 403; 404; 409 `invalid_transition`, `slot_unavailable`, `payment_in_progress` while a payment of the plan that
/// would end is under way; 422 by field.
pub async fn reschedule(app: &App, actor: &Actor, id: QuoteId, to: &NewSlot, reason: &str) -> AppResult<Effect> {
    require(actor)?;
    let (found, _) = access::visible(app.db.conn(), Audience::Staff, id).await?;
    if found.status != QuoteStatus::Confirmed {
        return Err(not_movable());
    }
    let slot = slot::moved_slot(&found, to.date, to.time, to.duration_minutes, to.day_count)?;
    let moving = Moving { slot, reason: reason.to_owned() };
    slot::check(&moving, app.now())?;
    slot::clear_the_way(app, id, &moving.slot).await?;
    let capacity = slot::capacity(app).await?;
    platform::write_txn!(app.db, |txn| {
        let case = slot::lock(txn, id).await?;
        let rows = store::lock_payments(txn, id).await?;
        let plan = plans::lock_of(txn, id).await?;
        Box::pin(write(txn, app, actor, &case, (&rows, plan.as_ref()), (&moving, capacity))).await
    })
}

async fn write(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    (rows, plan): (&[payments::Model], Option<&Plan>),
    (moving, capacity): (&Moving, i64),
) -> AppResult<Effect> {
    let terms = case.require_terms()?;
    let date = moving.slot.date;
    let effect = effect(&before(terms, rows, plan), date, facts::clinic_today(&case.quote, app.now()));
    if case.quote.status == QuoteStatus::Confirmed && slot::is_there(case, &moving.slot) {
        return Ok(effect);
    }
    let days = effect.balance_due_days(date, terms.balance_due_days);
    slot::move_booking(txn, app, actor, case, moving, (days, capacity)).await?;
    let ends = matches!(effect, Effect::Spread(_) | Effect::Balance { ends_plan: true, .. });
    let Some(plan) = plan.filter(|_| ends) else { return Ok(effect) };
    let under_way =
        |row: &payments::Model| row.payment_type != PaymentType::Refund && row.payment_status == PaymentStatus::Pending;
    if rows.iter().any(under_way) {
        let text = "A payment of the plan is under way. Try again in a moment.";
        return Err(AppError::conflict("payment_in_progress", text));
    }
    plans::cancel(txn, app.now(), plan).await?;
    if let Effect::Spread(parts) = &effect {
        let total = (terms.payment_total - Sums::of(rows).paid(), terms.payment_currency);
        let next = plans::create(txn, app.now(), case, total, parts, First::ByClock).await?;
        plans::supersede(txn, app.now(), plan.row.id, next.id).await?;
    }
    Ok(effect)
}
