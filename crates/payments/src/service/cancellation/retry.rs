//! A refund the gateway refused is tried again as a new row (4.4).

use booking::entity::cancellation_requests::{self, CancellationRequestStatus as Status};
use identity::reauth;
use kernel::ids::CancellationRequestId;
use kernel::{Actor, Amount, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use quoting::case;
use sea_orm::EntityTrait;

use super::open_payments;
use crate::entity::payments::PaymentStatus;
use crate::rules::refund as rules;
use crate::service::refund::{self, Why};
use crate::store;

/// Sends what is missing of an approved refund once more.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition` while nothing is missing, or something is under way.
pub async fn retry(app: &App, actor: &Actor, id: CancellationRequestId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::IssueRefund)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let found = cancellation_requests::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
        let case = case::lock(txn, found.quote_id).await?;
        let rows = store::lock_payments(txn, found.quote_id).await?;
        let request = cancellation_requests::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
        let live = |status| matches!(status, PaymentStatus::Pending | PaymentStatus::Completed);
        let sent: Amount = rows
            .iter()
            .filter(|row| row.cancellation_request_id == Some(id) && live(row.payment_status))
            .map(|row| row.amount)
            .sum();
        let missing = request.approved_amount.unwrap_or_default() - sent;
        if request.status != Status::Approved || !missing.is_positive() {
            return Err(AppError::conflict("invalid_transition", "Nothing of this refund is missing."));
        }
        let open: Vec<_> = open_payments(&rows).into_iter().map(|(row, open)| (row.id, open)).collect();
        let parts = rules::allocate(&open, missing)
            .ok_or_else(|| AppError::conflict("refund_exceeds_paid", "That is more than was paid."))?;
        for (payment, part) in parts {
            let paid = rows.iter().find(|row| row.id == payment).ok_or_else(AppError::not_found)?;
            refund::begin(txn, app, actor, paid, part, Why::cancellation(id)).await?;
        }
        let entry = Entry::new("refund.retried")
            .subject("CancellationRequest", id)
            .patient(case.inquiry.patient_id)
            .provider(case.quote.provider_id)
            .quote(case.quote.id);
        audit::record(txn, app, actor, entry).await
    })
}
