//! Who may review what, and from when.

use chrono::Months;
use kernel::{AppError, Timestamp};
use quoting::entity::quotes::QuoteStatus;

/// Months between the end of the procedure and the first review (R-CM-60).
const WAITING_MONTHS: u32 = 3;

/// Whether a booking may be reviewed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// Now.
    Now,
    /// Not before this instant.
    From(Timestamp),
    /// The procedure is not finished.
    Unfinished,
}

impl Eligibility {
    /// `Ok` when it may be reviewed now, else the refusal of section 10.
    pub fn check(self) -> Result<(), AppError> {
        match self {
            Self::Now => Ok(()),
            Self::From(from) => Err(AppError::invalid(
                "review_too_early",
                "A result shows after some months. You can review from the date given.",
            )
            .with("eligible_from", from)),
            Self::Unfinished => {
                Err(AppError::invalid("procedure_not_completed", "This procedure is not finished yet."))
            }
        }
    }
}

/// The first instant at which a procedure completed then can be reviewed: three calendar months later, same clock time,
/// the day clamped to the end of the month (R-CM-60).
pub fn eligible_from(completed_at: Timestamp) -> Timestamp {
    completed_at.checked_add_months(Months::new(WAITING_MONTHS)).unwrap_or(completed_at)
}

/// Whether a booking in this state, completed then, may be reviewed at `now` (R-CM-60).
pub fn eligibility(status: QuoteStatus, completed_at: Option<Timestamp>, now: Timestamp) -> Eligibility {
    let finished = matches!(status, QuoteStatus::Aftercare | QuoteStatus::Completed);
    match completed_at.filter(|_| finished).map(eligible_from) {
        None => Eligibility::Unfinished,
        Some(from) if now < from => Eligibility::From(from),
        Some(_) => Eligibility::Now,
    }
}

/// The public name of an author: first name and initial, numbered when the clinic has one of that name (R-CM-64).
pub fn alias(first_name: &str, last_name: &str, suffix: Option<i16>) -> String {
    let initial = last_name.chars().next().map(|c| format!(" {c}.")).unwrap_or_default();
    let number = suffix.map(|number| format!(" {number}")).unwrap_or_default();
    format!("{first_name}{initial}{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn three_calendar_months_clamped_to_the_end_of_the_month() {
        assert_eq!(eligible_from(at("2026-03-10T15:00:00Z")), at("2026-06-10T15:00:00Z"));
        assert_eq!(eligible_from(at("2026-11-30T08:30:00Z")), at("2027-02-28T08:30:00Z"));
    }

    #[test]
    fn only_finished_procedures_and_only_after_the_wait() {
        let done = Some(at("2026-03-10T15:00:00Z"));
        let before = at("2026-06-10T14:59:59Z");
        assert_eq!(eligibility(QuoteStatus::Aftercare, done, before), Eligibility::From(at("2026-06-10T15:00:00Z")));
        assert_eq!(eligibility(QuoteStatus::Aftercare, done, at("2026-06-10T15:00:00Z")), Eligibility::Now);
        assert_eq!(eligibility(QuoteStatus::Confirmed, done, at("2027-01-01T00:00:00Z")), Eligibility::Unfinished);
        assert_eq!(eligibility(QuoteStatus::Aftercare, None, at("2027-01-01T00:00:00Z")), Eligibility::Unfinished);
    }

    #[test]
    fn authors_are_named_by_first_name_and_initial() {
        assert_eq!(alias("Mark", "Peterson", None), "Mark P.");
        assert_eq!(alias("Mark", "Peterson", Some(2)), "Mark P. 2");
        assert_eq!(alias("Mark", "", None), "Mark");
    }
}
