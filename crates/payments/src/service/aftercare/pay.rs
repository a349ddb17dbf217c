//! The patient pays a charge: the first at checkout, later ones where the card was refused (R-AC-59).

use kernel::ids::{AftercarePaymentId, GatewayAccountId, PatientId, StandaloneAftercareRequestId};
use kernel::{Actor, ActorKind, AppError, AppResult, Currency, Money, Permission, Timestamp};
use platform::App;
use platform::audit;
use platform::db::Txn;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::{
    Model, Status, Type, account_of, charges, entry, is_asked, key, lock, money, of_request, purpose, save, settle,
};
use crate::entity::aftercare_payments::AftercarePaymentMethod;
use crate::entity::gateway_accounts;
use crate::entity::payment_histories::PaymentHistorySource;
use crate::gateway::simulator::{self, CardInput};
use crate::gateway::{self, Intent, NewIntent};
use crate::rules::attempt::Fact;
use crate::service::card::{self, Taker};
use crate::service::settle::Report;
use crate::service::{accounts, start};

/// What the patient sends to pay.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PayCharge {
    /// The amount the patient saw; the server's own must be the same.
    pub expected_amount: Money,
    /// The card is kept and charged each month; needed with a subscription.
    #[serde(default)]
    pub accept_automatic_charges: bool,
}

/// A charge that waits for the patient's card.
#[derive(Clone, Debug)]
pub struct StartedCharge {
    /// The charge.
    pub charge: charges::Model,
    /// With the secret the patient's browser confirms it with.
    pub intent: Intent,
    /// Whose money box it goes to.
    pub account: GatewayAccountId,
    /// Which gateway's script confirms it.
    pub gateway: &'static str,
}

/// The charge a patient can pay now: the first that is open and due.
pub fn payable(rows: &[charges::Model], now: Timestamp) -> Option<&charges::Model> {
    rows.iter()
        .filter(|row| {
            row.payment_type == Type::Charge && matches!(row.payment_status, Status::Pending | Status::Failed)
        })
        .find(|row| row.due_date <= now.date_naive())
}

/// Starts to pay the charge of a request that is due, or goes on with it: there is one intent for each charge.
///
/// The caller knows that the request is the patient's.
///
/// Errors: 403 `email_unverified`; 404; 409 `already_paid`, `amount_changed`, `payment_in_progress`; 409
/// `payment_unavailable_region`; 422 by field; 503 `gateway_unreachable`.
pub async fn pay(
    app: &App,
    actor: &Actor,
    request: StandaloneAftercareRequestId,
    ask: &PayCharge,
) -> AppResult<StartedCharge> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    let seen = own(app, patient, request).await?;
    let person = identity::patients::load(app.db.conn(), patient).await?;
    if person.email_verified_at.is_none() {
        return Err(AppError::denied("email_unverified", "Confirm your e-mail address first."));
    }
    // A kept card is kept at the account of the first charge.
    let account = match account_of(&seen) {
        Some(id) => accounts::load(app.db.conn(), Some(id)).await?,
        None => start::account_for(app, person.country_code.as_deref(), currency_of(&seen)?).await?,
    };
    let row = platform::write_txn!(app.db, |txn| { claim(txn, app, actor, request, &account, ask).await })?;
    let gateway_of = gateway::of(app, &account)?;
    let intent = match &row.stripe_payment_intent_id {
        // Made before, and refused: it is confirmed once more.
        Some(intent) if seen.iter().any(|before| before.stripe_payment_intent_id.as_ref() == Some(intent)) => {
            if row.pricing_model == Model::MonthlySubscription
                && let Err(error) =
                    gateway_of.keep_card(app, intent, &format!("{}:keep", key(&row, row.attempts))).await
            {
                // It can be paid all the same; the next month asks for a card then.
                tracing::warn!(charge.id = %row.id, %error, "the card of a charge will not be kept");
            }
            gateway_of.retrieve(app, intent).await?
        }
        _ => {
            let ask = NewIntent {
                purpose: purpose(&row),
                money: money(&row),
                idempotency_key: key(&row, 0),
                patient,
                keeps_card: row.pricing_model == Model::MonthlySubscription,
            };
            gateway_of.create_intent(app, &ask).await?
        }
    };
    let charge = attach(app, row, &intent).await?;
    match intent.fact {
        Some(Fact::Succeeded) => {
            let report = Report::of_intent(&intent, Fact::Succeeded, PaymentHistorySource::Api);
            settle(app, charge.id, request, &report).await?;
            Err(already_paid())
        }
        Some(Fact::Processing) => Err(in_progress()),
        _ => Ok(StartedCharge { charge, intent, account: account.id, gateway: gateway::name_of(&account) }),
    }
}

fn already_paid() -> AppError {
    AppError::conflict("already_paid", "Nothing is to be paid now.")
}

fn in_progress() -> AppError {
    AppError::conflict("payment_in_progress", "The payment is under way. Look again in a minute.")
}

fn currency_of(rows: &[charges::Model]) -> AppResult<Currency> {
    rows.first().map(|row| row.currency).ok_or_else(AppError::not_found)
}

async fn own(app: &App, patient: PatientId, request: StandaloneAftercareRequestId) -> AppResult<Vec<charges::Model>> {
    let rows = of_request(app.db.conn(), request).await?;
    match rows.first() {
        Some(row) if row.patient_id == patient => Ok(rows),
        _ => Err(AppError::not_found()),
    }
}

