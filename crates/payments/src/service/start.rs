//! Starting to pay (R-PY-07, 08, 12, 24): one open attempt per booking, one intent per attempt, one charge at most.

use kernel::ids::{GatewayAccountId, InstallmentPaymentPlanId, PatientId, PaymentId, QuoteId};
use kernel::{Actor, AppError, AppResult, Currency, FieldErrors, Money, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use quoting::case::{self, Case};
use quoting::entity::booking_terms::{self, BookingTermsPaymentOption};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::entity::gateway_accounts;
use crate::entity::installment_schedule_items::{self as items, InstallmentScheduleItemStatus as ItemStatus};
use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::facts;
use crate::gateway::{self, Intent, NewIntent, Purpose};
use crate::metadata::Metadata;
use crate::rules::attempt::Fact;
use crate::rules::checkout::{self, Facts, Offer, PaymentOption, Refusal};
use crate::rules::installments::{self, Planned};
use crate::service::access::{self, Audience};
use crate::service::plans::{self, First, Plan};
use crate::service::poll;
use crate::service::transfer::{self, Instructions};
use crate::service::{accounts, redemptions};
use crate::store::{self, Step};

/// What the patient sends to start paying.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartPayment {
    /// `deposit` or `full` before the booking is confirmed, `balance` after.
    pub option: PaymentOption,
    /// How the money comes.
    #[serde(default = "card")]
    pub method: PaymentMethod,
    /// In how many parts, with `installments`.
    #[serde(default)]
    #[schema(example = 3)]
    pub installments: Option<u8>,
    /// The card is kept and charged for the later parts; needed with `installments`.
    #[serde(default)]
    pub accept_automatic_charges: bool,
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

/// What a patient pays: what a booking offers, or one part of its plan that is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Offer,
    Item(i32),
}

/// An attempt that waits for the patient's card.
#[derive(Clone, Debug)]
pub struct Started {
    /// The attempt.
    pub payment: payments::Model,
    /// Where it goes on.
    pub way: Way,
}

/// Where an attempt goes on.
#[derive(Clone, Debug)]
pub enum Way {
    /// With a card.
    Card {
        /// The intent with the secret the patient's browser confirms it with.
        intent: Intent,
        /// Whose money box it goes to.
        account: GatewayAccountId,
        /// Which gateway's script confirms it.
        gateway: &'static str,
    },
    /// With a transfer from the patient's bank.
    Transfer(Instructions),
}

impl Started {
    /// The intent of a card payment.
    ///
    /// Errors: internal, for a transfer.
    pub fn intent(&self) -> AppResult<&Intent> {
        match &self.way {
            Way::Card { intent, .. } => Ok(intent),
            Way::Transfer(_) => Err(AppError::internal("a transfer has no intent")),
        }
    }
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
    begin(app, actor, quote, ask, Wanted::Offer).await
}

/// Starts to pay one part of a plan: the one that is overdue, or the next.
///
/// Errors: as [`start`]; 404 for a part there is none of, 409 `already_paid`.
pub async fn start_item(app: &App, actor: &Actor, quote: QuoteId, number: i32, seen: Money) -> AppResult<Started> {
    let ask = StartPayment {
        option: PaymentOption::Installments,
        method: PaymentMethod::Card,
        installments: None,
        accept_automatic_charges: true,
        expected_amount: seen,
        accept_cancellation_policy: true,
        accept_terms: true,
    };
    begin(app, actor, quote, &ask, Wanted::Item(number)).await
}

async fn begin(app: &App, actor: &Actor, quote: QuoteId, ask: &StartPayment, wanted: Wanted) -> AppResult<Started> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    let by_bank = ask.method == PaymentMethod::BankTransfer;
    let offered = if by_bank { transfer::require_offered(app).await } else { Ok(()) };
    if let Err(error) = check(ask, wanted).and(offered) {
        // Whose booking it is comes before what is wrong with the form.
        access::visible(app.db.conn(), Audience::Patient(patient), quote).await?;
        return Err(error);
    }
    let person = identity::patients::load(app.db.conn(), patient).await?;
    if person.email_verified_at.is_none() {
        return Err(AppError::denied("email_unverified", "Confirm your e-mail address first."));
    }
    let account = match by_bank {
        true => None,
        false => Some(account_for(app, person.country_code.as_deref(), ask.expected_amount.currency).await?),
    };
    for _ in 0..ROUNDS {
        let decided = platform::write_txn!(app.db, |txn| {
            let case = case::lock(txn, quote).await?;
            let choice = Choice { patient, account: account.as_ref(), ask, wanted };
            decide(txn, app, actor, &case, &choice).await
        })?;
        match decided {
            Step1::Open(row) => return attach(app, *row, account).await,
            Step1::Close(rows) => {
                for row in rows {
                    give_up(app, &row).await?;
                }
            }
        }
    }
    Err(in_progress())
}

