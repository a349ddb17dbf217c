//! Sending money to clinics: which account it leaves from.

use kernel::AppResult;
use platform::App;

use crate::gateway::{self, NewTransfer, Transferred};
use crate::service::accounts;

/// Sends money to a clinic from the account that serves its bank's country, or tells what became of the transfer that was
/// made with the same key. Never called inside a transaction.
///
/// Errors: 409 `payment_unavailable_region` without an account; internal ones where the gateway cannot be reached, after
/// which nobody knows whether the money left.
pub async fn send(app: &App, ask: &NewTransfer) -> AppResult<Transferred> {
    let account = accounts::pick(app.db.conn(), Some(&ask.to.country), None).await?;
    gateway::of(app, &account)?.transfer(app, ask).await
}
