//! The days of a treatment plan (R-TT-06, R-TT-11, section 4.2).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::entity::timelines::TimelineStatus;

/// Most days a plan can have.
pub const MAX_DAYS: usize = 30;

/// A day to be written at confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDay {
    /// From 1.
    pub number: i32,
    /// In the clinic's calendar.
    pub date: NaiveDate,
    /// What happens.
    pub description: String,
}

/// The days of a booking: those of the quote's plan, dated from the first day of the slot, or one day named after the
/// treatment.
pub fn plan(quote_plan: Option<&Json>, first: NaiveDate, treatment: &str) -> Vec<PlannedDay> {
    let described: Vec<&str> = quote_plan
        .and_then(Json::as_array)
        .map(|days| days.iter().filter_map(|day| day.get("description").and_then(Json::as_str)).collect())
        .unwrap_or_default();
    let described = if described.is_empty() { vec![treatment] } else { described };
    (0u64..)
        .zip(described.into_iter().take(MAX_DAYS))
        .filter_map(|(offset, text)| {
            Some(PlannedDay {
                number: i32::try_from(offset).ok()? + 1,
                date: first.checked_add_days(Days::new(offset))?,
                description: text.chars().take(500).collect(),
            })
        })
        .collect()
}

/// How far a treatment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Progress {
    /// Days that are finished.
    pub finished: usize,
    /// Days of the plan.
    pub total: usize,
    /// The day people look at now; absent without a plan.
    pub current_day: Option<i32>,
}

/// Counts finished days and finds the current one: the lowest in progress, else the lowest not started, else the last.
pub fn progress(days: &[(i32, TimelineStatus)]) -> Progress {
    let lowest = |wanted| days.iter().filter(|(_, status)| *status == wanted).map(|(number, _)| *number).min();
    Progress {
        finished: days.iter().filter(|(_, status)| *status == TimelineStatus::Finished).count(),
        total: days.len(),
        current_day: lowest(TimelineStatus::InProgress)
            .or_else(|| lowest(TimelineStatus::NotStarted))
            .or_else(|| days.iter().map(|(number, _)| *number).max()),
    }
}

/// Whether a day needs nothing more.
pub fn is_terminal(status: TimelineStatus) -> bool {
    matches!(status, TimelineStatus::Finished | TimelineStatus::NeedAttention | TimelineStatus::CancelledDeferred)
}

/// The days that still keep a treatment open.
pub fn open_days(days: &[(i32, TimelineStatus)]) -> Vec<i32> {
    days.iter().filter(|(_, status)| !is_terminal(*status)).map(|(number, _)| *number).collect()
}

/// Whether a clinic may give a day this status today: the future is neither begun nor finished.
pub fn clinic_may_set(to: TimelineStatus, date: NaiveDate, clinic_today: NaiveDate) -> bool {
    !matches!(to, TimelineStatus::InProgress | TimelineStatus::Finished) || date <= clinic_today
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use TimelineStatus::{CancelledDeferred, Finished, InProgress, NeedAttention, NotStarted};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_follow_each_other_from_the_slot() {
        let quote_plan = json!([
            { "day": 1, "date": "2026-06-01", "description": "Consultation & scans" },
            { "day": 2, "date": "2026-06-02", "description": "Transplant" },
            { "day": 3, "date": "2026-06-03", "description": "Wash & check" },
        ]);
        let days = plan(Some(&quote_plan), day("2026-06-10"), "FUE");
        let dates: Vec<_> = days.iter().map(|day| (day.number, day.date.to_string())).collect();
        assert_eq!(dates, [(1, "2026-06-10".into()), (2, "2026-06-11".into()), (3, "2026-06-12".into())]);
        assert_eq!(days[1].description, "Transplant");
        for without in [None, Some(&json!([]))] {
            let days = plan(without, day("2026-06-10"), "FUE Sapphire");
            assert_eq!(days, [PlannedDay { number: 1, date: day("2026-06-10"), description: "FUE Sapphire".into() }]);
        }
    }

    #[test]
    fn gs_3_progress_counts_finished_days() {
        let mut days = [(1, Finished), (2, NotStarted), (3, NotStarted)];
        assert_eq!(progress(&days), Progress { finished: 1, total: 3, current_day: Some(2) });
        days[1].1 = Finished;
        assert_eq!(progress(&days), Progress { finished: 2, total: 3, current_day: Some(3) });
        assert_eq!(open_days(&days), [3]);
        days[2].1 = CancelledDeferred;
        assert_eq!(progress(&days).finished, 2);
        assert!(open_days(&days).is_empty());
        // The clinic reopens one for attention: one finished day fewer, still nothing open.
        days[1].1 = NeedAttention;
        assert_eq!(progress(&days).finished, 1);
        assert!(open_days(&days).is_empty());
        assert_eq!(progress(&[(1, NotStarted), (2, InProgress)]).current_day, Some(2));
    }

    #[test]
    fn the_future_is_not_begun() {
        let (today, tomorrow) = (day("2026-06-10"), day("2026-06-11"));
        assert!(clinic_may_set(InProgress, today, today));
        assert!(!clinic_may_set(InProgress, tomorrow, today));
        assert!(!clinic_may_set(Finished, tomorrow, today));
        assert!(clinic_may_set(CancelledDeferred, tomorrow, today));
    }
}