pub(super) async fn account_for(
    app: &App,
    country: Option<&str>,
    currency: Currency,
) -> AppResult<gateway_accounts::Model> {
    let picked = accounts::pick(app, country, Some(currency)).await;
    if picked.as_ref().is_err_and(|error| error.code == accounts::UNAVAILABLE) {
        accounts::tell_unavailable(app, country).await?;
    }
    picked
}

fn check(ask: &StartPayment, wanted: Wanted) -> AppResult<()> {
    let mut faults = FieldErrors::new();
    let planned = ask.option == PaymentOption::Installments;
    match ask.method {
        PaymentMethod::Card => {}
        PaymentMethod::BankTransfer if !planned => {}
        // R-PY-40: later parts cannot be taken from a bank account.
        PaymentMethod::BankTransfer => faults.add("method", "card_needed", "Plans are paid by card."),
    }
    if wanted == Wanted::Offer && planned != ask.installments.is_some() {
        faults.add("installments", "unknown_value", "Say in how many parts, and only with installments.");
    }
    if planned && !ask.accept_automatic_charges {
        faults.add("accept_automatic_charges", "required", "Later parts are charged to this card: agree to that.");
    }
    faults.check()
}

/// Who pays what, and through which account.
struct Choice<'a> {
    patient: PatientId,
    /// None for transfers.
    account: Option<&'a gateway_accounts::Model>,
    ask: &'a StartPayment,
    wanted: Wanted,
}

/// What is to be paid by one attempt.
struct Part {
    option: PaymentOption,
    money: Money,
    /// Number of a planned payment, and of how many.
    planned: Option<(i32, i32)>,
    /// The planned payments it pays off.
    settles: Option<Vec<i32>>,
}

