//! Money of aftercare that goes back (R-AC-62): all of a request that ends before it began, the months a subscription has not
//! begun, what staff give of a fixed price. The refund is a row of its own; a durable job asks the gateway.

use chrono::NaiveDate;
use identity::reauth;
use kernel::ids::{AftercarePaymentId, StandaloneAftercareRequestId};
use kernel::{Actor, Amount, AppError, AppResult, FieldErrors, Money};
use platform::App;
use platform::audit;
use platform::db::Txn;
use platform::jobs::{self, Enqueue, Queue};
use platform::outbox::{self, Event};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::settle::queue_give_up;
use super::{
    IntoActive as _, Model, Status, Type, charges, dispute, ends_on, entry, event, lock, money, open_amount, paid,
    row_of, rules, save,
};
use crate::entity::payment_documents::{PaymentDocumentKind, PaymentDocumentSubjectType};
use crate::gateway::{self, Refunded};
use crate::metadata::{Kind, Metadata};
use crate::rules::aftercare::Shares;
use crate::rules::{ledger, minor};
use crate::service::accounts;
use crate::service::cancellation::{GIVEN, decider, exceeds, few_enough, is_large, reasoned};
use crate::store::{self, Paper};

/// The job that asks the gateway for a refund.
pub const JOB: &str = "payments.refund_charge";

/// Writes a refund of a charge down and queues it. The caller holds the locks of the request.
pub(super) async fn begin(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    charge: &charges::Model,
    amount: Amount,
    kind: Kind,
) -> AppResult<AftercarePaymentId> {
    let (id, now) = (AftercarePaymentId::new(), app.now());
    let words = Metadata { kind: Some(kind), reference: Metadata::of_charge(charge).reference, ..Metadata::default() };
    let row = charges::Model {
        id,
        payment_type: Type::Refund,
        refund_of_id: Some(charge.id),
        installment_number: None,
        total_installments: None,
        due_date: now.date_naive(),
        amount,
        payment_status: Status::Pending,
        attempts: 0,
        next_attempt_at: None,
        reminder_sent_at: None,
        commission_amount: None,
        provider_share: None,
        service_period_start: None,
        service_period_end: None,
        paid_at: None,
        failure_code: None,
        stripe_payment_intent_id: None,
        transaction_id: None,
        idempotency_key: Some(format!("rf:{id}")),
        metadata: Some(words.to_json()?),
        created_at: now,
        updated_at: now,
        ..charge.clone()
    };
    charges::Entity::insert(charges::ActiveModel::from(row.clone()).into_active()).exec_without_returning(txn).await?;
    audit::record(txn, app, actor, entry("aftercare_payment.refund_begun", &row)).await?;
    if kind != Kind::Chargeback {
        let opts = Enqueue { dedupe: Some(format!("rf:{id}")), queue: Queue::High, ..Default::default() };
        jobs::enqueue(txn, app, JOB, json!({ "refund": id }), opts).await?;
    }
    Ok(id)
}

/// Asks the gateway for a refund that was written down, and books the answer. Safe to run twice.
pub async fn execute(app: &App, id: AftercarePaymentId) -> AppResult<()> {
    let Some(refund) = charges::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    let Some(original) = refund.refund_of_id.filter(|_| refund.payment_status == Status::Pending) else {
        return Ok(());
    };
    let original = charges::Entity::find_by_id(original).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    let account = accounts::load(app.db.conn(), refund.gateway_account_id).await?;
    let intent = original.stripe_payment_intent_id.as_deref();
    let intent = intent.ok_or_else(|| AppError::internal("no intent to refund"))?;
    let key = refund.idempotency_key.clone().unwrap_or_else(|| format!("rf:{id}"));
    let answer = gateway::of(app, &account)?.refund(app, intent, money(&refund), &key).await?;
    answered(app, &refund, &answer).await
}

/// Books the gateway's answer about a refund. Doing it again changes nothing.
pub async fn answered(app: &App, refund: &charges::Model, answer: &Refunded) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| { book(txn, app, &Actor::system(), refund, answer).await })
}

