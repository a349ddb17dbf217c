//! Ways an offer ends before it is accepted: the clinic withdraws, the patient declines, its time is over, nobody
//! finishes the draft (Q5, Q8, Q9, Q12).

use inquiry::entity::inquiries;
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox;
use sea_orm::Set;
use serde_json::json;

use super::draft::lock_own;
use crate::case::event;
use crate::entity::quotes::{self, QuoteStatus};
use crate::rules::transitions::Move;
use crate::store;

/// The reason of a clinic, trimmed; 422 unless it has 3 to 500 characters.
pub(super) fn own_reason(given: &str) -> AppResult<&str> {
    let reason = given.trim();
    if !(3..=500).contains(&reason.chars().count()) {
        return Err(AppError::field("reason", "reason_required", "Give a reason of 3 to 500 characters."));
    }
    Ok(reason)
}

/// Takes a sent quote back (Q9). A quote that is no longer on offer is 409.
pub async fn withdraw(app: &App, actor: &Actor, id: QuoteId, reason: &str) -> AppResult<()> {
    let reason = own_reason(reason)?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let (case, quote) = lock_own(txn, actor, id, Permission::EditQuote).await?;
        require_live(&quote, now)?;
        let change = quotes::ActiveModel {
            withdrawn_at: Set(Some(now)),
            withdrawal_reason: Set(Some(reason.to_owned())),
            cancelled_at: Set(Some(now)),
            ..Default::default()
        };
        end(txn, app, actor, &case, &quote, Move::Withdraw, change, Some(reason)).await
    })
}

/// The longest reason a patient may give.
pub const LONGEST_REASON: usize = 500;

/// Says no to an offer (Q5). The clinic is told, the other offers stay. A reason is the patient's to give; it is kept
/// for staff and does not reach the clinic.
pub async fn decline(app: &App, actor: &Actor, id: QuoteId, reason: Option<&str>) -> AppResult<()> {
    let patient = actor.patient()?;
    actor.require(Permission::AcceptQuote)?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
        return Err(AppError::field("reason", "decline_reason_length", "Give a reason of at most 500 characters."));
    }
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let found = store::find(txn, id).await?;
        let case = inquiry::case::lock(txn, found.inquiry_id).await?;
        let quote = store::lock_quote(txn, id).await?;
        // What was never sent does not exist for the patient, whatever became of it.
        if case.patient_id != patient || quote.submitted_at.is_none() {
            return Err(AppError::not_found());
        }
        if quote.status == QuoteStatus::Rejected {
            return Ok(());
        }
        require_live(&quote, now)?;
        let change = quotes::ActiveModel { declined_at: Set(Some(now)), ..Default::default() };
        end(txn, app, actor, &case, &quote, Move::Decline, change, reason).await
    })
}

/// Ends a quote whose validity is over (Q8); nothing when it is not, or was ended before.
pub(crate) async fn expire(app: &App, id: QuoteId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        if !store::take_if_free(txn, id).await? {
            return Ok(());
        }
        let (case, quote) = lock_own(txn, &Actor::system(), id, Permission::EditQuote).await?;
        if quote.status != QuoteStatus::Quote || quote.expires_at.is_none_or(|end| now < end) {
            return Ok(());
        }
        expire_locked(txn, app, &case, &quote).await
    })
}

/// The same under the locks of the caller, who knows that its time is over.
pub(super) async fn expire_locked(
    txn: &Txn,
    app: &App,
    case: &inquiries::Model,
    quote: &quotes::Model,
) -> AppResult<()> {
    let change = quotes::ActiveModel { cancelled_at: Set(Some(app.now())), ..Default::default() };
    end(txn, app, &Actor::system(), case, quote, Move::Expire, change, None).await
}

/// Ends a draft nobody finished (Q12): untouched since `untouched_since`, or the clinic's time to answer is over.
pub(crate) async fn lapse_draft(app: &App, id: QuoteId, untouched_since: Timestamp) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let system = Actor::system();
        if !store::take_if_free(txn, id).await? {
            return Ok(());
        }
        let (case, quote) = lock_own(txn, &system, id, Permission::EditQuote).await?;
        if quote.status != QuoteStatus::Inquiry {
            return Ok(());
        }
        let row = inquiry::distribution::assigned(txn, case.id, quote.provider_id).await;
        let left = |status| matches!(status, InquiryProviderStatus::Declined | InquiryProviderStatus::Closed);
        let too_late = row.map_or(true, |row| now >= row.response_deadline_at || left(row.status));
        if !too_late && quote.updated_at > untouched_since {
            return Ok(());
        }
        let change = quotes::ActiveModel { cancelled_at: Set(Some(now)), ..Default::default() };
        end(txn, app, &system, &case, &quote, Move::LapseDraft, change, None).await
    })
}

/// Whether an offer can be accepted, declined or taken back at this moment; else 409.
pub(super) fn require_live(quote: &quotes::Model, now: Timestamp) -> AppResult<()> {
    if quote.status != QuoteStatus::Quote || quote.deleted_at.is_some() {
        return Err(AppError::conflict("quote_not_available", "This offer is no longer available."));
    }
    if quote.expires_at.is_none_or(|end| now >= end) {
        return Err(AppError::conflict("quote_expired", "This offer has ended."));
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one ending in all its records")]
pub(super) async fn end(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &inquiries::Model,
    quote: &quotes::Model,
    by: Move,
    change: quotes::ActiveModel,
    reason: Option<&str>,
) -> AppResult<()> {
    let (word, key) = match by {
        Move::Withdraw => ("quote_withdrawn", Some("quote.withdrawn")),
        Move::Decline => ("quote_rejected", Some("quote.declined")),
        Move::Expire => ("quote_expired", Some("quote.expired")),
        // A draft the patient never saw: nobody is told.
        _ => ("quote_cancelled", None),
    };
    let to = store::move_quote(txn, quote, by, change, app.now()).await?;
    let metadata = json!({
        "provider_id": quote.provider_id,
        "quote_id": quote.id,
        "from": quote.status,
        "to": to.status,
        "reason_code": to.reason,
    });
    inquiry::timeline::record(txn, app, actor, case.id, word, metadata).await?;
    let mut entry = Entry::new(key.unwrap_or("quote.draft_lapsed"))
        .subject("Quote", quote.id)
        .patient(case.patient_id)
        .provider(quote.provider_id)
        .quote(quote.id)
        .change(Some(json!({ "status": quote.status })), Some(json!({ "status": to.status })));
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    audit::record(txn, app, actor, entry).await?;
    match key {
        Some(key) => {
            // An offer that was brought back can end once more.
            let end = quote.expires_at.map_or(0, |end| end.timestamp());
            let occurrence = format!("{}@{end}", quote.hold_lapse_count);
            outbox::emit(txn, app, actor, event(key, case, quote).occurrence(occurrence)).await
        }
        None => Ok(()),
    }
}
