//! A confirmed booking with fewer add-ons: the next version of its terms at a lower price (R-PY-56).

use kernel::ids::{BookingTermsId, QuotePackageId};
use kernel::{Actor, ActorKind, Amount, AppError, AppResult};
use platform::App;
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use crate::case::{self, Case};
use crate::entity::booking_terms::{self, BookingTermsCommissionType as Commission, BookingTermsCreatedByType as By};
use crate::entity::{quote_packages, quotes};
use crate::rules::{price, terms};

/// The add-ons of a booking that are part of its price, in their order.
pub async fn add_ons(conn: &impl ConnectionTrait, case: &quotes::Model) -> AppResult<Vec<quote_packages::Model>> {
    Ok(quote_packages::Entity::find()
        .filter(quote_packages::Column::QuoteId.eq(case.id))
        .filter(quote_packages::Column::DeletedAt.is_null())
        .order_by_asc(quote_packages::Column::OrderIndex)
        .order_by_asc(quote_packages::Column::Id)
        .all(conn)
        .await?)
}

/// The terms of a booking without these add-ons. A discount shrinks with the list price it was given on, and the
/// commission is what it would have been on the lower price; the locked rate stays. Nothing is written.
///
/// Errors: 422 `packages` for none, or one the booking does not have (any more); 409 `refund_not_allowed` where nothing
/// would be left of the price.
pub fn without(
    case: (&quotes::Model, &booking_terms::Model),
    present: &[quote_packages::Model],
    taken: &[QuotePackageId],
) -> AppResult<booking_terms::Model> {
    let (quote, before) = case;
    if taken.is_empty() {
        return Err(AppError::field("packages", "required", "Choose what is taken out."));
    }
    if taken.iter().any(|id| !present.iter().any(|row| row.id == *id)) {
        return Err(AppError::field("packages", "unknown_value", "The booking does not have this add-on."));
    }
    let off: Amount = present.iter().filter(|row| taken.contains(&row.id)).map(|row| row.price).sum();
    let list = before.list_amount - off;
    if !list.is_positive() {
        return Err(AppError::conflict("refund_not_allowed", "Nothing would be left of the price."));
    }
    let out_of_range = || AppError::internal("the reduced price cannot be held");
    let currency = before.quote_currency;
    let share = before.discount_amount.get() * list.get() / before.list_amount.get();
    let discount = currency.round(share).ok_or_else(out_of_range)?;
    let total = list - discount;
    let payment_total =
        terms::payment_total(total, before.locked_rate, before.payment_currency).ok_or_else(out_of_range)?;
    let deposit =
        terms::deposit(payment_total, before.deposit_percent, before.payment_currency).ok_or_else(out_of_range)?;
    let (base, commission) = match before.commission_type {
        None => (before.commission_base, before.commission_amount),
        Some(Commission::Percentage) => {
            let funding = before.discount_funding.map(case::funding_of);
            let split = price::split(currency, list, discount, funding, quote.commission).ok_or_else(out_of_range)?;
            (Some(split.base), Some(split.commission))
        }
        // The fee was agreed for the booking; it is never more than the clinic's whole price.
        Some(Commission::Flat) => (Some(list), before.commission_value.map(|fee| fee.min(total))),
    };
    Ok(booking_terms::Model {
        id: BookingTermsId::new(),
        version: before.version + 1,
        list_amount: list,
        discount_amount: discount,
        total_amount: total,
        payment_total,
        deposit_amount: deposit,
        commission_base: base,
        commission_amount: commission,
        ..before.clone()
    })
}

/// Takes add-ons out of a confirmed booking and writes what [`without`] computed. The caller holds the locks of the case
/// and knows that the treatment has not begun.
pub async fn take_out(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    (next, taken): (booking_terms::Model, &[QuotePackageId]),
    reason: &str,
) -> AppResult<booking_terms::Model> {
    let now = app.now();
    let (by, by_id) = match actor.kind {
        ActorKind::Admin(id) => (By::User, Some(id.any())),
        _ => (By::System, None),
    };
    let next = booking_terms::Model {
        reason: Some(reason.to_owned()),
        created_by_type: by,
        created_by_id: by_id,
        created_at: now,
        updated_at: now,
        ..next
    };
    booking_terms::Entity::insert(next.clone().into_active_model().reset_all()).exec_without_returning(txn).await?;
    quote_packages::Entity::update_many()
        .col_expr(quote_packages::Column::DeletedAt, Expr::value(now))
        .col_expr(quote_packages::Column::UpdatedAt, Expr::value(now))
        .filter(quote_packages::Column::Id.is_in(taken.iter().copied()))
        .exec(txn)
        .await?;
    // What the offer says follows, so that its pages and lists add up to what is paid.
    let off = case.require_terms()?.list_amount - next.list_amount;
    let offer = quotes::ActiveModel {
        id: Set(case.quote.id),
        quote_amount: Set(next.total_amount),
        packages_amount: Set(case.quote.packages_amount - off),
        discount_amount: Set(next.discount_amount),
        commission_amount: Set(next.commission_amount.unwrap_or(case.quote.commission_amount)),
        updated_at: Set(now),
        ..Default::default()
    };
    offer.update(txn).await?;
    let facts = serde_json::json!({ "version": next.version });
    case::record(txn, app, actor, case, "booking_reduced", facts).await?;
    case::emit(txn, app, actor, case, "booking.reduced", next.version).await?;
    Ok(next)
}
