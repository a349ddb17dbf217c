//! Rows of a treatment: opened once, changed only in the version they were read in.

use kernel::ids::{QuoteId, TimelineId, TreatmentExecutionId};
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use platform::db::Txn;
use quoting::case::Case;
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entity::timelines::{self, TimelineStatus};
use crate::entity::treatment_executions::{self, TreatmentExecutionTravelRequirement};
use crate::rules::days;

/// The record of a booking's treatment.
pub async fn execution_of(
    conn: &impl ConnectionTrait,
    quote: QuoteId,
) -> AppResult<Option<treatment_executions::Model>> {
    let of_quote = treatment_executions::Column::QuoteId.eq(quote);
    Ok(treatment_executions::Entity::find().filter(of_quote).one(conn).await?)
}

/// The days of bookings, in their order.
pub async fn days_of(conn: &impl ConnectionTrait, quotes: &[QuoteId]) -> AppResult<Vec<timelines::Model>> {
    if quotes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(timelines::Entity::find()
        .filter(timelines::Column::QuoteId.is_in(quotes.iter().copied()))
        .order_by_asc(timelines::Column::QuoteId)
        .order_by_asc(timelines::Column::DayNumber)
        .all(conn)
        .await?)
}

/// The record of a locked case; made with its days when it is not there yet (R-TT-06).
///
/// The event of the confirmation opens it; a check-in that overtakes the event does too.
pub async fn open(txn: &Txn, app: &App, case: &Case) -> AppResult<treatment_executions::Model> {
    if let Some(found) = execution_of(txn, case.quote.id).await? {
        return Ok(found);
    }
    let now = app.now();
    let estimate = case.quote.estimated_grafts.filter(|count| *count > 0);
    let estimate = estimate.ok_or_else(|| AppError::internal("a confirmed quote without estimated grafts"))?;
    let row = treatment_executions::ActiveModel {
        id: Set(TreatmentExecutionId::new()),
        quote_id: Set(case.quote.id),
        estimated_graft_count: Set(estimate),
        travel_requirement: Set(TreatmentExecutionTravelRequirement::Undecided),
        return_leg_expected: Set(true),
        instruction_sheet_version: Set(0),
        lock_version: Set(0),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    treatment_executions::Entity::insert(row).exec_without_returning(txn).await?;
    let first = case.schedule.as_ref().map(|schedule| schedule.schedule_date);
    if let Some(first) = first {
        let plan = days::plan(case.quote.treatment_plan.as_ref(), first, &treatment_name(&case.quote));
        let rows = plan.into_iter().map(|day| timelines::ActiveModel {
            id: Set(TimelineId::new()),
            quote_id: Set(case.quote.id),
            day_number: Set(day.number),
            plan_date: Set(day.date),
            description: Set(day.description),
            status: Set(TimelineStatus::NotStarted),
            note: Set(None),
            status_changed_at: Set(None),
            status_changed_by_type: Set(None),
            status_changed_by_id: Set(None),
            lock_version: Set(0),
            created_at: Set(now),
            updated_at: Set(now),
        });
        timelines::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    execution_of(txn, case.quote.id).await?.ok_or_else(|| AppError::internal("the treatment's row is gone"))
}

/// The name of the treatment as it was offered.
pub fn treatment_name(quote: &quotes::Model) -> String {
    let frozen = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
    frozen.unwrap_or("Hair transplant").to_owned()
}

/// Writes a change of the record; 409 `stale_version` when somebody else wrote it since it was read.
pub async fn change(
    txn: &Txn,
    seen: &treatment_executions::Model,
    mut change: treatment_executions::ActiveModel,
    now: Timestamp,
) -> AppResult<()> {
    change.lock_version = Set(seen.lock_version + 1);
    change.updated_at = Set(now);
    let done = treatment_executions::Entity::update_many()
        .set(change)
        .filter(treatment_executions::Column::Id.eq(seen.id))
        .filter(treatment_executions::Column::LockVersion.eq(seen.lock_version))
        .exec(txn)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(stale(seen.lock_version + 1)) }
}

/// Writes a change of a day; 409 `stale_version` when somebody else wrote it since it was read.
pub async fn change_day(
    txn: &Txn,
    seen: &timelines::Model,
    mut change: timelines::ActiveModel,
    now: Timestamp,
) -> AppResult<()> {
    change.lock_version = Set(seen.lock_version + 1);
    change.updated_at = Set(now);
    let done = timelines::Entity::update_many()
        .set(change)
        .filter(timelines::Column::Id.eq(seen.id))
        .filter(timelines::Column::LockVersion.eq(seen.lock_version))
        .exec(txn)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(stale(seen.lock_version + 1)) }
}

/// 409 with the version that holds now.
pub fn stale(current: i32) -> AppError {
    AppError::stale_version().with("current_version", current)
}
