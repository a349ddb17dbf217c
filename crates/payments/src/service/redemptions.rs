//! Uses of discounts: reserved with the attempt that is to pay, given back with its money, completed with the booking
//! (R-PY-48, R-FN-08, R-FN-09).

use kernel::ids::{DiscountRedemptionId, PatientId, QuoteId};
use kernel::{Amount, AppResult};
use platform::App;
use platform::db::Txn;
use promotions::entity::affiliate_discount_codes as codes;
use promotions::entity::discount_redemptions::{
    self as uses, DiscountRedemptionFunding as UseFunding, DiscountRedemptionState as State,
};
use promotions::entity::discounts;
use quoting::case::Case;
use quoting::entity::booking_terms::{self, BookingTermsDiscountFunding as Funding};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Value};

use super::discount::{invalid, is_promised};
use crate::rules::discount::{self as rules, Why};

fn live() -> Condition {
    Condition::all().add(uses::Column::State.is_in([State::Applied, State::Completed]))
}

/// How often a person used a code, those that were given back left out (R-FN-09).
pub(super) async fn used_by(txn: &Txn, patient: PatientId, of: Expr) -> AppResult<i32> {
    let count = uses::Entity::find()
        .filter(of)
        .filter(live())
        .filter(uses::Column::PersonKey.eq(person(patient)))
        .count(txn)
        .await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Accounts of one person share this.
fn person(patient: PatientId) -> String {
    patient.to_string()
}

/// Counts a use more in the row of a discount or a code, where its limit leaves one or `must` says so. False where none is left.
async fn raise<E: EntityTrait>(
    txn: &Txn,
    row: impl Into<Value>,
    [id, count, limit]: [E::Column; 3],
    must: bool,
) -> AppResult<bool> {
    let left = Condition::any().add(limit.is_null()).add(Expr::col(count).lt(Expr::col(limit)));
    let mut more = E::update_many().col_expr(count, Expr::col(count).add(1)).filter(id.eq(row));
    if !must {
        more = more.filter(left);
    }
    Ok(more.exec(txn).await?.rows_affected == 1)
}

/// Counts a use less.
async fn lower<E: EntityTrait>(txn: &Txn, row: impl Into<Value>, [id, count]: [E::Column; 2]) -> AppResult<()> {
    let less = E::update_many().col_expr(count, Expr::col(count).sub(1)).filter(id.eq(row)).filter(count.gt(0));
    less.exec(txn).await?;
    Ok(())
}

/// Counts a use of the terms' discount more. `must` is for a price that was promised: it is counted whatever the limit says.
/// False where no use is left (R-PY-48).
async fn count_use(txn: &Txn, terms: &booking_terms::Model, must: bool) -> AppResult<bool> {
    use codes::Column as Code;
    use discounts::Column as Discount;
    match (terms.discount_id, terms.affiliate_discount_code_id) {
        (Some(id), _) => {
            let columns = [Discount::Id, Discount::UsageCount, Discount::UsageLimit];
            raise::<discounts::Entity>(txn, id, columns, must).await
        }
        (None, Some(id)) => raise::<codes::Entity>(txn, id, [Code::Id, Code::UsageCount, Code::UsageLimit], must).await,
        (None, None) => Ok(true),
    }
}

async fn use_of(txn: &Txn, quote: QuoteId) -> AppResult<Option<uses::Model>> {
    Ok(uses::Entity::find().filter(uses::Column::QuoteId.eq(quote)).filter(live()).lock_exclusive().one(txn).await?)
}

/// Reserves the use of the booking's discount with the attempt that is about to pay for it, once.
///
/// Errors: 422 `discount_invalid` where a typed code has no use left.
pub async fn reserve(txn: &Txn, app: &App, case: &Case) -> AppResult<()> {
    let terms = case.require_terms()?;
    if !terms.discount_amount.is_positive() || own_use(txn, app, case, terms).await?.is_some() {
        return Ok(());
    }
    let promised = is_promised(case, terms);
    let counted = count_use(txn, terms, false).await?;
    if !counted && !promised {
        return Err(invalid(Why::UsedUp));
    }
    let over = !counted && count_use(txn, terms, true).await?;
    insert(txn, app, case, terms, (State::Applied, over)).await
}

/// The live use of the booking's discount. One of another discount, left by an attempt at another price, is given back.
async fn own_use(txn: &Txn, app: &App, case: &Case, terms: &booking_terms::Model) -> AppResult<Option<uses::Model>> {
    let Some(row) = use_of(txn, case.quote.id).await? else { return Ok(None) };
    let is_own =
        row.discount_id == terms.discount_id && row.affiliate_discount_code_id == terms.affiliate_discount_code_id;
    if is_own || row.state != State::Applied {
        return Ok(Some(row));
    }
    release(txn, app, case.quote.id).await?;
    Ok(None)
}

/// The place a person's next use of a discount takes.
async fn free_slot(txn: &Txn, patient: PatientId, of: Expr) -> AppResult<i32> {
    let taken: Vec<i32> = uses::Entity::find()
        .select_only()
        .column(uses::Column::SlotNo)
        .filter(of)
        .filter(live())
        .filter(uses::Column::PersonKey.eq(person(patient)))
        .into_tuple()
        .all(txn)
        .await?;
    Ok(rules::free_slot(&taken))
}

async fn insert(
    txn: &Txn,
    app: &App,
    case: &Case,
    terms: &booking_terms::Model,
    (state, over): (State, bool),
) -> AppResult<()> {
    let patient = case.inquiry.patient_id;
    let of = match (terms.discount_id, terms.affiliate_discount_code_id) {
        (Some(id), _) => uses::Column::DiscountId.eq(id),
        (None, Some(id)) => uses::Column::AffiliateDiscountCodeId.eq(id),
        // A discount that no row stands behind is of the offer alone.
        (None, None) => return Ok(()),
    };
    let slot = free_slot(txn, patient, of).await?;
    let currency = terms.quote_currency;
    let (funding, platform_share) = share(case, terms);
    let now = app.now();
    let row = uses::ActiveModel {
        id: Set(DiscountRedemptionId::new()),
        discount_id: Set(terms.discount_id),
        affiliate_discount_code_id: Set(terms.affiliate_discount_code_id),
        quote_id: Set(case.quote.id),
        patient_id: Set(patient),
        person_key: Set(person(patient)),
        slot_no: Set(slot),
        state: Set(state),
        funding: Set(funding),
        amount: Set(terms.discount_amount),
        currency: Set(currency),
        provider_share: Set(terms.discount_amount - platform_share),
        platform_share: Set(platform_share),
        over_limit: Set(terms.discount_over_limit || over),
        expires_at: Set(case.schedule.as_ref().and_then(|row| row.hold_expires_at)),
        completed_at: Set((state == State::Completed).then_some(now)),
        created_at: Set(now),
        updated_at: Set(now),
    };
    uses::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// Who bears the discount of these terms, and how much of it is Hairline's.
fn share(case: &Case, terms: &booking_terms::Model) -> (UseFunding, Amount) {
    match terms.discount_funding {
        Some(Funding::Platform) => (UseFunding::Platform, terms.discount_amount),
        Some(Funding::Both) => {
            let rate = |base: Amount| {
                let part = base.get() * Decimal::from(case.quote.commission) / Decimal::ONE_HUNDRED;
                terms.quote_currency.round(part)
            };
            let less = rate(terms.list_amount).zip(rate(terms.total_amount)).map(|(before, after)| before - after);
            (UseFunding::Both, less.unwrap_or_default())
        }
        Some(Funding::Provider) | None => (UseFunding::Provider, Amount::ZERO),
    }
}

/// The booking has a lower price now, and its discount shrank with it: the use says what was really given (R-PY-56).
pub async fn reduced(txn: &Txn, app: &App, case: &Case, terms: &booking_terms::Model) -> AppResult<()> {
    let Some(row) = use_of(txn, case.quote.id).await? else { return Ok(()) };
    let (_, platform_share) = share(case, terms);
    let change = uses::ActiveModel {
        id: Set(row.id),
        amount: Set(terms.discount_amount),
        provider_share: Set(terms.discount_amount - platform_share),
        platform_share: Set(platform_share),
        updated_at: Set(app.now()),
        ..Default::default()
    };
    change.update(txn).await?;
    Ok(())
}

/// Gives the use back: the attempt failed, and nothing else of the booking is paid or under way. Safe to repeat.
pub async fn release(txn: &Txn, app: &App, quote: QuoteId) -> AppResult<()> {
    let Some(row) = use_of(txn, quote).await?.filter(|row| row.state == State::Applied) else { return Ok(()) };
    set_state(txn, app, &row, State::Released).await?;
    if let Some(id) = row.discount_id {
        lower::<discounts::Entity>(txn, id, [discounts::Column::Id, discounts::Column::UsageCount]).await?;
    }
    if let Some(id) = row.affiliate_discount_code_id {
        lower::<codes::Entity>(txn, id, [codes::Column::Id, codes::Column::UsageCount]).await?;
    }
    Ok(())
}

/// The booking is confirmed: its discount was used. A late success counts it even beyond the limit (R-PY-48).
pub async fn complete(txn: &Txn, app: &App, case: &Case) -> AppResult<()> {
    let terms = case.require_terms()?;
    if !terms.discount_amount.is_positive() {
        return Ok(());
    }
    match own_use(txn, app, case, terms).await? {
        Some(row) if row.state == State::Applied => set_state(txn, app, &row, State::Completed).await,
        Some(_) => Ok(()),
        None => {
            let over = !count_use(txn, terms, false).await? && count_use(txn, terms, true).await?;
            insert(txn, app, case, terms, (State::Completed, over)).await
        }
    }
}

/// The booking was cancelled after it was confirmed: the use stays counted (R-FN-08).
pub async fn refunded(txn: &Txn, app: &App, quote: QuoteId) -> AppResult<()> {
    match use_of(txn, quote).await? {
        Some(row) if row.state == State::Completed => set_state(txn, app, &row, State::Refunded).await,
        _ => Ok(()),
    }
}

async fn set_state(txn: &Txn, app: &App, row: &uses::Model, state: State) -> AppResult<()> {
    let now = app.now();
    uses::Entity::update_many()
        .set(uses::ActiveModel {
            state: Set(state),
            completed_at: Set(if state == State::Completed { Some(now) } else { row.completed_at }),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(uses::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}
