//! Stripe, by its documented HTTP API: payment intents, customers, kept cards, setup intents and refunds.
//!
//! A thin client of ours: of the API's hundreds of objects eight calls are made, and each sends and reads a few fields.
//! The version of the API is pinned, so that an answer keeps its shape whatever the account's own default is. Every call
//! that writes carries an idempotency key and is sent again, with the same key, where nobody knows whether it arrived
//! (R-PY-26).

mod http;
mod objects;

use async_trait::async_trait;
use kernel::ids::{GatewayAccountId, PatientId};
use kernel::{AppError, AppResult, ErrorKind, Money, Timestamp};
use platform::App;

use super::{Gateway, Intent, Listed, ListedTransfer, NewIntent, NewTransfer, Refunded, SavedCard, Transferred};
use crate::entity::gateway_accounts;
use crate::rules::minor;
use http::{Call, Client, Refusal};
use objects::{Customer, Identified, Listing, Named, PaymentIntent, Refund, SetupIntent, Transfer};
use serde::de::DeserializeOwned;

/// What checkouts call it.
pub const NAME: &str = "stripe";

/// The version of the API every call names.
pub const API_VERSION: &str = "2024-06-20";

/// Entries of a list in one answer: the most there can be.
const PER_PAGE: u8 = 100;

/// Whether the account is one of Stripe's: its public key says so.
pub fn serves(account: &gateway_accounts::Model) -> bool {
    account.public_key.as_deref().is_some_and(|key| key.starts_with("pk_test_") || key.starts_with("pk_live_"))
}

/// One account at Stripe.
pub struct Stripe {
    account: GatewayAccountId,
    client: Client,
}

/// A card that is about to be kept outside a payment.
#[derive(Clone, Debug)]
pub struct CardSetup {
    /// The gateway's id of it.
    pub id: String,
    /// Lets the payer's browser complete it; never stored, never logged.
    pub client_secret: String,
}

impl Stripe {
    /// The account with its key.
    ///
    /// Errors: 500 where the key cannot be opened.
    pub fn new(app: &App, account: &gateway_accounts::Model) -> AppResult<Self> {
        let key = app.keys.open(&account.secret_key_encrypted)?;
        Ok(Self { account: account.id, client: Client::new(app, key)? })
    }

    /// Begins keeping a card: its holder types it into the gateway's own form. `key` makes a repetition the same.
    pub async fn begin_card(&self, app: &App, patient: PatientId, customer: &str, key: &str) -> AppResult<CardSetup> {
        let call = Call::post("/v1/setup_intents", key)
            .with("customer", customer)
            .with("usage", "off_session")
            .with("payment_method_types[]", "card")
            .with("metadata[patient_id]", patient);
        let made: SetupIntent = self.client.send(app, &call).await.map_err(unexpected)?;
        let client_secret = made.client_secret.ok_or_else(|| AppError::internal("a setup intent without a secret"))?;
        Ok(CardSetup { id: made.id, client_secret })
    }

    /// The card of a completed setup of this patient; none while it is not complete.
    ///
    /// Errors: 404 for another patient's.
    pub async fn finish_card(&self, app: &App, patient: PatientId, setup: &str) -> AppResult<Option<SavedCard>> {
        let id = path_part(setup)?;
        let call = Call::get(format!("/v1/setup_intents/{id}")).with("expand[]", "payment_method");
        let found: SetupIntent = match self.client.send(app, &call).await {
            Err(Refusal::Request { status: 404, .. }) => return Err(AppError::not_found()),
            other => other.map_err(unexpected)?,
        };
        if found.metadata.get("patient_id") != Some(&patient.to_string()) {
            return Err(AppError::not_found());
        }
        Ok(found.saved())
    }

    /// The payer as the account knows it: made once for each patient.
    pub async fn customer(&self, app: &App, patient: PatientId) -> AppResult<String> {
        // Neither name nor address: the gateway learns them from the card, if at all.
        let key = format!("cus:{}:{patient}", self.account);
        let call = Call::post("/v1/customers", key).with("metadata[patient_id]", patient);
        let made: Customer = self.client.send(app, &call).await.map_err(unexpected)?;
        Ok(made.id)
    }

    /// Asks for the account's balance, to learn whether the key is good (R-PY-72).
    pub async fn test(&self, app: &App) -> AppResult<()> {
        let call = Call::get("/v1/balance".to_owned());
        self.client.send::<serde_json::Value>(app, &call).await.map(drop).map_err(unexpected)
    }

    /// Whether the account's key opens it (R-PY-72). An error where nobody can tell.
    pub async fn is_accepted(&self, app: &App) -> AppResult<bool> {
        let call = Call::get("/v1/balance".to_owned());
        match self.client.send::<serde_json::Value>(app, &call).await {
            Ok(_) => Ok(true),
            Err(Refusal::Request { status: 401 | 403, .. }) => Ok(false),
            Err(other) => Err(unexpected(other)),
        }
    }

