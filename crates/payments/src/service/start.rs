//! Starting to pay (R-PY-07, 08, 12, 24): one open attempt per booking, one intent per attempt, one charge at most.

use kernel::ids::{GatewayAccountId, PatientId, PaymentId, QuoteId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Money, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use quoting::case::{self, Case};
use quoting::entity::booking_terms::{self, BookingTermsPaymentOption};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::facts;
use crate::gateway::{self, Intent, NewIntent};
use crate::metadata::Metadata;
use crate::rules::attempt::Fact;
use crate::rules::checkout::{self, Offer, PaymentOption, Refusal};
use crate::service::accounts;
use crate::service::poll;
use crate::store::{self, Step};

/// What the patient sends to start paying.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartPayment {
    /// `deposit` or `full` before the booking is confirmed, `balance` after.
    pub option: PaymentOption,
    /// How the money comes; cards only for now.
    #[serde(default = "card")]
    pub method: PaymentMethod,
    /// The amount the patient saw; the server's own must be the same.
    pub expected_amount: Money,
    /// The cancellation policy was read and accepted.
    #[serde(default)]
    pub accept_cancellation_policy: bool,
    /// The terms of payment were read and accepted.
    #[serde(default)]
    pub accept_terms: bool,
}

fn card() -> PaymentMethod {
    PaymentMethod::Card
}

/// An attempt that waits for the patient's card.
#[derive(Clone, Debug)]
pub struct Started {
    /// The attempt.
    pub payment: payments::Model,
    /// The intent with the secret the patient's browser confirms it with.
    pub intent: Intent,
    /// Whose money box it goes to.
    pub account: GatewayAccountId,
}

/// What the transaction decided.
enum Step1 {
    /// This attempt is open (new, or the very same from a moment ago).
    Open(Box<payments::Model>),
    /// These have to be given up at the gateway first.
    Close(Vec<payments::Model>),
}

/// Rounds of giving up older attempts before the patient is told to wait.
const ROUNDS: usize = 4;

/// Starts to pay for a booking. Asking again with the same choice gives the same attempt.
pub async fn start(app: &App, actor: &Actor, quote: QuoteId, ask: &StartPayment) -> AppResult<Started> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    check(ask)?;
    let person = identity::patients::load(app.db.conn(), patient).await?;
    if person.email_verified_at.is_none() {
        return Err(AppError::denied("email_unverified", "Confirm your e-mail address first."));
    }
    let account = accounts::pick(app.db.conn(), person.country_code.as_deref()).await?;
    for _ in 0..ROUNDS {
        let decided = platform::write_txn!(app.db, |txn| {
            let case = case::lock(txn, quote).await?;
            decide(txn, app, actor, patient, &case, account.id, ask).await
        })?;
        match decided {
            Step1::Open(row) => return attach(app, *row).await,
            Step1::Close(rows) => {
                for row in rows {
                    give_up(app, &row).await?;
                }
            }
        }
    }
    Err(in_progress())
}

fn check(ask: &StartPayment) -> AppResult<()> {
    if ask.option == PaymentOption::Installments {
        return Err(AppError::invalid("installments_unavailable", "This booking cannot be paid in installments."));
    }
    let mut faults = FieldErrors::new();
    if ask.method != PaymentMethod::Card {
        faults.add("method", "unknown_value", "Only cards are taken at the moment.");
    }
    faults.check()
}

async fn decide(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    patient: PatientId,
    case: &Case,
    account: GatewayAccountId,
    ask: &StartPayment,
) -> AppResult<Step1> {
    if case.inquiry.patient_id != patient {
        return Err(AppError::not_found());
    }
    let terms = case.require_terms()?;
    let rows = store::lock_payments(txn, case.quote.id).await?;
    let facts = facts::checkout(case, terms, &rows, app.now())?;
    let offers = checkout::offers(&facts, app.now()).map_err(refused)?;
    let offer = chosen(&offers, ask.option)?;
    let money = Money::new(offer.now, terms.payment_currency);
    if ask.expected_amount != money {
        let error = AppError::conflict("amount_changed", "The amount is not what was shown. Look at it again.");
        return Err(error.with("amount", money));
    }
    acknowledge(txn, app, terms, ask).await?;
    let wanted = kind_of(offer.option);
    let attempts: Vec<&payments::Model> = rows.iter().filter(|row| row.payment_type != PaymentType::Refund).collect();
    if let Some(open) = attempts.iter().find(|row| row.payment_status == PaymentStatus::Pending) {
        let same = (open.payment_type, open.amount, open.payment_method) == (wanted, money.amount, ask.method);
        return Ok(if same { Step1::Open(Box::new((*open).clone())) } else { Step1::Close(vec![(*open).clone()]) });
    }
    let alive: Vec<payments::Model> = attempts.into_iter().filter(|row| may_still_succeed(row)).cloned().collect();
    if !alive.is_empty() {
        return Ok(Step1::Close(alive));
    }
    let row = insert(txn, app, actor, case, account, money, offer.option).await?;
    Ok(Step1::Open(Box::new(row)))
}

/// A declined intent can be confirmed again by a browser that still has it: it is given up before another is made.
fn may_still_succeed(row: &payments::Model) -> bool {
    row.payment_status == PaymentStatus::Failed
        && row.stripe_payment_intent_id.is_some()
        && Metadata::of(row).gateway_status.as_deref() != Some("canceled")
}

fn chosen(offers: &[Offer], option: PaymentOption) -> AppResult<Offer> {
    // After the deposit, "all of it" means what is left.
    let fits = |offer: &&Offer| {
        offer.option == option || (offer.option == PaymentOption::Balance && option == PaymentOption::Full)
    };
    offers
        .iter()
        .find(fits)
        .copied()
        .ok_or_else(|| AppError::field("option", "option_unavailable", "This booking cannot be paid this way now."))
}

