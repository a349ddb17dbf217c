//! What really arrived at the bank, as staff read it from its statement (R-PY-36), and what was sent back from there
//! (R-PY-54).

use chrono::NaiveDate;
use kernel::ids::{BankingDetailId, PaymentId, QuoteId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Money, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::case::{self, Case};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ActiveModelTrait, EntityTrait, SqlErr};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::gateway::Refunded;
use crate::metadata::Metadata;
use crate::rules::checkout;
use crate::service::settle::{self, Arrived};
use crate::service::{plans, refund};
use crate::store::{self, Change, Step};
use crate::{facts, rules::minor};

/// One line of the bank's statement.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankReceipt {
    /// What arrived, whatever was asked for.
    pub received: Money,
    /// The day the bank booked it.
    pub value_date: NaiveDate,
    /// The bank's own number of the transfer: 3 to 64 characters, used once.
    #[schema(example = "A-1")]
    pub bank_reference: String,
}

/// Records what the bank received for a booking, and books it: the answer is the completed payment.
///
/// Errors: 403; 404; 409 `duplicate_transaction`, `installments_by_card`, `booking_not_payable`; 422 on the fields.
pub async fn record(app: &App, actor: &Actor, quote: QuoteId, receipt: &BankReceipt) -> AppResult<PaymentId> {
    actor.admin()?;
    actor.require(Permission::ProcessPayout)?;
    let capacity = quoting::settings::PARALLEL_CAPACITY.get(app).await?;
    let number = receipt.bank_reference.trim().to_owned();
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, quote).await?;
        let rows = store::lock_payments(txn, quote).await?;
        check(app, &case, receipt, &number)?;
        if plans::lock_of(txn, quote).await?.is_some_and(|plan| plan.has_begun()) {
            let text = "This booking is paid in parts by card. Send the money back and let the patient pay there.";
            return Err(AppError::conflict("installments_by_card", text));
        }
        let (rows, row) = arrived(txn, app, actor, &case, rows, receipt, &number).await?;
        settle::arrived(txn, app, actor, Arrived { case: &case, rows: &rows, row: &row, capacity }).await?;
        Ok(row.id)
    })
}

fn check(app: &App, case: &Case, receipt: &BankReceipt, number: &str) -> AppResult<()> {
    let terms = case
        .terms
        .as_ref()
        .ok_or_else(|| AppError::conflict("booking_not_payable", "There is no accepted offer to pay for."))?;
    let mut faults = FieldErrors::new();
    let (got, today) = (receipt.received, app.now().date_naive());
    if got.currency != terms.payment_currency {
        faults.add("received", "currency_mismatch", "The booking is paid in another currency.");
    } else if !got.amount.is_positive() || minor::to_minor(got.amount, got.currency).is_none() {
        faults.add("received", "invalid", "Give the amount the bank shows.");
    }
    let since = case.quote.accepted_at.unwrap_or(terms.created_at).date_naive();
    if receipt.value_date > today || receipt.value_date < since {
        faults.add("value_date", "day_out_of_range", "From the day the offer was accepted until today.");
    }
    if !(3..=64).contains(&number.chars().count()) {
        faults.add("bank_reference", "invalid", "3 to 64 characters, as the bank shows them.");
    }
    faults.check()
}