async fn claim(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    request: StandaloneAftercareRequestId,
    account: &gateway_accounts::Model,
    ask: &PayCharge,
) -> AppResult<charges::Model> {
    let now = app.now();
    let rows = lock(txn, request).await?;
    let row = payable(&rows, now).ok_or_else(already_paid)?;
    if row.payment_status == Status::Pending && is_asked(row) {
        // The clock has asked for it, and has not heard yet.
        return Err(in_progress());
    }
    if ask.expected_amount != money(row) {
        let error = AppError::conflict("amount_changed", "The amount is not what was shown. Look at it again.");
        return Err(error.with("amount", money(row)));
    }
    if row.pricing_model == Model::MonthlySubscription && !ask.accept_automatic_charges {
        let text = "The months that follow are charged to this card: agree to that.";
        return Err(AppError::field("accept_automatic_charges", "required", text));
    }
    let is_new = row.payment_method.is_none();
    let known = row.stripe_payment_intent_id.clone().or_else(|| gateway::known_id(account, purpose(row)));
    let claimed = charges::Model {
        payment_status: Status::Pending,
        payment_method: Some(AftercarePaymentMethod::Card),
        gateway_account_id: Some(account.id),
        stripe_payment_intent_id: known,
        idempotency_key: Some(key(row, 0)),
        ..row.clone()
    };
    let claimed = save(txn, now, claimed).await?;
    if is_new {
        audit::record(txn, app, actor, entry("aftercare_payment.started", &claimed)).await?;
    }
    Ok(claimed)
}

/// Notes the gateway's id of a charge's intent, once.
pub(super) async fn attach(app: &App, row: charges::Model, intent: &Intent) -> AppResult<charges::Model> {
    if row.stripe_payment_intent_id.is_some() {
        return Ok(row);
    }
    platform::write_txn!(app.db, |txn| {
        let rows = lock(txn, row.standalone_request_id).await?;
        let now = super::row_of(&rows, row.id)?;
        if now.stripe_payment_intent_id.is_some() {
            return Ok(now.clone());
        }
        let with = charges::Model { stripe_payment_intent_id: Some(intent.id.clone()), ..now.clone() };
        save(txn, app.now(), with).await
    })
}

/// Brings a charge up to date on demand: its patient, or staff.
///
/// Errors: 401, 403, 404; 503 `gateway_unreachable`.
pub async fn sync(app: &App, actor: &Actor, id: AftercarePaymentId) -> AppResult<()> {
    let row = charges::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    match actor.kind {
        ActorKind::Patient(patient) if patient == row.patient_id => {}
        ActorKind::Admin(_) => actor.require(Permission::ViewTransaction)?,
        ActorKind::Anonymous => return Err(AppError::unauthenticated()),
        _ => return Err(AppError::not_found()),
    }
    refresh(app, &row, PaymentHistorySource::Api).await
}

/// Asks the gateway how a charge stands.
pub(super) async fn refresh(app: &App, row: &charges::Model, source: PaymentHistorySource) -> AppResult<()> {
    let is_open = matches!(row.payment_status, Status::Pending | Status::Failed);
    let Some(intent) = row.stripe_payment_intent_id.as_deref().filter(|_| is_open) else { return Ok(()) };
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    let intent = gateway::of(app, &account)?.retrieve(app, intent).await?;
    match intent.fact.clone() {
        Some(fact) => settle(app, row.id, row.standalone_request_id, &Report::of_intent(&intent, fact, source)).await,
        None => Ok(()),
    }
}

/// Who takes the card of a charge.
///
/// Errors: 409 `card_elsewhere` where it has no intent yet; 503 `gateway_unreachable`.
pub async fn taker(app: &App, row: &charges::Model) -> AppResult<Taker> {
    card::taker_of(app, row.gateway_account_id, row.stripe_payment_intent_id.as_deref()).await
}

/// Pays an open charge with a card that was typed here: for the simulator alone. A charge that is decided stays as it is.
pub async fn confirm_card(app: &App, actor: &Actor, id: AftercarePaymentId, input: &CardInput) -> AppResult<()> {
    let Some(intent) = open_intent(app, actor, id).await? else { return Ok(()) };
    simulator::confirm(app, &intent.id, &intent.client_secret, input).await?;
    look(app, actor, id).await;
    Ok(())
}

/// The cardholder's answer to the bank's question.
pub async fn authenticate(app: &App, actor: &Actor, id: AftercarePaymentId, approve: bool) -> AppResult<()> {
    let Some(intent) = open_intent(app, actor, id).await? else { return Ok(()) };
    simulator::authenticate(app, &intent.id, &intent.client_secret, approve).await?;
    look(app, actor, id).await;
    Ok(())
}

async fn open_intent(app: &App, actor: &Actor, id: AftercarePaymentId) -> AppResult<Option<Intent>> {
    actor.require(Permission::MakePayment)?;
    let row = crate::queries::aftercare::own(app, actor, id).await?;
    if row.payment_status != Status::Pending {
        return Ok(None);
    }
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    if !simulator::serves(&account) {
        return Err(AppError::conflict("card_elsewhere", "The card is taken by the payment provider itself."));
    }
    let Some(intent) = row.stripe_payment_intent_id.as_deref() else { return Ok(None) };
    gateway::of(app, &account)?.retrieve(app, intent).await.map(Some)
}

/// Asks the gateway at once, so that the payer need not wait for its webhook. The webhook comes all the same.
async fn look(app: &App, actor: &Actor, id: AftercarePaymentId) {
    if let Err(error) = sync(app, actor, id).await {
        tracing::warn!(charge.id = %id, %error, "the outcome is not known yet, its webhook will tell");
    }
}
