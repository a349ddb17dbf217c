//! The border to whoever takes the money. One interface: Stripe, and a simulator that behaves like its payment intents.
//!
//! A gateway is never called while a transaction is open: a real one answers over the network, and the simulator
//! keeps its own memory in transactions of its own.

pub mod event;
pub mod signature;
pub mod simulator;
pub mod stripe;

use async_trait::async_trait;
use kernel::ids::{AftercarePaymentId, GatewayAccountId, PatientId, PaymentId, QuoteId, StandaloneAftercareRequestId};
use kernel::{AppError, AppResult, Money, Secret, Timestamp};
use platform::App;

use crate::entity::gateway_accounts;
use crate::rules::attempt::Fact;

/// What an intent is asked for.
#[derive(Clone, Debug)]
pub struct NewIntent {
    /// What it pays.
    pub purpose: Purpose,
    /// How much.
    pub money: Money,
    /// The same key always gives the same intent (`pay:{payment}`).
    pub idempotency_key: String,
    /// Who pays: cards are kept for them alone.
    pub patient: PatientId,
    /// The card is kept for later payments, with its holder's consent.
    pub keeps_card: bool,
}

/// What an intent pays. The gateway remembers it, so that money nobody expects can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An attempt of a booking.
    Booking {
        /// The attempt.
        payment: PaymentId,
        /// The booking.
        quote: QuoteId,
    },
    /// A charge of aftercare that was bought on its own (R-PY-70).
    Aftercare {
        /// The charge.
        charge: AftercarePaymentId,
        /// The request it belongs to.
        request: StandaloneAftercareRequestId,
    },
}

impl Purpose {
    /// What the gateway is given to remember.
    pub fn marks(self) -> [(&'static str, String); 2] {
        match self {
            Self::Booking { payment, quote } => [("payment_id", payment.to_string()), ("quote_id", quote.to_string())],
            Self::Aftercare { charge, request } => {
                [("aftercare_payment_id", charge.to_string()), ("aftercare_request_id", request.to_string())]
            }
        }
    }
}

/// An intent as the gateway knows it.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The gateway's id of it.
    pub id: String,
    /// Lets the payer's browser confirm it; never stored, never logged.
    pub client_secret: String,
    /// What became of it; `None` while it waits for a card.
    pub fact: Option<Fact>,
    /// What it is for, in the gateway's own count.
    pub amount_minor: i64,
    /// The card's brand and last four digits, once one was tried.
    pub card: Option<Card>,
    /// The card as the gateway keeps it, where it was asked to.
    pub saved: Option<SavedCard>,
}

/// A card the gateway keeps: charged by its ids, never by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCard {
    /// The gateway's id of the payer.
    pub customer: String,
    /// The gateway's id of the card.
    pub method: String,
    /// What may be shown of it.
    pub card: Card,
    /// Month its validity ends.
    pub exp_month: i16,
    /// And the year.
    pub exp_year: i16,
}

/// What may be known and shown of a card (R-PY-28).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// `visa`, `mastercard`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
}

/// What became of a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refunded {
    /// The money is on its way back; the gateway's id of the refund.
    Succeeded(String),
    /// The gateway refused.
    Failed(String),
}

/// Money that leaves for a clinic's account.
#[derive(Clone, Debug)]
pub struct NewTransfer {
    /// How much.
    pub money: Money,
    /// Where to.
    pub to: Destination,
    /// The same key always gives the same transfer (`po:{bill}:{attempt}`).
    pub idempotency_key: String,
    /// When this transfer was asked for first.
    pub since: Timestamp,
}

/// An account at a bank. Its number is in the clear: it is opened for the transfer alone (R-FN-54).
#[derive(Clone, Debug)]
pub struct Destination {
    /// Whose account.
    pub holder: String,
    /// Two letters.
    pub country: String,
    /// The international number, or that of its country.
    pub number: Secret<String>,
    /// The bank's international code.
    pub swift: Option<String>,
    /// The bank's number in the United States.
    pub routing: Option<String>,
    /// The account as the gateway knows it, where it pays out only to accounts it knows.
    pub connected: Option<String>,
}

/// What became of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transferred {
    /// The money is there; the gateway's id of the transfer.
    Succeeded(String),
    /// The bank refused, and no money moved.
    Failed(String),
    /// Nobody knows yet: asking again with the same key tells later.
    Unknown,
}