/// The row of what arrived, completed: the one that waited for exactly that, or one of its own.
async fn arrived(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    rows: Vec<payments::Model>,
    receipt: &BankReceipt,
    number: &str,
) -> AppResult<(Vec<payments::Model>, payments::Model)> {
    let (now, got) = (app.now(), receipt.received);
    let waiting = rows.iter().find(|row| {
        row.payment_type != PaymentType::Refund
            && row.payment_status == PaymentStatus::Pending
            && row.payment_method == PaymentMethod::BankTransfer
    });
    let paid_at = Some(now);
    if let Some(exact) = waiting.filter(|row| row.amount == got.amount) {
        let change = Change {
            to: Some(PaymentStatus::Completed),
            paid_at,
            transaction_id: Some(number.to_owned()),
            metadata: Some(Metadata { value_date: Some(receipt.value_date), ..Metadata::of(exact) }),
            ..Change::default()
        };
        let row = store::change(txn, now, exact, change).await.map_err(taken)?;
        step(txn, app, actor, &row, PaymentHistoryEvent::Succeeded, Some(PaymentStatus::Pending), None).await?;
        return Ok((with(rows, &row), row));
    }
    let mut rows = rows.clone();
    if let Some(other) = waiting {
        let change = Change {
            to: Some(PaymentStatus::Failed),
            failure_code: Some(Some("amount_differs".to_owned())),
            ..Change::default()
        };
        let failed = store::change(txn, now, other, change).await?;
        let from = Some(PaymentStatus::Pending);
        step(txn, app, actor, &failed, PaymentHistoryEvent::Failed, from, Some("amount_differs")).await?;
        rows = with(rows, &failed);
    }
    let id = PaymentId::new();
    let metadata = Metadata {
        bank_reference: waiting.and_then(|row| Metadata::of(row).bank_reference),
        value_date: Some(receipt.value_date),
        ..Metadata::default()
    };
    let row = payments::Model {
        id,
        quote_id: case.quote.id,
        patient_id: case.inquiry.patient_id,
        provider_id: case.quote.provider_id,
        amount: got.amount,
        currency: got.currency,
        payment_type: kind(app, case, &rows)?,
        payment_method: PaymentMethod::BankTransfer,
        payment_status: PaymentStatus::Completed,
        stripe_payment_intent_id: None,
        transaction_id: Some(number.to_owned()),
        metadata: Some(metadata.to_json()?),
        installment_plan_id: None,
        installment_number: None,
        total_installments: None,
        is_installment: false,
        refund_of_payment_id: None,
        cancellation_request_id: None,
        idempotency_key: Some(format!("bank:{id}")),
        gateway_account_id: None,
        paid_at,
        failure_code: None,
        created_at: now,
        updated_at: now,
    };
    payments::Entity::insert(payments::ActiveModel::from(row.clone()).reset_all())
        .exec_without_returning(txn)
        .await
        .map_err(|error| taken(error.into()))?;
    step(txn, app, actor, &row, PaymentHistoryEvent::Succeeded, None, None).await?;
    rows.push(row.clone());
    Ok((rows, row))
}

fn with(rows: Vec<payments::Model>, changed: &payments::Model) -> Vec<payments::Model> {
    rows.into_iter().map(|row| if row.id == changed.id { changed.clone() } else { row }).collect()
}

/// What a transfer of another amount counts for: until the booking stands it is a part of what confirms it.
fn kind(app: &App, case: &Case, rows: &[payments::Model]) -> AppResult<PaymentType> {
    if !matches!(case.quote.status, QuoteStatus::Accepted | QuoteStatus::Quote) {
        return Ok(PaymentType::Final);
    }
    let facts = facts::checkout(case, case.require_terms()?, rows, app.now())?;
    let has_deposit = checkout::balance_due_on(facts.schedule_date, facts.balance_due_days) > facts.clinic_today;
    Ok(if has_deposit { PaymentType::Deposit } else { PaymentType::Final })
}

/// The unique index has seen the bank's number before.
fn taken(error: AppError) -> AppError {
    if matches!(error.db_error().and_then(sea_orm::DbErr::sql_err), Some(SqlErr::UniqueConstraintViolation(_))) {
        return AppError::conflict("duplicate_transaction", "This number of the bank is recorded already.");
    }
    error
}

async fn step(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &payments::Model,
    event: PaymentHistoryEvent,
    from: Option<PaymentStatus>,
    reason: Option<&str>,
) -> AppResult<()> {
    let step = Step {
        event,
        from,
        to: Some(row.payment_status),
        source: PaymentHistorySource::Admin,
        external_event_id: None,
        reason,
    };
    store::history(txn, app, actor, row, step).await
}

/// Records that staff sent a refund by transfer, under the bank's number of it.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition` when it is no open refund of a transfer, 409
/// `transfer_unknown` while the gateway has it and has not answered; 422.
pub async fn sent_back(app: &App, actor: &Actor, id: PaymentId, bank_reference: &str) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::IssueRefund)?;
    identity::reauth::require_fresh(app.db.conn(), app, actor).await?;
    let number = bank_reference.trim();
    if !(3..=64).contains(&number.chars().count()) {
        return Err(AppError::field("bank_reference", "invalid", "3 to 64 characters, as the bank shows them."));
    }
    platform::write_txn!(app.db, |txn| {
        let row = open_refund(txn, id).await?;
        if Metadata::of(&row).sending_to.is_some() {
            return Err(unknown());
        }
        refund::book(txn, app, actor, &row, &Refunded::Succeeded(number.to_owned())).await
    })
}