    /// Whether the account has an intent. An error where nobody can tell.
    pub async fn knows(&self, app: &App, intent: &str) -> AppResult<bool> {
        let id = path_part(intent)?;
        let call = Call::get(format!("/v1/payment_intents/{id}"));
        match self.client.send::<serde_json::Value>(app, &call).await {
            Ok(_) => Ok(true),
            Err(Refusal::Request { status: 404, .. }) => Ok(false),
            Err(other) => Err(unexpected(other)),
        }
    }

    /// An account that is not kept yet, by its secret key alone.
    pub fn by_key(app: &App, key: String) -> AppResult<Self> {
        Ok(Self { account: GatewayAccountId::new(), client: Client::new(app, key)? })
    }

    async fn intent(&self, app: &App, id: &str) -> AppResult<Intent> {
        let id = path_part(id)?;
        let call = Call::get(format!("/v1/payment_intents/{id}")).with("expand[]", "latest_charge");
        let found: PaymentIntent = self.client.send(app, &call).await.map_err(unexpected)?;
        Ok(found.into_intent())
    }

    /// Every object of a list that was made between two moments, page by page.
    async fn pages<T: DeserializeOwned + Identified>(
        &self,
        app: &App,
        path: &str,
        (from, until): (Timestamp, Timestamp),
        expand: Option<&str>,
    ) -> AppResult<Vec<T>> {
        let mut all: Vec<T> = Vec::new();
        loop {
            let mut call = Call::get(path.to_owned())
                .with("created[gte]", from.timestamp())
                .with("created[lt]", until.timestamp())
                .with("limit", PER_PAGE);
            if let Some(expand) = expand {
                call = call.with("expand[]", expand);
            }
            if let Some(last) = all.last() {
                call = call.with("starting_after", last.id());
            }
            let page: Listing<T> = self.client.send(app, &call).await.map_err(unexpected)?;
            let is_last = !page.has_more || page.data.is_empty();
            all.extend(page.data);
            if is_last {
                return Ok(all);
            }
        }
    }

    fn new_intent(&self, ask: &NewIntent) -> AppResult<Call> {
        let amount = minor::to_minor(ask.money.amount, ask.money.currency)
            .ok_or_else(|| AppError::internal("an amount finer than its currency"))?;
        let mut call = Call::post("/v1/payment_intents", &ask.idempotency_key)
            .with("amount", amount)
            .with("currency", ask.money.currency.code().to_lowercase())
            .with("payment_method_types[]", "card");
        for (key, value) in ask.purpose.marks() {
            call = call.with(format!("metadata[{key}]"), value);
        }
        Ok(call.with("metadata[account_id]", self.account).with("expand[]", "latest_charge"))
    }
}

#[async_trait]
impl Gateway for Stripe {
    async fn create_intent(&self, app: &App, ask: &NewIntent) -> AppResult<Intent> {
        let mut call = self.new_intent(ask)?;
        if ask.keeps_card {
            let customer = self.customer(app, ask.patient).await?;
            call = call.with("customer", customer).with("setup_future_usage", "off_session");
        }
        let made: PaymentIntent = self.client.send(app, &call).await.map_err(unexpected)?;
        if made.client_secret.is_none() {
            return Err(AppError::internal("an intent without a secret"));
        }
        // The same key may answer with an intent that is paid by now: its state as it was made is old.
        let intent = made.into_intent();
        Ok(intent)
    }

    async fn retrieve(&self, app: &App, intent: &str) -> AppResult<Intent> {
        self.intent(app, intent).await
    }

    async fn cancel(&self, app: &App, intent: &str) -> AppResult<Intent> {
        let id = path_part(intent)?;
        let call = Call::post(format!("/v1/payment_intents/{id}/cancel"), format!("cancel:{id}"));
        match self.client.send::<PaymentIntent>(app, &call).await {
            Ok(given_up) => Ok(given_up.into_intent()),
            // Paid, being paid, or given up before: what it is decides.
            Err(Refusal::Request { status: 400, .. }) => self.intent(app, intent).await,
            Err(other) => Err(unexpected(other)),
        }
    }

    async fn charge(&self, app: &App, ask: &NewIntent, saved: &SavedCard) -> AppResult<Intent> {
        let call = self
            .new_intent(ask)?
            .with("customer", &saved.customer)
            .with("payment_method", &saved.method)
            .with("off_session", "true")
            .with("confirm", "true");
        match self.client.send::<PaymentIntent>(app, &call).await {
            Ok(made) => Ok(made.into_intent()),
            // The bank's no comes with the intent it is about.
            Err(Refusal::Card { code, intent: Some(intent) }) => Ok(intent.refused(code)),
            // The card is not there any more, for one: asking again changes nothing.
            Err(refusal @ Refusal::Request { status: 400 | 404, .. }) => Err(refused(&refusal)),
            Err(other) => Err(unexpected(other)),
        }
    }

    async fn keep_card(&self, app: &App, intent: &str, idempotency_key: &str) -> AppResult<()> {
        let id = path_part(intent)?;
        let call =
            Call::post(format!("/v1/payment_intents/{id}"), idempotency_key).with("setup_future_usage", "off_session");
        self.client.send::<PaymentIntent>(app, &call).await.map(drop).map_err(unexpected)
    }