/// Books what became of a refund that is still open.
pub(super) async fn book(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    refund: &charges::Model,
    answer: &Refunded,
) -> AppResult<()> {
    let now = app.now();
    let rows = lock(txn, refund.standalone_request_id).await?;
    let row = row_of(&rows, refund.id)?;
    if row.payment_status != Status::Pending {
        return Ok(());
    }
    let original = row_of(&rows, row.refund_of_id.ok_or_else(|| AppError::internal("a refund of nothing"))?)?;
    let number = match answer {
        Refunded::Succeeded(number) => number.clone(),
        Refunded::Failed(code) => {
            let failed =
                charges::Model { payment_status: Status::Failed, failure_code: Some(code.clone()), ..row.clone() };
            save(txn, now, failed).await?;
            audit::record(txn, app, actor, entry("aftercare_payment.refund_failed", row).failed()).await?;
            let alert = Event::new("system.alert", "AftercarePayment", row.id)
                .occurrence("refund")
                .with("alert", "refund_failed")
                .with("code", code);
            outbox::emit(txn, app, actor, alert).await?;
            // On the heap: what a bank took meanwhile is booked by this very function.
            return Box::pin(dispute::take_rest(txn, app, original)).await;
        }
    };
    let before: Amount = rows
        .iter()
        .filter(|other| other.refund_of_id == Some(original.id) && other.payment_status == Status::Completed)
        .map(|other| other.amount)
        .sum();
    let shares = returned(original, before, row.amount)?;
    let done = charges::Model {
        payment_status: Status::Completed,
        paid_at: Some(now),
        transaction_id: Some(number),
        commission_amount: Some(shares.commission),
        provider_share: Some(shares.provider),
        ..row.clone()
    };
    let done = save(txn, now, done).await?;
    if before + row.amount >= original.amount {
        save(txn, now, charges::Model { payment_status: Status::Refunded, ..original.clone() }).await?;
    }
    let is_shared = store::is_posted(txn, &ledger::earned_key(original.id)).await?;
    let posting = match is_shared {
        true => ledger::charge_refunded_after(done.id, Money::new(shares.provider, done.currency), shares.commission),
        false => ledger::charge_refunded(done.id, money(&done)),
    };
    store::post(txn, now, &posting).await?;
    let words = Metadata::of_charge(&done);
    let snapshot = json!({
        "booking_reference": words.reference,
        "patient_id": done.patient_id,
        "provider_id": done.provider_id,
        "refund_of_payment_id": original.id,
        "returned": money(&done),
        "kind": words.kind,
    });
    let subject = (PaymentDocumentSubjectType::AftercarePayment, done.id.any());
    let paper = Paper { kind: PaymentDocumentKind::CreditNote, subject, quote: None, snapshot };
    store::issue(txn, now, paper).await?;
    audit::record(txn, app, actor, entry("aftercare_payment.refunded", &done)).await?;
    if words.kind == Some(Kind::Chargeback) {
        // Whoever asked their bank for the money heard of it there.
        return Ok(());
    }
    outbox::emit(txn, app, actor, event("aftercare.refunded", &done).occurrence("completed")).await
}

/// What a refund takes from the shares of its charge.
fn returned(original: &charges::Model, before: Amount, back: Amount) -> AppResult<Shares> {
    let of = original.commission_amount.zip(original.provider_share);
    let (commission, provider) = of.ok_or_else(|| AppError::internal("a paid charge without shares"))?;
    let of = Shares { commission, provider };
    let back = rules::shares_back(original.amount, of, original.currency, before, back);
    back.ok_or_else(|| AppError::internal("shares out of range"))
}

/// Takes back what was not paid yet; its intent is given up.
async fn call_off(txn: &Txn, app: &App, rows: &[charges::Model]) -> AppResult<()> {
    let open = |row: &&charges::Model| {
        row.payment_type == Type::Charge && matches!(row.payment_status, Status::Pending | Status::Failed)
    };
    for row in rows.iter().filter(open) {
        let off = charges::Model { payment_status: Status::Cancelled, next_attempt_at: None, ..row.clone() };
        let off = save(txn, app.now(), off).await?;
        queue_give_up(txn, app, &off).await?;
    }
    Ok(())
}

/// Ends a request before its service began: open charges are called off, and everything that was paid goes back (R-AC-62).
/// Answers how much that is. In the transaction of the request; doing it again changes nothing.
pub async fn end(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    request: StandaloneAftercareRequestId,
) -> AppResult<Option<Money>> {
    let rows = lock(txn, request).await?;
    call_off(txn, app, &rows).await?;
    let mut back: Option<Money> = None;
    for row in paid(&rows) {
        let open = open_amount(&rows, row);
        if open.is_positive() {
            begin(txn, app, actor, row, open, Kind::AutoRefund).await?;
            let sum = back.map_or(Amount::ZERO, |back| back.amount) + open;
            back = Some(Money::new(sum, row.currency));
        }
    }
    Ok(back)
}

