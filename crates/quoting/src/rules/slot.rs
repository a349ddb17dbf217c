//! When a slot is, in the clinic's time and on the clock of the world (R-PY-02, R-IQ-33).

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use kernel::Timestamp;

/// Length of one occupancy cell.
pub const CELL_MINUTES: i32 = 15;

/// A slot as the clinic writes it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// First day in the clinic's calendar.
    pub date: NaiveDate,
    /// Start of every day.
    pub time: NaiveTime,
    /// The clinic's zone.
    pub zone: Tz,
    /// Length of every day.
    pub duration_minutes: i32,
    /// Consecutive days.
    pub day_count: i32,
}

/// What is wrong with a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotFault {
    /// The zone is not in the IANA list.
    Zone,
    /// Start or length is no multiple of 15 minutes, or the length is outside 30..=1440.
    Grid,
    /// Not 1 to 14 days.
    Days,
    /// The clocks skip this local time.
    SkippedByClock,
}

impl Slot {
    /// Checks the numbers and that every day's start exists on the clinic's clocks.
    pub fn check(&self) -> Result<(), SlotFault> {
        let on_grid = self.time.minute().is_multiple_of(15)
            && self.time.second() == 0
            && self.duration_minutes % CELL_MINUTES == 0;
        if !on_grid || !(30..=1440).contains(&self.duration_minutes) {
            return Err(SlotFault::Grid);
        }
        if !(1..=14).contains(&self.day_count) {
            return Err(SlotFault::Days);
        }
        self.intervals().map(drop)
    }

    /// First instant.
    pub fn starts_at(&self) -> Result<Timestamp, SlotFault> {
        instant(self.zone, self.date.and_time(self.time))
    }

    /// End of the last day, exclusive.
    pub fn ends_at(&self) -> Result<Timestamp, SlotFault> {
        let intervals = self.intervals()?;
        intervals.last().map(|(_, end)| *end).ok_or(SlotFault::Days)
    }

    /// The half-open intervals the slot occupies, one for each day.
    pub fn intervals(&self) -> Result<Vec<(Timestamp, Timestamp)>, SlotFault> {
        (0..i64::from(self.day_count))
            .map(|day| {
                let start = instant(self.zone, (self.date + Duration::days(day)).and_time(self.time))?;
                Ok((start, start + Duration::minutes(i64::from(self.duration_minutes))))
            })
            .collect()
    }

    /// The 15-minute cells of those intervals. Days of 24 hours may share a cell when the clocks go forward.
    pub fn cells(&self) -> Result<BTreeSet<Timestamp>, SlotFault> {
        let step = Duration::minutes(i64::from(CELL_MINUTES));
        let mut cells = BTreeSet::new();
        for (start, end) in self.intervals()? {
            let mut cell = start;
            while cell < end {
                cells.insert(cell);
                cell += step;
            }
        }
        Ok(cells)
    }

    /// The slot a quote or schedule row describes by its first instant.
    pub fn from_instant(at: Timestamp, zone: Tz, duration_minutes: i32, day_count: i32) -> Self {
        let local = at.with_timezone(&zone).naive_local();
        Self { date: local.date(), time: local.time(), zone, duration_minutes, day_count }
    }
}

/// The zone with that IANA name.
pub fn zone(name: &str) -> Result<Tz, SlotFault> {
    name.parse().map_err(|_| SlotFault::Zone)
}

/// The clinic's zone, UTC when it has none or an unknown one.
pub fn clinic_zone(name: Option<&str>) -> Tz {
    name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

/// The calendar date at the clinic now.
pub fn clinic_date(now: Timestamp, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// A local time as an instant; of an hour that happens twice, the first (R-PY-02).
fn instant(zone: Tz, local: NaiveDateTime) -> Result<Timestamp, SlotFault> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Ok(DateTime::with_timezone(&at, &Utc)),
        LocalResult::Ambiguous(earlier, _) => Ok(DateTime::with_timezone(&earlier, &Utc)),
        LocalResult::None => Err(SlotFault::SkippedByClock),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(date: &str, time: &str, zone: &str) -> Slot {
        Slot {
            date: date.parse().unwrap(),
            time: format!("{time}:00").parse().unwrap(),
            zone: zone.parse().unwrap(),
            duration_minutes: 480,
            day_count: 1,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// R-PY-02, with the tests that follow.
    #[test]
    fn the_clinic_s_morning_on_the_clock_of_the_world() {
        let istanbul = slot("2026-05-12", "09:00", "Europe/Istanbul");
        assert_eq!(istanbul.starts_at(), Ok(at("2026-05-12T06:00:00Z")));
        assert_eq!(istanbul.ends_at(), Ok(at("2026-05-12T14:00:00Z")));
        assert_eq!(istanbul.cells().unwrap().len(), 32);
        let back = Slot::from_instant(at("2026-05-12T06:00:00Z"), istanbul.zone, 480, 1);
        assert_eq!(back, istanbul);
    }

    #[test]
    fn a_time_the_clocks_skip_is_refused() {
        // Warsaw goes from 02:00 to 03:00 on 2026-03-29.
        assert_eq!(slot("2026-03-29", "02:30", "Europe/Warsaw").check(), Err(SlotFault::SkippedByClock));
        assert!(slot("2026-03-29", "03:00", "Europe/Warsaw").check().is_ok());
        let second_day = Slot { day_count: 2, ..slot("2026-03-28", "02:30", "Europe/Warsaw") };
        assert_eq!(second_day.check(), Err(SlotFault::SkippedByClock));
    }

    #[test]
    fn of_an_hour_that_happens_twice_the_first_counts() {
        assert_eq!(slot("2026-10-25", "02:30", "Europe/Warsaw").starts_at(), Ok(at("2026-10-25T00:30:00Z")));
    }

    #[test]
    fn each_day_keeps_its_local_time_across_a_clock_change() {
        let days = Slot { day_count: 2, ..slot("2026-03-28", "09:00", "Europe/Warsaw") }.intervals().unwrap();
        assert_eq!(days[0].0, at("2026-03-28T08:00:00Z"));
        assert_eq!(days[1].0, at("2026-03-29T07:00:00Z"));
        // Whole days across the spring change share an hour; no cell is counted twice.
        let whole = Slot { day_count: 3, duration_minutes: 1440, ..slot("2026-03-28", "00:00", "Europe/Warsaw") };
        assert_eq!(whole.cells().unwrap().len(), 96 * 3 - 4);
    }

    #[test]
    fn quarters_of_an_hour_only() {
        let good = slot("2026-05-12", "09:15", "UTC");
        assert!(good.check().is_ok());
        assert_eq!(slot("2026-05-12", "09:10", "UTC").check(), Err(SlotFault::Grid));
        for minutes in [0, 15, 40, 1455] {
            assert_eq!(Slot { duration_minutes: minutes, ..good }.check(), Err(SlotFault::Grid), "{minutes}");
        }
        for days in [0, 15] {
            assert_eq!(Slot { day_count: days, ..good }.check(), Err(SlotFault::Days), "{days}");
        }
        assert_eq!(zone("Mars/Olympus"), Err(SlotFault::Zone));
    }
}
