//! Money of aftercare that is bought on its own (R-PY-70, R-AC-56 to 63): planned charges, the patient's checkout, the clock,
//! refunds, shares.
//!
//! A request has one row for each charge; retries reuse the row and its intent, so one charge is paid once. All rows of a
//! request are locked together, the oldest first. What follows from the money for the request and its plan is for the wing
//! above, which hears of it by events.

mod charge;
mod dispute;
mod earn;
mod pay;
mod refund;
mod settle;
mod verify;

use chrono::NaiveDate;
use kernel::ids::{AftercarePaymentId, PatientId, StandaloneAftercareRequestId};
use kernel::{AppError, AppResult, Money, Timestamp};
use platform::App;
use platform::audit::Entry;
use platform::db::Txn;
use platform::outbox::Event;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

pub use charge::{charge_due, poll_silent, remind};
pub(super) use dispute::settle as settle_dispute;
pub use earn::{activate, earn_due};
pub use pay::{PayCharge, StartedCharge, authenticate, confirm_card, pay, payable, sync, taker};
pub use refund::{GiveBack, JOB as REFUND_JOB, answered, cancel, end, execute, give_back, most};
pub(super) use settle::settle;
pub use settle::{GIVE_UP_JOB, give_up};
pub(super) use verify::walk;

use crate::entity::aftercare_payments::{
    self as charges, AftercarePaymentPricingModel as Model, AftercarePaymentStatus as Status,
    AftercarePaymentType as Type,
};
use crate::gateway::Purpose;
use crate::metadata::Metadata;
use crate::rules::aftercare as rules;
use crate::rules::minor;

/// What is bought.
#[derive(Clone, Debug)]
pub struct Purchase {
    /// The request.
    pub request: StandaloneAftercareRequestId,
    /// `SR2611-0001`, as it stands on receipts.
    pub reference: String,
    /// Who pays.
    pub patient: PatientId,
    /// Once, or monthly.
    pub model: Model,
    /// One charge.
    pub money: Money,
    /// How long the service lasts.
    pub months: u32,
    /// From this day charges are counted.
    pub bought_on: NaiveDate,
}

/// Writes the charges of a purchase down, in the transaction of the request: one, or one for each month.
///
/// Errors: internal ones, for a price or a term no offering has.
pub async fn plan(txn: &Txn, app: &App, purchase: &Purchase) -> AppResult<Vec<charges::Model>> {
    let now = app.now();
    if !purchase.money.amount.is_positive() || minor::to_minor(purchase.money.amount, purchase.money.currency).is_none()
    {
        return Err(AppError::internal("a price that cannot be charged"));
    }
    let count = match purchase.model {
        Model::Fixed => 1,
        Model::MonthlySubscription => purchase.months,
    };
    let total = i32::try_from(count).map_err(AppError::internal)?;
    let words = Metadata { reference: Some(purchase.reference.clone()), ..Metadata::default() }.to_json()?;
    let mut rows = Vec::new();
    for number in 1..=count {
        let due = rules::due_on(purchase.bought_on, number).ok_or_else(|| AppError::internal("a day beyond time"))?;
        rows.push(charges::Model {
            id: AftercarePaymentId::new(),
            standalone_request_id: purchase.request,
            after_care_id: None,
            patient_id: purchase.patient,
            provider_id: None,
            pricing_model: purchase.model,
            payment_type: Type::Charge,
            refund_of_id: None,
            installment_number: Some(i32::try_from(number).map_err(AppError::internal)?),
            total_installments: Some(total),
            due_date: due,
            amount: purchase.money.amount,
            currency: purchase.money.currency,
            payment_method: None,
            payment_status: Status::Pending,
            attempts: 0,
            // The first is paid at checkout.
            next_attempt_at: (number > 1).then(|| rules::hour_of(due)),
            reminder_sent_at: None,
            commission_rate: None,
            commission_amount: None,
            provider_share: None,
            service_period_start: None,
            service_period_end: None,
            paid_at: None,
            failure_code: None,
            gateway_account_id: None,
            stripe_payment_intent_id: None,
            transaction_id: None,
            idempotency_key: None,
            metadata: Some(words.clone()),
            created_at: now,
            updated_at: now,
        });
    }
    let written = rows.iter().map(|row| charges::ActiveModel::from(row.clone()).into_active());
    charges::Entity::insert_many(written).exec_without_returning(txn).await?;
    Ok(rows)
}

