//! Add-ons that are taken out of a confirmed booking: a lower price, and what was paid above it goes back (R-PY-56).

use booking::entity::cancellation_requests::{self as requests, CancellationRequestStatus};
use identity::reauth;
use kernel::ids::{PaymentId, QuoteId, QuotePackageId};
use kernel::{Actor, Amount, AppError, AppResult, FieldErrors, Money};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use quoting::case::{self, Case};
use quoting::entity::booking_terms;
use quoting::entity::quote_packages;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::service::reduce;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::decide::{REDUCED, decider, exceeds, few_enough, is_large, reasoned};
use super::open_payments;
use crate::entity::installment_payment_plans::InstallmentPaymentPlanStatus as PlanStatus;
use crate::entity::installment_schedule_items::InstallmentScheduleItemStatus as ItemStatus;
use crate::entity::payments::{self, PaymentStatus};
use crate::facts;
use crate::metadata::Kind;
use crate::queries;
use crate::rules::{installments, refund as rules};
use crate::service::access::{self, Audience};
use crate::service::plans::{self, First, Plan};
use crate::service::redemptions;
use crate::service::refund::{self, Why};
use crate::store::{self, Sums};

/// What staff take out of a booking.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartialRefund {
    /// The add-ons of the booking; none to send once more what the gateway refused.
    pub packages: Vec<QuotePackageId>,
    /// Why: 20 to 500 characters.
    #[schema(example = "The clinic has no room in its hotel on these nights.")]
    pub reason: String,
    /// The amount that goes back once more; needed above 1,000 US dollars.
    pub confirm_amount: Option<Amount>,
}

/// A booking before and after.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The booking.
    pub quote: quotes::Model,
    /// What it has, and could do without.
    pub add_ons: Vec<quote_packages::Model>,
    /// Its terms as they are.
    pub before: booking_terms::Model,
    /// Its terms without what was chosen; none where nothing was.
    pub after: Option<booking_terms::Model>,
    /// What is paid.
    pub paid: Money,
    /// What would go back. Where nothing was chosen: what should have gone back and was refused by the gateway.
    pub refund: Money,
}

/// What was done.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PartiallyRefunded {
    /// The version of the terms from now on.
    pub terms_version: i32,
    /// The new price, in the currency the booking is paid in.
    pub total: Money,
    /// What goes back; nothing where less is paid than the new price.
    pub refund: Money,
    /// One row for each payment the money comes from.
    pub payment_ids: Vec<PaymentId>,
}

fn not_allowed() -> AppError {
    let text = "Add-ons are taken out of a confirmed booking before its treatment begins.";
    AppError::conflict("refund_not_allowed", text)
}

fn surplus(rows: &[payments::Model], next: &booking_terms::Model) -> Amount {
    (Sums::of(rows).paid() - next.payment_total).max(Amount::ZERO)
}

/// What taking add-ons out would mean; nothing happens. Four statements.
///
/// Errors: 403; 404; 409 `refund_not_allowed` unless the booking is confirmed; 422 `packages`.
pub async fn preview(app: &App, actor: &Actor, id: QuoteId, taken: &[QuotePackageId]) -> AppResult<Figures> {
    decider(actor)?;
    let conn = app.db.conn();
    let (quote, _) = access::visible(conn, Audience::Staff, id).await?;
    if quote.status != QuoteStatus::Confirmed {
        return Err(not_allowed());
    }
    let before = quoting::store::newest_terms(conn, id).await?.ok_or_else(not_allowed)?;
    let add_ons = reduce::add_ons(conn, &quote).await?;
    let rows = queries::of_quotes(conn, [id]).await?;
    let after = match taken {
        [] => None,
        taken => Some(reduce::without((&quote, &before), &add_ons, taken)?),
    };
    let money = |amount| Money::new(amount, before.payment_currency);
    let refund = surplus(&rows, after.as_ref().unwrap_or(&before));
    Ok(Figures { paid: money(Sums::of(&rows).paid()), refund: money(refund), quote, add_ons, before, after })
}

