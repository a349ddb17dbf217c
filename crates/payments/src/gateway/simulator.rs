//! A card gateway that plays on this machine: deterministic, no network, no money.
//!
//! It behaves like Stripe's payment intents: an intent is made with an idempotency key, the payer's browser confirms
//! it with a card, and what became of it arrives later in a signed webhook. What it knows of an intent it keeps in
//! the metadata of the attempt (`gateway_status`), so nothing is lost when the process dies; every webhook it owes is
//! a durable job written in the same transaction.

mod cards;
mod memory;
mod transfers;

use async_trait::async_trait;
use chrono::Duration;
use kernel::ids::{GatewayAccountId, PatientId};
use kernel::{AppError, AppResult, Money, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use cards::{CardInput, Outcome};
use memory::Row;
pub use memory::intent_id;

use super::event::{CardDetails, Data, Envelope, Failure, MethodDetails, Object};
use super::{
    Card, Gateway, Intent, Listed, ListedKind, ListedState, ListedTransfer, NewIntent, NewTransfer, Refunded,
    SavedCard, Transferred,
};
use crate::entity::payments::{self, PaymentMethod};
use crate::entity::{aftercare_payments as charges, gateway_accounts};
use crate::metadata::Metadata;
use crate::rules::attempt::Fact;
use crate::rules::minor;

/// The job that sends a webhook the simulator owes.
pub const DELIVER: &str = "payments.simulator_deliver";
/// The public key that tells the simulator's account from a real one.
pub const PUBLIC_KEY: &str = "pk_simulator";
/// What checkouts call it.
pub const NAME: &str = "simulator";
/// How long a bank thinks that does not answer at once.
const BANK_TAKES: Duration = Duration::minutes(1);
const REFUND_PREFIX: &str = "re_sim_";

/// Whether the account is the simulator's.
pub fn serves(account: &gateway_accounts::Model) -> bool {
    account.public_key.as_deref() == Some(PUBLIC_KEY)
}

/// The simulator.
pub struct Simulator;

#[async_trait]
impl Gateway for Simulator {
    async fn create_intent(&self, app: &App, ask: &NewIntent) -> AppResult<Intent> {
        // The id follows from the attempt, so the same key gives the same intent.
        intent_of(app, &Row::paying(app.db.conn(), ask.purpose).await?)
    }

    async fn retrieve(&self, app: &App, intent: &str) -> AppResult<Intent> {
        let row = Row::find(app.db.conn(), intent).await?;
        if !is_ripe(&row, app.now()) {
            return intent_of(app, &row);
        }
        // The bank has answered by now, whether or not its webhook arrived.
        let row = platform::write_txn!(app.db, |txn| {
            let row = Row::lock(txn, intent).await?;
            let memory = Metadata { gateway_status: Some("succeeded".into()), ..row.memory() };
            if is_ripe(&row, app.now()) { row.remember(txn, app, &memory).await } else { Ok(row) }
        })?;
        intent_of(app, &row)
    }

    async fn cancel(&self, app: &App, intent: &str) -> AppResult<Intent> {
        let row = platform::write_txn!(app.db, |txn| {
            let row = Row::lock(txn, intent).await?;
            let mut memory = row.memory();
            match memory.gateway_status.as_deref() {
                Some("processing") if is_ripe(&row, app.now()) => {
                    memory.gateway_status = Some("succeeded".into());
                    row.remember(txn, app, &memory).await
                }
                Some("processing" | "canceled") => Ok(row),
                _ if memory.is_taken() => Ok(row),
                _ => {
                    memory.gateway_status = Some("canceled".into());
                    row.remember(txn, app, &memory).await
                }
            }
        })?;
        intent_of(app, &row)
    }

    async fn charge(&self, app: &App, ask: &NewIntent, saved: &SavedCard) -> AppResult<Intent> {
        let row = platform::write_txn!(app.db, |txn| {
            let row = Row::lock_paying(txn, ask.purpose).await?;
            if row.memory().gateway_status.is_some() {
                // The same key again.
                return Ok(row);
            }
            charge(txn, app, row, ask, saved).await
        })?;
        intent_of(app, &row)
    }

    async fn charge_again(&self, app: &App, intent: &str, ask: &NewIntent, saved: &SavedCard) -> AppResult<Intent> {
        let row = platform::write_txn!(app.db, |txn| {
            let row = Row::lock(txn, intent).await?;
            let memory = row.memory();
            let is_over = memory.is_taken()
                || matches!(memory.gateway_status.as_deref(), Some("canceled" | "processing"))
                || memory.charged_with.as_ref() == Some(&ask.idempotency_key);
            if is_over { Ok(row) } else { charge(txn, app, row, ask, saved).await }
        })?;
        intent_of(app, &row)
    }

    async fn refund(&self, _: &App, intent: &str, money: Money, idempotency_key: &str) -> AppResult<Refunded> {
        if !memory::is_ours(intent) {
            return Err(AppError::not_found());
        }
        if !money.amount.is_positive() {
            return Ok(Refunded::Failed("amount_too_small".into()));
        }
        Ok(Refunded::Succeeded(format!(
            "{REFUND_PREFIX}{}",
            idempotency_key.trim_start_matches("rf:").replace('-', "")
        )))
    }

    /// What it remembers, and that is in the metadata of the attempts.
    async fn listed(
        &self,
        app: &App,
        account: GatewayAccountId,
        from: Timestamp,
        until: Timestamp,
    ) -> AppResult<Vec<Listed>> {
        let rows = payments::Entity::find()
            .filter(payments::Column::GatewayAccountId.eq(account))
            .filter(payments::Column::PaymentMethod.eq(PaymentMethod::Card))
            .filter(
                Condition::any()
                    .add(payments::Column::CreatedAt.gte(from).and(payments::Column::CreatedAt.lt(until)))
                    .add(payments::Column::PaidAt.gte(from).and(payments::Column::PaidAt.lt(until))),
            )
            .order_by_asc(payments::Column::Id)
            .all(app.db.conn())
            .await?;
        let alone = charges::Entity::find()
            .filter(charges::Column::GatewayAccountId.eq(account))
            .filter(
                Condition::any()
                    .add(charges::Column::CreatedAt.gte(from).and(charges::Column::CreatedAt.lt(until)))
                    .add(charges::Column::PaidAt.gte(from).and(charges::Column::PaidAt.lt(until))),
            )
            .order_by_asc(charges::Column::Id)
            .all(app.db.conn())
            .await?;
        let rows = rows.into_iter().map(|row| Row::Attempt(Box::new(row)));
        let rows = rows.chain(alone.into_iter().map(|row| Row::Charge(Box::new(row))));
        Ok(rows.filter_map(|row| listed(&row)).collect())
    }

    async fn transfers(&self, app: &App, from: Timestamp, until: Timestamp) -> AppResult<Vec<ListedTransfer>> {
        transfers::listed(app, from, until).await
    }

    async fn transfer(&self, app: &App, ask: &NewTransfer) -> AppResult<Transferred> {
        Ok(transfers::answer(ask, app.now()))
    }
}

/// What the payer's browser is told after confirming.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Confirmation {
    /// The intent.
    pub id: String,
    /// `succeeded`, `processing`, `requires_action` or `requires_payment_method`.
    pub status: String,
    /// Why the card was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline_code: Option<String>,
}