/// Marks every column as written.
trait IntoActive {
    fn into_active(self) -> Self;
}

impl IntoActive for charges::ActiveModel {
    fn into_active(self) -> Self {
        sea_orm::ActiveModelTrait::reset_all(self)
    }
}

/// All rows of a request, the oldest first: charges by their number, then refunds.
pub async fn of_request(
    conn: &impl ConnectionTrait,
    request: StandaloneAftercareRequestId,
) -> AppResult<Vec<charges::Model>> {
    Ok(charges::Entity::find()
        .filter(charges::Column::StandaloneRequestId.eq(request))
        .order_by_asc(charges::Column::Id)
        .all(conn)
        .await?)
}

/// The same under lock.
async fn lock(txn: &Txn, request: StandaloneAftercareRequestId) -> AppResult<Vec<charges::Model>> {
    Ok(charges::Entity::find()
        .filter(charges::Column::StandaloneRequestId.eq(request))
        .order_by_asc(charges::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?)
}

fn row_of(rows: &[charges::Model], id: AftercarePaymentId) -> AppResult<&charges::Model> {
    rows.iter().find(|row| row.id == id).ok_or_else(AppError::not_found)
}

/// Writes a row as it is now. Its request is locked by the caller.
async fn save(txn: &Txn, now: Timestamp, row: charges::Model) -> AppResult<charges::Model> {
    let row = charges::Model { updated_at: now, ..row };
    let change = charges::ActiveModel {
        due_date: Set(row.due_date),
        after_care_id: Set(row.after_care_id),
        provider_id: Set(row.provider_id),
        payment_method: Set(row.payment_method),
        payment_status: Set(row.payment_status),
        attempts: Set(row.attempts),
        next_attempt_at: Set(row.next_attempt_at),
        commission_rate: Set(row.commission_rate),
        commission_amount: Set(row.commission_amount),
        provider_share: Set(row.provider_share),
        service_period_start: Set(row.service_period_start),
        service_period_end: Set(row.service_period_end),
        paid_at: Set(row.paid_at),
        failure_code: Set(row.failure_code.clone()),
        gateway_account_id: Set(row.gateway_account_id),
        stripe_payment_intent_id: Set(row.stripe_payment_intent_id.clone()),
        transaction_id: Set(row.transaction_id.clone()),
        idempotency_key: Set(row.idempotency_key.clone()),
        metadata: Set(row.metadata.clone()),
        updated_at: Set(now),
        ..Default::default()
    };
    charges::Entity::update_many().set(change).filter(charges::Column::Id.eq(row.id)).exec(txn).await?;
    Ok(row)
}

/// What of a charge was not given back and is not about to be.
pub fn open_amount(rows: &[charges::Model], charge: &charges::Model) -> kernel::Amount {
    let live = |status| matches!(status, Status::Pending | Status::Completed);
    let back = rows.iter().filter(|row| row.refund_of_id == Some(charge.id) && live(row.payment_status));
    charge.amount - back.map(|row| row.amount).sum()
}

/// The charges of a request that were paid, and not wholly given back.
fn paid(rows: &[charges::Model]) -> impl Iterator<Item = &charges::Model> {
    rows.iter().filter(|row| row.payment_type == Type::Charge && row.payment_status == Status::Completed)
}

/// Whether anything of a request was ever paid, whatever became of it since.
fn was_paid(rows: &[charges::Model]) -> bool {
    rows.iter().any(|row| row.payment_type == Type::Charge && row.paid_at.is_some())
}

/// Whether a charge of a request was refused for good: after the last retry nobody asks for it but its patient (R-AC-59).
pub fn owes(rows: &[charges::Model]) -> bool {
    rows.iter().any(is_owed)
}

fn is_owed(row: &charges::Model) -> bool {
    row.payment_type == Type::Charge
        && matches!(row.payment_status, Status::Pending | Status::Failed)
        && rules::is_last_try(row.attempts)
        && row.next_attempt_at.is_none()
        && !(row.payment_status == Status::Pending && is_asked(row))
}

/// The last day of a subscription that was stopped; none while it runs.
pub fn ends_on(rows: &[charges::Model]) -> Option<NaiveDate> {
    rows.iter().find_map(|row| Metadata::of_charge(row).service_ends)
}

fn purpose(row: &charges::Model) -> Purpose {
    Purpose::Aftercare { charge: row.id, request: row.standalone_request_id }
}

fn money(row: &charges::Model) -> Money {
    Money::new(row.amount, row.currency)
}

fn entry(action: &'static str, row: &charges::Model) -> Entry {
    let entry = Entry::new(action).subject("AftercarePayment", row.id).patient(row.patient_id);
    match row.provider_id {
        Some(provider) => entry.provider(provider),
        None => entry,
    }
}

/// What the wing above and the patient hear.
fn event(name: &'static str, row: &charges::Model) -> Event {
    Event::new(name, "AftercarePayment", row.id)
        .with("charge_id", row.id)
        .with("request_id", row.standalone_request_id)
        .with("plan_id", row.after_care_id)
        .with("patient_id", row.patient_id)
        .with("provider_id", row.provider_id)
        .with("money", money(row))
        .with("number", row.installment_number)
        .with("of", row.total_installments)
}

fn status(row: &charges::Model) -> Option<serde_json::Value> {
    Some(json!({ "status": row.payment_status }))
}

/// The key a charge is asked for with: the same try is asked for once (`{request}:{n}:{attempt}`).
fn key(row: &charges::Model, attempt: i32) -> String {
    format!("{}:{}:{attempt}", row.standalone_request_id, row.installment_number.unwrap_or_default())
}

/// Whether the clock has asked for it, and has not heard: whoever else asks uses another key.
fn is_asked(row: &charges::Model) -> bool {
    row.attempts > 0 && row.next_attempt_at.is_none() && row.idempotency_key.as_ref() == Some(&key(row, row.attempts))
}

/// Whether its cardholder disputes it, and nothing is decided.
pub fn is_disputed(row: &charges::Model) -> bool {
    Metadata::of_charge(row).is_disputed()
}

/// What a charge is called on statements: `SR2611-0001 2/6`.
pub fn name_of(row: &charges::Model) -> String {
    let reference = Metadata::of_charge(row).reference.unwrap_or_default();
    match (row.installment_number, row.total_installments) {
        (Some(number), Some(of)) if of > 1 => format!("{reference} {number}/{of}"),
        _ => reference,
    }
}

/// Where the card of a patient's running subscription is kept; none where none runs.
pub(super) async fn card_account(
    conn: &impl ConnectionTrait,
    patient: PatientId,
) -> AppResult<Option<kernel::ids::GatewayAccountId>> {
    let mut open = charges::Entity::find()
        .select_only()
        .column(charges::Column::StandaloneRequestId)
        .filter(charges::Column::PatientId.eq(patient))
        .filter(charges::Column::PaymentType.eq(Type::Charge))
        .filter(charges::Column::PricingModel.eq(Model::MonthlySubscription))
        .filter(charges::Column::PaymentStatus.is_in([Status::Pending, Status::Failed]));
    let paid = charges::Entity::find()
        .select_only()
        .column(charges::Column::GatewayAccountId)
        .filter(charges::Column::StandaloneRequestId.in_subquery(QuerySelect::query(&mut open).to_owned()))
        .filter(charges::Column::PaidAt.is_not_null())
        .filter(charges::Column::GatewayAccountId.is_not_null())
        .order_by_desc(charges::Column::Id);
    Ok(paid.into_tuple::<Option<kernel::ids::GatewayAccountId>>().one(conn).await?.flatten())
}

/// The gateway's account of a request's money: where its first charge went.
fn account_of(rows: &[charges::Model]) -> Option<kernel::ids::GatewayAccountId> {
    rows.iter().find_map(|row| row.gateway_account_id)
}
