//! Staff move a paid booking to another day or time (R-PY-09). What that means for its money is the payment wing's.

use chrono::Duration;
use directory::entity::providers;
use kernel::ids::{BookingTermsId, QuoteId, ScheduleId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

use super::accept;
use crate::case::{self, Case};
use crate::entity::booking_terms::{self, BookingTermsCreatedByType};
use crate::entity::quotes::{self, QuoteStatus};
use crate::entity::schedules::{self, ScheduleStatus};
use crate::rules::accept::Refusal;
use crate::rules::content::add_slot_fault;
use crate::rules::slot::{self, Slot};
use crate::{settings, slots, store};

/// Where staff want a booking to go.
#[derive(Clone, Debug)]
pub struct Moving {
    /// The new slot, in the clinic's time.
    pub slot: Slot,
    /// Why: 20 to 500 characters.
    pub reason: String,
}

/// The slot a booking would have on another day: as long as it is now where nothing else is said.
///
/// Errors: 409 `slot_unavailable` for a booking without one.
pub fn moved_slot(
    quote: &quotes::Model,
    date: chrono::NaiveDate,
    time: chrono::NaiveTime,
    duration_minutes: Option<i32>,
    day_count: Option<i32>,
) -> AppResult<Slot> {
    let present = slots::slot_of(quote)?;
    Ok(Slot {
        date,
        time,
        zone: present.zone,
        duration_minutes: duration_minutes.unwrap_or(present.duration_minutes),
        day_count: day_count.unwrap_or(present.day_count),
    })
}

/// Checks the slot and the reason, before anything is locked.
///
/// Errors: 422 by field: `date`, `time`, `duration_minutes`, `day_count`, `reason`.
pub fn check(moving: &Moving, now: Timestamp) -> AppResult<()> {
    let mut faults = FieldErrors::new();
    if !(20..=500).contains(&moving.reason.trim().chars().count()) {
        faults.add("reason", "reason_length", "Give a reason of 20 to 500 characters.");
    }
    if let Err(fault) = moving.slot.check() {
        let mut of_slot = FieldErrors::new();
        add_slot_fault(fault, &mut of_slot);
        for (field, of_field) in of_slot.0 {
            let field = field.trim_start_matches("slot.").to_owned();
            faults.0.entry(field).or_default().extend(of_field);
        }
    } else if moving.slot.starts_at().is_ok_and(|start| start <= now) {
        faults.add("date", "slot_in_past", "Choose a time that is still to come.");
    }
    faults.check()
}

/// Gives back expired holds that lie where a booking is to go, each in its own transaction (R-PY-03).
pub async fn clear_the_way(app: &App, id: QuoteId, slot: &Slot) -> AppResult<()> {
    let quote = store::find(app.db.conn(), id).await?;
    accept::clear_cells(app, &quote, &slot.cells().map_err(|_| Refusal::SlotUnavailable)?).await
}

/// Locks the case of a booking that is to move: its clinic too, so that the lanes seen as free stay free.
pub async fn lock(txn: &Txn, id: QuoteId) -> AppResult<Case> {
    let found = store::find(txn, id).await?;
    let inquiry = inquiry::case::lock(txn, found.inquiry_id).await?;
    let quote = store::lock_quote(txn, id).await?;
    providers::Entity::find_by_id(quote.provider_id)
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)?;
    let schedule = store::lock_schedule_of(txn, id).await?;
    let terms = store::newest_terms(txn, id).await?;
    Ok(Case { inquiry, quote, schedule, terms })
}

/// Whether the booking is there already: moving it again changes nothing.
pub fn is_there(case: &Case, slot: &Slot) -> bool {
    slots::slot_of(&case.quote).is_ok_and(|present| present == *slot)
}

