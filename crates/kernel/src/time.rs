//! Instants, business dates and the clock that is handed in.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, NaiveDate, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

/// An instant in UTC, whole seconds when it comes from a [`Clock`].
pub type Timestamp = DateTime<Utc>;

/// Tells the time. Rules and services ask this and never the machine.
pub trait Clock: Send + Sync {
    /// The present instant in whole seconds, the precision both databases keep.
    fn now(&self) -> Timestamp;
}

/// The machine's clock, moved by an offset that only demo mode ever sets.
#[derive(Clone, Default)]
pub struct SystemClock {
    offset_seconds: Arc<AtomicI64>,
}

impl SystemClock {
    /// Moves the clock of this process: for demonstrations, never in production.
    pub fn shift(&self, by: Duration) {
        self.offset_seconds.fetch_add(by.num_seconds(), Ordering::SeqCst);
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        (Utc::now() + Duration::seconds(self.offset_seconds.load(Ordering::SeqCst))).trunc_subsecs(0)
    }
}

/// Dates from `start` to `end`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DateRange {
    /// First day.
    pub start: NaiveDate,
    /// Last day, never before `start` in a valid range.
    pub end: NaiveDate,
}

impl DateRange {
    /// A range, or `None` when it is reversed.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// Whether the day lies in the range.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.end
    }

    /// Whether the ranges share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Number of days, at least one.
    pub fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }
}

/// Whole years between a birthday and a day, as people count their age.
pub fn age_on(birthday: NaiveDate, day: NaiveDate) -> Option<u32> {
    day.years_since(birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn ranges_are_inclusive() {
        let a = DateRange::new(day("2026-04-01"), day("2026-04-10")).unwrap();
        let b = DateRange::new(day("2026-04-10"), day("2026-04-15")).unwrap();
        assert!(a.overlaps(&b));
        assert!(!a.overlaps(&DateRange::new(day("2026-04-11"), day("2026-04-15")).unwrap()));
        assert_eq!(a.days(), 10);
        assert!(DateRange::new(day("2026-04-02"), day("2026-04-01")).is_none());
    }

    #[test]
    fn a_birthday_counts_on_its_day() {
        assert_eq!(age_on(day("2008-11-23"), day("2026-11-22")), Some(17));
        assert_eq!(age_on(day("2008-11-23"), day("2026-11-23")), Some(18));
    }
}
