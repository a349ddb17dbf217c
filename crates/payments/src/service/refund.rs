//! Money that goes back: by itself (surplus, payments for a slot that could not be had: R-PY-23, R-PY-34) and after a
//! cancellation (R-PY-54).
//!
//! The refund is a row of its own, written with the decision; a durable job asks the gateway. Its key makes asking
//! twice the same refund.

use kernel::ids::{CancellationRequestId, PaymentId};
use kernel::{Actor, Amount, AppError, AppResult, Money};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue, Queue};
use platform::outbox::{self, Event};
use quoting::case;
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::json;

use crate::entity::payment_documents::{PaymentDocumentKind, PaymentDocumentSubjectType};
use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::gateway::{self, Refunded};
use crate::metadata::{Kind, Metadata};
use crate::rules::ledger;
use crate::service::{accounts, cancellation, treated};
use crate::store::{self, Change, Paper, Step};

/// The job that asks the gateway for a refund.
pub const JOB: &str = "payments.execute_refund";

/// What histories say of a refund no policy asks for.
const DISCRETIONARY: &str = "discretionary";

/// Why money goes back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Why {
    /// By itself, and what for.
    pub kind: Option<Kind>,
    /// Because a booking was cancelled.
    pub cancellation: Option<CancellationRequestId>,
    /// Of a chargeback: whether the treatment had begun.
    pub after_start: Option<bool>,
}

impl Why {
    /// By itself, and what for.
    pub fn kind(kind: Kind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// Because a booking was cancelled.
    pub fn cancellation(request: CancellationRequestId) -> Self {
        Self { cancellation: Some(request), ..Self::default() }
    }
}

/// Writes down that `amount` of a payment goes back, and queues it. The caller holds the locks of the case.
pub async fn begin(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    payment: &payments::Model,
    amount: Amount,
    why: Why,
) -> AppResult<PaymentId> {
    let (id, now) = (PaymentId::new(), app.now());
    let row = payments::Model {
        id,
        amount,
        payment_type: PaymentType::Refund,
        payment_status: PaymentStatus::Pending,
        stripe_payment_intent_id: payment.stripe_payment_intent_id.clone(),
        transaction_id: None,
        metadata: Some(Metadata { kind: why.kind, after_start: why.after_start, ..Metadata::default() }.to_json()?),
        installment_plan_id: None,
        installment_number: None,
        total_installments: None,
        is_installment: false,
        refund_of_payment_id: Some(payment.id),
        cancellation_request_id: why.cancellation,
        idempotency_key: Some(format!("rf:{id}")),
        paid_at: None,
        failure_code: None,
        created_at: now,
        updated_at: now,
        ..payment.clone()
    };
    payments::Entity::insert(payments::ActiveModel::from(row.clone()).reset_all()).exec_without_returning(txn).await?;
    let is_given = why.kind == Some(Kind::Discretionary);
    let by_staff = is_given || why.kind == Some(Kind::AddOns) || why.cancellation.is_some();
    let step = Step {
        event: PaymentHistoryEvent::Created,
        from: None,
        to: Some(PaymentStatus::Pending),
        source: if by_staff { PaymentHistorySource::Admin } else { PaymentHistorySource::Scheduler },
        external_event_id: None,
        reason: is_given.then_some(DISCRETIONARY),
    };
    store::history(txn, app, actor, &row, step).await?;
    if row.payment_method == PaymentMethod::BankTransfer || why.kind == Some(Kind::Chargeback) {
        // R-PY-54: people send it and record its number; and what a bank took is gone already.
        return Ok(id);
    }
    let opts = Enqueue { dedupe: Some(format!("rf:{id}")), queue: Queue::High, ..Default::default() };
    jobs::enqueue(txn, app, JOB, json!({ "refund": id }), opts).await?;
    Ok(id)
}

/// Asks the gateway for a refund that was written down, and books the answer. Safe to run twice.
pub async fn execute(app: &App, id: PaymentId) -> AppResult<()> {
    let Some(refund) = payments::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    if refund.payment_status != PaymentStatus::Pending || refund.payment_method == PaymentMethod::BankTransfer {
        return Ok(());
    }
    let account = accounts::load(app.db.conn(), refund.gateway_account_id).await?;
    let intent = refund.stripe_payment_intent_id.as_deref().ok_or_else(|| AppError::internal("no intent to refund"))?;
    let money = Money::new(refund.amount, refund.currency);
    let key = refund.idempotency_key.clone().unwrap_or_else(|| format!("rf:{id}"));
    let answer = gateway::of(app, &account)?.refund(app, intent, money, &key).await?;
    sent(app, &Actor::system(), &refund, answer).await
}

/// Books what became of a refund that is still open.
pub async fn sent(app: &App, actor: &Actor, refund: &payments::Model, answer: Refunded) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| { book(txn, app, actor, refund, &answer).await })
}

