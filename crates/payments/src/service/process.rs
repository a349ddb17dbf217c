//! Working on a stored event (R-PY-30 to 32): find its attempt, settle it, or park it until it is known.

use chrono::Duration;
use kernel::ids::{AftercarePaymentId, GatewayEventId};
use kernel::{Actor, AppResult, Timestamp};
use platform::App;
use platform::outbox::{self, Event};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::aftercare_payments::{self, AftercarePaymentStatus};
use crate::entity::gateway_events::{self, GatewayEventStatus};
use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::gateway;
use crate::gateway::event::{Envelope, Sent};
use crate::rules::attempt::Fact;
use crate::service::settle::{self, Report};
use crate::service::{accounts, aftercare, disputes};

/// The job that works on one event.
pub const JOB: &str = "payments.process_event";
/// The event that hands news of sent money on.
pub const SENT: &str = "gateway.money_sent";
/// An event whose job was lost is taken up by the schedule after this time.
pub const GRACE: Duration = Duration::minutes(2);
/// An event about something unknown is tried for this long (R-PY-32).
const PATIENCE: Duration = Duration::hours(24);
const BATCH: u64 = 100;

/// Settles what a stored event reports. Running it again changes nothing.
pub async fn process(app: &App, id: GatewayEventId) -> AppResult<()> {
    let Some(row) = gateway_events::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    if !is_open(row.status) {
        return Ok(());
    }
    let event: Envelope = serde_json::from_value(row.payload.clone())?;
    if let Some(dispute) = event.dispute() {
        // Before the money is booked there is nothing to take back.
        return match of_intent(app, &row, dispute.intent).await? {
            Some(Paid::Booking(payment))
                if matches!(payment.payment_status, PaymentStatus::Completed | PaymentStatus::Refunded) =>
            {
                disputes::settle(app, &payment, &row, dispute).await
            }
            Some(Paid::Aftercare(charge)) if charge.paid_at.is_some() => {
                aftercare::settle_dispute(app, &charge, &row, dispute).await
            }
            _ => park(app, row).await,
        };
    }
    if let Some(sent) = event.sent() {
        return hand_on(app, &row, sent).await;
    }
    let Some(fact) = event.fact() else {
        return close(app, row, GatewayEventStatus::Ignored, None).await;
    };
    let intent = &event.data.object.id;
    let payment = match of_intent(app, &row, intent).await? {
        Some(payment) => Some(payment),
        None => of_mark(app, &row, &event, intent).await?,
    };
    // Unknown may mean too early: the event can overtake the commit of the call that made the intent (race 6).
    let Some(payment) = payment else { return park(app, row).await };
    let is_news = fact == Fact::Succeeded && !payment.is_completed();
    let mut report = Report::of_event(&row, &event, fact);
    if is_news && event.data.object.card().is_none() {
        // Such an event names the charge, not the card it was made with.
        let account = accounts::load(app.db.conn(), Some(row.gateway_account_id)).await?;
        report.name_card(gateway::of(app, &account)?.retrieve(app, intent).await?);
    }
    match payment {
        Paid::Booking(payment) => settle::settle(app, payment.id, payment.quote_id, &report).await,
        Paid::Aftercare(charge) => aftercare::settle(app, charge.id, charge.standalone_request_id, &report).await,
    }
}

/// What an intent pays.
enum Paid {
    Booking(Box<payments::Model>),
    Aftercare(Box<aftercare_payments::Model>),
}

impl Paid {
    fn is_completed(&self) -> bool {
        match self {
            Self::Booking(payment) => payment.payment_status == PaymentStatus::Completed,
            Self::Aftercare(charge) => charge.payment_status == AftercarePaymentStatus::Completed,
        }
    }
}

/// What is said of money sent to clinics is for whoever keeps the statements: told once, with the event's own end.
async fn hand_on(app: &App, row: &gateway_events::Model, sent: Sent<'_>) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let Some(open) = settle::open_event(txn, row.id).await? else { return Ok(()) };
        let news = Event::new(SENT, "GatewayEvent", row.id)
            .occurrence("sent")
            .with("transfer", sent.id)
            .with("key", sent.key)
            .with("what", sent.what.word())
            .with("amount_minor", sent.amount_minor)
            .with("currency", sent.currency);
        outbox::emit(txn, app, &Actor::system(), news).await?;
        settle::close_event(txn, app, open, GatewayEventStatus::Processed).await
    })
}

