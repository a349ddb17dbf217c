//! Which steps a statement may take (spec 4.6).

use chrono::{NaiveDate, Timelike};
use kernel::{AppError, AppResult, Timestamp};

use crate::entity::provider_bills::ProviderBillStatus as Status;

/// The hour of the payout day, UTC, money leaves at (R-PY-62).
pub const PAYOUT_HOUR: u32 = 6;
/// The hour of the day, UTC, statements are built at (R-PY-61).
pub const BUILD_HOUR: u32 = 3;

/// A step of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Staff approve it.
    Approve,
    /// Staff take an approval back.
    Unapprove,
    /// It lost what it was approved with: its account, or its sums.
    Reopen,
    /// The payout day passed without an approval.
    Miss,
    /// Its money leaves.
    Send,
    /// The money is there, or nothing had to be paid.
    Arrive,
    /// The bank refused.
    Fail,
    /// Staff send it again.
    Retry,
    /// Staff drop it; its lines go onto the next one.
    Void,
}

impl Step {
    /// The statuses it can be taken from, and where it leads.
    fn edges(self) -> (&'static [Status], Status) {
        match self {
            Self::Approve => (&[Status::PendingApproval, Status::Overdue], Status::Approved),
            Self::Unapprove | Self::Reopen => (&[Status::Approved], Status::PendingApproval),
            Self::Miss => (&[Status::PendingApproval], Status::Overdue),
            Self::Send => (&[Status::Approved], Status::Processing),
            Self::Arrive => (&[Status::Processing], Status::Paid),
            Self::Fail => (&[Status::Processing], Status::Failed),
            Self::Retry => (&[Status::Failed], Status::Processing),
            Self::Void => (&[Status::PendingApproval, Status::Overdue], Status::Voided),
        }
    }

    /// Where it leads from a status.
    ///
    /// Errors: 409 `invalid_transition`.
    pub fn from(self, status: Status) -> AppResult<Status> {
        let (from, to) = self.edges();
        if from.contains(&status) {
            return Ok(to);
        }
        Err(AppError::conflict("invalid_transition", "This statement is not in a state that allows this."))
    }
}

/// Whether the money of a payout day may leave at an instant.
pub fn is_payout_time(payout: NaiveDate, now: Timestamp) -> bool {
    let today = now.date_naive();
    payout < today || (payout == today && now.hour() >= PAYOUT_HOUR)
}

/// The day whose statements are to be built: today from three o'clock on, yesterday before that (UTC).
pub fn build_day(now: Timestamp) -> NaiveDate {
    let today = now.date_naive();
    if now.hour() >= BUILD_HOUR { today } else { today.pred_opt().unwrap_or(today) }
}

/// When the run of a day is due.
pub fn build_instant(day: NaiveDate) -> Timestamp {
    day.and_hms_opt(BUILD_HOUR, 0, 0).unwrap_or_default().and_utc()
}

/// Whether a clinic may see a statement: not before its money left (R-FN-46).
pub const SHOWN_TO_CLINICS: [Status; 3] = [Status::Processing, Status::Paid, Status::Failed];

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn spec_4_6_every_step_and_no_other() {
        let allowed: Vec<(Step, Status, Status)> = vec![
            (Step::Approve, Status::PendingApproval, Status::Approved),
            (Step::Approve, Status::Overdue, Status::Approved),
            (Step::Unapprove, Status::Approved, Status::PendingApproval),
            (Step::Reopen, Status::Approved, Status::PendingApproval),
            (Step::Miss, Status::PendingApproval, Status::Overdue),
            (Step::Send, Status::Approved, Status::Processing),
            (Step::Arrive, Status::Processing, Status::Paid),
            (Step::Fail, Status::Processing, Status::Failed),
            (Step::Retry, Status::Failed, Status::Processing),
            (Step::Void, Status::PendingApproval, Status::Voided),
            (Step::Void, Status::Overdue, Status::Voided),
        ];
        let steps = [
            Step::Approve,
            Step::Unapprove,
            Step::Reopen,
            Step::Miss,
            Step::Send,
            Step::Arrive,
            Step::Fail,
            Step::Retry,
            Step::Void,
        ];
        for step in steps {
            for status in Status::iter() {
                let wanted = allowed.iter().find(|(a, from, _)| (*a, *from) == (step, status)).map(|edge| edge.2);
                let got = step.from(status);
                assert_eq!(got.as_ref().ok(), wanted.as_ref(), "{step:?} from {status:?}");
                assert!(got.err().is_none_or(|error| error.code == "invalid_transition"));
            }
        }
    }

    #[test]
    fn r_py_61_62_the_hours_of_the_day() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let payout: NaiveDate = "2026-06-26".parse().unwrap();
        assert!(!is_payout_time(payout, at("2026-06-26T05:59:59Z")));
        assert!(is_payout_time(payout, at("2026-06-26T06:00:00Z")));
        assert!(is_payout_time(payout, at("2026-06-27T00:00:00Z")));
        assert_eq!(build_day(at("2026-06-23T02:59:59Z")), "2026-06-22".parse().unwrap());
        assert_eq!(build_day(at("2026-06-23T03:00:00Z")), "2026-06-23".parse().unwrap());
    }
}
