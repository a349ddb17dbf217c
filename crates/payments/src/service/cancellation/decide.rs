//! What staff decide about a cancellation: how much goes back, and whether a clinic may step back (R-PY-52 to 55).

use booking::entity::cancellation_requests::{
    self, CancellationRequestRequestedByType as By, CancellationRequestStatus as Status,
};
use chrono::Duration;
use identity::reauth;
use kernel::ids::{CancellationRequestId, UserId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, FieldErrors, Money, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::audit_logs::{self, AuditLogActorType};
use platform::outbox::{self, Event};
use quoting::case::{self, Case};
use rust_decimal::Decimal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use serde_json::json;

use super::ask::tell;
use super::{close, open_payments, terms_of};
use crate::entity::payments;
use crate::rules::refund::{self as rules, EXCEPTION_PERCENT};
use crate::service::refund::{self, Why};
use crate::service::{plans, redemptions};
use crate::store::{self, Sums};

/// Refunds one of staff may decide within an hour (R-PY-54).
const PER_HOUR: u64 = 10;
/// Above this many dollars the amount is typed once more (R-PY-54).
const TYPED_ABOVE: i64 = 1000;
/// What the audit log calls a refund no policy asked for.
pub(crate) const GIVEN: &str = "refund.given";
/// And one for add-ons that were taken out.
pub(super) const REDUCED: &str = "booking.reduced";
/// Cancellations of a clinic within a year that make staff look at it (R-PY-53).
const FLAGGED_AT: u64 = 3;

/// What staff decide.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The version that was seen.
    pub version: i32,
    /// Why: 20 to 500 characters.
    pub reason: String,
    /// Percent of what was paid, for a medical reason; 90 where nothing is said.
    pub percent: Option<Decimal>,
    /// Another amount than the computed one.
    pub amount: Option<Amount>,
    /// Why it is another amount: 20 to 500 characters.
    pub adjustment_reason: Option<String>,
    /// The amount typed once more, above 1,000 US dollars.
    pub typed: Option<Amount>,
}

pub(crate) fn decider(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::IssueRefund)?;
    Ok(user)
}

pub(crate) fn reasoned(faults: &mut FieldErrors, field: &str, text: &str) -> String {
    let text = text.trim();
    if !(20..=500).contains(&text.chars().count()) {
        faults.add(field.to_owned(), "reason_length", "Give a reason of 20 to 500 characters.");
    }
    text.to_owned()
}

/// A request with everything it stands in, all of it locked.
struct Held {
    case: Case,
    rows: Vec<payments::Model>,
    request: cancellation_requests::Model,
}

async fn hold(txn: &Txn, id: CancellationRequestId, version: i32) -> AppResult<Held> {
    let found = cancellation_requests::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
    let case = case::lock(txn, found.quote_id).await?;
    let rows = store::lock_payments(txn, found.quote_id).await?;
    let request = cancellation_requests::Entity::find_by_id(id)
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)?;
    if request.status != Status::Pending {
        return Err(AppError::conflict("invalid_transition", "This was decided already."));
    }
    if request.version != version {
        return Err(AppError::stale_version());
    }
    Ok(Held { case, rows, request })
}