/// The payment that was made with an intent of the event's account.
async fn of_intent(app: &App, event: &gateway_events::Model, intent: &str) -> AppResult<Option<Paid>> {
    let payment = payments::Entity::find()
        .filter(payments::Column::StripePaymentIntentId.eq(intent))
        .filter(payments::Column::PaymentType.ne(PaymentType::Refund))
        .filter(payments::Column::GatewayAccountId.eq(event.gateway_account_id))
        .one(app.db.conn())
        .await?;
    if let Some(payment) = payment {
        return Ok(Some(Paid::Booking(Box::new(payment))));
    }
    let charge = aftercare_payments::Entity::find()
        .filter(aftercare_payments::Column::StripePaymentIntentId.eq(intent))
        .filter(aftercare_payments::Column::GatewayAccountId.eq(event.gateway_account_id))
        .one(app.db.conn())
        .await?;
    Ok(charge.map(|charge| Paid::Aftercare(Box::new(charge))))
}

/// The charge of aftercare an intent names that nobody knows by its number: the answer to the call that made it was lost. It
/// is known from then on.
async fn of_mark(app: &App, event: &gateway_events::Model, said: &Envelope, intent: &str) -> AppResult<Option<Paid>> {
    let mark = said.data.object.metadata.get("aftercare_payment_id");
    let Some(id) = mark.and_then(|mark| mark.parse::<AftercarePaymentId>().ok()) else { return Ok(None) };
    let nameless = aftercare_payments::Column::StripePaymentIntentId.is_null();
    let known = aftercare_payments::Entity::update_many()
        .col_expr(aftercare_payments::Column::StripePaymentIntentId, Expr::value(intent))
        .filter(aftercare_payments::Column::Id.eq(id))
        .filter(aftercare_payments::Column::GatewayAccountId.eq(event.gateway_account_id))
        .filter(nameless)
        .exec(app.db.conn())
        .await?;
    match known.rows_affected {
        0 => Ok(None),
        _ => of_intent(app, event, intent).await,
    }
}

/// Whether the event still waits for its work.
pub(crate) fn is_open(status: GatewayEventStatus) -> bool {
    matches!(status, GatewayEventStatus::Received | GatewayEventStatus::Parked)
}

/// Takes up parked events, and received ones whose job was lost. A batch per run.
pub async fn retry_due(app: &App) -> AppResult<()> {
    let due = gateway_events::Entity::find()
        .filter(gateway_events::Column::Status.is_in([GatewayEventStatus::Received, GatewayEventStatus::Parked]))
        .filter(gateway_events::Column::NextAttemptAt.lte(app.now()))
        .order_by_asc(gateway_events::Column::NextAttemptAt)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    for row in due {
        if let Err(error) = process(app, row.id).await {
            // One event that cannot be worked on must not hold the others up.
            tracing::error!(gateway_event.id = %row.id, %error, "a gateway event could not be processed");
        }
    }
    Ok(())
}

async fn park(app: &App, row: gateway_events::Model) -> AppResult<()> {
    let age = app.now() - row.created_at;
    if age < PATIENCE {
        let again = app.now() + pause(row.attempts);
        return close(app, row, GatewayEventStatus::Parked, Some(again)).await;
    }
    platform::write_txn!(app.db, |txn| {
        // No next attempt: staff replay it, or close it in the reconciliation.
        let alert = Event::new("system.alert", "GatewayEvent", row.id)
            .occurrence("unknown_object")
            .with("alert", "webhook_quarantined");
        outbox::emit(txn, app, &Actor::system(), alert).await?;
        let mut row: gateway_events::ActiveModel = row.clone().into();
        row.status = Set(GatewayEventStatus::Quarantined);
        row.next_attempt_at = Set(None);
        row.error = Set(Some("no payment has this intent".into()));
        row.updated_at = Set(app.now());
        row.update(txn).await?;
        Ok(())
    })
}

async fn close(
    app: &App,
    row: gateway_events::Model,
    status: GatewayEventStatus,
    next: Option<Timestamp>,
) -> AppResult<()> {
    let attempts = row.attempts;
    let now = app.now();
    let mut change = gateway_events::ActiveModel {
        status: Set(status),
        attempts: Set(attempts.saturating_add(1)),
        next_attempt_at: Set(next),
        updated_at: Set(now),
        ..Default::default()
    };
    if next.is_none() {
        change.processed_at = Set(Some(now));
    }
    // Only while it still waits: a worker that settled it meanwhile has the last word.
    gateway_events::Entity::update_many()
        .set(change)
        .filter(gateway_events::Column::Id.eq(row.id))
        .filter(gateway_events::Column::Status.is_in([GatewayEventStatus::Received, GatewayEventStatus::Parked]))
        .exec(app.db.conn())
        .await?;
    Ok(())
}

/// 30 s, 1, 2, 4 ... minutes, at most an hour.
fn pause(attempts: i32) -> Duration {
    let doubled = 30_i64 << attempts.clamp(0, 7);
    Duration::seconds(doubled.min(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let seconds: Vec<i64> = [0, 1, 2, 6, 7, 99].map(|n| pause(n).num_seconds()).into();
        assert_eq!(seconds, [30, 60, 120, 1920, 3600, 3600]);
    }
}
