//! A clinic wants to step back from an offer the patient has accepted; staff decide (Q13, Q14).

use inquiry::service::reasoned;
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::Deserialize;
use serde_json::json;

use super::leave::own_reason;
use crate::case::{self, Case, event};
use crate::entity::quotes::{self, QuoteStatus};
use crate::store;

/// What staff decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The clinic may go: the offer ends, the case is open again.
    Grant,
    /// The offer stands, and the patient gets the time back in which nothing could be paid.
    Refuse,
}

/// Asks to step back from an accepted offer (Q13): nothing can be paid and the hold does not end until staff decide. The
/// reason is for staff only. Asking twice changes nothing.
///
/// Errors: 404 for a foreign quote, 409 `withdrawal_not_possible` unless it is accepted and not paid, 422.
pub async fn request(app: &App, actor: &Actor, id: QuoteId, reason: &str) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageQuoteAcceptance)?;
    let reason = own_reason(reason)?;
    platform::write_txn!(app.db, |txn| {
        if store::find(txn, id).await?.provider_id != provider {
            return Err(AppError::not_found());
        }
        let case = case::lock(txn, id).await?;
        if case.quote.status != QuoteStatus::Accepted {
            return Err(not_possible());
        }
        if case.quote.withdrawal_requested_at.is_some() {
            return Ok(());
        }
        let now = app.now();
        let change = quotes::ActiveModel {
            withdrawal_requested_at: Set(Some(now)),
            withdrawal_reason: Set(Some(reason.to_owned())),
            updated_at: Set(now),
            ..Default::default()
        };
        write(txn, &case, change).await?;
        case::record(txn, app, actor, &case, "withdrawal_requested", json!({})).await?;
        audit::record(txn, app, actor, entry("quote.withdrawal_requested", &case).reason(reason)).await?;
        let told = event("quote.withdrawal_requested", &case.inquiry, &case.quote).occurrence(now.timestamp_millis());
        outbox::emit(txn, app, actor, told).await
    })
}

/// Decides about an open request (Q14). A refused one gives the hold the time back that it was frozen.
///
/// Errors: 409 `withdrawal_not_requested` when there is none, 422 for the reason.
pub async fn resolve(app: &App, actor: &Actor, id: QuoteId, verdict: Verdict, reason: &str) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ReassignProvider)?;
    let reason = reasoned(reason)?;
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, id).await?;
        let asked = case.quote.withdrawal_requested_at.filter(|_| case.quote.status == QuoteStatus::Accepted);
        let asked = asked.ok_or_else(|| {
            AppError::conflict("withdrawal_not_requested", "The clinic does not ask to step back any more.")
        })?;
        let now = app.now();
        match verdict {
            Verdict::Grant => case::grant_withdrawal(txn, app, actor, &case).await?,
            Verdict::Refuse => {
                let change = quotes::ActiveModel {
                    withdrawal_requested_at: Set(None),
                    withdrawal_reason: Set(None),
                    updated_at: Set(now),
                    ..Default::default()
                };
                write(txn, &case, change).await?;
                if let Some(end) = case.schedule.as_ref().and_then(|row| row.hold_expires_at) {
                    case::extend_hold(txn, app, &case, end + (now - asked)).await?;
                }
                let facts = json!({ "from": case.quote.status, "to": case.quote.status, "reason_code": "refused" });
                case::record(txn, app, actor, &case, "withdrawal_resolved", facts).await?;
            }
        }
        let decided = entry("quote.withdrawal_resolved", &case).reason(&reason).change(
            Some(json!({ "withdrawal_requested_at": asked })),
            Some(json!({ "granted": verdict == Verdict::Grant })),
        );
        audit::record(txn, app, actor, decided).await?;
        let key = match verdict {
            Verdict::Grant => "quote.withdrawal_granted",
            Verdict::Refuse => "quote.withdrawal_refused",
        };
        outbox::emit(txn, app, actor, event(key, &case.inquiry, &case.quote).occurrence(asked.timestamp_millis())).await
    })
}

fn not_possible() -> AppError {
    AppError::conflict("withdrawal_not_possible", "Only an offer that is accepted and not paid can be given back.")
}

async fn write(txn: &platform::db::Txn, case: &Case, change: quotes::ActiveModel) -> AppResult<()> {
    let done = quotes::Entity::update_many()
        .set(change)
        .filter(quotes::Column::Id.eq(case.quote.id))
        .filter(quotes::Column::Status.eq(case.quote.status))
        .exec(txn)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(store::invalid_transition()) }
}

fn entry(action: &'static str, case: &Case) -> Entry {
    Entry::new(action)
        .subject("Quote", case.quote.id)
        .patient(case.inquiry.patient_id)
        .provider(case.quote.provider_id)
        .quote(case.quote.id)
}
