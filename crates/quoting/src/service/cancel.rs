//! The patient cancels the request: everything that hangs on it ends in the same transaction (Q11, R-IQ-60..63).

use identity::anonymity;
use inquiry::case::CancelInput;
use inquiry::entity::inquiries;
use kernel::ids::{InquiryId, ProviderId};
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::db::Txn;
use platform::outbox;
use sea_orm::Set;
use serde::Serialize;
use serde_json::json;

use super::leave;
use crate::case::event;
use crate::entity::quotes::{self, QuoteStatus};
use crate::rules::transitions::Move;
use crate::{slots, store};

/// What a cancellation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Cancelled {
    /// The request.
    pub inquiry_id: InquiryId,
    /// Its code, as reference.
    pub inquiry_code: Option<String>,
    /// When, by the server's clock.
    pub cancelled_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Offers that were open until then.
    pub quotes_cancelled: usize,
}

/// Cancels a request with its quotes, hold and slot.
///
/// Errors: 404, 409 `cancel_not_allowed` once the booking is paid, 422 for the reason. The reason reaches no clinic.
pub async fn cancel_inquiry(app: &App, actor: &Actor, id: InquiryId, input: &CancelInput) -> AppResult<Cancelled> {
    let patient = actor.patient()?;
    actor.require(Permission::CancelInquiry)?;
    platform::write_txn!(app.db, |txn| {
        let case = inquiry::case::lock(txn, id).await?;
        if case.patient_id != patient {
            return Err(AppError::not_found());
        }
        let quotes = store::lock_quotes_of(txn, id).await?;
        let ended = inquiry::case::cancel(txn, app, actor, &case, input, &told(&quotes)).await?;
        let known = anonymity::pairs(txn, patient).await?;
        let open = end_quotes(txn, app, actor, &case, &quotes).await?;
        anonymity::follow(txn, app, actor, known).await?;
        Ok(Cancelled {
            inquiry_id: id,
            inquiry_code: ended.inquiry_code,
            cancelled_at: ended.cancelled_at,
            quotes_cancelled: open,
        })
    })
}

/// Whether a quote ends with its request; what was declined stays declined, and nothing that is paid comes here.
fn ends(quote: &quotes::Model) -> bool {
    matches!(quote.status, QuoteStatus::Inquiry | QuoteStatus::Quote | QuoteStatus::Accepted | QuoteStatus::Cancelled)
}

/// The clinics [`end_quotes`] tells: those with an offer that ends with the request.
pub fn told(quotes: &[quotes::Model]) -> Vec<ProviderId> {
    let mut told: Vec<ProviderId> = Vec::new();
    for quote in quotes.iter().filter(|quote| ends(quote) && quote.submitted_at.is_some()) {
        if !told.contains(&quote.provider_id) {
            told.push(quote.provider_id);
        }
    }
    told
}

/// Cancels every quote that was not declined, gives held slots back and tells each clinic once, without the reason
/// (Q11). An offer whose time was over before ends as expired first, so that its history is true however late the clock
/// is. Answers how many offers the patient had open.
pub async fn end_quotes(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &inquiries::Model,
    quotes: &[quotes::Model],
) -> AppResult<usize> {
    let now = app.now();
    let mut open = 0;
    let mut tell = told(quotes);
    for quote in quotes.iter().filter(|quote| ends(quote)) {
        let over = quote.status == QuoteStatus::Quote && quote.expires_at.is_none_or(|end| now >= end);
        let expired = if over {
            leave::expire_locked(txn, app, case, quote).await?;
            Some(store::lock_quote(txn, quote.id).await?)
        } else {
            None
        };
        let quote = expired.as_ref().unwrap_or(quote);
        let live = matches!(quote.status, QuoteStatus::Quote | QuoteStatus::Accepted) && quote.deleted_at.is_none();
        if let Some(schedule) = store::lock_schedule_of(txn, quote.id).await? {
            slots::release(txn, &schedule, "inquiry_cancelled", now).await?;
        }
        let change = quotes::ActiveModel {
            cancelled_at: Set(Some(now)),
            withdrawal_requested_at: Set(None),
            ..Default::default()
        };
        let to = store::move_quote(txn, quote, Move::CancelInquiry, change, now).await?;
        let metadata = json!({
            "provider_id": quote.provider_id,
            "quote_id": quote.id,
            "from": quote.status,
            "to": to.status,
            "reason_code": to.reason,
        });
        inquiry::timeline::record(txn, app, actor, case.id, "quote_cancelled", metadata).await?;
        if quote.submitted_at.is_some() && tell.contains(&quote.provider_id) {
            tell.retain(|clinic| *clinic != quote.provider_id);
            let told = event("quote.cancelled_inquiry", case, quote).occurrence("once");
            outbox::emit(txn, app, actor, told).await?;
        }
        open += usize::from(live);
    }
    inquiry::case::set_accepted_quote(txn, app, case.id, None).await?;
    Ok(open)
}
