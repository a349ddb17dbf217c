//! A clinic puts a quote away, staff bring one back (Q15).

use directory::entity::providers::ProviderStatus;
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use inquiry::service::reasoned;
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use super::draft::lock_own;
use super::leave::{end, own_reason};
use crate::case::event;
use crate::entity::quotes::{self, QuoteStatus, QuoteStatusReason};
use crate::rules::accept::{LEAD_TIME, Refusal};
use crate::rules::restore::{Facts, Way, decide};
use crate::rules::transitions::Move;
use crate::{jobs, slots, store};

/// Puts a quote away that was not accepted: a draft, a dead one, or one on offer, which is taken back first (Q9). Asking
/// twice changes nothing.
///
/// Errors: 404 for a foreign quote, 409 `quote_not_available` from acceptance on, 422 for the reason.
pub async fn archive(app: &App, actor: &Actor, id: QuoteId, reason: &str) -> AppResult<()> {
    actor.require(Permission::EditQuote)?;
    let reason = own_reason(reason)?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let (case, quote) = lock_own(txn, actor, id, Permission::EditQuote).await?;
        if quote.deleted_at.is_some() {
            return Ok(());
        }
        match quote.status {
            QuoteStatus::Quote => {
                let over = quote.expires_at.is_none_or(|end| now >= end);
                let change = quotes::ActiveModel { cancelled_at: Set(Some(now)), ..Default::default() };
                if over {
                    // The clock is ahead of the job that ends it.
                    end(txn, app, &Actor::system(), &case, &quote, Move::Expire, change, None).await?;
                } else {
                    let change = quotes::ActiveModel {
                        withdrawn_at: Set(Some(now)),
                        withdrawal_reason: Set(Some(reason.to_owned())),
                        ..change
                    };
                    end(txn, app, actor, &case, &quote, Move::Withdraw, change, Some(reason)).await?;
                }
            }
            QuoteStatus::Inquiry | QuoteStatus::Rejected => {}
            QuoteStatus::Cancelled if quote.status_reason != Some(QuoteStatusReason::BookingCancelled) => {}
            _ => {
                return Err(AppError::conflict("quote_not_available", "A quote that was accepted cannot be put away."));
            }
        }
        let change = quotes::ActiveModel {
            deleted_at: Set(Some(now)),
            archive_reason: Set(Some(reason.to_owned())),
            updated_at: Set(now),
            ..Default::default()
        };
        write(txn, id, change).await?;
        let entry = Entry::new("quote.archived")
            .subject("Quote", id)
            .patient(case.patient_id)
            .provider(quote.provider_id)
            .quote(id)
            .reason(reason)
            .change(Some(json!({ "status": quote.status })), Some(json!({ "archived": true })));
        audit::record(txn, app, actor, entry).await?;
        let told = event("quote.archived", &case, &quote).occurrence(now.timestamp_millis());
        outbox::emit(txn, app, actor, told).await
    })
}

