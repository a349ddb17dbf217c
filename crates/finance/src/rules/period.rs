//! For which days a clinic is paid, and when (R-PY-61, R-FN-47).

use chrono::{Datelike, Days, NaiveDate, Weekday};
use kernel::ids::ProviderId;

use crate::entity::provider_bills::ProviderBillPaymentCycle as Cycle;

/// The days of one statement, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
}

/// How a clinic is paid from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// From this day on.
    pub from: NaiveDate,
    /// How often.
    pub cycle: Cycle,
    /// Days from the end of a period to its payout.
    pub offset_days: u32,
}

/// What is paid where nothing was agreed.
pub const USUAL: Agreement = Agreement { from: NaiveDate::MIN, cycle: Cycle::Monthly, offset_days: 5 };

/// A statement that is to be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its days.
    pub period: Period,
    /// The cycle they belong to.
    pub cycle: Cycle,
    /// When it is paid.
    pub payout: NaiveDate,
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// The last day of the month a day lies in.
fn month_end(day: NaiveDate) -> NaiveDate {
    let (year, month) = if day.month() == 12 { (day.year() + 1, 1) } else { (day.year(), day.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).map_or(day, |first| before(first, 1))
}

/// The period of a cycle that a day lies in: Monday to Sunday, the 1st to the 15th and the 16th to the end, or a month.
pub fn containing(cycle: Cycle, day: NaiveDate) -> Period {
    match cycle {
        Cycle::Weekly => {
            let start = before(day, u64::from(day.weekday().days_since(Weekday::Mon)));
            Period { start, end: after(start, 6) }
        }
        Cycle::TwiceMonthly if day.day() <= 15 => {
            Period { start: day.with_day(1).unwrap_or(day), end: day.with_day(15).unwrap_or(day) }
        }
        Cycle::TwiceMonthly => Period { start: day.with_day(16).unwrap_or(day), end: month_end(day) },
        Cycle::Monthly => Period { start: day.with_day(1).unwrap_or(day), end: month_end(day) },
    }
}

/// The last period of a cycle that ended on a day or before it.
fn ended_by(cycle: Cycle, day: NaiveDate) -> Period {
    let here = containing(cycle, day);
    if here.end <= day { here } else { containing(cycle, before(here.start, 1)) }
}

/// The statement a clinic's agreements ask for on a day: that of the last period whose payout is at most `buffer` days
/// away. A changed cycle begins once the running period is over.
///
/// `agreements` are in the order of their days; where there are none, the usual one holds.
pub fn due(agreements: &[Agreement], today: NaiveDate, buffer: u32) -> Option<Due> {
    let all: &[Agreement] = if agreements.is_empty() { &[USUAL] } else { agreements };
    // The last day the agreement that follows leaves to this one.
    let mut last = NaiveDate::MAX;
    for (place, agreement) in all.iter().enumerate().rev() {
        let first = match place.checked_sub(1).and_then(|earlier| all.get(earlier)) {
            Some(earlier) => after(containing(earlier.cycle, before(agreement.from, 1)).end, 1),
            None => NaiveDate::MIN,
        };
        let reached = before(after(today, u64::from(buffer)), u64::from(agreement.offset_days));
        let period = ended_by(agreement.cycle, reached.min(last));
        if period.start >= first {
            let payout = after(period.end, u64::from(agreement.offset_days));
            return Some(Due { period, cycle: agreement.cycle, payout });
        }
        last = before(first, 1);
    }
    None
}

/// The day of a clinic's next payout, today included.
pub fn next_payout(agreements: &[Agreement], today: NaiveDate) -> NaiveDate {
    let all: &[Agreement] = if agreements.is_empty() { &[USUAL] } else { agreements };
    let agreement = all.iter().rev().find(|agreement| agreement.from <= today).or(all.first()).unwrap_or(&USUAL);
    let offset = u64::from(agreement.offset_days);
    let mut period = ended_by(agreement.cycle, before(today, offset));
    while after(period.end, offset) < today {
        period = containing(agreement.cycle, after(period.end, 1));
    }
    after(period.end, offset)
}

/// `PST-P1A2B3C4D-2026-W25`: the reference of a clinic's statement.
pub fn reference(provider: ProviderId, cycle: Cycle, period: Period) -> String {
    let mut id = provider.0.simple().to_string();
    id.truncate(8);
    format!("PST-P{}-{}", id.to_ascii_uppercase(), label(cycle, period))
}

/// `2026-W25`, `2026-07-H1`, `2026-07`.
pub fn label(cycle: Cycle, period: Period) -> String {
    let (year, month) = (period.start.year(), period.start.month());
    match cycle {
        Cycle::Weekly => {
            let week = period.start.iso_week();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Cycle::TwiceMonthly => format!("{year}-{month:02}-H{}", if period.start.day() == 1 { 1 } else { 2 }),
        Cycle::Monthly => format!("{year}-{month:02}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn agreed(from: &str, cycle: Cycle, offset_days: u32) -> Agreement {
        Agreement { from: day(from), cycle, offset_days }
    }

    fn period(start: &str, end: &str) -> Period {
        Period { start: day(start), end: day(end) }
    }

    #[test]
    fn r_py_61_the_days_of_each_cycle() {
        for (cycle, inside, start, end) in [
            (Cycle::Weekly, "2026-06-15", "2026-06-15", "2026-06-21"),
            (Cycle::Weekly, "2026-06-21", "2026-06-15", "2026-06-21"),
            (Cycle::TwiceMonthly, "2026-07-15", "2026-07-01", "2026-07-15"),
            (Cycle::TwiceMonthly, "2026-02-16", "2026-02-16", "2026-02-28"),
            (Cycle::TwiceMonthly, "2028-02-29", "2028-02-16", "2028-02-29"),
            (Cycle::Monthly, "2026-12-31", "2026-12-01", "2026-12-31"),
        ] {
            assert_eq!(containing(cycle, day(inside)), period(start, end), "{cycle:?} {inside}");
        }
    }

    #[test]
    fn g1_a_week_is_built_on_tuesday_and_paid_on_friday() {
        let weekly = [agreed("2026-01-01", Cycle::Weekly, 5)];
        let built = due(&weekly, day("2026-06-23"), 3).unwrap();
        assert_eq!((built.period, built.payout), (period("2026-06-15", "2026-06-21"), day("2026-06-26")));
        assert_eq!(due(&weekly, day("2026-06-22"), 3).unwrap().period, period("2026-06-08", "2026-06-14"));
        // A run that was missed finds the same statement.
        assert_eq!(due(&weekly, day("2026-06-29"), 3).unwrap().period, period("2026-06-15", "2026-06-21"));
    }

    #[test]
    fn a_half_month_is_built_three_days_ahead() {
        let twice = [agreed("2026-01-01", Cycle::TwiceMonthly, 5)];
        let built = due(&twice, day("2026-07-17"), 3).unwrap();
        assert_eq!((built.period, built.payout), (period("2026-07-01", "2026-07-15"), day("2026-07-20")));
        assert_eq!(due(&twice, day("2026-07-16"), 3).unwrap().period, period("2026-06-16", "2026-06-30"));
        assert_eq!(due(&twice, day("2026-07-13"), 7).unwrap().period, period("2026-07-01", "2026-07-15"));
        assert_eq!(
            due(&[], day("2026-07-02"), 3).unwrap().payout,
            day("2026-07-05"),
            "monthly where nothing is agreed"
        );
    }

    #[test]
    fn r_py_61_a_changed_cycle_begins_with_the_next_period() {
        let changed = [agreed("2026-01-01", Cycle::Monthly, 5), agreed("2026-07-10", Cycle::Weekly, 2)];
        // July is still a month; the first week behind it begins on 3 August.
        assert_eq!(due(&changed, day("2026-08-02"), 3).unwrap().period, period("2026-07-01", "2026-07-31"));
        assert_eq!(due(&changed, day("2026-08-07"), 3).unwrap().period, period("2026-07-01", "2026-07-31"));
        assert_eq!(due(&changed, day("2026-08-08"), 3).unwrap().period, period("2026-08-03", "2026-08-09"));
        let first = [agreed("2026-07-10", Cycle::Weekly, 2)];
        assert_eq!(due(&first, day("2026-07-11"), 3).unwrap().period, period("2026-07-06", "2026-07-12"));
    }

    #[test]
    fn the_next_payout_is_never_in_the_past() {
        let weekly = [agreed("2026-01-01", Cycle::Weekly, 5)];
        assert_eq!(next_payout(&weekly, day("2026-06-26")), day("2026-06-26"));
        assert_eq!(next_payout(&weekly, day("2026-06-27")), day("2026-07-03"));
        assert_eq!(next_payout(&[], day("2026-06-06")), day("2026-07-05"));
    }

    #[test]
    fn r_fn_47_references() {
        let id: ProviderId = "1a2b3c4d-0000-7000-8000-000000000000".parse().unwrap();
        let week = containing(Cycle::Weekly, day("2026-06-15"));
        assert_eq!(reference(id, Cycle::Weekly, week), "PST-P1A2B3C4D-2026-W25");
        let new_year = containing(Cycle::Weekly, day("2027-01-01"));
        assert_eq!(label(Cycle::Weekly, new_year), "2026-W53");
        assert_eq!(label(Cycle::TwiceMonthly, containing(Cycle::TwiceMonthly, day("2026-07-31"))), "2026-07-H2");
        assert_eq!(label(Cycle::Monthly, containing(Cycle::Monthly, day("2026-07-31"))), "2026-07");
    }

    proptest! {
        #[test]
        fn periods_follow_each_other_without_gaps(days in 0i64..20_000, which in 0usize..3) {
            let cycle = [Cycle::Weekly, Cycle::TwiceMonthly, Cycle::Monthly][which];
            let inside = day("2000-01-01") + chrono::Duration::days(days);
            let here = containing(cycle, inside);
            prop_assert!(here.start <= inside && inside <= here.end);
            prop_assert_eq!(containing(cycle, after(here.end, 1)).start, after(here.end, 1));
            prop_assert_eq!(containing(cycle, here.start), here);
        }
    }
}
