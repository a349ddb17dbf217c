//! The payer's card on a page of ours: only for the simulator, whose front this program is.
//!
//! A real gateway takes the card in its own script and this program never sees it. What is typed here is read by the
//! simulator and dropped; brand and last four digits are all that stays.

use kernel::ids::{GatewayAccountId, PaymentId, QuoteId};
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;

use crate::entity::payments::{self, PaymentStatus};
use crate::gateway::simulator::{self, CardInput};
use crate::gateway::{self, Intent};
use crate::queries::page;
use crate::service::{accounts, poll};

/// Who takes the card of a payment.
#[derive(Clone, Debug)]
pub enum Taker {
    /// A form of ours, for the simulator.
    Ours,
    /// The gateway's own form, in the payer's browser.
    Stripe(Element),
}

/// What the gateway's script in the browser is given.
#[derive(Clone, Debug)]
pub struct Element {
    /// The account's key that browsers know.
    pub public_key: String,
    /// The right to confirm this one payment, or to keep this one card.
    pub client_secret: String,
}

/// Who takes the card of this payment.
///
/// Errors: 503 `gateway_unreachable`; 409 `card_elsewhere` where the payment has no intent yet.
pub async fn taker(app: &App, row: &payments::Model) -> AppResult<Taker> {
    taker_of(app, row.gateway_account_id, row.stripe_payment_intent_id.as_deref()).await
}

/// Who takes the card for an intent of an account.
pub(super) async fn taker_of(app: &App, account: Option<GatewayAccountId>, intent: Option<&str>) -> AppResult<Taker> {
    let account = accounts::load(app.db.conn(), account).await?;
    if simulator::serves(&account) {
        return Ok(Taker::Ours);
    }
    let Some(intent) = intent else {
        return Err(AppError::conflict("card_elsewhere", "The card is taken by the payment provider itself."));
    };
    let intent = gateway::of(app, &account)?.retrieve(app, intent).await?;
    let public_key = account.public_key.unwrap_or_default();
    Ok(Taker::Stripe(Element { public_key, client_secret: intent.client_secret }))
}

/// Pays an open attempt with a card. An attempt that is decided or under way stays as it is: one charge at most.
pub async fn confirm(app: &App, actor: &Actor, quote: QuoteId, id: PaymentId, card: &CardInput) -> AppResult<()> {
    let Some(intent) = open_intent(app, actor, quote, id).await? else { return Ok(()) };
    simulator::confirm(app, &intent.id, &intent.client_secret, card).await?;
    look(app, actor, id).await;
    Ok(())
}

/// The cardholder's answer to the bank's question.
pub async fn authenticate(app: &App, actor: &Actor, quote: QuoteId, id: PaymentId, approve: bool) -> AppResult<()> {
    let Some(intent) = open_intent(app, actor, quote, id).await? else { return Ok(()) };
    simulator::authenticate(app, &intent.id, &intent.client_secret, approve).await?;
    look(app, actor, id).await;
    Ok(())
}

async fn open_intent(app: &App, actor: &Actor, quote: QuoteId, id: PaymentId) -> AppResult<Option<Intent>> {
    actor.require(Permission::MakePayment)?;
    let row = page::attempt(app, actor, quote, id).await?;
    if row.payment_status != PaymentStatus::Pending {
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
async fn look(app: &App, actor: &Actor, id: PaymentId) {
    if let Err(error) = poll::sync(app, actor, id).await {
        tracing::warn!(payment.id = %id, %error, "the outcome is not known yet, its webhook will tell");
    }
}
