//! Loading under lock and writing the status of quotes: conditional on the status that was read.

use inquiry::entity::inquiries;
use kernel::ids::{InquiryId, QuoteId};
use kernel::{AppError, AppResult, Timestamp};
use platform::db::Txn;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr,
};

use crate::entity::{booking_terms, quote_clinicians, quotes, schedules};
use crate::projection::payments;
use crate::rules::transitions::{Move, Target, target};

/// A quote by id, unlocked; 404 when there is none.
pub async fn find(conn: &impl ConnectionTrait, id: QuoteId) -> AppResult<quotes::Model> {
    quotes::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)
}

/// Locks the inquiry of a quote, which is all this locks; 404 when there is no such quote.
pub async fn lock_inquiry_of(txn: &Txn, id: QuoteId) -> AppResult<inquiries::Model> {
    let of = Query::select()
        .column(quotes::Column::InquiryId)
        .from(quotes::Entity)
        .and_where(quotes::Column::Id.eq(id))
        .to_owned();
    inquiries::Entity::find()
        .filter(Expr::col((inquiries::Entity, inquiries::Column::Id)).eq(of))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// Whether the case of a quote is free, and takes it then: for jobs, which leave what somebody holds to their next run.
pub async fn take_if_free(txn: &Txn, id: QuoteId) -> AppResult<bool> {
    let quote = find(txn, id).await?;
    inquiry::case::take_if_free(txn, quote.inquiry_id).await
}

/// The same quote again under its lock. The caller holds the lock of its inquiry already.
pub async fn lock_quote(txn: &Txn, id: QuoteId) -> AppResult<quotes::Model> {
    quotes::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}

/// All quotes of an inquiry under lock, in the order of their ids. The caller holds the lock of the inquiry.
pub async fn lock_quotes_of(txn: &Txn, inquiry: InquiryId) -> AppResult<Vec<quotes::Model>> {
    Ok(quotes::Entity::find()
        .filter(quotes::Column::InquiryId.eq(inquiry))
        .order_by_asc(quotes::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?)
}

/// The live schedule row of a quote under lock: at most one is not cancelled.
pub async fn lock_schedule_of(txn: &Txn, quote: QuoteId) -> AppResult<Option<schedules::Model>> {
    Ok(schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(quote))
        .filter(schedules::Column::Status.ne(schedules::ScheduleStatus::Cancelled))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// The newest terms of a booking.
pub async fn newest_terms(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Option<booking_terms::Model>> {
    Ok(booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.eq(quote))
        .order_by_desc(booking_terms::Column::Version)
        .one(conn)
        .await?)
}

/// The clinician who leads a quote now.
pub async fn lead_of(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Option<quote_clinicians::Model>> {
    Ok(quote_clinicians::Entity::find()
        .filter(quote_clinicians::Column::ActiveKey.eq(lead_key(quote)))
        .one(conn)
        .await?)
}

/// The value of `quote_clinicians.active_key` on the current lead: unique, so a quote has one lead.
pub fn lead_key(quote: QuoteId) -> String {
    format!("C:{quote}")
}

/// Whether money for this quote is on its way: an attempt that has neither succeeded nor failed (R-PY-05).
pub async fn payment_under_way(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<bool> {
    let open = payments::Entity::find()
        .filter(payments::Column::QuoteId.eq(quote))
        .filter(payments::Column::PaymentStatus.eq("pending"))
        .filter(payments::Column::PaymentType.ne("refund"))
        .count(conn)
        .await?;
    Ok(open > 0)
}

/// Moves a quote along the table of transitions and writes `change` with it.
///
/// Only if it still has the status it was read with: whoever comes second gets 409 and changes nothing.
pub async fn move_quote(
    conn: &impl ConnectionTrait,
    quote: &quotes::Model,
    by: Move,
    mut change: quotes::ActiveModel,
    now: Timestamp,
) -> AppResult<Target> {
    let to = target(quote.status, by).ok_or_else(invalid_transition)?;
    change.status = Set(to.status);
    change.status_reason = Set(to.reason);
    change.updated_at = Set(now);
    let moved = quotes::Entity::update_many()
        .set(change)
        .filter(quotes::Column::Id.eq(quote.id))
        .filter(quotes::Column::Status.eq(quote.status))
        .exec(conn)
        .await
        .map_err(|err| match err.sql_err() {
            // The unique index over accepted quotes is the last judge (R-IQ-52).
            Some(SqlErr::UniqueConstraintViolation(_)) => crate::rules::accept::Refusal::AnotherAccepted.into(),
            _ => AppError::from(err),
        })?;
    if moved.rows_affected != 1 {
        return Err(invalid_transition());
    }
    Ok(to)
}

/// 409: the thing has moved on.
pub fn invalid_transition() -> AppError {
    AppError::conflict("invalid_transition", "This is no longer possible in the present state.")
}
