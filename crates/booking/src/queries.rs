//! What the pages of this wing share: which quotes are bookings, their appointments and terms.

use std::collections::HashMap;

use kernel::AppResult;
use kernel::ids::QuoteId;
use quoting::entity::booking_terms;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// Statuses in which a quote is a booking; a cancelled one was a booking when it had been accepted.
const BOOKED: [QuoteStatus; 5] = [
    QuoteStatus::Accepted,
    QuoteStatus::Confirmed,
    QuoteStatus::Inprogress,
    QuoteStatus::Aftercare,
    QuoteStatus::Completed,
];

/// Whether a quote is, or was, a booking.
pub(crate) fn booked() -> Condition {
    let ended = Condition::all()
        .add(quotes::Column::Status.eq(QuoteStatus::Cancelled))
        .add(quotes::Column::AcceptedAt.is_not_null());
    Condition::any().add(quotes::Column::Status.is_in(BOOKED)).add(ended)
}

/// The live schedule of each quote, or its last one.
pub(crate) async fn schedules_of(
    conn: &impl ConnectionTrait,
    ids: &[QuoteId],
) -> AppResult<HashMap<QuoteId, schedules::Model>> {
    let rows = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.is_in(ids.iter().copied()))
        .order_by_asc(schedules::Column::Id)
        .all(conn)
        .await?;
    let mut found: HashMap<QuoteId, schedules::Model> = HashMap::new();
    for row in rows {
        let live = found.get(&row.quote_id).is_some_and(|known| known.status != ScheduleStatus::Cancelled);
        if !live {
            found.insert(row.quote_id, row);
        }
    }
    Ok(found)
}

/// The newest terms of each quote.
pub(crate) async fn terms_of(
    conn: &impl ConnectionTrait,
    ids: &[QuoteId],
) -> AppResult<HashMap<QuoteId, booking_terms::Model>> {
    let rows = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(ids.iter().copied()))
        .order_by_asc(booking_terms::Column::Version)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.quote_id, row)).collect())
}