/// 409: the gateway has the money of a refund and has not said what became of it.
pub fn unknown() -> AppError {
    AppError::conflict("transfer_unknown", "The bank has not answered yet. Ask again in a while.")
}

/// A refund by transfer that waits to be sent, with the locks of its booking.
async fn open_refund(txn: &Txn, id: PaymentId) -> AppResult<payments::Model> {
    let found = payments::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
    case::lock(txn, found.quote_id).await?;
    let rows = store::lock_payments(txn, found.quote_id).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or_else(AppError::not_found)?;
    let is_open = row.payment_type == PaymentType::Refund
        && row.payment_method == PaymentMethod::BankTransfer
        && row.payment_status == PaymentStatus::Pending;
    match is_open {
        true => Ok(row),
        false => Err(AppError::conflict("invalid_transition", "This is no refund that waits to be sent.")),
    }
}

/// Marks a refund as given to the gateway, before it is: nobody records it as sent another way meanwhile. Answers the account
/// it goes to: the one it went to first, where it was given before and nobody knows what became of it.
///
/// Errors: 404; 409 `invalid_transition`.
pub async fn claim_sending(
    app: &App,
    actor: &Actor,
    id: PaymentId,
    account: BankingDetailId,
) -> AppResult<BankingDetailId> {
    platform::write_txn!(app.db, |txn| {
        let row = open_refund(txn, id).await?;
        let words = Metadata::of(&row);
        if let Some(first) = words.sending_to {
            return Ok(first);
        }
        let words = Metadata { sending_to: Some(account), ..words };
        store::change(txn, app.now(), &row, Change { metadata: Some(words), ..Change::default() }).await?;
        step(txn, app, actor, &row, PaymentHistoryEvent::Processing, Some(row.payment_status), None).await?;
        let entry = of_refund("payment.refund_sent", &row).change(None, Some(json!({ "account": account })));
        audit::record(txn, app, actor, entry).await?;
        Ok(account)
    })
}

fn of_refund(action: &'static str, row: &payments::Model) -> Entry {
    let entry = Entry::new(action).subject("Payment", row.id).patient(row.patient_id);
    entry.provider(row.provider_id).quote(row.quote_id)
}

/// Books what the gateway said of a refund it was given: sent under this number, or not sent for this reason, and open again.
/// Hearing it twice changes nothing.
pub async fn sending_ended(app: &App, actor: &Actor, id: PaymentId, answer: Result<&str, &str>) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let row = match open_refund(txn, id).await {
            Ok(row) => row,
            // Heard before, by another way.
            Err(error) if error.code == "invalid_transition" => return Ok(()),
            Err(error) => return Err(error),
        };
        let code = match answer {
            Ok(number) => {
                return refund::book(txn, app, actor, &row, &Refunded::Succeeded(number.to_owned())).await;
            }
            Err(code) => code,
        };
        let words = Metadata::of(&row);
        let Some(account) = words.sending_to else { return Ok(()) };
        let words = Metadata { sending_to: None, ..words };
        store::change(txn, app.now(), &row, Change { metadata: Some(words), ..Change::default() }).await?;
        let event = PaymentHistoryEvent::RefundFailed;
        step(txn, app, actor, &row, event, Some(row.payment_status), Some(code)).await?;
        let entry = of_refund("payment.refund_not_sent", &row)
            .change(None, Some(json!({ "account": account, "code": code })))
            .failed();
        audit::record(txn, app, actor, entry).await?;
        let alert = Event::new("system.alert", "Payment", row.id)
            .occurrence(format!("refund_not_sent:{}", app.now().timestamp_micros()))
            .with("alert", "refund_failed")
            .with("quote_id", row.quote_id)
            .with("code", code);
        outbox::emit(txn, app, actor, alert).await
    })
}
