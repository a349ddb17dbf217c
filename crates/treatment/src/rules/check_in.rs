//! Whether a patient who arrived may be checked in (R-TT-01 to R-TT-04).

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use kernel::{Amount, AppError, Money, Timestamp};
use quoting::entity::quotes::QuoteStatus;

/// Arriving more than this long before the appointment is asked about (R-TT-04).
pub const EARLY: Duration = Duration::minutes(60);

/// What the decision depends on, read under lock.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Where the case stands.
    pub status: QuoteStatus,
    /// First day of the procedure in the clinic's calendar.
    pub start: NaiveDate,
    /// The appointment, when a time was agreed.
    pub scheduled_at: Option<Timestamp>,
    /// The clinic's zone.
    pub zone: Tz,
    /// What is still to be paid.
    pub due: Money,
    /// The patient is being treated somewhere already (G5).
    pub other_in_progress: bool,
    /// A clinician leads the case (G6).
    pub has_clinician: bool,
    /// The plan has at least one day (G6).
    pub has_plan: bool,
    /// The clinic asked to close the case, or a label such as no-show stands (G7).
    pub closure_open: bool,
}

/// What the asker confirms or may overrule.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask {
    /// Yes, the patient is here before the appointment.
    pub confirm_early: bool,
    /// Staff with a reason may open a case before its day (R-TT-03); money and order stay.
    pub overrules_date: bool,
}

/// Why a patient cannot be checked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was done before.
    AlreadyCheckedIn,
    /// The case is not at that point.
    WrongStatus,
    /// The procedure begins on a later day.
    TooEarly(NaiveDate),
    /// Something is still to be paid.
    BalanceOutstanding(Money),
    /// The patient is in another treatment.
    AlreadyInTreatment,
    /// Nobody leads the case.
    ClinicianMissing,
    /// There is no plan.
    PlanMissing,
    /// A closure waits for Hairline.
    ClosurePending,
    /// Early arrival wants a confirmation.
    ConfirmEarly,
}

/// Decides about a check-in at `now`. The first guard that fails is told.
pub fn decide(facts: &Facts, ask: Ask, now: Timestamp) -> Result<(), Refusal> {
    match facts.status {
        QuoteStatus::Confirmed => {}
        QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed => {
            return Err(Refusal::AlreadyCheckedIn);
        }
        _ => return Err(Refusal::WrongStatus),
    }
    if facts.start > now.with_timezone(&facts.zone).date_naive() && !ask.overrules_date {
        return Err(Refusal::TooEarly(facts.start));
    }
    if facts.due.amount > Amount::ZERO {
        return Err(Refusal::BalanceOutstanding(facts.due));
    }
    if facts.other_in_progress {
        return Err(Refusal::AlreadyInTreatment);
    }
    if !facts.has_clinician {
        return Err(Refusal::ClinicianMissing);
    }
    if !facts.has_plan {
        return Err(Refusal::PlanMissing);
    }
    if facts.closure_open {
        return Err(Refusal::ClosurePending);
    }
    let early = facts.scheduled_at.is_some_and(|at| at - now > EARLY);
    if early && !ask.confirm_early && !ask.overrules_date {
        return Err(Refusal::ConfirmEarly);
    }
    Ok(())
}