/// The same within a transaction that holds the locks of the case.
pub(super) async fn book(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    refund: &payments::Model,
    answer: &Refunded,
) -> AppResult<()> {
    let case = case::lock(txn, refund.quote_id).await?;
    let rows = store::lock_payments(txn, refund.quote_id).await?;
    let find = |id| rows.iter().find(|row| Some(row.id) == id).ok_or_else(AppError::not_found);
    let (row, original) = (find(Some(refund.id))?, find(refund.refund_of_payment_id)?);
    if row.payment_status != PaymentStatus::Pending {
        return Ok(());
    }
    let now = app.now();
    let entry = |action| {
        Entry::new(action)
            .subject("Payment", row.id)
            .patient(row.patient_id)
            .provider(row.provider_id)
            .quote(row.quote_id)
    };
    let transaction_id = match answer {
        Refunded::Succeeded(id) => id.clone(),
        Refunded::Failed(code) => {
            let change =
                Change { to: Some(PaymentStatus::Failed), failure_code: Some(Some(code.clone())), ..Change::default() };
            store::change(txn, now, row, change).await?;
            store::history(txn, app, actor, row, step(PaymentHistoryEvent::RefundFailed, row, PaymentStatus::Failed))
                .await?;
            audit::record(txn, app, actor, entry("payment.refund_failed").failed()).await?;
            let alert = Event::new("system.alert", "Payment", row.id)
                .occurrence("refund")
                .with("alert", "refund_failed")
                .with("quote_id", row.quote_id);
            outbox::emit(txn, app, actor, alert).await?;
            // Boxed: booking that comes back here.
            return Box::pin(super::disputes::take_rest(txn, app, &case, original.id)).await;
        }
    };
    let change = Change {
        to: Some(PaymentStatus::Completed),
        paid_at: Some(now),
        transaction_id: Some(transaction_id),
        ..Change::default()
    };
    let done = store::change(txn, now, row, change).await?;
    store::history(txn, app, actor, row, step(PaymentHistoryEvent::Refunded, row, PaymentStatus::Completed)).await?;
    let returned: Amount = rows
        .iter()
        .filter(|other| other.refund_of_payment_id == Some(original.id))
        .filter(|other| other.payment_status == PaymentStatus::Completed || other.id == row.id)
        .map(|other| other.amount)
        .sum();
    // Spec 4.3: only when all of it went back.
    if returned >= original.amount && original.payment_status == PaymentStatus::Completed {
        let change = Change { to: Some(PaymentStatus::Refunded), ..Change::default() };
        store::change(txn, now, original, change).await?;
        let step = step(PaymentHistoryEvent::Refunded, original, PaymentStatus::Refunded);
        store::history(txn, app, actor, original, step).await?;
    }
    let money = Money::new(row.amount, row.currency);
    store::post(txn, now, &posting(txn, &case, row).await?).await?;
    credit_note(txn, app, &case, row, original).await?;
    if let Some(request) = row.cancellation_request_id {
        let rows: Vec<payments::Model> =
            rows.iter().map(|other| if other.id == done.id { done.clone() } else { other.clone() }).collect();
        cancellation::settle_if_done(txn, app, request, &rows).await?;
    }
    let facts = json!({ "payment_id": row.id, "quote_id": row.quote_id, "provider_id": row.provider_id });
    inquiry::timeline::record(txn, app, actor, case.inquiry.id, "payment_refunded", facts).await?;
    audit::record(txn, app, actor, entry("payment.refunded")).await?;
    // Whoever asked their bank for the money heard of it there.
    let is_taken = Metadata::of(row).kind == Some(Kind::Chargeback);
    let event = Event::new(if is_taken { "payment.charged_back" } else { "payment.refunded" }, "Payment", row.id)
        .occurrence("completed")
        .with("payment_id", row.id)
        .with("quote_id", row.quote_id)
        .with("inquiry_id", case.inquiry.id)
        .with("patient_id", row.patient_id)
        .with("provider_id", row.provider_id)
        .with("kind", Metadata::of(row).kind)
        .with("money", money);
    outbox::emit(txn, app, actor, event).await
}

/// Whose money goes back: the patient's own, or, once it was shared after the treatment, the clinic's and Hairline's (R-PY-57).
async fn posting(txn: &Txn, case: &case::Case, row: &payments::Model) -> AppResult<ledger::Posting> {
    let money = Money::new(row.amount, row.currency);
    let words = Metadata::of(row);
    if words.kind == Some(Kind::Chargeback) && store::is_posted(txn, &ledger::cancelled_key(row.quote_id)).await? {
        return Ok(ledger::chargeback_after_closing(row.quote_id, row.id, money));
    }
    if !words.is_forgiven() || !store::is_posted(txn, &ledger::treated_key(row.quote_id)).await? {
        return Ok(ledger::refund_completed(row.quote_id, row.id, money));
    }
    let shares = treated::shares_of(&case.quote, case.require_terms()?, row.amount)?;
    Ok(ledger::refund_after_treatment(row.quote_id, row.id, money, shares.provider, shares.platform))
}

fn step(event: PaymentHistoryEvent, row: &payments::Model, to: PaymentStatus) -> Step<'static> {
    Step {
        event,
        from: Some(row.payment_status),
        to: Some(to),
        source: PaymentHistorySource::Scheduler,
        external_event_id: None,
        reason: None,
    }
}

async fn credit_note(
    txn: &Txn,
    app: &App,
    case: &case::Case,
    row: &payments::Model,
    original: &payments::Model,
) -> AppResult<()> {
    let snapshot = json!({
        "booking_reference": case.terms.as_ref().map(|terms| &terms.booking_reference),
        "patient_id": row.patient_id,
        "provider_id": row.provider_id,
        "refund_of_payment_id": original.id,
        "returned": Money::new(row.amount, row.currency),
        "kind": Metadata::of(row).kind,
    });
    let subject = (PaymentDocumentSubjectType::Payment, row.id.any());
    let paper = Paper { kind: PaymentDocumentKind::CreditNote, subject, quote: Some(row.quote_id), snapshot };
    store::issue(txn, app.now(), paper).await?;
    Ok(())
}
