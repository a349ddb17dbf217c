//! What staff do about a plan in default (R-PY-43): people decide, nothing happens by itself.

use identity::reauth;
use kernel::ids::{InstallmentPaymentPlanId, PaymentId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use quoting::case;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::charge::{By, charge_item};
use super::{ItemStatus, PlanStatus, items, lock_of, plans, settle_items};
use crate::entity::payments::{PaymentStatus, PaymentType};
use crate::service::cancellation::{self, CancelInput, Cancelled};
use crate::store;

fn require(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ProcessPayout)
}

/// A reason long enough to be understood later.
pub(crate) fn justified(text: &str) -> AppResult<String> {
    let text = text.trim();
    let mut faults = FieldErrors::new();
    if !(20..=500).contains(&text.chars().count()) {
        faults.add("reason", "reason_length", "Give a reason of 20 to 500 characters.");
    }
    faults.check()?;
    Ok(text.to_owned())
}

async fn load(app: &App, id: InstallmentPaymentPlanId) -> AppResult<plans::Model> {
    plans::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)
}

async fn note(
    app: &App,
    actor: &Actor,
    plan: &plans::Model,
    action: &'static str,
    reason: &str,
    worked: bool,
) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let entry = Entry::new(action)
            .subject("InstallmentPaymentPlan", plan.id)
            .patient(plan.patient_id)
            .quote(plan.quote_id)
            .reason(reason);
        audit::record(txn, app, actor, if worked { entry } else { entry.failed() }).await
    })
}

/// Charges the failed payments of a plan once more, in order, from the patient's card. Answers how many went through.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition` where nothing failed; 422 for the reason.
pub async fn retry(app: &App, actor: &Actor, id: InstallmentPaymentPlanId, reason: &str) -> AppResult<u64> {
    require(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let reason = justified(reason)?;
    let plan = load(app, id).await?;
    let failed = items::Entity::find()
        .filter(items::Column::PlanId.eq(id))
        .filter(items::Column::Status.eq(ItemStatus::Failed))
        .order_by_asc(items::Column::Number)
        .all(app.db.conn())
        .await?;
    if failed.is_empty() || !matches!(plan.status, PlanStatus::Active | PlanStatus::Defaulted) {
        return Err(AppError::conflict("invalid_transition", "No payment of this plan has failed."));
    }
    let mut paid = 0;
    let mut worked = Ok(());
    for item in failed {
        worked = charge_item(app, actor, item.id, By::Staff).await.map(drop);
        let now = items::Entity::find_by_id(item.id).one(app.db.conn()).await?;
        let through = now.is_some_and(|item| item.status == ItemStatus::Paid);
        paid += u64::from(through);
        if worked.is_err() || !through {
            break;
        }
    }
    note(app, actor, &plan, "installment_plan.retried", &reason, worked.is_ok()).await?;
    worked.map(|()| paid)
}

/// Takes payments that arrived another way for failed ones ("mark as resolved"): only with a completed payment of the same
/// booking that pays for them and for nothing else yet.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition`, `payment_does_not_cover`; 422 for the reason.
pub async fn resolve(
    app: &App,
    actor: &Actor,
    id: InstallmentPaymentPlanId,
    payment: PaymentId,
    reason: &str,
) -> AppResult<()> {
    require(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let reason = justified(reason)?;
    let found = load(app, id).await?;
    let done = platform::write_txn!(app.db, |txn| {
        case::lock(txn, found.quote_id).await?;
        let rows = store::lock_payments(txn, found.quote_id).await?;
        let plan = lock_of(txn, found.quote_id).await?.filter(|plan| plan.row.id == id);
        let plan = plan.ok_or_else(|| AppError::conflict("invalid_transition", "This plan has ended."))?;
        let paid = rows
            .iter()
            .find(|row| row.id == payment && row.payment_type != PaymentType::Refund)
            .filter(|row| row.payment_status == PaymentStatus::Completed && row.installment_number.is_none())
            .ok_or_else(AppError::not_found)?;
        if plan.items.iter().any(|item| item.paid_payment_id == Some(payment)) {
            return Err(AppError::conflict("payment_does_not_cover", "This payment was counted already."));
        }
        let mut left = store::open_amount(&rows, paid);
        let mut numbers = Vec::new();
        for item in plan.open() {
            if item.amount > left {
                break;
            }
            left = left - item.amount;
            numbers.push(item.number);
        }
        if numbers.is_empty() {
            return Err(AppError::conflict("payment_does_not_cover", "This payment does not pay for the next one."));
        }
        settle_items(txn, app, &plan, &numbers, payment).await?;
        let entry = Entry::new("installment_plan.resolved")
            .subject("InstallmentPaymentPlan", id)
            .patient(found.patient_id)
            .quote(found.quote_id)
            .reason(&reason)
            .change(None, Some(json!({ "items": numbers, "payment_id": payment })));
        audit::record(txn, app, actor, entry).await
    });
    if done.is_err() {
        note(app, actor, &found, "installment_plan.resolved", &reason, false).await?;
    }
    done
}

/// Ends a plan in default and its booking: what comes back follows the policy of the day (R-PY-43).
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition` where the plan is not in default,
/// `cancel_not_allowed`, `payment_in_progress`; 422 for the reason.
pub async fn cancel_booking(
    app: &App,
    actor: &Actor,
    id: InstallmentPaymentPlanId,
    reason: &str,
) -> AppResult<Cancelled> {
    require(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let reason = justified(reason)?;
    let plan = load(app, id).await?;
    if plan.status != PlanStatus::Defaulted {
        return Err(AppError::conflict("invalid_transition", "Only a plan in default ends this way."));
    }
    let ask = CancelInput { reason: reason.clone(), ..CancelInput::default() };
    let done = cancellation::cancel(app, actor, plan.quote_id, &ask).await;
    note(app, actor, &plan, "installment_plan.cancelled", &reason, done.is_ok()).await?;
    done
}