/// Grants a refund, and with it a clinic's wish to step back. The money goes back by itself, newest payment first.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition`, `stale_version`, `refund_exceeds_paid`; 422 by field;
/// 429 `rate_limited` beyond ten an hour.
pub async fn approve(app: &App, actor: &Actor, id: CancellationRequestId, decision: &Decision) -> AppResult<()> {
    let user = decider(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let reason = reasoned(&mut faults, "reason", &decision.reason);
    if decision.percent.is_some_and(|percent| !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent)) {
        faults.add("percent", "out_of_range", "Between 0 and 100.");
    }
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        few_enough(txn, app, user).await?;
        let Held { case, rows, request } = hold(txn, id, decision.version).await?;
        let by_clinic = request.requested_by_type == By::ProviderUser;
        if by_clinic {
            case::cancel_confirmed(txn, app, actor, &case, "provider_cancelled").await?;
            redemptions::refunded(txn, app, case.quote.id).await?;
            if let Some(plan) = plans::lock_of(txn, case.quote.id).await? {
                plans::cancel(txn, app.now(), &plan).await?;
            }
        }
        let amount = granted(txn, &request, &rows, decision).await?;
        let parts: Vec<_> = open_payments(&rows).into_iter().map(|(row, open)| (row.id, open)).collect();
        let parts = rules::allocate(&parts, amount).ok_or_else(exceeds)?;
        for (payment, part) in &parts {
            let paid = rows.iter().find(|row| row.id == *payment).ok_or_else(AppError::not_found)?;
            let why = Why::cancellation(request.id);
            refund::begin(txn, app, actor, paid, *part, why).await?;
        }
        let now = app.now();
        let decided = cancellation_requests::ActiveModel {
            id: Set(request.id),
            // The paid amount moved on when money was under way as it was asked.
            paid_amount: Set(request.paid_amount.max(amount)),
            approved_amount: Set(Some(amount)),
            status: Set(Status::Approved),
            decided_by_user_id: Set(Some(user)),
            decided_at: Set(Some(now)),
            decision_reason: Set(Some(reason.clone())),
            version: Set(request.version + 1),
            updated_at: Set(now),
            ..Default::default()
        };
        let decided = decided.update(txn).await?;
        note(txn, app, actor, &case, &request, &decided, decision).await?;
        if amount.is_zero() {
            close(txn, app, &decided, &rows).await?;
        }
        if by_clinic {
            watch(txn, app, actor, &case).await?;
        }
        tell(txn, app, actor, &case, &decided, "payment.refund_decided").await
    })
}

/// What goes back: the computed amount, the percent of a medical reason, or another amount with its own reason.
async fn granted(
    txn: &Txn,
    request: &cancellation_requests::Model,
    rows: &[payments::Model],
    decision: &Decision,
) -> AppResult<Amount> {
    let (paid, currency) = (Sums::of(rows).paid(), request.currency);
    let part =
        |percent| rules::part_of(paid, percent, currency).ok_or_else(|| AppError::internal("a refund out of range"));
    let computed = match request.exception_type {
        Some(_) => part(decision.percent.unwrap_or(EXCEPTION_PERCENT))?,
        None => part(request.tier_percent)?,
    };
    let amount = match decision.amount.filter(|amount| *amount != computed) {
        None => computed,
        Some(other) => {
            let mut faults = FieldErrors::new();
            reasoned(&mut faults, "adjustment_reason", decision.adjustment_reason.as_deref().unwrap_or_default());
            if (-other).is_positive() || currency.round(other.get()) != Some(other) {
                faults.add("amount", "out_of_range", "Give an amount of this currency.");
            }
            faults.check()?;
            other
        }
    };
    if amount > paid {
        return Err(exceeds());
    }
    if amount != decision.typed.unwrap_or(amount)
        || (decision.typed.is_none() && is_large(txn, amount, currency).await?)
    {
        let sentence = "Type the amount once more.";
        return Err(
            AppError::field("typed", "amount_not_confirmed", sentence).with("amount", Money::new(amount, currency))
        );
    }
    Ok(amount)
}

pub(crate) fn exceeds() -> AppError {
    AppError::conflict("refund_exceeds_paid", "That is more than was paid.")
}

/// Whether an amount is above 1,000 US dollars at the unmarked rate; what has no rate counts as large.
pub(crate) async fn is_large(txn: &Txn, amount: Amount, currency: Currency) -> AppResult<bool> {
    if currency == Currency::USD {
        return Ok(amount.get() > Decimal::from(TYPED_ABOVE));
    }
    let rate = catalogue::fx::per_dollar(txn, currency).await?.filter(|rate| !rate.is_zero());
    Ok(rate.is_none_or(|rate| amount.get() / rate > Decimal::from(TYPED_ABOVE)))
}

pub(crate) async fn few_enough(conn: &impl ConnectionTrait, app: &App, user: UserId) -> AppResult<()> {
    let recent = cancellation_requests::Entity::find()
        .filter(cancellation_requests::Column::DecidedByUserId.eq(user))
        .filter(cancellation_requests::Column::DecidedAt.gt(app.now() - Duration::hours(1)))
        .filter(cancellation_requests::Column::ApprovedAmount.gt(Amount::ZERO))
        .count(conn)
        .await?;
    // Those no policy asked for: each is one decision, however many payments it comes from.
    let given = audit_logs::Entity::find()
        .filter(audit_logs::Column::ActorType.eq(AuditLogActorType::User))
        .filter(audit_logs::Column::ActorId.eq(user.any()))
        .filter(audit_logs::Column::OccurredAt.gt(app.now() - Duration::hours(1)))
        .filter(audit_logs::Column::Action.is_in([GIVEN, REDUCED]))
        .count(conn)
        .await?;
    if recent + given < PER_HOUR {
        return Ok(());
    }
    Err(AppError::too_many("rate_limited", "At most ten refunds an hour.", 3600))
}

