//! The only functions that move the status of a case after acceptance.
//!
//! Each one is conditional on the status it was read with and writes, in the caller's transaction, the quote, the stage
//! of the inquiry with `patients.status`, the schedule, the anonymisation column, the timeline, the audit log and, for
//! events of this wing (`booking.*`), the outbox. Events of other wings (`treatment.*`, `aftercare.*`) are emitted by them.
//!
//! Lock order: inquiry, its quotes by id, clinic, schedules, then what the caller owns (payments).

use directory::commission::{self, Terms};
use identity::anonymity;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::timeline;
use kernel::ids::{QuoteId, ScheduleId};
use kernel::{Actor, Amount, AppError, AppResult, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use crate::entity::booking_terms::{self, BookingTermsCommissionType, BookingTermsDiscountFunding};
use crate::entity::quotes::{self, QuoteDiscountFunding};
use crate::entity::schedules::{self, ScheduleStatus};
use crate::rules::price;
use crate::rules::slot;
use crate::rules::transitions::Move;
use crate::{jobs, slots, store};

/// A case as its movers see it, under lock.
#[derive(Clone, Debug)]
pub struct Case {
    /// The request.
    pub inquiry: inquiries::Model,
    /// The offer; from acceptance on, the booking.
    pub quote: quotes::Model,
    /// The schedule row that is not cancelled.
    pub schedule: Option<schedules::Model>,
    /// The newest terms.
    pub terms: Option<booking_terms::Model>,
}

impl Case {
    /// The terms of a booking; 409 `booking_not_payable` before acceptance.
    pub fn require_terms(&self) -> AppResult<&booking_terms::Model> {
        self.terms.as_ref().ok_or_else(not_payable)
    }
}

/// 409: nothing is held that could be paid for.
fn not_payable() -> AppError {
    AppError::conflict("booking_not_payable", "There is no accepted offer to pay for.")
}

/// Locks the case of a quote: its inquiry, the quote, its schedule; 404 when there is no such quote.
pub async fn lock(txn: &Txn, id: QuoteId) -> AppResult<Case> {
    // Which inquiry a quote belongs to never changes, so it can be read without its lock.
    let inquiry = store::lock_inquiry_of(txn, id).await?;
    let quote = store::lock_quote(txn, id).await?;
    let schedule = store::lock_schedule_of(txn, id).await?;
    let terms = store::newest_terms(txn, id).await?;
    Ok(Case { inquiry, quote, schedule, terms })
}

/// Q7: the initial amount is paid. Checks the slot again (R-PY-04), freezes the commission (R-PY-58) and opens the
/// patient's identity to this clinic.
///
/// Refuses with `booking_not_payable` when the quote is not accepted (the hold lapsed or the case was cancelled) and
/// with `slot_unavailable` when its cells are no longer its own: the money then goes back.
pub async fn confirm(txn: &Txn, app: &App, actor: &Actor, case: &Case) -> AppResult<()> {
    let now = app.now();
    let schedule = case.schedule.as_ref().filter(|row| row.status == ScheduleStatus::Pending);
    let (Some(schedule), Some(terms)) = (schedule, &case.terms) else { return Err(not_payable()) };
    if case.quote.status != quotes::QuoteStatus::Accepted || case.quote.withdrawal_requested_at.is_some() {
        return Err(not_payable());
    }
    let cells = slots::slot_of(&case.quote)?.cells().map_err(|_| crate::rules::accept::Refusal::SlotUnavailable)?;
    if !slots::holds(txn, schedule.id, cells.len()).await? {
        return Err(crate::rules::accept::Refusal::SlotUnavailable.into());
    }
    let (percent, commission) = freeze_commission(txn, case, terms, now).await?;
    set_schedule(txn, schedule.id, ScheduleStatus::Pending, ScheduleStatus::Confirmed, now).await?;
    let change = quotes::ActiveModel {
        commission: Set(i32::from(percent)),
        commission_amount: Set(commission),
        ..Default::default()
    };
    follow(txn, app, actor, case, Move::Confirm, change, "booking_confirmed").await?;
    // From here on the clinic knows who the patient is.
    record(txn, app, actor, case, "identity_revealed", json!({})).await?;
    emit(txn, app, actor, case, "booking.confirmed", case.quote.hold_lapse_count).await
}

/// Writes the commission of that day into the terms, once (R-PY-58). Answers the whole percent (0 for a flat fee) and
/// the commission in money.
async fn freeze_commission(
    txn: &Txn,
    case: &Case,
    terms: &booking_terms::Model,
    now: Timestamp,
) -> AppResult<(i16, Amount)> {
    let out_of_range = || AppError::internal("commission out of range");
    let zone = slot::clinic_zone(case.quote.appointment_timezone.as_deref());
    let agreed = commission::terms(txn, case.quote.provider_id, (slot::clinic_date(now, zone), now)).await?;
    let (kind, value, base, amount, percent) = match agreed {
        Terms::Percent(percent) => {
            let funding = terms.discount_funding.map(funding_of);
            let (list, discount) = (terms.list_amount, terms.discount_amount);
            let split = price::split(terms.quote_currency, list, discount, funding, i32::from(percent));
            let split = split.ok_or_else(out_of_range)?;
            let value = Amount::new(percent.into()).ok_or_else(out_of_range)?;
            (BookingTermsCommissionType::Percentage, value, split.base, split.commission, percent)
        }
        Terms::Flat(fee) => {
            let rate = catalogue::fx::rate(txn, fee.currency, terms.quote_currency).await?;
            let rate = rate.ok_or_else(|| crate::service::pricing::rate_unavailable(fee.currency))?;
            let fee = terms.quote_currency.round(fee.amount.get() * rate).ok_or_else(out_of_range)?;
            // Never more than the clinic's whole price.
            let capped = fee.min(terms.total_amount);
            (BookingTermsCommissionType::Flat, fee, terms.list_amount, capped, 0)
        }
    };
    booking_terms::Entity::update_many()
        .set(booking_terms::ActiveModel {
            commission_type: Set(Some(kind)),
            commission_value: Set(Some(value)),
            commission_base: Set(Some(base)),
            commission_amount: Set(Some(amount)),
            confirmed_at: Set(Some(now)),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(booking_terms::Column::Id.eq(terms.id))
        .filter(booking_terms::Column::ConfirmedAt.is_null())
        .exec(txn)
        .await?;
    Ok((percent, amount))
}

pub(crate) fn funding_of(funding: BookingTermsDiscountFunding) -> QuoteDiscountFunding {
    match funding {
        BookingTermsDiscountFunding::Provider => QuoteDiscountFunding::Provider,
        BookingTermsDiscountFunding::Both => QuoteDiscountFunding::Both,
        BookingTermsDiscountFunding::Platform => QuoteDiscountFunding::Platform,
    }
}

/// Q16: the clinic checks the patient in. Who may do it and when is the treatment wing's to check.
pub async fn start_treatment(txn: &Txn, app: &App, actor: &Actor, case: &Case) -> AppResult<()> {
    follow(txn, app, actor, case, Move::StartTreatment, quotes::ActiveModel::default(), "treatment_started").await
}

/// Q16: the treatment is over, aftercare begins.
pub async fn complete_treatment(txn: &Txn, app: &App, actor: &Actor, case: &Case) -> AppResult<()> {
    follow(txn, app, actor, case, Move::CompleteTreatment, quotes::ActiveModel::default(), "treatment_completed").await
}

/// Q16: the aftercare is over and with it the case.
pub async fn finish(txn: &Txn, app: &App, actor: &Actor, case: &Case) -> AppResult<()> {
    follow(txn, app, actor, case, Move::Finish, quotes::ActiveModel::default(), "case_completed").await
}

/// Q6: the hold ended unpaid or its slot was lost. The offer is open again with a fresh validity, its siblings stay
/// cancelled, the slot is free. Whether the hold may end is the caller's to check: see [`mod@crate::jobs`].
pub async fn lapse_hold(txn: &Txn, app: &App, actor: &Actor, case: &Case) -> AppResult<()> {
    let now = app.now();
    if let Some(schedule) = &case.schedule {
        slots::release(txn, schedule, "hold_lapsed", now).await?;
    }
    let hours = i64::from(case.quote.expiration_hours);
    let change = quotes::ActiveModel {
        expires_at: Set(Some(now + chrono::Duration::hours(hours))),
        auto_accepted: Set(false),
        accepted_at: Set(None),
        hold_lapse_count: Set(case.quote.hold_lapse_count + 1),
        ..Default::default()
    };
    // The name comes off before the stage goes back: no reader finds a stage that contradicts it.
    inquiry::case::set_accepted_quote(txn, app, case.inquiry.id, None).await?;
    follow(txn, app, actor, case, Move::LapseHold, change, "hold_lapsed").await?;
    jobs::remind_again(txn, app, case.quote.id).await?;
    emit(txn, app, actor, case, "booking.hold_released", case.quote.hold_lapse_count).await
}

/// Q14: the clinic steps back from an accepted offer with staff's consent. The slot is free at once, the case is open
/// again and its other offers stay as they are.
pub async fn grant_withdrawal(txn: &Txn, app: &App, actor: &Actor, case: &Case) -> AppResult<()> {
    let now = app.now();
    if let Some(schedule) = &case.schedule {
        slots::release(txn, schedule, "provider_withdrawal", now).await?;
    }
    let change = quotes::ActiveModel {
        cancelled_at: Set(Some(now)),
        withdrawn_at: Set(Some(now)),
        withdrawal_requested_at: Set(None),
        auto_accepted: Set(false),
        ..Default::default()
    };
    inquiry::case::set_accepted_quote(txn, app, case.inquiry.id, None).await?;
    follow(txn, app, actor, case, Move::GrantWithdrawal, change, "withdrawal_resolved").await
}

/// Q16: a paid booking is cancelled. The slot is free at once; refunds are the payment wing's.
/// `reason_code` is a word of the catalogue, never free text.
pub async fn cancel_confirmed(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    reason_code: &'static str,
) -> AppResult<()> {
    let now = app.now();
    if case.quote.status != quotes::QuoteStatus::Confirmed {
        return Err(store::invalid_transition());
    }
    if let Some(schedule) = &case.schedule {
        slots::release(txn, schedule, reason_code, now).await?;
    }
    let change = quotes::ActiveModel { cancelled_at: Set(Some(now)), ..Default::default() };
    follow(txn, app, actor, case, Move::CancelBooking, change, "booking_cancelled").await?;
    emit(txn, app, actor, case, "booking.cancelled", case.quote.hold_lapse_count).await
}

/// Moves the hold's end to `until`, never backwards and never beyond a day before the slot (R-PY-06).
pub async fn extend_hold(txn: &Txn, app: &App, case: &Case, until: Timestamp) -> AppResult<Timestamp> {
    let schedule =
        case.schedule.as_ref().filter(|row| row.status == ScheduleStatus::Pending).ok_or_else(not_payable)?;
    let present = schedule.hold_expires_at.ok_or_else(not_payable)?;
    let latest = schedule.starts_at_utc.map_or(until, |start| start - crate::rules::accept::LEAD_TIME);
    let end = present.max(until.min(latest));
    schedules::Entity::update_many()
        .set(schedules::ActiveModel {
            hold_expires_at: Set(Some(end)),
            updated_at: Set(app.now()),
            ..Default::default()
        })
        .filter(schedules::Column::Id.eq(schedule.id))
        .filter(schedules::Column::Status.eq(ScheduleStatus::Pending))
        .exec(txn)
        .await?;
    Ok(end)
}

/// Moves the quote and lets inquiry, patient, anonymisation column, timeline and audit follow.
async fn follow(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    by: Move,
    change: quotes::ActiveModel,
    word: &'static str,
) -> AppResult<()> {
    let known = anonymity::pairs(txn, case.inquiry.patient_id).await?;
    let to = store::move_quote(txn, &case.quote, by, change, app.now()).await?;
    if let Some(stage) = to.stage {
        inquiry::case::set_stage(txn, app, &case.inquiry, stage).await?;
    }
    anonymity::follow(txn, app, actor, known).await?;
    record(txn, app, actor, case, word, json!({ "from": case.quote.status, "to": to.status })).await?;
    let entry = Entry::new(audit_action(by))
        .subject("Quote", case.quote.id)
        .patient(case.inquiry.patient_id)
        .provider(case.quote.provider_id)
        .quote(case.quote.id)
        .change(Some(json!({ "status": case.quote.status })), Some(json!({ "status": to.status })));
    audit::record(txn, app, actor, entry).await
}

fn audit_action(by: Move) -> &'static str {
    match by {
        Move::Submit => "quote.submitted",
        Move::Accept => "quote.accepted",
        Move::Decline => "quote.declined",
        Move::LapseHold => "booking.hold_lapsed",
        Move::Confirm => "booking.confirmed",
        Move::Expire => "quote.expired",
        Move::Withdraw => "quote.withdrawn",
        Move::OtherAccepted | Move::CancelInquiry | Move::LapseDraft => "quote.cancelled",
        Move::StartTreatment => "booking.treatment_started",
        Move::CompleteTreatment => "booking.treatment_completed",
        Move::Finish => "booking.completed",
        Move::CancelBooking => "booking.cancelled",
        Move::GrantWithdrawal => "quote.withdrawal_granted",
        Move::Restore | Move::RestoreDraft => "quote.restored",
    }
}

/// One word in the timeline of the case, with the ids every word carries.
pub(crate) async fn record(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    word: &'static str,
    mut metadata: serde_json::Value,
) -> AppResult<()> {
    if let Some(map) = metadata.as_object_mut() {
        map.insert("provider_id".to_owned(), json!(case.quote.provider_id));
        map.insert("quote_id".to_owned(), json!(case.quote.id));
    }
    timeline::record(txn, app, actor, case.inquiry.id, word, metadata).await
}

/// One event about a quote of a case; `occurrence` tells repetitions of the same fact from new ones.
pub(crate) async fn emit(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    key: &'static str,
    occurrence: i32,
) -> AppResult<()> {
    outbox::emit(txn, app, actor, event(key, &case.inquiry, &case.quote).occurrence(occurrence)).await
}

/// The event with the ids every event of a quote carries.
pub(crate) fn event(key: &'static str, inquiry: &inquiries::Model, quote: &quotes::Model) -> Event {
    Event::new(key, "Quote", quote.id)
        .with("quote_id", quote.id)
        .with("inquiry_id", inquiry.id)
        .with("patient_id", inquiry.patient_id)
        .with("provider_id", quote.provider_id)
}

async fn set_schedule(
    txn: &Txn,
    id: ScheduleId,
    from: ScheduleStatus,
    to: ScheduleStatus,
    now: Timestamp,
) -> AppResult<()> {
    let moved = schedules::Entity::update_many()
        .set(schedules::ActiveModel { status: Set(to), updated_at: Set(now), ..Default::default() })
        .filter(schedules::Column::Id.eq(id))
        .filter(schedules::Column::Status.eq(from))
        .exec(txn)
        .await?;
    if moved.rows_affected == 1 { Ok(()) } else { Err(store::invalid_transition()) }
}

/// Whether the case has reached at least the stage of a booking that is paid for.
pub fn is_paid_stage(stage: InquiryStatus) -> bool {
    matches!(
        stage,
        InquiryStatus::Confirmed | InquiryStatus::Inprogress | InquiryStatus::Aftercare | InquiryStatus::Completed
    )
}