/// Confirms an intent with a card, as the gateway's script in the browser would.
///
/// The client secret is the right to do so. Confirming a paid intent again changes nothing.
pub async fn confirm(app: &App, intent: &str, secret: &str, card: &CardInput) -> AppResult<Confirmation> {
    check_secret(app, intent, secret)?;
    let input = card;
    let (card, outcome) = input.read(app.now())?;
    platform::write_txn!(app.db, |txn| {
        let row = Row::lock(txn, intent).await?;
        let mut memory = row.memory();
        match memory.gateway_status.as_deref() {
            Some("processing") => return Ok(confirmation(intent, &memory)),
            _ if memory.is_taken() => return Ok(confirmation(intent, &memory)),
            Some("canceled") => {
                return Err(AppError::conflict("intent_canceled", "This payment was given up. Start a new one."));
            }
            _ => {}
        }
        memory.set_card(&card);
        if row.keeps_card() {
            (memory.card_exp_month, memory.card_exp_year) =
                (i16::try_from(input.exp_month).ok(), i16::try_from(input.exp_year).ok());
        }
        decide(txn, app, row, memory, outcome).await.map(|(_, told)| told)
    })
}

/// Ends the cardholder authentication of an intent in `requires_action`.
pub async fn authenticate(app: &App, intent: &str, secret: &str, success: bool) -> AppResult<Confirmation> {
    check_secret(app, intent, secret)?;
    platform::write_txn!(app.db, |txn| {
        let row = Row::lock(txn, intent).await?;
        let memory = row.memory();
        if memory.gateway_status.as_deref() != Some("requires_action") {
            return Ok(confirmation(intent, &memory));
        }
        let outcome = if success { Outcome::Succeed } else { Outcome::Decline("authentication_failed") };
        decide(txn, app, row, memory, outcome).await.map(|(_, told)| told)
    })
}