/// Moves a confirmed booking. The old schedule row is cancelled and a new one takes its place, with its cells; the terms
/// get another version, which carries the day the balance falls due where that changes; quote, timeline, audit and outbox
/// follow. All in the caller's transaction, on a case locked by [`lock`].
///
/// Errors: 409 `invalid_transition` unless the booking is confirmed; 409 `slot_unavailable` where the clinic or the
/// clinician is taken.
pub async fn move_booking(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    moving: &Moving,
    (balance_due_days, capacity): (i32, i64),
) -> AppResult<()> {
    let now = app.now();
    let before = case.schedule.as_ref().filter(|row| row.status == ScheduleStatus::Confirmed);
    let (Some(before), Some(terms)) = (before, &case.terms) else { return Err(store::invalid_transition()) };
    if case.quote.status != QuoteStatus::Confirmed {
        return Err(store::invalid_transition());
    }
    slots::release(txn, before, "rescheduled", now).await?;
    let after = take(txn, case, before, &moving.slot, capacity, now).await?;
    let changed = quotes::Entity::update_many()
        .set(quotes::ActiveModel {
            appointment_slot_at: Set(after.starts_at_utc),
            slot_duration_minutes: Set(after.duration_minutes),
            slot_day_count: Set(i32::from(after.day_count)),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(quotes::Column::Id.eq(case.quote.id))
        .filter(quotes::Column::Status.eq(QuoteStatus::Confirmed))
        .exec(txn)
        .await?;
    if changed.rows_affected != 1 {
        return Err(store::invalid_transition());
    }
    let by = match actor.kind {
        ActorKind::Admin(id) => (BookingTermsCreatedByType::User, Some(id.any())),
        _ => (BookingTermsCreatedByType::System, None),
    };
    let next = booking_terms::Model {
        id: BookingTermsId::new(),
        version: terms.version + 1,
        balance_due_days,
        reason: Some(moving.reason.trim().to_owned()),
        created_by_type: by.0,
        created_by_id: by.1,
        created_at: now,
        updated_at: now,
        ..terms.clone()
    };
    booking_terms::ActiveModel::from(next).reset_all().insert(txn).await?;
    let days = json!({ "from_date": before.schedule_date, "to_date": after.schedule_date });
    case::record(txn, app, actor, case, "booking_rescheduled", days).await?;
    let at = |row: &schedules::Model| json!({ "schedule_id": row.id, "starts_at": row.starts_at_utc, "days": row.day_count });
    let entry = Entry::new("booking.rescheduled")
        .subject("Quote", case.quote.id)
        .patient(case.inquiry.patient_id)
        .provider(case.quote.provider_id)
        .quote(case.quote.id)
        .reason(moving.reason.trim())
        .change(Some(at(before)), Some(at(&after)));
    audit::record(txn, app, actor, entry).await?;
    let told = case::event("booking.rescheduled", &case.inquiry, &case.quote)
        .occurrence(after.id)
        .with("old_slot_at", before.starts_at_utc)
        .with("slot_at", after.starts_at_utc);
    outbox::emit(txn, app, actor, told).await
}

/// The new row with its cells.
async fn take(
    txn: &Txn,
    case: &Case,
    before: &schedules::Model,
    slot: &Slot,
    capacity: i64,
    now: Timestamp,
) -> AppResult<schedules::Model> {
    let lead = store::lead_of(txn, case.quote.id).await?.ok_or(Refusal::SlotUnavailable)?;
    let cells = slot.cells().map_err(|_| Refusal::SlotUnavailable)?;
    let after = schedules::Model {
        id: ScheduleId::new(),
        schedule_date: slot.date,
        schedule_time: Some(slot.time),
        status: ScheduleStatus::Confirmed,
        day_count: i16::try_from(slot.day_count).unwrap_or(1),
        duration_minutes: slot.duration_minutes,
        timezone: slot.zone.name().to_owned(),
        starts_at_utc: slot.starts_at().ok(),
        ends_at_utc: slot.ends_at().ok(),
        hold_expires_at: None,
        replaces_schedule_id: Some(before.id),
        cancel_reason: None,
        created_at: now,
        updated_at: now,
        ..before.clone()
    };
    let after = schedules::ActiveModel::from(after).reset_all().insert(txn).await?;
    let capacity = i16::try_from(capacity.clamp(1, 20)).unwrap_or(1);
    slots::claim(txn, after.id, (case.quote.provider_id, lead.provider_user_id), &cells, capacity, now).await?;
    Ok(after)
}

/// How many slots a clinic may run at the same time (R-PY-03).
pub async fn capacity(app: &App) -> AppResult<i64> {
    settings::PARALLEL_CAPACITY.get(app).await
}

/// The first day a booking can be moved to, on the clinic's calendar.
pub fn earliest(quote: &quotes::Model, now: Timestamp) -> chrono::NaiveDate {
    slot::clinic_date(now + Duration::minutes(1), slot::clinic_zone(quote.appointment_timezone.as_deref()))
}
