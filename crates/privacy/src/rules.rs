//! When a request is due, what stands in its way, how long what is kept is kept (R-ID-67..70).

use chrono::{Duration, NaiveDate};
use identity::entity::deletion_requests::DeletionRequestStatus as Status;
use kernel::{AppError, AppResult, Timestamp};
use platform::retention::{Class, Policy};

/// How long Hairline has for a request.
const TERM: Duration = Duration::days(30);

/// Days before the end at which staff are reminded (R-ID-68).
pub const REMINDERS: [i64; 2] = [7, 2];

/// What of a patient's affairs bears on a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Obligations {
    /// A treatment is going on or in aftercare.
    pub active_care: bool,
    /// A payment is on its way.
    pub payment_in_progress: bool,
    /// A booking is paid and its day is to come.
    pub confirmed_booking: bool,
    /// A legal order keeps the data.
    pub legal_hold: bool,
}

impl Obligations {
    /// Refuses what can never be erased now: 409 `active_care`, `payment_in_progress` (R-ID-67).
    pub fn check(self) -> AppResult<()> {
        if self.active_care {
            let sentence = "Your treatment or aftercare is still going on. Ask again when it is finished.";
            return Err(AppError::conflict("active_care", sentence));
        }
        if self.payment_in_progress {
            let sentence = "A payment is still being worked on. Ask again when it is through.";
            return Err(AppError::conflict("payment_in_progress", sentence));
        }
        Ok(())
    }

    /// Whether the request has to wait.
    pub fn holds(self) -> bool {
        self.confirmed_booking || self.legal_hold
    }

    /// Whether nothing at all stands in the way: only then somebody is erased, and only then a request that waited goes on.
    pub fn none(self) -> bool {
        self == Self::default()
    }
}

/// The day a request is due: 30 calendar days, and those it had to wait (R-ID-68).
pub fn due_at(submitted: Timestamp, paused_days: i32) -> Timestamp {
    submitted + TERM + Duration::days(i64::from(paused_days))
}

/// Days a request waited; a day begun counts.
pub fn paused_days(since: Timestamp, now: Timestamp) -> i32 {
    let seconds = (now - since).num_seconds().max(0);
    i32::try_from((seconds + 86_399) / 86_400).unwrap_or(i32::MAX)
}

/// Whether a request still waits for its end.
pub fn is_open(status: Status) -> bool {
    matches!(
        status,
        Status::Submitted | Status::InReview | Status::VerificationRequired | Status::OnHold | Status::Approved
    )
}

/// Whether staff may decide now.
pub fn may_decide(status: Status) -> bool {
    matches!(status, Status::Submitted | Status::InReview)
}

/// Whether the patient may still take it back.
pub fn may_withdraw(status: Status) -> bool {
    is_open(status) && status != Status::Approved
}

/// The day on which what is kept of a patient ends: so many years after the newest medical and the newest financial event,
/// on the same day of the year, whichever comes later; nothing is kept without such an event (R-ID-70, R-MG-80).
pub fn kept_until(
    policy: &Policy,
    country: Option<&str>,
    medical: Option<NaiveDate>,
    financial: Option<NaiveDate>,
) -> Option<NaiveDate> {
    let ends = |class, from: Option<NaiveDate>| from.map(|from| policy.ends(class, country, from));
    ends(Class::Medical, medical).max(ends(Class::Financial, financial))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}T10:00:00Z").parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn golden_8_deadlines_and_retention() {
        assert_eq!(due_at(at("2026-03-01"), 0).date_naive(), day("2026-03-31"));
        let paused = paused_days(at("2026-03-03"), at("2026-03-08"));
        assert_eq!(paused, 5);
        assert_eq!(due_at(at("2026-03-01"), paused).date_naive(), day("2026-04-05"));
        let policy = Policy::default();
        let kept_until = |medical, financial| kept_until(&policy, None, medical, financial);
        assert_eq!(kept_until(Some(day("2025-09-15")), Some(day("2025-06-10"))), Some(day("2032-09-15")));
        assert_eq!(kept_until(None, Some(day("2025-06-10"))), Some(day("2032-06-10")));
        assert_eq!(kept_until(None, None), None);
        assert_eq!(kept_until(Some(day("2028-02-29")), None), Some(day("2035-02-28")));
    }

    #[test]
    fn a_day_begun_counts() {
        assert_eq!(paused_days(at("2026-03-03"), at("2026-03-03")), 0);
        assert_eq!(paused_days(at("2026-03-03"), at("2026-03-03") + Duration::seconds(1)), 1);
        assert_eq!(paused_days(at("2026-03-03"), at("2026-03-04") + Duration::seconds(1)), 2);
        assert_eq!(paused_days(at("2026-03-03"), at("2026-03-01")), 0);
    }

    #[test]
    fn what_stands_in_the_way() {
        let code = |obligations: Obligations| obligations.check().err().map(|error| error.code.into_owned());
        let none = Obligations::default();
        assert_eq!(code(none), None);
        assert_eq!(code(Obligations { active_care: true, ..none }).as_deref(), Some("active_care"));
        assert_eq!(code(Obligations { payment_in_progress: true, ..none }).as_deref(), Some("payment_in_progress"));
        assert_eq!(code(Obligations { confirmed_booking: true, ..none }), None);
        assert!(Obligations { confirmed_booking: true, ..none }.holds());
        assert!(Obligations { legal_hold: true, ..none }.holds() && !none.holds());
        assert!(none.none() && !Obligations { payment_in_progress: true, ..none }.none());
    }

    #[test]
    fn which_states_allow_what() {
        use Status::*;
        let all = [Submitted, InReview, VerificationRequired, OnHold, Approved, Completed, Denied, Withdrawn];
        let of = |may: fn(Status) -> bool| all.into_iter().filter(|status| may(*status)).collect::<Vec<_>>();
        assert_eq!(of(may_decide), [Submitted, InReview]);
        assert_eq!(of(may_withdraw), [Submitted, InReview, VerificationRequired, OnHold]);
        assert_eq!(of(is_open), [Submitted, InReview, VerificationRequired, OnHold, Approved]);
    }
}