/// Charges a kept card, while its holder is away.
async fn charge(txn: &Txn, app: &App, row: Row, ask: &NewIntent, saved: &SavedCard) -> AppResult<Row> {
    let mut memory = row.memory();
    memory.set_card(&saved.card);
    memory.charged_with = Some(ask.idempotency_key.clone());
    decide(txn, app, row, memory, cards::away(&saved.card.last4)).await.map(|(row, _)| row)
}

async fn decide(
    txn: &Txn,
    app: &App,
    row: Row,
    mut memory: Metadata,
    outcome: Outcome,
) -> AppResult<(Row, Confirmation)> {
    let (status, kind) = match outcome {
        Outcome::Succeed | Outcome::Dispute { .. } => ("succeeded", "payment_intent.succeeded"),
        Outcome::Decline(_) => ("requires_payment_method", "payment_intent.payment_failed"),
        Outcome::Authenticate => ("requires_action", "payment_intent.requires_action"),
        Outcome::Process => ("processing", "payment_intent.processing"),
    };
    memory.gateway_status = Some(status.into());
    memory.gateway_error = match outcome {
        Outcome::Decline(code) => Some(code.into()),
        _ => None,
    };
    let row = row.remember(txn, app, &memory).await?;
    let now = app.now();
    owe(txn, app, &row, kind, now).await?;
    match outcome {
        // The bank takes a minute.
        Outcome::Process => owe(txn, app, &row, "payment_intent.succeeded", now + BANK_TAKES).await?,
        Outcome::Dispute { is_lost } => {
            let verdict = if is_lost { "lost" } else { "won" };
            owe(txn, app, &row, "charge.dispute.created:needs_response", now + Duration::hours(1)).await?;
            owe(txn, app, &row, &format!("charge.dispute.closed:{verdict}"), now + Duration::days(10)).await?;
        }
        _ => {}
    }
    let told = confirmation(&row.intent(), &memory);
    Ok((row, told))
}

fn confirmation(intent: &str, memory: &Metadata) -> Confirmation {
    Confirmation {
        id: intent.to_owned(),
        status: match memory.gateway_status.clone() {
            // Whatever was said of the money since.
            Some(_) if memory.is_taken() => "succeeded".to_owned(),
            status => status.unwrap_or_else(|| "requires_payment_method".into()),
        },
        decline_code: memory.gateway_error.clone().filter(|_| !memory.is_taken()),
    }
}

