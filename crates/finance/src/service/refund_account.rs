//! Where a patient's refunds go that were paid by transfer: the patient gives an account, staff see what it ends with, and
//! the money is sent there (R-PY-54, R-PY-64). Its number is opened for the transfer alone.

use chrono::Duration;
use identity::reauth;
use kernel::ids::{BankingDetailId, PatientId, PaymentId};
use kernel::{Actor, AppError, AppResult, ErrorKind, Money, Permission};
use payments::entity::payments as attempts;
use payments::gateway::{NewTransfer, Transferred};
use payments::rules::transfer_key::TransferKey;
use payments::service::{payouts, receipts};
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::account::{Kept, cool_off, keep};
use super::pay::{destination, opening};
use crate::entity::banking_details::{self, BankingDetailCreatedByType, BankingDetailStatus};
use crate::rules::account::{Typed, check};
use crate::store;

/// A transfer nobody heard of for so long is asked after.
const PATIENCE: Duration = Duration::minutes(10);
/// Refunds of one run.
const BATCH: u64 = 100;

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
    // Only who is paid regularly has an account at the gateway.
    let of_a_person = Typed { connected: String::new(), ..typed.clone() };
    let account = check(&of_a_person).map_err(AppError::fields)?;
    if !catalogue::fx::is_usable(app.db.conn(), account.currency).await? {
        return Err(AppError::field("currency", "currency_not_supported", "We cannot send money in this currency."));
    }
    let wait = cool_off(app).await?;
    platform::write_txn!(app.db, |txn| {
        // One writer at a time: there is no row of the account yet to wait for.
        identity::entity::patients::Entity::find_by_id(patient).lock_exclusive().one(txn).await?;
        let by = (BankingDetailCreatedByType::Patient, patient.any());
        match keep(txn, app, actor, (patient.into(), by), &account, wait).await? {
            Kept::AsItWas(row) | Kept::Anew(row) => Ok(row),
        }
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

/// Sends a refund to the patient's account, and records it under the number the transfer got.
///
/// It is marked before the gateway is called: a second worker, a second click and a crash ask for the same transfer with the
/// same key and the same account, and nobody records it as sent another way while it is not known what became of it.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition` for a refund that does not wait, 409
/// `bank_details_missing`, `bank_details_waiting`, `bank_details_currency`, `bank_details_shared`,
/// `gateway_reaches_no_bank`, `transfer_refused`, `transfer_unknown`.
pub async fn send(app: &App, actor: &Actor, id: PaymentId) -> AppResult<()> {
    let Owed { refund, account } = owed(app, actor, id).await?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    if refund.payment_status != attempts::PaymentStatus::Pending {
        return Err(AppError::conflict("invalid_transition", "This is no refund that waits to be sent."));
    }
    if !payouts::reaches_banks(app) {
        let text = "The payment gateway sends to no bank account. Send it another way and record its number.";
        return Err(AppError::conflict("gateway_reaches_no_bank", text));
    }
    let account = usable(app, &refund, account).await?;
    let account = receipts::claim_sending(app, actor, id, account.id).await?;
    ask(app, actor, &refund, account).await
}

/// The account a refund may go to.
async fn usable(
    app: &App,
    refund: &attempts::Model,
    account: Option<banking_details::Model>,
) -> AppResult<banking_details::Model> {
    let account = account
        .filter(|row| row.status != BankingDetailStatus::Invalid)
        .ok_or_else(|| AppError::conflict("bank_details_missing", "The patient has not given an account yet."))?;
    if account.currency != refund.currency {
        let text = "The patient's account is for other money than this refund is in.";
        return Err(AppError::conflict("bank_details_currency", text));
    }
    if account.usable_from > app.now() {
        let text = "The patient replaced this account a short while ago. It is used from the time that is shown.";
        return Err(AppError::conflict("bank_details_waiting", text).with("from", account.usable_from));
    }
    // R-FN-55: money that leaves for a patient does not go to a clinic or a partner.
    if !store::twins(app.db.conn(), &account).await?.is_empty() {
        let text = "A clinic or a partner has the same account. Clear up whose it is, or send the money another way.";
        return Err(AppError::conflict("bank_details_shared", text));
    }
    Ok(account)
}

async fn ask(app: &App, actor: &Actor, refund: &attempts::Model, account: BankingDetailId) -> AppResult<()> {
    let found = banking_details::Entity::find_by_id(account).one(app.db.conn()).await?;
    let account = found.ok_or_else(AppError::not_found)?;
    let entry = opening(&account)
        .patient(refund.patient_id)
        .quote(refund.quote_id)
        .change(None, Some(json!({ "refund": refund.id })));
    let ask = NewTransfer {
        money: Money::new(refund.amount, refund.currency),
        to: destination(app, actor, account, entry).await?,
        idempotency_key: TransferKey::Refund(refund.id).to_string(),
        since: refund.created_at,
    };
    match payouts::send(app, &ask).await? {
        Transferred::Succeeded(number) => receipts::sending_ended(app, actor, refund.id, Ok(&number)).await,
        Transferred::Failed(why) => {
            receipts::sending_ended(app, actor, refund.id, Err(&why)).await?;
            let text = "The bank did not take it. Send it another way and record its number.";
            Err(AppError::conflict("transfer_refused", text).with("reason", why))
        }
        Transferred::Unknown => Err(receipts::unknown()),
    }
}

/// Asks after refunds the gateway was given and nobody heard of since. A batch per run.
pub async fn poll(app: &App) -> AppResult<()> {
    let waiting = attempts::Entity::find()
        .filter(attempts::Column::PaymentType.eq(attempts::PaymentType::Refund))
        .filter(attempts::Column::PaymentMethod.eq(attempts::PaymentMethod::BankTransfer))
        .filter(attempts::Column::PaymentStatus.eq(attempts::PaymentStatus::Pending))
        .filter(attempts::Column::UpdatedAt.lte(app.now() - PATIENCE))
        .filter(Expr::col(attempts::Column::Metadata).cast_as("char").like("%sending_to%"))
        .order_by_asc(attempts::Column::Id)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    for row in waiting {
        let words = row.metadata.as_ref().and_then(|words| words.get("sending_to").cloned());
        let account = words.and_then(|id| serde_json::from_value(id).ok());
        let Some(account) = account else { continue };
        match ask(app, &Actor::system(), &row, account).await {
            Err(error) if error.kind == ErrorKind::Internal => {
                tracing::error!(refund.id = %row.id, %error, "a refund by transfer could not be asked after");
            }
            // Refused is booked, and unknown is asked again.
            _ => {}
        }
    }
    Ok(())
}
