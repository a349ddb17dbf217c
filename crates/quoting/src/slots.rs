//! Taking and giving back the 15-minute cells of a slot (R-PY-03).
//!
//! The unique keys of `schedule_occupancies` make double booking impossible: (clinic, lane, cell) keeps a clinic within
//! its parallel capacity, (clinician, cell) keeps a clinician in one place. The reads before only choose the lane.

use std::collections::{BTreeSet, HashMap};

use kernel::ids::{ProviderId, ProviderUserId, ScheduleId, ScheduleOccupancyId};
use kernel::{AppError, AppResult, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set, SqlErr,
};

use crate::entity::schedules::{self, ScheduleStatus};
use crate::entity::{quotes, schedule_occupancies as cells};
use crate::rules::accept::Refusal;
use crate::rules::slot::{self, Slot};

/// Rows of one insert: well below the number of values a statement may carry.
const BATCH: usize = 400;

/// The slot a quote offers; `slot_unavailable` when it has none or its zone is unknown.
pub fn slot_of(quote: &quotes::Model) -> AppResult<Slot> {
    let parts = quote.appointment_slot_at.zip(quote.appointment_timezone.as_deref());
    let (at, zone) = parts.ok_or(Refusal::SlotUnavailable)?;
    let zone = slot::zone(zone).map_err(|_| Refusal::SlotUnavailable)?;
    Ok(Slot::from_instant(at, zone, quote.slot_duration_minutes, quote.slot_day_count))
}

/// Takes the cells for a schedule row: one lane of the clinic and the lead clinician. All or nothing; else
/// `slot_unavailable`. The caller holds the clinic's row, so the lanes seen as free stay free.
pub async fn claim(
    conn: &impl ConnectionTrait,
    schedule: ScheduleId,
    (provider, lead): (ProviderId, ProviderUserId),
    wanted: &BTreeSet<Timestamp>,
    capacity: i16,
    now: Timestamp,
) -> AppResult<()> {
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
        return Err(Refusal::SlotUnavailable.into());
    };
    let mut lanes: HashMap<Timestamp, BTreeSet<i16>> = HashMap::new();
    for taken in taken_between(conn, provider, lead, *first, *last).await? {
        if !wanted.contains(&taken.cell_start_utc) {
            continue;
        }
        match taken.lane {
            Some(lane) => {
                lanes.entry(taken.cell_start_utc).or_default().insert(lane);
            }
            // The clinician is somewhere else at that time.
            None => return Err(Refusal::SlotUnavailable.into()),
        }
    }
    let mut rows = Vec::with_capacity(wanted.len() * 2);
    for cell in wanted {
        let used = lanes.get(cell);
        let free = (1..=capacity).find(|lane| !used.is_some_and(|used| used.contains(lane)));
        let lane = free.ok_or(Refusal::SlotUnavailable)?;
        rows.push(row(schedule, Some((provider, lane)), None, *cell, now));
        rows.push(row(schedule, None, Some(lead), *cell, now));
    }
    for batch in rows.chunks(BATCH) {
        cells::Entity::insert_many(batch.to_vec()).exec_without_returning(conn).await.map_err(|err| {
            match err.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => Refusal::SlotUnavailable.into(),
                _ => AppError::from(err),
            }
        })?;
    }
    Ok(())
}

fn row(
    schedule: ScheduleId,
    clinic: Option<(ProviderId, i16)>,
    clinician: Option<ProviderUserId>,
    cell: Timestamp,
    now: Timestamp,
) -> cells::ActiveModel {
    cells::ActiveModel {
        id: Set(ScheduleOccupancyId::new()),
        schedule_id: Set(schedule),
        provider_id: Set(clinic.map(|(provider, _)| provider)),
        lane: Set(clinic.map(|(_, lane)| lane)),
        provider_user_id: Set(clinician),
        cell_start_utc: Set(cell),
        created_at: Set(now),
    }
}

async fn taken_between(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    lead: ProviderUserId,
    first: Timestamp,
    last: Timestamp,
) -> AppResult<Vec<cells::Model>> {
    Ok(cells::Entity::find()
        .filter(cells::Column::CellStartUtc.between(first, last))
        .filter(
            Condition::any().add(cells::Column::ProviderId.eq(provider)).add(cells::Column::ProviderUserId.eq(lead)),
        )
        .all(conn)
        .await?)
}

/// Whether a slot could be taken now. Only for a friendly early answer: acceptance decides (R-IQ-33).
pub async fn is_free(
    conn: &impl ConnectionTrait,
    (provider, lead): (ProviderId, ProviderUserId),
    wanted: &BTreeSet<Timestamp>,
    own: Option<ScheduleId>,
) -> AppResult<bool> {
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else { return Ok(false) };
    let taken = taken_between(conn, provider, lead, *first, *last).await?;
    Ok(!taken.iter().any(|cell| {
        cell.provider_user_id == Some(lead) && Some(cell.schedule_id) != own && wanted.contains(&cell.cell_start_utc)
    }))
}

/// Whether a schedule still holds every one of its cells, once for the clinic and once for the clinician.
pub async fn holds(conn: &impl ConnectionTrait, schedule: ScheduleId, expected: usize) -> AppResult<bool> {
    let held = cells::Entity::find().filter(cells::Column::ScheduleId.eq(schedule)).count(conn).await?;
    Ok(usize::try_from(held).is_ok_and(|held| held == expected * 2))
}

/// Cancels a schedule row and gives its cells back. The cells are a derived index, not a protected record.
pub async fn release(
    conn: &impl ConnectionTrait,
    schedule: &schedules::Model,
    reason: &str,
    now: Timestamp,
) -> AppResult<()> {
    let cancelled = schedules::Entity::update_many()
        .set(schedules::ActiveModel {
            status: Set(ScheduleStatus::Cancelled),
            cancel_reason: Set(Some(reason.to_owned())),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(schedules::Column::Id.eq(schedule.id))
        .filter(schedules::Column::Status.eq(schedule.status))
        .exec(conn)
        .await?;
    if cancelled.rows_affected != 1 {
        return Err(crate::store::invalid_transition());
    }
    cells::Entity::delete_many().filter(cells::Column::ScheduleId.eq(schedule.id)).exec(conn).await?;
    Ok(())
}

/// Quotes whose expired hold lies in the way of a slot (R-PY-03).
pub async fn expired_in_the_way(
    conn: &impl ConnectionTrait,
    (provider, lead): (ProviderId, ProviderUserId),
    wanted: &BTreeSet<Timestamp>,
    now: Timestamp,
) -> AppResult<Vec<schedules::Model>> {
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else { return Ok(Vec::new()) };
    let met: BTreeSet<ScheduleId> =
        taken_between(conn, provider, lead, *first, *last).await?.iter().map(|cell| cell.schedule_id).collect();
    if met.is_empty() {
        return Ok(Vec::new());
    }
    Ok(schedules::Entity::find()
        .filter(schedules::Column::Id.is_in(met))
        .filter(schedules::Column::Status.eq(ScheduleStatus::Pending))
        .filter(schedules::Column::HoldExpiresAt.lte(now))
        .limit(100)
        .all(conn)
        .await?)
}
