//! What the gateway says of a charge, booked once (R-PY-31, R-PY-32, R-AC-59, R-AC-61).

use kernel::ids::{AftercarePaymentId, StandaloneAftercareRequestId};
use kernel::{Actor, AppError, AppResult, Timestamp};
use platform::App;
use platform::audit;
use platform::db::Txn;
use platform::jobs::{self, Enqueue, Queue};
use platform::outbox::{self, Event};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{
    Model, Status, charges, entry, event, is_asked, is_owed, lock, money, owes, purpose, refund, row_of, rules, save,
    status,
};
use crate::entity::gateway_events::GatewayEventStatus;
use crate::entity::payment_documents::{PaymentDocumentKind, PaymentDocumentSubjectType};
use crate::entity::payment_histories::PaymentHistorySource;
use crate::gateway;
use crate::metadata::{Kind, Metadata};
use crate::rules::aftercare::Effect;
use crate::rules::attempt::Fact;
use crate::rules::ledger;
use crate::service::settle::{Report, close_event, open_event};
use crate::service::{accounts, methods};
use crate::store::{self, Paper};

/// The job that gives the intent of a charge up that nobody is to pay any more.
pub const GIVE_UP_JOB: &str = "payments.give_up_charge";

/// Applies a fact to a charge. Doing it again, late or out of order changes nothing that is decided.
pub async fn settle(
    app: &App,
    id: AftercarePaymentId,
    request: StandaloneAftercareRequestId,
    report: &Report,
) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let rows = lock(txn, request).await?;
        let stored = match report.event() {
            Some(event) => match open_event(txn, event).await? {
                Some(event) => Some(event),
                // Another worker was faster.
                None => return Ok(()),
            },
            None => None,
        };
        let row = row_of(&rows, id)?;
        let outcome = if report.fits_money(money(row), purpose(row)) {
            apply(txn, app, report, &rows, row).await?;
            GatewayEventStatus::Processed
        } else {
            let alert = Event::new("system.alert", "AftercarePayment", row.id)
                .occurrence(report.external_event_id().unwrap_or("poll").to_owned())
                .with("alert", "webhook_quarantined");
            outbox::emit(txn, app, &Actor::system(), alert).await?;
            GatewayEventStatus::Quarantined
        };
        match stored {
            Some(event) => close_event(txn, app, event, outcome).await,
            None => Ok(()),
        }
    })
}

async fn apply(txn: &Txn, app: &App, report: &Report, rows: &[charges::Model], row: &charges::Model) -> AppResult<()> {
    match rules::effect(row.payment_status, &report.fact) {
        Effect::Complete => complete(txn, app, report, rows, row).await.map(drop),
        Effect::Return => {
            let paid = complete(txn, app, report, rows, row).await?;
            refund::begin(txn, app, &Actor::system(), &paid, paid.amount, Kind::AutoRefund).await.map(drop)
        }
        Effect::Fail => fail(txn, app, report, row).await,
        Effect::Note => {
            let word = if report.fact == Fact::Processing { "processing" } else { "requires_action" };
            save(txn, app.now(), with_words(row, report, word)?).await.map(drop)
        }
        Effect::Stale => Ok(()),
    }
}

fn with_words(row: &charges::Model, report: &Report, gateway_status: &str) -> AppResult<charges::Model> {
    let mut words = Metadata::of_charge(row);
    if !words.is_taken() {
        words.gateway_status = Some(gateway_status.to_owned());
    }
    if let Fact::Failed { code } = &report.fact {
        words.gateway_error = Some(code.clone());
    }
    if let (Some(card), _) = report.cards() {
        words.set_card(card);
    }
    Ok(charges::Model { metadata: Some(words.to_json()?), ..row.clone() })
}

