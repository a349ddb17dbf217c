//! Money that staff give back after the treatment began, although no policy asks for it (R-PY-55).

use identity::reauth;
use kernel::ids::{PaymentId, QuoteId};
use kernel::{Actor, Amount, AppError, AppResult, FieldErrors, Money};
use platform::App;
use platform::audit::{self, Entry};
use quoting::case;
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::decide::{GIVEN, decider, exceeds, few_enough, is_large, reasoned};
use super::open_payments;
use crate::metadata::Kind;
use crate::rules::{minor, refund as rules};
use crate::service::refund::{self, Why};
use crate::store;

/// What staff give back.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Discretion {
    /// How much, in the currency the booking was paid in.
    pub refund: Money,
    /// Why: 20 to 500 characters.
    #[schema(example = "The result was not what the clinic had promised.")]
    pub reason: String,
    /// That the policy asks for no refund any more, and it is given all the same.
    #[serde(default)]
    pub override_policy: bool,
    /// The amount once more; needed above 1,000 US dollars.
    pub confirm_amount: Option<Amount>,
}

/// Gives a part of a treated booking's money back, the newest payment first. The clinic bears its share of it in its next
/// statement (R-PY-57).
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `refund_not_allowed` before the treatment or without the override,
/// `refund_exceeds_paid`; 422 by field; 429 `rate_limited` beyond ten an hour.
pub async fn give_back(app: &App, actor: &Actor, id: QuoteId, ask: &Discretion) -> AppResult<Vec<PaymentId>> {
    let user = decider(actor)?;
    quotes::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let reason = reasoned(&mut faults, "reason", &ask.reason);
    let (amount, currency) = (ask.refund.amount, ask.refund.currency);
    if !amount.is_positive() || minor::to_minor(amount, currency).is_none() {
        faults.add("refund", "out_of_range", "Give an amount of this currency.");
    }
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        few_enough(txn, app, user).await?;
        let case = case::lock(txn, id).await?;
        let rows = store::lock_payments(txn, id).await?;
        let has_begun =
            matches!(case.quote.status, QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed);
        if !has_begun || !ask.override_policy {
            let text = "No policy asks for this refund. It can be given once the treatment has begun, on purpose.";
            return Err(AppError::conflict("refund_not_allowed", text));
        }
        if case.require_terms()?.payment_currency != currency {
            return Err(AppError::field("refund", "currency_mismatch", "The booking is paid in another currency."));
        }
        let open: Vec<_> = open_payments(&rows).into_iter().map(|(row, open)| (row.id, open)).collect();
        let parts = rules::allocate(&open, amount).ok_or_else(exceeds)?;
        let repeated = ask.confirm_amount;
        if repeated.unwrap_or(amount) != amount || (repeated.is_none() && is_large(txn, amount, currency).await?) {
            return Err(AppError::field("confirm_amount", "amount_not_confirmed", "Type the amount once more."));
        }
        let mut made = Vec::new();
        for (payment, part) in parts {
            let paid = rows.iter().find(|row| row.id == payment).ok_or_else(AppError::not_found)?;
            let why = Why::kind(Kind::Discretionary);
            made.push(refund::begin(txn, app, actor, paid, part, why).await?);
        }
        let entry = Entry::new(GIVEN)
            .subject("Quote", id)
            .patient(case.inquiry.patient_id)
            .provider(case.quote.provider_id)
            .quote(id)
            .reason(&reason)
            .change(None, Some(json!({ "refund": ask.refund, "override": true })));
        audit::record(txn, app, actor, entry).await?;
        Ok(made)
    })
}