impl Refusal {
    /// The answer. The amount is told only to those who may see money (R-TT-02).
    pub fn into_error(self, sees_money: bool) -> AppError {
        match self {
            Self::AlreadyCheckedIn => AppError::conflict("already_checked_in", "The patient was already checked in."),
            Self::WrongStatus => AppError::conflict("invalid_status", "This case is not confirmed."),
            Self::TooEarly(start) => {
                AppError::conflict("too_early", format!("The procedure begins on {start}.")).with("starts_on", start)
            }
            Self::BalanceOutstanding(due) if sees_money => {
                AppError::conflict("balance_outstanding", format!("{due} is still to be paid."))
                    .with("outstanding", due)
            }
            Self::BalanceOutstanding(_) => AppError::conflict("balance_outstanding", "There is a balance outstanding."),
            Self::AlreadyInTreatment => {
                AppError::conflict("patient_already_in_treatment", "The patient is in another treatment.")
            }
            Self::ClinicianMissing => AppError::conflict("clinician_missing", "No clinician leads this case."),
            Self::PlanMissing => AppError::conflict("clinician_missing", "This case has no treatment plan."),
            Self::ClosurePending => {
                AppError::conflict("closure_pending", "A request to close this case waits for Hairline.")
            }
            Self::ConfirmEarly => AppError::conflict(
                "early_check_in_confirm",
                "The appointment is more than an hour away. Confirm that the patient is here.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The clinic in Istanbul of section 11: 2026-06-10 09:00 (UTC+3), paid.
    fn facts() -> Facts {
        Facts {
            status: QuoteStatus::Confirmed,
            start: "2026-06-10".parse().unwrap(),
            scheduled_at: Some(at("2026-06-10T06:00:00Z")),
            zone: chrono_tz::Europe::Istanbul,
            due: Money::new(Amount::ZERO, Currency::GBP),
            other_in_progress: false,
            has_clinician: true,
            has_plan: true,
            closure_open: false,
        }
    }

    #[test]
    fn gs_1_the_balance_is_a_gate() {
        let owing = |text: &str| Facts { due: Money::new(text.parse().unwrap(), Currency::GBP), ..facts() };
        let arrival = at("2026-06-10T06:05:00Z");
        for due in ["2800.00", "100.00", "0.01"] {
            let refused = decide(&owing(due), Ask::default(), arrival).unwrap_err();
            assert_eq!(refused, Refusal::BalanceOutstanding(owing(due).due));
            assert!(refused.into_error(true).detail.contains(due));
            assert!(!refused.into_error(false).detail.contains(due), "clinical staff read no amounts");
        }
        assert_eq!(decide(&owing("0.00"), Ask::default(), arrival), Ok(()));
        // Nobody overrules money (R-TT-03).
        assert!(decide(&owing("100.00"), Ask { confirm_early: true, overrules_date: true }, arrival).is_err());
    }

    #[test]
    fn gs_2_the_day_is_the_clinics() {
        assert_eq!(
            decide(&facts(), Ask::default(), at("2026-06-09T20:59:59Z")),
            Err(Refusal::TooEarly("2026-06-10".parse().unwrap()))
        );
        let just_after_midnight = at("2026-06-09T21:05:00Z");
        assert_eq!(decide(&facts(), Ask::default(), just_after_midnight), Err(Refusal::ConfirmEarly));
        let confirmed = Ask { confirm_early: true, ..Ask::default() };
        assert_eq!(decide(&facts(), confirmed, just_after_midnight), Ok(()));
        // Exactly an hour before is not early; a second more is.
        assert_eq!(decide(&facts(), Ask::default(), at("2026-06-10T05:00:00Z")), Ok(()));
        assert_eq!(decide(&facts(), Ask::default(), at("2026-06-10T04:59:59Z")), Err(Refusal::ConfirmEarly));
    }

    #[test]
    fn every_guard_has_its_refusal() {
        let now = at("2026-06-10T06:05:00Z");
        let cases = [
            (Facts { status: QuoteStatus::Inprogress, ..facts() }, Refusal::AlreadyCheckedIn),
            (Facts { status: QuoteStatus::Accepted, ..facts() }, Refusal::WrongStatus),
            (Facts { status: QuoteStatus::Cancelled, ..facts() }, Refusal::WrongStatus),
            (Facts { other_in_progress: true, ..facts() }, Refusal::AlreadyInTreatment),
            (Facts { has_clinician: false, ..facts() }, Refusal::ClinicianMissing),
            (Facts { has_plan: false, ..facts() }, Refusal::PlanMissing),
            (Facts { closure_open: true, ..facts() }, Refusal::ClosurePending),
        ];
        for (facts, refusal) in cases {
            assert_eq!(decide(&facts, Ask::default(), now), Err(refusal));
        }
        assert_eq!(
            decide(&facts(), Ask { overrules_date: true, ..Ask::default() }, at("2026-06-01T06:00:00Z")),
            Ok(())
        );
    }
}