async fn decide(txn: &Txn, app: &App, actor: &Actor, case: &Case, choice: &Choice<'_>) -> AppResult<Step1> {
    if case.inquiry.patient_id != choice.patient {
        return Err(AppError::not_found());
    }
    let (terms, ask) = (case.require_terms()?, choice.ask);
    let rows = store::lock_payments(txn, case.quote.id).await?;
    let facts = facts::checkout(case, terms, &rows, app.now())?;
    // A plan is made with its first attempt.
    let plan = match rows.iter().any(|row| row.installment_plan_id.is_some()) {
        true => plans::lock_of(txn, case.quote.id).await?,
        false => None,
    };
    let (part, planned) = match choice.wanted {
        Wanted::Item(number) => (item_part(&facts, plan.as_ref(), terms, number, app.now())?, Vec::new()),
        Wanted::Offer => offered_part(txn, app, &facts, plan.as_ref(), terms, ask).await?,
    };
    if choice.account.is_none() && plan.as_ref().is_some_and(Plan::has_begun) {
        return Err(AppError::field("method", "card_needed", "Plans are paid by card."));
    }
    if ask.expected_amount != part.money {
        let error = AppError::conflict("amount_changed", "The amount is not what was shown. Look at it again.");
        return Err(error.with("amount", part.money));
    }
    acknowledge(txn, app, terms, ask).await?;
    let wanted = kind_of(part.option, part.planned);
    let count = part.planned.map(|(_, of)| of);
    let attempts: Vec<&payments::Model> = rows.iter().filter(|row| row.payment_type != PaymentType::Refund).collect();
    if let Some(open) = attempts.iter().find(|row| row.payment_status == PaymentStatus::Pending) {
        // One the clock has begun is under way already (race 8).
        if Metadata::of(open).auto == Some(true) {
            return Err(in_progress());
        }
        let same = (open.payment_type, open.amount, open.payment_method, open.total_installments)
            == (wanted, part.money.amount, ask.method, count);
        return Ok(if same { Step1::Open(Box::new((*open).clone())) } else { Step1::Close(vec![(*open).clone()]) });
    }
    let alive: Vec<payments::Model> = attempts.into_iter().filter(|row| may_still_succeed(row)).cloned().collect();
    if !alive.is_empty() {
        return Ok(Step1::Close(alive));
    }
    let plan_id = match (&plan, part.planned) {
        (Some(plan), Some((number, _))) if plan.has_begun() => {
            let item = plan.item(number).ok_or_else(AppError::not_found)?;
            let change = items::ActiveModel { status: Set(ItemStatus::Processing), ..Default::default() };
            plans::set_item(txn, app.now(), item.id, change).await?;
            Some(plan.row.id)
        }
        (before, _) => {
            // Whoever chooses anew at checkout has no plan any more, or another one (R-PY-40).
            if let Some(before) = before.as_ref().filter(|plan| !plan.has_begun()) {
                plans::cancel(txn, app.now(), before).await?;
            }
            match planned.is_empty() {
                true => None,
                false => {
                    let total = (terms.payment_total, terms.payment_currency);
                    Some(plans::create(txn, app.now(), case, total, &planned, First::AtCheckout).await?.id)
                }
            }
        }
    };
    if case.quote.status == QuoteStatus::Accepted {
        redemptions::reserve(txn, app, case).await?;
    }
    let row = insert(txn, app, actor, case, choice.account, &part, plan_id).await?;
    let by_bank = |row: &payments::Model| row.payment_method == PaymentMethod::BankTransfer;
    // R-PY-06: a transfer takes days; the hold is made longer once, however often the choice changes.
    let before = rows.iter().any(|row| by_bank(row) && case.quote.accepted_at.is_none_or(|at| row.created_at >= at));
    if by_bank(&row) && !before && case.quote.status == QuoteStatus::Accepted {
        let hours = transfer::HOLD_HOURS.get(app).await?;
        case::extend_hold(txn, app, case, app.now() + chrono::Duration::hours(hours)).await?;
    }
    Ok(Step1::Open(Box::new(row)))
}

/// What an offer of the checkout asks for, with the plan it begins.
async fn offered_part(
    txn: &Txn,
    app: &App,
    facts: &Facts,
    plan: Option<&Plan>,
    terms: &booking_terms::Model,
    ask: &StartPayment,
) -> AppResult<(Part, Vec<Planned>)> {
    let offers = checkout::offers(facts, app.now()).map_err(refused)?;
    let money = |amount| Money::new(amount, terms.payment_currency);
    if ask.option == PaymentOption::Installments {
        let unavailable =
            || AppError::invalid("installments_unavailable", "This booking cannot be paid in so many parts.");
        if facts.status != QuoteStatus::Accepted || facts.paid.is_positive() {
            return Err(unavailable());
        }
        let total = (terms.payment_total, terms.payment_currency);
        let days = (facts.schedule_date - facts.clinic_today).num_days();
        let counts = plans::counts(app, txn, total, days, i64::from(terms.cutoff_days)).await?;
        let count = ask.installments.filter(|count| counts.contains(count)).ok_or_else(unavailable)?;
        let planned = installments::plan(total.0, count, total.1, facts.clinic_today).ok_or_else(unavailable)?;
        let first = planned.first().ok_or_else(unavailable)?;
        let part = Part {
            option: PaymentOption::Installments,
            money: money(first.amount),
            planned: Some((1, i32::from(count))),
            settles: None,
        };
        return Ok((part, planned));
    }
    let offer = chosen(&offers, ask.option)?;
    let settles = plan.filter(|plan| plan.has_begun()).map(|plan| plan.open().map(|item| item.number).collect());
    Ok((Part { option: offer.option, money: money(offer.now), planned: None, settles }, Vec::new()))
}