    async fn charge_again(&self, app: &App, intent: &str, ask: &NewIntent, saved: &SavedCard) -> AppResult<Intent> {
        let id = path_part(intent)?;
        let call = Call::post(format!("/v1/payment_intents/{id}/confirm"), &ask.idempotency_key)
            .with("payment_method", &saved.method)
            .with("off_session", "true")
            .with("expand[]", "latest_charge");
        match self.client.send::<PaymentIntent>(app, &call).await {
            Ok(confirmed) => Ok(confirmed.into_intent()),
            Err(Refusal::Card { code, intent: Some(intent) }) => Ok(intent.refused(code)),
            // Paid or given up meanwhile: what it is decides.
            Err(refusal @ Refusal::Request { status: 400 | 404, .. }) => {
                let now = self.intent(app, intent).await?;
                match now.fact {
                    Some(_) => Ok(now),
                    None => Err(refused(&refusal)),
                }
            }
            Err(other) => Err(unexpected(other)),
        }
    }

    async fn refund(&self, app: &App, intent: &str, money: Money, idempotency_key: &str) -> AppResult<Refunded> {
        let Some(amount) = minor::to_minor(money.amount, money.currency).filter(|amount| *amount > 0) else {
            return Ok(Refunded::Failed("amount_too_small".into()));
        };
        let call = Call::post("/v1/refunds", idempotency_key).with("payment_intent", intent).with("amount", amount);
        match self.client.send::<Refund>(app, &call).await {
            Ok(made) => Ok(made.outcome()),
            Err(Refusal::Request { code, status: 400..=499, .. } | Refusal::Card { code, .. }) => {
                Ok(Refunded::Failed(code))
            }
            Err(other) => Err(unexpected(other)),
        }
    }

    async fn listed(
        &self,
        app: &App,
        _: GatewayAccountId,
        from: Timestamp,
        until: Timestamp,
    ) -> AppResult<Vec<Listed>> {
        let fee = "data.latest_charge.balance_transaction";
        let intents: Vec<PaymentIntent> = self.pages(app, "/v1/payment_intents", (from, until), Some(fee)).await?;
        let refunds: Vec<Refund> = self.pages(app, "/v1/refunds", (from, until), None).await?;
        let all = intents.into_iter().map(PaymentIntent::listed).chain(refunds.into_iter().map(Refund::listed));
        Ok(all.collect())
    }

    async fn transfers(&self, app: &App, from: Timestamp, until: Timestamp) -> AppResult<Vec<ListedTransfer>> {
        let all: Vec<Transfer> = self.pages(app, "/v1/transfers", (from, until), None).await?;
        Ok(all.into_iter().map(Transfer::listed).collect())
    }

    /// Stripe pays out to accounts it has looked at itself, never to a number: without such an account nothing is sent.
    async fn transfer(&self, app: &App, ask: &NewTransfer) -> AppResult<Transferred> {
        let Some(destination) = &ask.to.connected else {
            return Ok(Transferred::Failed("no_connected_account".into()));
        };
        let Some(amount) = minor::to_minor(ask.money.amount, ask.money.currency).filter(|amount| *amount > 0) else {
            return Ok(Transferred::Failed("amount_too_small".into()));
        };
        let call = Call::post("/v1/transfers", &ask.idempotency_key)
            .with("amount", amount)
            .with("currency", ask.money.currency.code().to_lowercase())
            .with("destination", destination)
            .with("metadata[key]", &ask.idempotency_key);
        match self.client.send::<Named>(app, &call).await {
            Ok(made) => Ok(Transferred::Succeeded(made.id)),
            Err(Refusal::Request { code, status: 400..=499, .. }) => Ok(Transferred::Failed(code)),
            // Nobody knows: the same key tells later.
            Err(_) => Ok(Transferred::Unknown),
        }
    }
}

/// An id as part of a path: the gateway's ids are letters, digits and underscores.
fn path_part(id: &str) -> AppResult<&str> {
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_id { Ok(id) } else { Err(AppError::not_found()) }
}

/// What nobody here can do anything about: told to the log in full, to the reader in one sentence.
/// A charge of a kept card the gateway will never make.
fn refused(refusal: &Refusal) -> AppError {
    tracing::error!(%refusal, "the payment provider refused to charge a kept card");
    AppError::conflict(super::CHARGE_REFUSED, "The kept card cannot be charged.")
}

fn unexpected(refusal: Refusal) -> AppError {
    tracing::error!(%refusal, "the payment provider did not do what was asked");
    let text = "The payment provider cannot be reached right now. Nothing is lost; try again in a moment.";
    AppError::new(ErrorKind::Unavailable, "gateway_unreachable", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_part_of_a_path() {
        assert!(path_part("pi_3MtwBwLkdIwHu7ix28a3tqPa").is_ok());
        for wrong in ["", "../customers", "pi_1?x=1", "pi 1", "pi_1/cancel"] {
            assert!(path_part(wrong).is_err(), "{wrong}");
        }
    }
}