/// Writes the webhook down as a job: it arrives even when the process dies now.
async fn owe(txn: &Txn, app: &App, row: &Row, kind: &str, at: Timestamp) -> AppResult<()> {
    let Some(account) = row.account() else { return Ok(()) };
    let id = format!("evt_sim_{}", app.random.hex(12));
    let event = match kind.split_once(':') {
        Some((kind, status)) => dispute(row, id, kind, status, at),
        None => envelope(row, id, kind, at)?,
    };
    let payload = json!({ "account": account, "body": serde_json::to_string(&event)? });
    jobs::enqueue(txn, app, DELIVER, payload, Enqueue { run_at: Some(at), ..Default::default() }).await
}

/// The event of a dispute as this gateway words it.
fn dispute(row: &Row, id: String, kind: &str, status: &str, at: Timestamp) -> Envelope {
    let object = Object {
        id: format!("dp_sim_{}", row.number().simple()),
        object: "dispute".into(),
        amount: in_minor(row),
        currency: Some(row.money().currency.code().to_lowercase()),
        status: Some(status.to_owned()),
        payment_intent: Some(row.intent()),
        ..Object::default()
    };
    Envelope { id, kind: kind.to_owned(), created: at.timestamp(), livemode: false, data: Data { object } }
}

fn in_minor(row: &Row) -> Option<i64> {
    let money = row.money();
    minor::to_minor(money.amount, money.currency)
}

/// The event of an attempt as this gateway words it.
fn envelope(row: &Row, id: String, kind: &str, at: Timestamp) -> AppResult<Envelope> {
    let memory = row.memory();
    let amount = in_minor(row);
    let received = if kind == "payment_intent.succeeded" { amount } else { Some(0) };
    let failed = kind == "payment_intent.payment_failed";
    let saved = saved_of(row, &memory);
    let card = |card: Card| MethodDetails {
        card: CardDetails {
            brand: card.brand,
            last4: card.last4,
            exp_month: memory.card_exp_month,
            exp_year: memory.card_exp_year,
        },
    };
    let object = Object {
        id: row.intent(),
        object: "payment_intent".into(),
        amount,
        amount_received: received,
        currency: Some(row.money().currency.code().to_lowercase()),
        status: memory.gateway_status.clone(),
        metadata: row.purpose().marks().map(|(key, value)| (key.to_owned(), value)).into(),
        last_payment_error: memory
            .gateway_error
            .clone()
            .filter(|_| failed)
            .map(|code| Failure { code: "card_declined".into(), decline_code: Some(code) }),
        payment_method_details: memory.card().map(card),
        customer: saved.as_ref().map(|saved| saved.customer.clone()),
        payment_method: saved.map(|saved| saved.method),
        payment_intent: None,
        reversed: None,
    };
    Ok(Envelope { id, kind: kind.to_owned(), created: at.timestamp(), livemode: false, data: Data { object } })
}

/// Sends an owed webhook through the very handler a real gateway calls, signed the same way.
pub async fn deliver(app: &App, payload: &serde_json::Value) -> AppResult<()> {
    #[derive(Deserialize)]
    struct Owed {
        account: GatewayAccountId,
        body: String,
    }
    let owed: Owed = serde_json::from_value(payload.clone())?;
    let account = gateway_accounts::Entity::find_by_id(owed.account).one(app.db.conn()).await?;
    let account = account.ok_or_else(AppError::not_found)?;
    let secrets = crate::service::accounts::webhook_secrets(app, &account)?;
    let secret = secrets.first().ok_or_else(|| AppError::internal("the simulator has no webhook secret"))?;
    let header = super::signature::sign(secret, app.now(), owed.body.as_bytes());
    crate::service::webhook::receive(app, account.id, Some(&header), owed.body.as_bytes()).await
}

