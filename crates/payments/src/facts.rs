//! The facts of a booking's money, put together from the case, its terms and its payments.

use chrono::NaiveDate;
use inquiry::entity::inquiries::InquiryStatus;
use kernel::{Amount, AppError, AppResult, Timestamp};
use quoting::case::Case;
use quoting::entity::{booking_terms, quotes, schedules};
use quoting::rules::slot;

use crate::entity::installment_payment_plans::InstallmentPaymentPlanStatus;
use crate::entity::installment_schedule_items::InstallmentScheduleItemStatus;
use crate::entity::payments;
use crate::metadata::Metadata;
use crate::rules::checkout::{self, Facts};
use crate::rules::state::{self, PaymentState, PlanState};
use crate::service::plans::Plan;
use crate::store::Sums;

/// The facts that decide what can be paid now.
pub fn checkout(
    case: &Case,
    terms: &booking_terms::Model,
    rows: &[payments::Model],
    now: Timestamp,
) -> AppResult<Facts> {
    let schedule = case.schedule.as_ref();
    let day = schedule.map(|row| row.schedule_date).or_else(|| slot_day(&case.quote));
    Ok(Facts {
        status: case.quote.status,
        inquiry_cancelled: case.inquiry.status == InquiryStatus::Cancelled,
        withdrawal_requested: case.quote.withdrawal_requested_at.is_some(),
        hold_expires_at: schedule.and_then(|row| row.hold_expires_at),
        schedule_date: day
            .ok_or_else(|| AppError::conflict("booking_not_payable", "There is no appointment to pay for."))?,
        clinic_today: clinic_today(&case.quote, now),
        balance_due_days: terms.balance_due_days,
        total: terms.payment_total,
        deposit: terms.deposit_amount,
        paid: Sums::of(rows).paid(),
    })
}

/// Today at the clinic.
pub fn clinic_today(quote: &quotes::Model, now: Timestamp) -> NaiveDate {
    slot::clinic_date(now, slot::clinic_zone(quote.appointment_timezone.as_deref()))
}

/// Day of the slot at the clinic.
pub fn slot_day(quote: &quotes::Model) -> Option<NaiveDate> {
    let zone = slot::clinic_zone(quote.appointment_timezone.as_deref());
    quote.appointment_slot_at.map(|at| slot::clinic_date(at, zone))
}

/// What a booking's badges and bars show.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Where the money stands.
    pub state: PaymentState,
    /// What is there now.
    pub paid: Amount,
    /// What is missing.
    pub due: Amount,
    /// Day the balance falls due.
    pub due_on: Option<NaiveDate>,
    /// Whether a cardholder disputes a payment, and nothing is decided (R-PY-34).
    pub is_disputed: bool,
}

/// The progress of a booking.
pub fn progress<'a>(
    quote: &quotes::Model,
    schedule: Option<&schedules::Model>,
    terms: &booking_terms::Model,
    rows: impl IntoIterator<Item = &'a payments::Model> + Clone,
    plan: Option<&Plan>,
    now: Timestamp,
) -> Progress {
    let is_disputed = rows.clone().into_iter().any(|row| Metadata::of(row).is_disputed());
    let sums = Sums::of(rows);
    let day = schedule.map(|row| row.schedule_date).or_else(|| slot_day(quote));
    let plan = plan.filter(|plan| plan.has_begun());
    let due_on = match plan {
        Some(plan) => plan.next().map(|item| item.due_date),
        None => day.map(|day| checkout::balance_due_on(day, terms.balance_due_days)),
    };
    let clinic_today = clinic_today(quote, now);
    let state = state::payment_state(&state::Sums {
        total: terms.payment_total,
        deposit: terms.deposit_amount,
        received: sums.received,
        refunded: sums.refunded,
        due_on: due_on.unwrap_or(clinic_today),
        clinic_today,
        plan: plan.map(|plan| match plan.row.status {
            InstallmentPaymentPlanStatus::Defaulted => PlanState::Defaulted,
            _ if plan.items.iter().any(|item| item.status == InstallmentScheduleItemStatus::Retrying) => {
                PlanState::Retrying
            }
            _ => PlanState::Runs,
        }),
    });
    let due = sums.due(terms.payment_total);
    Progress { state, paid: sums.paid(), due, due_on: due_on.filter(|_| due.is_positive()), is_disputed }
}
