//! Paying, for demo data and for the tests of wings above: the same use cases the API calls.

use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::ids::{AftercarePaymentId, PaymentId, QuoteId, StandaloneAftercareRequestId};
use kernel::{Actor, AppError, AppResult, Money};
use platform::App;
use platform::entity::jobs;
use platform::settings::{self, Changes};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::gateway_events;
use crate::entity::payments::PaymentMethod;
use crate::gateway::event::Envelope;
use crate::gateway::simulator;
use crate::queries;
use crate::rules::checkout::PaymentOption;
use crate::service::aftercare::{self, PayCharge};
use crate::service::process;
use crate::service::start::{self, StartPayment};
use crate::service::transfer;

/// How many of the newest owed webhooks are looked through.
const RECENT: u64 = 50;

/// A card that is never declined.
pub fn good_card() -> simulator::CardInput {
    simulator::CardInput { number: "4242424242424242".into(), exp_month: 12, exp_year: 2099, cvc: "123".into() }
}

/// Enters an account for transfers, where there is none.
pub async fn bank_account(app: &App, staff: &Actor) -> AppResult<()> {
    if transfer::is_offered(app).await? {
        return Ok(());
    }
    let changes = Changes::new()
        .with(&transfer::HOLDER, "Hairline Demo".to_owned())
        .with(&transfer::IBAN, "DE75512108001245126199".to_owned())
        .with(&transfer::BIC, "SOGEDEFF".to_owned())
        .with(&transfer::BANK, "Rhein Bank".to_owned());
    settings::set(app, staff, transfer::IBAN.group(), changes, "The account for transfers.").await.map(drop)
}

/// The patient pays the deposit; the booking is confirmed when this returns.
pub async fn pay_deposit(app: &App, patient: &Actor, quote: QuoteId) -> AppResult<PaymentId> {
    pay_by_card(app, patient, quote, PaymentOption::Deposit, good_card()).await
}

/// The patient pays what is left.
pub async fn pay_balance(app: &App, patient: &Actor, quote: QuoteId) -> AppResult<PaymentId> {
    pay_by_card(app, patient, quote, PaymentOption::Balance, good_card()).await
}

/// The patient pays everything at once.
pub async fn pay_in_full(app: &App, patient: &Actor, quote: QuoteId) -> AppResult<PaymentId> {
    pay_by_card(app, patient, quote, PaymentOption::Full, good_card()).await
}

/// A card that pays now and is refused whenever it is charged later.
pub fn card_refused_later() -> simulator::CardInput {
    simulator::CardInput { number: "4000000000000341".into(), ..good_card() }
}

/// A card that pays, and whose holder asks the bank for the money an hour later. The verdict comes after ten days.
pub fn disputed_card(is_lost: bool) -> simulator::CardInput {
    let number = if is_lost { "4000000000000259" } else { "4000000000002685" };
    simulator::CardInput { number: number.into(), ..good_card() }
}

/// The patient begins to pay in so many parts; the booking is confirmed when this returns.
pub async fn pay_in_parts(
    app: &App,
    patient: &Actor,
    quote: QuoteId,
    count: u8,
    card: simulator::CardInput,
) -> AppResult<PaymentId> {
    let checkout = queries::checkout(app, patient, quote).await?;
    let offered = checkout.installments.iter().find(|choice| choice.count == count);
    let first = offered.and_then(|choice| choice.items.first());
    let expected_amount = first.map(|item| item.money).ok_or_else(|| {
        AppError::invalid("installments_unavailable", "This booking cannot be paid in so many parts.")
    })?;
    let ask = StartPayment {
        option: PaymentOption::Installments,
        method: PaymentMethod::Card,
        installments: Some(count),
        accept_automatic_charges: true,
        expected_amount,
        accept_cancellation_policy: true,
        accept_terms: true,
    };
    paid(app, patient, quote, ask, card).await
}

/// The patient asks where to transfer the deposit to; nothing has arrived.
pub async fn begin_transfer(app: &App, patient: &Actor, quote: QuoteId) -> AppResult<PaymentId> {
    let ask = asked(app, patient, quote, PaymentOption::Deposit).await?;
    let ask = StartPayment { method: PaymentMethod::BankTransfer, ..ask };
    start::start(app, patient, quote, &ask).await.map(|started| started.payment.id)
}