/// An attempt or a refund as this gateway lists it; none where it never heard of it.
fn listed(row: &Row) -> Option<Listed> {
    let memory = row.memory();
    let status = memory.gateway_status.as_deref().unwrap_or_default();
    let is_refund = row.is_refund();
    let (id, state) = match is_refund {
        true => (row.transaction().cloned().filter(|id| id.starts_with(REFUND_PREFIX))?, ListedState::Paid),
        false if !row.has_intent() => return None,
        false => {
            let state = match status {
                _ if memory.is_taken() => ListedState::Paid,
                "canceled" => ListedState::Failed,
                _ => ListedState::Open,
            };
            (row.intent(), state)
        }
    };
    let (created, _, paid) = row.times();
    Some(Listed {
        id,
        kind: if is_refund { ListedKind::Refund } else { ListedKind::Charge },
        amount_minor: in_minor(row)?,
        currency: row.money().currency.code().to_lowercase(),
        fee_minor: 0,
        payment: (!is_refund).then(|| row.number().to_string()),
        state,
        // A refund is made when it is asked for, which may be long after it was decided.
        created: paid.filter(|_| is_refund).unwrap_or(created),
    })
}

/// Whether a bank that took its time has answered by now.
fn is_ripe(row: &Row, now: Timestamp) -> bool {
    let (_, asked, _) = row.times();
    row.memory().gateway_status.as_deref() == Some("processing") && asked + BANK_TAKES <= now
}

fn intent_of(app: &App, row: &Row) -> AppResult<Intent> {
    let memory = row.memory();
    let fact = match memory.gateway_status.as_deref() {
        Some(_) if memory.is_taken() => Some(Fact::Succeeded),
        Some("canceled") => Some(Fact::Canceled),
        Some("processing") => Some(Fact::Processing),
        Some("requires_action") => Some(Fact::ActionRequired),
        _ => memory.gateway_error.clone().map(|code| Fact::Failed { code }),
    };
    let id = row.intent();
    let amount_minor = in_minor(row).ok_or_else(|| AppError::internal("an amount finer than its currency"))?;
    let saved = saved_of(row, &memory);
    Ok(Intent { client_secret: client_secret(app, &id), id, fact, amount_minor, card: memory.card(), saved })
}

/// Keeps a card outside a payment, as the gateway's script in the browser would.
pub fn keep_card(app: &App, patient: PatientId, input: &CardInput) -> AppResult<SavedCard> {
    let (card, outcome) = input.read(app.now())?;
    if let Outcome::Decline(code) = outcome {
        let refused = AppError::field("card.number", "card_declined", "The bank refuses this card.");
        return Err(refused.with("decline_code", code));
    }
    let year = |number: i32| i16::try_from(number).unwrap_or(i16::MAX);
    Ok(SavedCard {
        customer: format!("cus_sim_{}", patient.0.simple()),
        method: format!("pm_sim_{}_{}", app.random.hex(12), card.last4),
        exp_month: i16::try_from(input.exp_month).unwrap_or(12),
        exp_year: year(input.exp_year),
        card,
    })
}

/// The card the simulator keeps of a planned payment. Its id ends in the digits that say how the bank answers later.
fn saved_of(row: &Row, memory: &Metadata) -> Option<SavedCard> {
    let (card, exp_month, exp_year) = (memory.card()?, memory.card_exp_month?, memory.card_exp_year?);
    let method = format!("pm_sim_{}_{}", row.number().simple(), card.last4);
    Some(SavedCard { customer: format!("cus_sim_{}", row.patient().0.simple()), method, card, exp_month, exp_year })
}

fn client_secret(app: &App, intent: &str) -> String {
    let mac = app.keys.mac("simulator.client_secret", intent);
    format!("{intent}_secret_{}", mac.get(..32).unwrap_or(&mac))
}

fn check_secret(app: &App, intent: &str, secret: &str) -> AppResult<()> {
    // Both sides are fingerprinted, so the comparison takes the same time for every guess.
    let wanted = app.keys.mac("simulator.compare", &client_secret(app, intent));
    if app.keys.verify_mac("simulator.compare", secret, &wanted) { Ok(()) } else { Err(AppError::not_found()) }
}
