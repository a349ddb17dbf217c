//! Where a patient's refunds go that were paid by transfer: the patient gives an account, staff see what it ends with, and
//! the money is sent there (R-PY-54, R-PY-64). Its number is opened for the transfer alone.

use identity::reauth;
use kernel::ids::{PatientId, PaymentId};
use kernel::{Actor, AppError, AppResult, Money, Permission};
use payments::entity::payments as attempts;
use payments::gateway::{NewTransfer, Transferred};
use payments::service::{payouts, receipts};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::account::{cool_off, insert, is_same, of_owner};
use super::pay::destination;
use crate::entity::banking_details::{self, BankingDetailCreatedByType, BankingDetailStatus};
use crate::rules::account::{Typed, check};
use crate::store;

/// Whose refunds: the asking patient's.
///
/// Errors: 401, 403.
pub fn keeper(actor: &Actor) -> AppResult<PatientId> {
    let patient = actor.patient()?;
    actor.require(Permission::MakePayment)?;
    Ok(patient)
}

/// The account of the asking patient, if one was given.
///
/// Errors: 401, 403.
pub async fn own(app: &App, actor: &Actor) -> AppResult<Option<banking_details::Model>> {
    let patient = keeper(actor)?;
    Ok(store::live_accounts(app.db.conn(), patient).await?.into_iter().next())
}

/// Gives the patient another account, or the first one. What was there before stays as a version; a replacement is used
/// after the cool-off. The same account again changes nothing.
///
/// Errors: 403, 403 `reauth_required`; 422 by field.
pub async fn replace(app: &App, actor: &Actor, typed: &Typed) -> AppResult<banking_details::Model> {
    let patient = keeper(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let account = check(typed).map_err(AppError::fields)?;
    if !catalogue::fx::is_usable(app.db.conn(), account.currency).await? {
        return Err(AppError::field("currency", "currency_not_supported", "We cannot send money in this currency."));
    }
    let wait = cool_off(app).await?;
    platform::write_txn!(app.db, |txn| {
        // One writer at a time: there is no row of the account yet to wait for.
        identity::entity::patients::Entity::find_by_id(patient).lock_exclusive().one(txn).await?;
        let before = store::live_accounts(txn, patient).await?;
        if let Some(same) = before.iter().find(|row| is_same(app, row, &account)) {
            return Ok(same.clone());
        }
        let earlier = of_owner(txn, patient).await?;
        let now = app.now();
        let usable_from = if earlier.is_empty() { now } else { now + wait };
        let by = (BankingDetailCreatedByType::Patient, patient.any());
        let row = insert(txn, app, (patient.into(), by), &account, &earlier, usable_from).await?;
        let entry = Entry::new("bank_details.changed").subject("BankingDetail", row.id).patient(patient).change(
            before.first().map(|old| json!({ "last4": old.account_last4, "currency": old.currency })),
            Some(json!({ "last4": row.account_last4, "currency": row.currency, "usable_from": usable_from })),
        );
        audit::record(txn, app, actor, entry).await?;
        Ok(row)
    })
}

/// A refund that is to be sent, with the account it goes to.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The refund.
    pub refund: attempts::Model,
    /// The patient's account, if one was given.
    pub account: Option<banking_details::Model>,
}

/// A refund by transfer that waits to be sent, with the patient's account: two statements.
///
/// Errors: 403 without `issue_refund`; 404.
pub async fn owed(app: &App, actor: &Actor, id: PaymentId) -> AppResult<Owed> {
    actor.admin()?;
    actor.require(Permission::IssueRefund)?;
    let conn = app.db.conn();
    let waiting = attempts::Entity::find_by_id(id)
        .filter(attempts::Column::PaymentType.eq(attempts::PaymentType::Refund))
        .filter(attempts::Column::PaymentMethod.eq(attempts::PaymentMethod::BankTransfer));
    let refund = waiting.one(conn).await?.ok_or_else(AppError::not_found)?;
    let account = store::live_accounts(conn, refund.patient_id).await?.into_iter().next();
    Ok(Owed { refund, account })
}

/// Sends a refund to the patient's account, and records it under the number the transfer got. Asking again never sends it
/// twice.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition` for a refund that does not wait, 409
/// `bank_details_missing`, `bank_details_waiting`, `transfer_refused`, `transfer_unknown`.
pub async fn send(app: &App, actor: &Actor, id: PaymentId) -> AppResult<()> {
    let Owed { refund, account } = owed(app, actor, id).await?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    if refund.payment_status != attempts::PaymentStatus::Pending {
        return Err(AppError::conflict("invalid_transition", "This is no refund that waits to be sent."));
    }
    let account = account
        .filter(|row| row.status != BankingDetailStatus::Invalid)
        .ok_or_else(|| AppError::conflict("bank_details_missing", "The patient has not given an account yet."))?;
    if account.usable_from > app.now() {
        let text = "The patient replaced this account a short while ago. It is used from the time that is shown.";
        return Err(AppError::conflict("bank_details_waiting", text).with("from", account.usable_from));
    }
    let entry = Entry::new("bank_details.opened")
        .subject("BankingDetail", account.id)
        .patient(refund.patient_id)
        .quote(refund.quote_id)
        .change(None, Some(json!({ "refund": refund.id })));
    audit::record(app.db.conn(), app, actor, entry).await?;
    let ask = NewTransfer {
        money: Money::new(refund.amount, refund.currency),
        to: destination(app, account)?,
        idempotency_key: format!("rf:{}", refund.id),
        since: refund.created_at,
    };
    match payouts::send(app, &ask).await? {
        Transferred::Succeeded(number) => receipts::sent_back(app, actor, id, &number).await,
        Transferred::Failed(why) => {
            let text = "The bank did not take it. Send it another way and record its number.";
            Err(AppError::conflict("transfer_refused", text).with("reason", why))
        }
        Transferred::Unknown => {
            Err(AppError::conflict("transfer_unknown", "The bank has not answered yet. Ask again in a while."))
        }
    }
}