/// The patient tries to pay the deposit with a card whose bank says no.
pub async fn try_declined_card(app: &App, patient: &Actor, quote: QuoteId) -> AppResult<PaymentId> {
    let ask = asked(app, patient, quote, PaymentOption::Deposit).await?;
    let card = simulator::CardInput { number: "4000000000000002".into(), ..good_card() };
    paid(app, patient, quote, ask, card).await
}

/// The patient pays an option with a card; its payment is booked when this returns.
pub async fn pay_by_card(
    app: &App,
    patient: &Actor,
    quote: QuoteId,
    option: PaymentOption,
    card: simulator::CardInput,
) -> AppResult<PaymentId> {
    let ask = asked(app, patient, quote, option).await?;
    paid(app, patient, quote, ask, card).await
}

/// What starts the payment of an option by card, as the checkout shows it.
async fn asked(app: &App, patient: &Actor, quote: QuoteId, option: PaymentOption) -> AppResult<StartPayment> {
    let checkout = queries::checkout(app, patient, quote).await?;
    let offer = checkout.options.iter().find(|offer| offer.option == option);
    let expected_amount = offer.map(|offer| offer.now).ok_or_else(|| {
        AppError::conflict("booking_not_payable", checkout.blocked.clone().unwrap_or_else(|| "not offered".into()))
    })?;
    Ok(StartPayment {
        option,
        method: PaymentMethod::Card,
        installments: None,
        accept_automatic_charges: false,
        expected_amount,
        accept_cancellation_policy: true,
        accept_terms: true,
    })
}

/// The patient pays the charge of a request for aftercare that is due.
pub async fn pay_charge(
    app: &App,
    patient: &Actor,
    request: StandaloneAftercareRequestId,
    seen: Money,
) -> AppResult<AftercarePaymentId> {
    let ask = PayCharge { expected_amount: seen, accept_automatic_charges: true };
    let started = aftercare::pay(app, patient, request, &ask).await?;
    simulator::confirm(app, &started.intent.id, &started.intent.client_secret, &good_card()).await?;
    deliver_now(app, &started.intent.id).await?;
    Ok(started.charge.id)
}

/// Starts a payment and confirms it with a card. On the heap: whoever tells a story would carry its size.
fn paid<'a>(
    app: &'a App,
    patient: &'a Actor,
    quote: QuoteId,
    ask: StartPayment,
    card: simulator::CardInput,
) -> BoxFuture<'a, AppResult<PaymentId>> {
    async move {
        let started = start::start(app, patient, quote, &ask).await?;
        let intent = started.intent()?;
        simulator::confirm(app, &intent.id, &intent.client_secret, &card).await?;
        deliver_now(app, &intent.id).await?;
        Ok(started.payment.id)
    }
    .boxed()
}

/// Delivers what the simulator owes for an attempt at once, where no worker runs. The queued job delivers the very
/// same event again later, which changes nothing.
async fn deliver_now(app: &App, intent: &str) -> AppResult<()> {
    let owed = jobs::Entity::find()
        .filter(jobs::Column::JobType.eq(simulator::DELIVER))
        .order_by_desc(jobs::Column::Id)
        .limit(RECENT)
        .all(app.db.conn())
        .await?;
    for job in owed {
        let body = job.payload.get("body").and_then(|body| body.as_str()).unwrap_or_default();
        let Ok(event) = serde_json::from_str::<Envelope>(body) else { continue };
        if event.data.object.id == intent {
            simulator::deliver(app, &job.payload).await?;
            return work_on(app, &event.id).await;
        }
    }
    Err(AppError::internal("the simulator owes no webhook for this intent"))
}

async fn work_on(app: &App, event: &str) -> AppResult<()> {
    let stored =
        gateway_events::Entity::find().filter(gateway_events::Column::EventId.eq(event)).one(app.db.conn()).await?;
    match stored {
        Some(row) => process::process(app, row.id).await,
        None => Ok(()),
    }
}