async fn note(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    before: &cancellation_requests::Model,
    after: &cancellation_requests::Model,
    decision: &Decision,
) -> AppResult<()> {
    let entry = Entry::new(if after.status == Status::Denied { "refund.denied" } else { "refund.approved" })
        .subject("CancellationRequest", after.id)
        .patient(case.inquiry.patient_id)
        .provider(case.quote.provider_id)
        .quote(case.quote.id)
        .reason(&decision.reason)
        .change(
            Some(json!({ "status": before.status, "proposed": before.proposed_amount })),
            Some(json!({
                "status": after.status, "approved": after.approved_amount, "currency": after.currency,
                "adjustment": decision.adjustment_reason,
            })),
        );
    audit::record(txn, app, actor, entry).await
}

/// Staff look at a clinic that steps back often (R-PY-53).
async fn watch(txn: &Txn, app: &App, actor: &Actor, case: &Case) -> AppResult<()> {
    use quoting::entity::quotes;
    let year = app.now() - Duration::days(365);
    let count = cancellation_requests::Entity::find()
        .inner_join(quotes::Entity)
        .filter(quotes::Column::ProviderId.eq(case.quote.provider_id))
        .filter(cancellation_requests::Column::RequestedByType.eq(By::ProviderUser))
        .filter(cancellation_requests::Column::Status.is_in([Status::Approved, Status::Settled]))
        .filter(cancellation_requests::Column::DecidedAt.gt(year))
        .count(txn)
        .await?;
    if count < FLAGGED_AT {
        return Ok(());
    }
    let alert = Event::new("system.alert", "Provider", case.quote.provider_id)
        .occurrence(format!("cancellations:{count}:{}", case.quote.id))
        .with("alert", "provider_cancellations")
        .with("provider_id", case.quote.provider_id)
        .with("count", count);
    outbox::emit(txn, app, actor, alert).await
}

/// Refuses a clinic's wish, so that the booking stands; or a medical reason, so that the tier of the policy holds.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition`, `stale_version`, `refund_not_deniable` for a refund the
/// policy promises; 422.
pub async fn deny(app: &App, actor: &Actor, id: CancellationRequestId, version: i32, reason: &str) -> AppResult<()> {
    let user = decider(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let reason = reasoned(&mut faults, "reason", reason);
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let Held { case, rows, request } = hold(txn, id, version).await?;
        let by_clinic = request.requested_by_type == By::ProviderUser;
        if !by_clinic && request.exception_type.is_none() {
            let sentence = "The policy promises this refund. Grant it, or another amount with a reason.";
            return Err(AppError::conflict("refund_not_deniable", sentence));
        }
        let now = app.now();
        let denied = cancellation_requests::ActiveModel {
            id: Set(request.id),
            status: Set(Status::Denied),
            decided_by_user_id: Set(Some(user)),
            decided_at: Set(Some(now)),
            decision_reason: Set(Some(reason.clone())),
            version: Set(request.version + 1),
            updated_at: Set(now),
            ..Default::default()
        };
        let denied = denied.update(txn).await?;
        let decision = Decision { reason: reason.clone(), ..Decision::default() };
        note(txn, app, actor, &case, &request, &denied, &decision).await?;
        tell(txn, app, actor, &case, &denied, "payment.refund_decided").await?;
        if by_clinic {
            return Ok(());
        }
        // R-PY-52: without the exception the tier holds, as it was on the day of the request.
        let terms = terms_of(&case)?;
        let proposed = rules::part_of(request.paid_amount, request.tier_percent, terms.payment_currency)
            .ok_or_else(|| AppError::internal("a refund out of range"))?;
        let by_tier = cancellation_requests::ActiveModel {
            id: Set(CancellationRequestId::new()),
            exception_type: Set(None),
            proposed_amount: Set(proposed),
            approved_amount: Set(None),
            status: Set(Status::Pending),
            decided_by_user_id: Set(None),
            decided_at: Set(None),
            decision_reason: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..cancellation_requests::ActiveModel::from(request.clone()).reset_all()
        };
        let by_tier = by_tier.insert(txn).await?;
        if proposed.is_zero() { close(txn, app, &by_tier, &rows).await } else { Ok(()) }
    })
}