/// Takes add-ons out of a confirmed booking: the terms get a new version with the lower price, the commission is computed
/// anew, what is open of a plan is spread anew, and what was paid above the new price goes back, the newest payment first.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `refund_not_allowed` unless the booking is confirmed, `invalid_transition`
/// while a cancellation waits or the plan is in default, `payment_in_progress`; 422 by field; 429 `rate_limited` beyond
/// ten an hour.
pub async fn take_out(app: &App, actor: &Actor, id: QuoteId, ask: &PartialRefund) -> AppResult<PartiallyRefunded> {
    let user = decider(actor)?;
    quotes::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let reason = reasoned(&mut faults, "reason", &ask.reason);
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        few_enough(txn, app, user).await?;
        let case = case::lock(txn, id).await?;
        let rows = store::lock_payments(txn, id).await?;
        let plan = plans::lock_of(txn, id).await?;
        require_quiet(txn, &case, &rows, plan.as_ref()).await?;
        let before = case.require_terms()?;
        // A refund that was refused before: the price is lowered already, and the money is still here.
        let again = ask.packages.is_empty() && surplus(&rows, before).is_positive();
        let next = match again {
            true => before.clone(),
            false => {
                let present = reduce::add_ons(txn, &case.quote).await?;
                reduce::without((&case.quote, before), &present, &ask.packages)?
            }
        };
        let back = surplus(&rows, &next);
        let repeated = ask.confirm_amount;
        let large = back.is_positive() && is_large(txn, back, next.payment_currency).await?;
        if repeated.unwrap_or(back) != back || (repeated.is_none() && large) {
            return Err(AppError::field("confirm_amount", "amount_not_confirmed", "Type the amount once more."));
        }
        let next = match again {
            true => next,
            false => reduce::take_out(txn, app, actor, &case, (next, &ask.packages), &reason).await?,
        };
        let payment_ids = give(txn, app, actor, &rows, back).await?;
        if !again {
            redemptions::reduced(txn, app, &case, &next).await?;
            let rest = next.payment_total - (Sums::of(&rows).paid() - back);
            spread(txn, app, &case, plan.as_ref(), (rest, &next)).await?;
        }
        let facts = |terms: &booking_terms::Model| json!({ "version": terms.version, "total": terms.total_amount, "commission": terms.commission_amount });
        let entry = Entry::new(REDUCED)
            .subject("Quote", id)
            .patient(case.inquiry.patient_id)
            .provider(case.quote.provider_id)
            .quote(id)
            .reason(&reason)
            .change(Some(facts(before)), Some(facts(&next)));
        audit::record(txn, app, actor, entry).await?;
        let money = |amount| Money::new(amount, next.payment_currency);
        Ok(PartiallyRefunded {
            terms_version: next.version,
            total: money(next.payment_total),
            refund: money(back),
            payment_ids,
        })
    })
}

/// Refuses while something else decides about the booking's money.
async fn require_quiet(txn: &Txn, case: &Case, rows: &[payments::Model], plan: Option<&Plan>) -> AppResult<()> {
    if case.quote.status != QuoteStatus::Confirmed {
        return Err(not_allowed());
    }
    let waits = requests::Entity::find()
        .filter(requests::Column::QuoteId.eq(case.quote.id))
        .filter(requests::Column::Status.eq(CancellationRequestStatus::Pending))
        .count(txn)
        .await?;
    if waits > 0 {
        return Err(AppError::conflict("invalid_transition", "A cancellation of this booking is to be decided first."));
    }
    let fails = |plan: &Plan| {
        let failing = [ItemStatus::Retrying, ItemStatus::Failed, ItemStatus::Processing];
        plan.row.status == PlanStatus::Defaulted || plan.open().any(|item| failing.contains(&item.status))
    };
    if plan.is_some_and(fails) {
        return Err(AppError::conflict("invalid_transition", "A payment of the plan failed: resolve that first."));
    }
    if rows.iter().any(|row| row.payment_status == PaymentStatus::Pending) {
        let text = "A payment or refund of this booking is under way. Try again in a moment.";
        return Err(AppError::conflict("payment_in_progress", text));
    }
    Ok(())
}

async fn give(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    rows: &[payments::Model],
    back: Amount,
) -> AppResult<Vec<PaymentId>> {
    if !back.is_positive() {
        return Ok(Vec::new());
    }
    let open: Vec<_> = open_payments(rows).into_iter().map(|(row, open)| (row.id, open)).collect();
    let mut made = Vec::new();
    for (payment, part) in rules::allocate(&open, back).ok_or_else(exceeds)? {
        let paid = rows.iter().find(|row| row.id == payment).ok_or_else(AppError::not_found)?;
        made.push(refund::begin(txn, app, actor, paid, part, Why::kind(Kind::AddOns)).await?);
    }
    Ok(made)
}

/// What is open of a plan follows the lower price: as many payments as before on the same days, or fewer where they would
/// become too small; none where nothing is open any more.
async fn spread(
    txn: &Txn,
    app: &App,
    case: &Case,
    plan: Option<&Plan>,
    (rest, next): (Amount, &booking_terms::Model),
) -> AppResult<()> {
    let Some(plan) = plan.filter(|plan| plan.has_begun()) else { return Ok(()) };
    let now = app.now();
    let open: Vec<_> = plan.open().map(|item| item.due_date).collect();
    plans::cancel(txn, now, plan).await?;
    let today = facts::clinic_today(&case.quote, now);
    let (Some(first), true) = (open.first().map(|day| (*day).max(today)), rest.is_positive()) else { return Ok(()) };
    let most = u8::try_from(open.len()).unwrap_or(u8::MAX);
    let parts = (2..=most).rev().find_map(|count| installments::plan(rest, count, next.payment_currency, first));
    // A single one is the balance, due as the terms say.
    let Some(parts) = parts else { return Ok(()) };
    let total = (rest, next.payment_currency);
    let after = plans::create(txn, now, case, total, &parts, First::ByClock).await?;
    plans::supersede(txn, now, plan.row.id, after.id).await
}