fn kind_of(option: PaymentOption) -> PaymentType {
    if option == PaymentOption::Deposit { PaymentType::Deposit } else { PaymentType::Final }
}

pub(crate) fn refused(why: Refusal) -> AppError {
    match why {
        Refusal::InquiryCancelled => AppError::conflict("inquiry_cancelled", "This request was cancelled."),
        Refusal::WithdrawalRequested => {
            AppError::conflict("withdrawal_requested", "The clinic asked to step back. Nothing can be paid until then.")
        }
        Refusal::NotPayable => AppError::conflict("booking_not_payable", "There is no accepted offer to pay for."),
        Refusal::HoldExpired => AppError::conflict("hold_expired", "The appointment is no longer held for you."),
        Refusal::AlreadyPaid => AppError::conflict("already_paid", "Everything is paid."),
    }
}

fn in_progress() -> AppError {
    AppError::conflict("payment_in_progress", "Another payment of this booking is still under way.")
}

/// Both acknowledgements are given once and kept with the terms (R-PY-08).
async fn acknowledge(txn: &Txn, app: &App, terms: &booking_terms::Model, ask: &StartPayment) -> AppResult<()> {
    let mut faults = FieldErrors::new();
    if terms.policy_ack_at.is_none() && !ask.accept_cancellation_policy {
        faults.add("accept_cancellation_policy", "required", "Accept the cancellation policy to pay.");
    }
    if terms.terms_ack_at.is_none() && !ask.accept_terms {
        faults.add("accept_terms", "required", "Accept the terms to pay.");
    }
    faults.check()?;
    let now = app.now();
    let option = match ask.option {
        PaymentOption::Deposit => BookingTermsPaymentOption::Deposit,
        _ => BookingTermsPaymentOption::Full,
    };
    let first = terms.payment_option.is_none() && ask.option != PaymentOption::Balance;
    if terms.policy_ack_at.is_some() && terms.terms_ack_at.is_some() && !first {
        return Ok(());
    }
    // Write-once columns: what is set stays.
    let change = booking_terms::ActiveModel {
        policy_ack_at: Set(terms.policy_ack_at.or(Some(now))),
        terms_ack_at: Set(terms.terms_ack_at.or(Some(now))),
        payment_option: Set(if first { Some(option) } else { terms.payment_option }),
        updated_at: Set(now),
        ..Default::default()
    };
    booking_terms::Entity::update_many().set(change).filter(booking_terms::Column::Id.eq(terms.id)).exec(txn).await?;
    Ok(())
}

async fn insert(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    account: GatewayAccountId,
    money: Money,
    option: PaymentOption,
) -> AppResult<payments::Model> {
    let (id, now) = (PaymentId::new(), app.now());
    let full = (option == PaymentOption::Full).then_some(true);
    let row = payments::Model {
        id,
        quote_id: case.quote.id,
        patient_id: case.inquiry.patient_id,
        provider_id: case.quote.provider_id,
        amount: money.amount,
        currency: money.currency,
        payment_type: kind_of(option),
        payment_method: PaymentMethod::Card,
        payment_status: PaymentStatus::Pending,
        stripe_payment_intent_id: None,
        transaction_id: None,
        metadata: Some(Metadata { full_payment: full, ..Metadata::default() }.to_json()?),
        installment_plan_id: None,
        installment_number: None,
        total_installments: None,
        is_installment: false,
        refund_of_payment_id: None,
        cancellation_request_id: None,
        idempotency_key: Some(format!("pay:{id}")),
        gateway_account_id: Some(account),
        paid_at: None,
        failure_code: None,
        created_at: now,
        updated_at: now,
    };
    payments::Entity::insert(payments::ActiveModel::from(row.clone()).reset_all()).exec_without_returning(txn).await?;
    let step = Step {
        event: PaymentHistoryEvent::Created,
        from: None,
        to: Some(PaymentStatus::Pending),
        source: PaymentHistorySource::Api,
        external_event_id: None,
        reason: None,
    };
    store::history(txn, app, actor, &row, step).await?;
    let entry = Entry::new("payment.started")
        .subject("Payment", id)
        .patient(row.patient_id)
        .provider(row.provider_id)
        .quote(row.quote_id);
    audit::record(txn, app, actor, entry).await?;
    Ok(row)
}

/// Makes the intent of an attempt, or finds it again: the key is the attempt's.
///
/// A crash between the commit before and this leaves an attempt without an intent; the next click comes back here.
async fn attach(app: &App, mut row: payments::Model) -> AppResult<Started> {
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    let ask = NewIntent {
        payment: row.id,
        quote: row.quote_id,
        money: Money::new(row.amount, row.currency),
        idempotency_key: row.idempotency_key.clone().unwrap_or_else(|| format!("pay:{}", row.id)),
    };
    let intent = gateway::of(&account)?.create_intent(app, &ask).await?;
    if row.stripe_payment_intent_id.is_none() {
        store::attach_intent(app.db.conn(), row.id, &intent.id, app.now()).await?;
        row.stripe_payment_intent_id = Some(intent.id.clone());
    }
    Ok(Started { payment: row, intent, account: account.id })
}

/// Gives an older attempt up, unless its money has already come or is coming.
async fn give_up(app: &App, row: &payments::Model) -> AppResult<()> {
    match poll::cancel(app, row, "replaced").await? {
        Some(Fact::Succeeded) => Err(AppError::conflict("already_paid", "The payment before this one succeeded.")),
        Some(Fact::Processing) => Err(in_progress()),
        _ => Ok(()),
    }
}
