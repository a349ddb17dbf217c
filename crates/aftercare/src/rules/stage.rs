//! Where a plan stands by its dates (section 4, R-AC-15).

use chrono::NaiveDate;

use crate::entity::aftercare_milestones::AftercareMilestoneStatus;

/// The state of a milestone: a function of dates and completion, nothing else.
pub fn milestone(start: NaiveDate, end: NaiveDate, completion: i32, today: NaiveDate) -> AftercareMilestoneStatus {
    if today < start {
        AftercareMilestoneStatus::Pending
    } else if today <= end {
        AftercareMilestoneStatus::InProgress
    } else if completion >= 100 {
        AftercareMilestoneStatus::Completed
    } else {
        AftercareMilestoneStatus::Overdue
    }
}

/// The position of the milestone a day belongs to: the first before the plan, the last behind it.
pub fn current(ranges: &[(NaiveDate, NaiveDate)], today: NaiveDate) -> usize {
    let holding = ranges.iter().position(|(_, end)| today <= *end);
    holding.unwrap_or_else(|| ranges.len().saturating_sub(1))
}

/// Whether the case ends by itself: everything done and the last day over.
pub fn is_over(milestones: &[(NaiveDate, AftercareMilestoneStatus)], today: NaiveDate) -> bool {
    !milestones.is_empty()
        && milestones.iter().all(|(end, status)| today > *end && *status == AftercareMilestoneStatus::Completed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::schedule::tests::day;
    use AftercareMilestoneStatus::{Completed, InProgress, Overdue, Pending};

    #[test]
    fn dates_decide_and_tasks_tell_completed_from_overdue() {
        let at = |today, completion| milestone(day("03-11"), day("03-17"), completion, day(today));
        assert_eq!(at("03-10", 0), Pending);
        assert_eq!(at("03-11", 100), InProgress);
        assert_eq!(at("03-17", 100), InProgress);
        assert_eq!(at("03-18", 100), Completed);
        assert_eq!(at("03-18", 92), Overdue);
    }

    #[test]
    fn the_stage_is_the_milestone_of_the_day() {
        let ranges = [(day("03-11"), day("03-17")), (day("03-18"), day("04-07"))];
        let stages = ["03-01", "03-17", "03-18", "05-01"].map(|today| current(&ranges, day(today)));
        assert_eq!(stages, [0, 0, 1, 1]);
    }

    #[test]
    fn gs_2_a_case_ends_when_nothing_is_missing() {
        let all = |last| [(day("03-17"), Completed), (day("09-04"), last)];
        assert!(is_over(&all(Completed), day("09-05")));
        assert!(!is_over(&all(Completed), day("09-04")));
        assert!(!is_over(&all(Overdue), day("09-05")));
        assert!(!is_over(&[], day("09-05")));
    }
}
