//! Money that came after the hold was released: the offer and its slot are taken again, if they are still there
//! (R-PY-34).

use directory::entity::providers::{self, ProviderStatus};
use identity::anonymity;
use inquiry::entity::inquiries::InquiryStatus;
use kernel::{Actor, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::{EntityTrait, QuerySelect, Set};
use serde_json::json;

use super::accept::hold_slot;
use crate::case::{self, Case};
use crate::entity::quotes::{self, QuoteStatus};
use crate::rules::accept::Refusal;
use crate::rules::transitions::Move;
use crate::store;

/// Accepts a lapsed offer again under its old terms, so that [`case::confirm`] can follow in the same transaction.
///
/// Refuses with a 409 of [`Refusal`] when offer or slot are gone. Some rows are written before the slot is known to be
/// free: call it inside a savepoint. `capacity` is the setting [`crate::settings::PARALLEL_CAPACITY`].
pub async fn reclaim(txn: &Txn, app: &App, actor: &Actor, case: &Case, capacity: i64) -> AppResult<Case> {
    let (quote, now) = (&case.quote, app.now());
    let clinic = providers::Entity::find_by_id(quote.provider_id).lock_exclusive().one(txn).await?;
    if !clinic.is_some_and(|clinic| clinic.status == ProviderStatus::Active && clinic.deleted_at.is_none()) {
        return Err(Refusal::ProviderUnavailable.into());
    }
    if case.inquiry.status != InquiryStatus::Quote || case.inquiry.accepted_quote_id.is_some() {
        return Err(Refusal::NotActive.into());
    }
    if quote.expires_at.is_none_or(|end| now >= end) || quote.deleted_at.is_some() || case.terms.is_none() {
        return Err(Refusal::Expired.into());
    }
    if quote.appointment_slot_at.is_none_or(|start| start <= now) {
        return Err(Refusal::SlotUnavailable.into());
    }
    let change = quotes::ActiveModel { accepted_at: Set(Some(now)), auto_accepted: Set(true), ..Default::default() };
    let known = anonymity::pairs(txn, case.inquiry.patient_id).await?;
    store::move_quote(txn, quote, Move::Accept, change, now).await?;
    anonymity::follow(txn, app, actor, known).await?;
    hold_slot(txn, quote, capacity, now, now).await?;
    inquiry::case::set_accepted_quote(txn, app, case.inquiry.id, Some(quote.id)).await?;
    inquiry::case::set_stage(txn, app, &case.inquiry, InquiryStatus::Accepted).await?;
    let facts = json!({ "from": quote.status, "to": QuoteStatus::Accepted, "reason_code": "paid_after_lapse" });
    case::record(txn, app, actor, case, "quote_accepted", facts).await?;
    let entry = Entry::new("quote.accepted")
        .subject("Quote", quote.id)
        .patient(case.inquiry.patient_id)
        .provider(quote.provider_id)
        .quote(quote.id)
        .reason("paid after the hold had lapsed")
        .change(Some(json!({ "status": quote.status })), Some(json!({ "status": QuoteStatus::Accepted })));
    audit::record(txn, app, actor, entry).await?;
    case::lock(txn, quote.id).await
}