/// The money is there: shares, ledger, receipt, the card for the next months, news.
async fn complete(
    txn: &Txn,
    app: &App,
    report: &Report,
    rows: &[charges::Model],
    row: &charges::Model,
) -> AppResult<charges::Model> {
    let (now, actor) = (app.now(), Actor::system());
    // R-AC-61: the rate of the first payment is that of all others.
    let rate = match rows.iter().find_map(|other| other.commission_rate) {
        Some(rate) => rate,
        None => i32::from(directory::commission::platform_rate(txn, now).await?),
    };
    let shares = rules::shares(row.amount, row.currency, rate);
    let shares = shares.ok_or_else(|| AppError::internal("a charge that cannot be shared"))?;
    let paid = charges::Model {
        payment_status: Status::Completed,
        paid_at: Some(now),
        failure_code: None,
        next_attempt_at: None,
        commission_rate: Some(rate),
        commission_amount: Some(shares.commission),
        provider_share: Some(shares.provider),
        ..with_words(row, report, "succeeded")?
    };
    let paid = save(txn, now, paid).await?;
    if owes(rows) {
        catch_up(txn, now, rows, &paid).await?;
    }
    store::post(txn, now, &ledger::charge_completed(paid.id, money(&paid))).await?;
    let snapshot = json!({
        "booking_reference": Metadata::of_charge(&paid).reference,
        "patient_id": paid.patient_id,
        "provider_id": paid.provider_id,
        "payment_method": paid.payment_method,
        "number": paid.installment_number,
        "of": paid.total_installments,
        "received": money(&paid),
        "paid_at": paid.paid_at,
    });
    let subject = (PaymentDocumentSubjectType::AftercarePayment, paid.id.any());
    // R-AC-63.
    let paper = Paper { kind: PaymentDocumentKind::Receipt, subject, quote: None, snapshot };
    let number = store::issue(txn, now, paper).await?;
    let change = entry("aftercare_payment.completed", &paid).change(status(row), status(&paid));
    audit::record(txn, app, &actor, change).await?;
    if let (Model::MonthlySubscription, (_, Some(card)), Some(account)) =
        (paid.pricing_model, report.cards(), paid.gateway_account_id)
    {
        methods::keep(txn, now, paid.patient_id, account, card).await?;
    }
    let told =
        event("aftercare.standalone_payment_confirmed", &paid).occurrence("paid").with("document_number", number);
    outbox::emit(txn, app, &actor, told).await?;
    Ok(paid)
}

/// What fell due while an earlier month was owed is due the day after that was paid (R-PY-42).
async fn catch_up(txn: &Txn, now: Timestamp, rows: &[charges::Model], paid: &charges::Model) -> AppResult<()> {
    let others = || rows.iter().filter(|row| row.id != paid.id);
    if others().any(is_owed) {
        return Ok(());
    }
    let tomorrow = now.date_naive() + chrono::Days::new(1);
    let missed = others().filter(|row| {
        matches!(row.payment_status, Status::Pending | Status::Failed)
            && row.next_attempt_at.is_some_and(|at| at <= now)
    });
    for row in missed {
        let next =
            charges::Model { due_date: tomorrow, next_attempt_at: Some(rules::hour_of(tomorrow)), ..row.clone() };
        save(txn, now, next).await?;
    }
    Ok(())
}

/// It was refused. What the clock asked for is tried again by the days of R-AC-59; after the last of them people decide.
async fn fail(txn: &Txn, app: &App, report: &Report, row: &charges::Model) -> AppResult<()> {
    let (now, actor) = (app.now(), Actor::system());
    let code = match (&report.fact, report.reason()) {
        (_, Some(reason)) => reason.to_owned(),
        (Fact::Failed { code }, None) => code.clone(),
        _ => "canceled".to_owned(),
    };
    // Whatever its patient tried changes no day.
    let by_clock = is_asked(row);
    let next = if by_clock { rules::next_try(row.due_date, row.attempts) } else { row.next_attempt_at };
    let failed = charges::Model {
        payment_status: Status::Failed,
        failure_code: Some(code.chars().take(100).collect()),
        next_attempt_at: next,
        ..with_words(row, report, "requires_payment_method")?
    };
    let failed = save(txn, now, failed).await?;
    let change = entry("aftercare_payment.failed", &failed).failed().change(status(row), status(&failed));
    audit::record(txn, app, &actor, change).await?;
    let told = event("aftercare.payment_failed", &failed)
        .occurrence(format!("{}:{}", failed.attempts, now.timestamp_micros()))
        .with("reason_code", code)
        .with("next_try_at", next)
        .with("is_final", by_clock && next.is_none());
    outbox::emit(txn, app, &actor, told).await
}

/// Queues giving the intents of charges up that nobody is to pay any more.
pub(super) async fn queue_give_up(txn: &Txn, app: &App, row: &charges::Model) -> AppResult<()> {
    if row.stripe_payment_intent_id.is_none() {
        return Ok(());
    }
    let opts = Enqueue { dedupe: Some(format!("give_up:{}", row.id)), queue: Queue::High, ..Default::default() };
    jobs::enqueue(txn, app, GIVE_UP_JOB, json!({ "charge": row.id }), opts).await
}

/// Gives the intent of a cancelled charge up. Should it be paid by then, the money is booked and goes back.
pub async fn give_up(app: &App, id: AftercarePaymentId) -> AppResult<()> {
    let Some(row) = charges::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    let (Some(intent), Status::Cancelled) = (&row.stripe_payment_intent_id, row.payment_status) else { return Ok(()) };
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    let intent = gateway::of(app, &account)?.cancel(app, intent).await?;
    match intent.fact.clone() {
        Some(Fact::Succeeded) => {
            let report = Report::of_intent(&intent, Fact::Succeeded, PaymentHistorySource::Reconciliation);
            settle(app, row.id, row.standalone_request_id, &report).await
        }
        // Still under way: its webhook tells, or the reconciliation.
        _ => Ok(()),
    }
}