/// One part of a plan that runs: overdue, or the next one.
fn item_part(
    facts: &Facts,
    plan: Option<&Plan>,
    terms: &booking_terms::Model,
    number: i32,
    now: kernel::Timestamp,
) -> AppResult<Part> {
    checkout::offers(facts, now).map_err(refused)?;
    let plan = plan.filter(|plan| plan.has_begun()).ok_or_else(AppError::not_found)?;
    let item = plan.item(number).ok_or_else(AppError::not_found)?;
    match item.status {
        ItemStatus::Paid => return Err(refused(Refusal::AlreadyPaid)),
        ItemStatus::Cancelled => return Err(AppError::not_found()),
        _ => {}
    }
    if plan.next().is_some_and(|next| next.number != number) {
        return Err(AppError::conflict("earlier_installment_open", "Pay the earlier part first."));
    }
    Ok(Part {
        option: PaymentOption::Installments,
        money: Money::new(item.amount, terms.payment_currency),
        planned: Some((number, plan.row.number_of_installments)),
        settles: None,
    })
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

/// Part 1 of a plan stands for the deposit.
fn kind_of(option: PaymentOption, planned: Option<(i32, i32)>) -> PaymentType {
    match (option, planned) {
        (PaymentOption::Deposit, _) | (_, Some((1, _))) => PaymentType::Deposit,
        _ => PaymentType::Final,
    }
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
        PaymentOption::Installments => BookingTermsPaymentOption::Installments,
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
    account: Option<&gateway_accounts::Model>,
    part: &Part,
    plan: Option<InstallmentPaymentPlanId>,
) -> AppResult<payments::Model> {
    let (id, now) = (PaymentId::new(), app.now());
    let full = (part.option == PaymentOption::Full).then_some(true);
    let planned = part.planned.filter(|_| plan.is_some());
    let row = payments::Model {
        id,
        quote_id: case.quote.id,
        patient_id: case.inquiry.patient_id,
        provider_id: case.quote.provider_id,
        amount: part.money.amount,
        currency: part.money.currency,
        payment_type: kind_of(part.option, part.planned),
        payment_method: if account.is_some() { PaymentMethod::Card } else { PaymentMethod::BankTransfer },
        payment_status: PaymentStatus::Pending,
        stripe_payment_intent_id: account
            .and_then(|account| gateway::known_id(account, Purpose::Booking { payment: id, quote: case.quote.id })),
        transaction_id: None,
        metadata: Some(
            Metadata {
                full_payment: full,
                settles_items: part.settles.clone(),
                bank_reference: account.is_none().then(|| transfer::reference(app)),
                ..Metadata::default()
            }
            .to_json()?,
        ),
        installment_plan_id: plan,
        installment_number: planned.map(|(number, _)| number),
        total_installments: planned.map(|(_, of)| of),
        is_installment: planned.is_some(),
        refund_of_payment_id: None,
        cancellation_request_id: None,
        idempotency_key: Some(format!("pay:{id}")),
        gateway_account_id: account.map(|account| account.id),
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
///
/// `picked` is the account of the day; an attempt of before may go to another one.
async fn attach(app: &App, mut row: payments::Model, picked: Option<gateway_accounts::Model>) -> AppResult<Started> {
    if row.payment_method == PaymentMethod::BankTransfer {
        let way = Way::Transfer(transfer::instructions(app, &row).await?);
        return Ok(Started { payment: row, way });
    }
    let account = match picked.filter(|account| Some(account.id) == row.gateway_account_id) {
        Some(account) => account,
        None => accounts::load(app.db.conn(), row.gateway_account_id).await?,
    };
    let ask = NewIntent {
        purpose: Purpose::Booking { payment: row.id, quote: row.quote_id },
        money: Money::new(row.amount, row.currency),
        idempotency_key: row.idempotency_key.clone().unwrap_or_else(|| format!("pay:{}", row.id)),
        patient: row.patient_id,
        keeps_card: row.is_installment,
    };
    let intent = gateway::of(app, &account)?.create_intent(app, &ask).await?;
    if row.stripe_payment_intent_id.is_none() {
        store::attach_intent(app.db.conn(), row.id, &intent.id, app.now()).await?;
        row.stripe_payment_intent_id = Some(intent.id.clone());
    }
    let gateway = gateway::name_of(&account);
    Ok(Started { payment: row, way: Way::Card { intent, account: account.id, gateway } })
}

/// Gives an older attempt up, unless its money has already come or is coming.
async fn give_up(app: &App, row: &payments::Model) -> AppResult<()> {
    match poll::cancel(app, row, "replaced").await? {
        Some(Fact::Succeeded) => Err(AppError::conflict("already_paid", "The payment before this one succeeded.")),
        Some(Fact::Processing) => Err(in_progress()),
        _ => Ok(()),
    }
}