/// Ends a subscription whose service began on `start`: open charges are called off, and the months that were paid and have not
/// begun go back, the newest first (R-AC-62). Both days are the clinic's. Answers how much that is, and the last day of the
/// service, which is written down.
///
/// Errors: 409 `nothing_to_cancel` for a fixed price, where it was stopped before, or where nothing is left.
pub async fn cancel(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    request: StandaloneAftercareRequestId,
    (start, today): (NaiveDate, NaiveDate),
) -> AppResult<(Option<Money>, NaiveDate)> {
    let rows = lock(txn, request).await?;
    let months = rows.iter().find(|row| row.pricing_model == Model::MonthlySubscription);
    let months = months.and_then(|row| row.total_installments).and_then(|count| u32::try_from(count).ok());
    let nothing = || AppError::conflict("nothing_to_cancel", "There is no subscription that runs.");
    let months = months.ok_or_else(nothing)?;
    if ends_on(&rows).is_some() {
        return Err(nothing());
    }
    let begun = rules::months_begun(start, today, months);
    // A month that was given back was paid all the same.
    let was_paid = |row: &&charges::Model| row.payment_type == Type::Charge && row.paid_at.is_some();
    let mut paid: Vec<&charges::Model> = rows.iter().filter(was_paid).collect();
    paid.sort_by_key(|row| std::cmp::Reverse(row.installment_number));
    let count = u32::try_from(paid.len()).map_err(AppError::internal)?;
    let unused = rules::unused_charges(count, begun);
    let is_open = |row: &charges::Model| matches!(row.payment_status, Status::Pending | Status::Failed);
    if unused == 0 && !rows.iter().any(|row| row.payment_type == Type::Charge && is_open(row)) {
        return Err(nothing());
    }
    call_off(txn, app, &rows).await?;
    let mut back: Option<Money> = None;
    for row in paid.into_iter().take(usize::try_from(unused).map_err(AppError::internal)?) {
        let open = open_amount(&rows, row);
        if open.is_positive() && row.payment_status == Status::Completed {
            begin(txn, app, actor, row, open, Kind::AutoRefund).await?;
            let sum = back.map_or(Amount::ZERO, |back| back.amount) + open;
            back = Some(Money::new(sum, row.currency));
        }
    }
    let last = rules::month_of(start, begun.max(1)).map(|(_, last)| last);
    let last = last.ok_or_else(|| AppError::internal("a day beyond time"))?;
    note_end(txn, app, request, last).await?;
    Ok((back, last))
}

/// Writes the last day of a stopped subscription down, with its first charge.
async fn note_end(txn: &Txn, app: &App, request: StandaloneAftercareRequestId, last: NaiveDate) -> AppResult<()> {
    let rows = lock(txn, request).await?;
    let first = rows.iter().find(|row| row.payment_type == Type::Charge).ok_or_else(AppError::not_found)?;
    let words = Metadata { service_ends: Some(last), ..Metadata::of_charge(first) };
    save(txn, app.now(), charges::Model { metadata: Some(words.to_json()?), ..first.clone() }).await.map(drop)
}

/// What staff give back of a charge.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveBack {
    /// How much, in the currency it was paid in.
    pub refund: Money,
    /// Why: 20 to 500 characters.
    #[schema(example = "The patient moved and cannot send pictures any more.")]
    pub reason: String,
    /// The amount once more; needed above 1,000 US dollars.
    pub confirm_amount: Option<Amount>,
}

/// Gives a part of a charge back. Of a fixed price whose service began, at most the part of the months that have not
/// (R-AC-62).
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `refund_exceeds_paid`; 422 by field; 429 `rate_limited` beyond ten an hour.
pub async fn give_back(
    app: &App,
    actor: &Actor,
    id: AftercarePaymentId,
    ask: &GiveBack,
) -> AppResult<AftercarePaymentId> {
    let user = decider(actor)?;
    let found = charges::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let reason = reasoned(&mut faults, "reason", &ask.reason);
    let Money { amount, currency } = ask.refund;
    if !amount.is_positive() || minor::to_minor(amount, currency).is_none() {
        faults.add("refund", "out_of_range", "Give an amount of this currency.");
    } else if currency != found.currency {
        faults.add("refund", "currency_mismatch", "It was paid in another currency.");
    }
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        few_enough(txn, app, user).await?;
        let rows = lock(txn, found.standalone_request_id).await?;
        let row = row_of(&rows, id)?;
        let is_paid = row.payment_type == Type::Charge && row.payment_status == Status::Completed;
        if !is_paid || amount > most(&rows, row, app.now().date_naive())? {
            return Err(exceeds());
        }
        let repeated = ask.confirm_amount;
        if repeated.unwrap_or(amount) != amount || (repeated.is_none() && is_large(txn, amount, currency).await?) {
            return Err(AppError::field("confirm_amount", "amount_not_confirmed", "Type the amount once more."));
        }
        let made = begin(txn, app, actor, row, amount, Kind::Discretionary).await?;
        let note = entry(GIVEN, row).reason(&reason).change(None, Some(json!({ "refund": ask.refund })));
        audit::record(txn, app, actor, note).await?;
        Ok(made)
    })
}

/// The most staff may give back of a charge on a day.
pub fn most(rows: &[charges::Model], row: &charges::Model, today: NaiveDate) -> AppResult<Amount> {
    let open = open_amount(rows, row);
    let (Model::Fixed, Some(start), Some(end)) = (row.pricing_model, row.service_period_start, row.service_period_end)
    else {
        return Ok(open);
    };
    // The term is whole months, so it is as long as the months that have begun on its last day.
    let months = rules::months_begun(start, end, u32::MAX);
    let begun = rules::months_begun(start, today, months);
    let cap = rules::most_of_fixed(money(row), begun, months);
    let cap = cap.ok_or_else(|| AppError::internal("a price out of range"))?;
    let back = row.amount - open;
    Ok(open.min(Ord::max(cap - back, Amount::ZERO)))
}