async fn write(txn: &Txn, id: QuoteId, change: quotes::ActiveModel) -> AppResult<()> {
    quotes::Entity::update_many().set(change).filter(quotes::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// Brings a quote back (Q15): on offer again with a fresh validity, as a draft with time to finish it, or only out of the
/// archive. Answers how.
///
/// Errors: 409 `inquiry_already_accepted`, `inquiry_not_active`, `provider_unavailable`, `restore_not_allowed`,
/// `slot_unavailable` when the appointment is taken or less than a day ahead; 422 for the reason.
pub async fn restore(app: &App, actor: &Actor, id: QuoteId, reason: &str) -> AppResult<Way> {
    actor.admin()?;
    actor.require(Permission::EditQuote)?;
    let reason = reasoned(reason)?;
    let hours = inquiry::limits::Limits::load(app).await?.response_deadline_hours;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let (case, quote) = lock_own(txn, actor, id, Permission::EditQuote).await?;
        let clinic = directory::clinics::load(txn, quote.provider_id).await?;
        let row = inquiry::distribution::assigned(txn, case.id, quote.provider_id).await.ok();
        let way = decide(&Facts {
            status: quote.status,
            reason: quote.status_reason,
            archived: quote.deleted_at.is_some(),
            sent: quote.submitted_at.is_some(),
            stage: case.status,
            accepted: case.accepted_quote_id,
            clinic_takes_part: row.is_some()
                && clinic.status == ProviderStatus::Active
                && clinic.deleted_at.is_none()
                && case.archived_at.is_none(),
        })?;
        let mut change = quotes::ActiveModel {
            deleted_at: Set(None),
            archive_reason: Set(None),
            updated_at: Set(now),
            ..Default::default()
        };
        let (provider, quoted) = (quote.provider_id, InquiryProviderStatus::Quoted);
        match way {
            Way::Unarchived => write(txn, id, change).await?,
            Way::Draft => {
                if quote.status == QuoteStatus::Cancelled {
                    change.cancelled_at = Set(None);
                    store::move_quote(txn, &quote, Move::RestoreDraft, change, now).await?;
                } else {
                    write(txn, id, change).await?;
                }
                let answered = row.as_ref().is_some_and(|row| row.status == quoted);
                let fresh = now + chrono::Duration::hours(hours);
                let deadline = row.as_ref().map_or(fresh, |row| row.response_deadline_at.max(fresh));
                let to = if answered { quoted } else { InquiryProviderStatus::Viewed };
                inquiry::distribution::take_back(txn, app, case.id, provider, to, Some(deadline)).await?;
            }
            Way::Offer => {
                require_slot(txn, &quote, now).await?;
                change.expires_at = Set(Some(now + chrono::Duration::hours(i64::from(quote.expiration_hours))));
                change.cancelled_at = Set(None);
                change.withdrawn_at = Set(None);
                change.withdrawal_reason = Set(None);
                store::move_quote(txn, &quote, Move::Restore, change, now).await?;
                inquiry::distribution::take_back(txn, app, case.id, provider, quoted, None).await?;
                inquiry::case::set_stage(txn, app, &case, inquiry::entity::inquiries::InquiryStatus::Quote).await?;
                jobs::remind_again(txn, app, id).await?;
            }
        }
        note(txn, app, actor, &case, &quote, way, &reason).await?;
        Ok(way)
    })
}

/// The appointment is a day ahead at least, and the clinician has no hold or booking at that time.
async fn require_slot(txn: &Txn, quote: &quotes::Model, now: Timestamp) -> AppResult<()> {
    let ahead = quote.appointment_slot_at.is_some_and(|start| start >= now + LEAD_TIME);
    let lead = store::lead_of(txn, quote.id).await?;
    let (true, Some(lead)) = (ahead, lead) else { return Err(Refusal::SlotUnavailable.into()) };
    let cells = slots::slot_of(quote)?.cells().map_err(|_| Refusal::SlotUnavailable)?;
    if slots::is_free(txn, (quote.provider_id, lead.provider_user_id), &cells, None).await? {
        return Ok(());
    }
    Err(Refusal::SlotUnavailable.into())
}

async fn note(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &inquiry::entity::inquiries::Model,
    quote: &quotes::Model,
    way: Way,
    reason: &str,
) -> AppResult<()> {
    let to = match way {
        Way::Offer => Some(QuoteStatus::Quote),
        Way::Draft => Some(QuoteStatus::Inquiry),
        Way::Unarchived => None,
    };
    if let Some(to) = to {
        let metadata = json!({
            "provider_id": quote.provider_id,
            "quote_id": quote.id,
            "from": quote.status,
            "to": to,
            "reason_code": quote.status_reason,
        });
        inquiry::timeline::record(txn, app, actor, case.id, "quote_restored", metadata).await?;
    }
    let entry = Entry::new("quote.restored")
        .subject("Quote", quote.id)
        .patient(case.patient_id)
        .provider(quote.provider_id)
        .quote(quote.id)
        .reason(reason)
        .change(
            Some(json!({ "status": quote.status, "status_reason": quote.status_reason })),
            Some(json!({ "status": to.unwrap_or(quote.status), "archived": false })),
        );
    audit::record(txn, app, actor, entry).await?;
    // A draft is none of the patient's business.
    let key = match way {
        Way::Offer => "quote.restored",
        Way::Draft | Way::Unarchived => "quote.draft_restored",
    };
    outbox::emit(txn, app, actor, event(key, case, quote).occurrence(app.now().timestamp_millis())).await
}
