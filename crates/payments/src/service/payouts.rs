//! Sending money to clinics: which account it leaves from.

use kernel::AppResult;
use platform::App;
use platform::config::Gateway;

use crate::gateway::{self, NewTransfer, Transferred};
use crate::service::accounts;

/// Sends money from the account the configuration names, or tells what became of the transfer that was made with the same
/// key: a key means the same at one account only, so what is mapped to whom has no say. Never called inside a transaction.
///
/// Errors: 409 `payment_unavailable_region` without an account; internal ones where the gateway cannot be reached, after
/// which nobody knows whether the money left.
pub async fn send(app: &App, ask: &NewTransfer) -> AppResult<Transferred> {
    let account = accounts::house(app).await?;
    gateway::of(app, &account)?.transfer(app, ask).await
}

/// Whether money reaches an account at a bank by its number alone. A gateway that pays out only to accounts it has looked
/// at itself sends refunds nowhere.
pub fn reaches_banks(app: &App) -> bool {
    matches!(app.config.payments.gateway, Gateway::Simulator)
}