/// What a gateway has an entry of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedKind {
    /// Money taken from a card.
    Charge,
    /// Money sent back to one.
    Refund,
}

/// How an entry of a gateway stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedState {
    /// The money moved.
    Paid,
    /// It may still.
    Open,
    /// It did not.
    Failed,
}

/// An entry of what a gateway did (R-PY-68).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The gateway's id of the intent, or of the refund.
    pub id: String,
    /// What it is.
    pub kind: ListedKind,
    /// In minor units.
    pub amount_minor: i64,
    /// Lower case, as gateways write it.
    pub currency: String,
    /// What the gateway kept of it, in minor units of the same currency.
    pub fee_minor: i64,
    /// The attempt or charge it was made for, as we told the gateway.
    pub payment: Option<String>,
    /// How it stands.
    pub state: ListedState,
    /// When the gateway made it.
    pub created: Timestamp,
}

/// A transfer of a gateway's list (R-PY-68).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTransfer {
    /// The gateway's id of it.
    pub id: String,
    /// In minor units.
    pub amount_minor: i64,
    /// Lower case, as gateways write it.
    pub currency: String,
    /// The key it was made with, as we told the gateway: `po:{bill}:{attempt}` or `rf:{refund}`.
    pub key: Option<String>,
    /// The money came back.
    pub is_reversed: bool,
    /// When the gateway made it.
    pub created: Timestamp,
}

/// The code of the error that says a kept card will never be charged like this.
pub const CHARGE_REFUSED: &str = "charge_refused";

/// A card gateway.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Creates the intent, or finds the one made with the same key.
    async fn create_intent(&self, app: &App, ask: &NewIntent) -> AppResult<Intent>;

    /// From now on the card this intent is paid with is kept: for one that was made without its holder there.
    async fn keep_card(&self, _: &App, _intent: &str, _idempotency_key: &str) -> AppResult<()> {
        Ok(())
    }

    /// The intent as it stands now.
    async fn retrieve(&self, app: &App, intent: &str) -> AppResult<Intent>;

    /// Gives the intent up unless it was paid or is being paid; the answer tells what became of it.
    async fn cancel(&self, app: &App, intent: &str) -> AppResult<Intent>;

    /// Charges a kept card while its holder is away; the same key always gives the same intent. A question of the bank
    /// counts as a refusal (`authentication_required`).
    async fn charge(&self, app: &App, ask: &NewIntent, saved: &SavedCard) -> AppResult<Intent>;

    /// Charges a kept card with an intent that was made before and refused (R-AC-59); the same key never charges twice.
    async fn charge_again(&self, app: &App, intent: &str, ask: &NewIntent, saved: &SavedCard) -> AppResult<Intent>;

    /// Returns a part of what the intent took; the same key always gives the same refund (`rf:{refund}`).
    async fn refund(&self, app: &App, intent: &str, money: Money, idempotency_key: &str) -> AppResult<Refunded>;

    /// Everything the account did between two moments, to be compared with our own rows.
    async fn listed(
        &self,
        app: &App,
        account: GatewayAccountId,
        from: Timestamp,
        until: Timestamp,
    ) -> AppResult<Vec<Listed>>;

    /// Every transfer of the account between two moments, to be compared with statements and refunds.
    async fn transfers(&self, app: &App, from: Timestamp, until: Timestamp) -> AppResult<Vec<ListedTransfer>>;

    /// Sends money to a clinic, or tells what became of the transfer made with the same key.
    async fn transfer(&self, app: &App, ask: &NewTransfer) -> AppResult<Transferred>;
}

/// What checkouts call the gateway of an account: it tells the payer's browser which script confirms the payment.
pub fn name_of(account: &gateway_accounts::Model) -> &'static str {
    if stripe::serves(account) { stripe::NAME } else { simulator::NAME }
}

/// The id an intent will have, at a gateway whose ids follow from ours.
pub fn known_id(account: &gateway_accounts::Model, purpose: Purpose) -> Option<String> {
    simulator::serves(account).then(|| simulator::intent_id(purpose))
}

/// The gateway that serves an account.
pub fn of(app: &App, account: &gateway_accounts::Model) -> AppResult<Box<dyn Gateway>> {
    if simulator::serves(account) {
        return Ok(Box::new(simulator::Simulator));
    }
    if stripe::serves(account) {
        return Ok(Box::new(stripe::Stripe::new(app, account)?));
    }
    Err(AppError::internal(format!("no gateway of this program serves the account {}", account.name)))
}
