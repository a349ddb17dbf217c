//! Splitting a price into interest-free payments: how many, how much, and when (R-PY-37 to 39, R-PY-44).

use chrono::{Days, NaiveDate};
use kernel::{Amount, Currency};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Days from one payment to the next.
pub const INTERVAL: i64 = 30;
/// The fewest and the most payments of a plan.
pub const COUNTS: std::ops::RangeInclusive<u8> = 2..=9;
/// The last payment lies at least so long before the treatment, whatever the terms say (R-PY-39).
pub const LEAST_CUTOFF: i64 = 30;
/// Days after the due date on which a declined payment is tried again (R-PY-42).
pub const RETRIES: [i64; 3] = [1, 3, 7];

/// The amounts of a plan: all equal, the last one takes what rounding left. `None` where no such plan is possible: an
/// amount would not be positive, or the last one would differ by more than rounding explains.
pub fn split(total: Amount, count: u8, currency: Currency) -> Option<Vec<Amount>> {
    if !COUNTS.contains(&count) {
        return None;
    }
    let parts = Decimal::from(count);
    let base = currency.round(total.get() / parts)?;
    let last = Amount::new(total.get() - base.get() * (parts - Decimal::ONE))?;
    let unit = if currency.minor_digits() == 0 { Decimal::ONE } else { Decimal::new(1, 2) };
    let off = (last.get() - base.get()).abs();
    if !base.is_positive() || !last.is_positive() || off > unit * parts / Decimal::TWO {
        return None;
    }
    let mut amounts = vec![base; usize::from(count)];
    if let Some(end) = amounts.last_mut() {
        *end = last;
    }
    Some(amounts)
}

/// The most payments that fit between today and the treatment; below two there is no plan.
pub fn most(days_before: i64, cutoff_days: i64) -> u8 {
    let fits = (days_before - cutoff_days.max(LEAST_CUTOFF)).div_euclid(INTERVAL);
    fits.clamp(0, i64::from(*COUNTS.end())).to_u8().unwrap_or(0)
}

/// The counts on offer: those that are enabled and fit.
pub fn offered(enabled: &[u8], days_before: i64, cutoff_days: i64) -> Vec<u8> {
    let most = most(days_before, cutoff_days);
    let mut counts: Vec<u8> =
        enabled.iter().copied().filter(|count| COUNTS.contains(count) && *count <= most).collect();
    counts.sort_unstable();
    counts.dedup();
    counts
}

/// The day a payment of a plan falls due, the first being number 1.
pub fn due_on(first: NaiveDate, number: i32) -> NaiveDate {
    let days = u64::try_from(INTERVAL * i64::from(number - 1)).unwrap_or(0);
    first.checked_add_days(Days::new(days)).unwrap_or(first)
}

/// A planned payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// 1 and up.
    pub number: i32,
    /// When it is charged.
    pub due_on: NaiveDate,
    /// How much.
    pub amount: Amount,
}

/// The whole plan of a price from a day on.
pub fn plan(total: Amount, count: u8, currency: Currency, first: NaiveDate) -> Option<Vec<Planned>> {
    let amounts = split(total, count, currency)?;
    let planned = |(number, amount): (i32, Amount)| Planned { number, due_on: due_on(first, number), amount };
    Some((1..).zip(amounts).map(planned).collect())
}

/// What becomes of the rest of a plan when the treatment moves (R-PY-44).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// Every payment still lies early enough.
    Stays,
    /// The rest is spread over so many payments from the next one on.
    Spread(u8),
    /// One payment on the next due day.
    Single,
    /// No due day fits: all of it within three days.
    AtOnce,
}

/// Decides it. `unpaid` are the due days of what is open, in order.
pub fn moved(unpaid: &[NaiveDate], new_date: NaiveDate, cutoff_days: i64) -> Moved {
    let cutoff = u64::try_from(cutoff_days.max(LEAST_CUTOFF)).unwrap_or(0);
    let latest = new_date.checked_sub_days(Days::new(cutoff)).unwrap_or(new_date);
    let (Some(next), Some(end)) = (unpaid.first(), unpaid.last()) else { return Moved::Stays };
    if *end <= latest {
        return Moved::Stays;
    }
    let fits = |count: usize| {
        let number = i32::try_from(count).unwrap_or(i32::MAX);
        due_on(*next, number) <= latest
    };
    match (1..=unpaid.len()).rev().find(|count| fits(*count)) {
        Some(1) => Moved::Single,
        Some(count) => Moved::Spread(u8::try_from(count).unwrap_or(2)),
        None => Moved::AtOnce,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// R-PY-37: the table of the rule.
    #[test]
    fn amounts_as_the_rule_lists_them() {
        let yen: Currency = "JPY".parse().unwrap();
        for (total, count, currency, base, last) in [
            ("2000.00", 3, Currency::USD, "666.67", "666.66"),
            ("1000.00", 6, Currency::USD, "166.67", "166.65"),
            ("2450.50", 9, Currency::USD, "272.28", "272.26"),
            ("999.99", 7, Currency::USD, "142.86", "142.83"),
            ("45678.91", 8, Currency::USD, "5709.86", "5709.89"),
            ("100.00", 9, Currency::USD, "11.11", "11.12"),
            ("250000", 7, yen, "35714", "35716"),
        ] {
            let amounts = split(amount(total), count, currency).unwrap();
            assert_eq!(amounts.len(), usize::from(count));
            assert!(amounts[..amounts.len() - 1].iter().all(|part| *part == amount(base)), "{total}");
            assert_eq!(amounts.last(), Some(&amount(last)), "{total}");
            assert_eq!(amounts.into_iter().sum::<Amount>(), amount(total));
        }
        assert_eq!(split(amount("0.05"), 9, Currency::USD), None);
        assert_eq!(split(amount("100.00"), 1, Currency::USD), None);
        assert_eq!(split(amount("100.00"), 10, Currency::USD), None);
    }

    /// R-PY-38: the numbers of the rule.
    #[test]
    fn r_py_38_counts_as_the_rule_lists_them() {
        for (days, most_wanted) in
            [(89, 1), (90, 2), (119, 2), (120, 3), (180, 5), (210, 6), (300, 9), (900, 9), (10, 0)]
        {
            assert_eq!(most(days, 30), most_wanted, "{days}");
        }
        assert_eq!(most(180, 45), 4);
        assert_eq!(most(180, 10), 5, "never less than thirty days before the treatment");
        let all: Vec<u8> = COUNTS.collect();
        assert!(offered(&all, 89, 30).is_empty());
        assert_eq!(offered(&all, 121, 30), [2, 3]);
        assert_eq!(offered(&[6, 3, 3], 400, 30), [3, 6]);
    }

    #[test]
    fn g2_dates() {
        let plan = plan(amount("2000.00"), 3, Currency::USD, day("2026-03-02")).unwrap();
        let dates: Vec<String> = plan.iter().map(|item| item.due_on.to_string()).collect();
        assert_eq!(dates, ["2026-03-02", "2026-04-01", "2026-05-01"]);
    }

    #[test]
    fn g3_a_moved_treatment() {
        let unpaid = [day("2026-05-01"), day("2026-05-31")];
        assert_eq!(moved(&unpaid, day("2026-06-30"), 30), Moved::Stays, "05-31 fits exactly");
        assert_eq!(moved(&unpaid, day("2026-06-29"), 30), Moved::Single);
        assert_eq!(moved(&unpaid, day("2026-06-10"), 30), Moved::Single);
        assert_eq!(moved(&unpaid, day("2026-05-30"), 30), Moved::AtOnce);
        let four = [day("2026-05-01"), day("2026-05-31"), day("2026-06-30"), day("2026-07-30")];
        assert_eq!(moved(&four, day("2026-07-30"), 30), Moved::Spread(3));
        assert_eq!(moved(&[], day("2026-05-30"), 30), Moved::Stays);
    }

    proptest! {
        #[test]
        fn parts_sum_exactly_and_are_alike(cents in 1i64..9_999_999_999, count in 2u8..=9, yen in any::<bool>()) {
            let currency: Currency = if yen { "JPY".parse().unwrap() } else { Currency::EUR };
            let total = if yen { Decimal::from(cents / 100) } else { Decimal::new(cents, 2) };
            let total = Amount::new(total).unwrap();
            if let Some(parts) = split(total, count, currency) {
                prop_assert_eq!(parts.iter().copied().sum::<Amount>(), total);
                prop_assert!(parts.iter().all(|part| part.is_positive() && currency.round(part.get()) == Some(*part)));
                prop_assert!(parts.windows(2).take(parts.len() - 2).all(|pair| pair[0] == pair[1]));
            } else {
                prop_assert!(total.get() < Decimal::from(100), "only small prices cannot be split");
            }
        }

        #[test]
        fn the_last_payment_lies_before_the_cutoff(days in 0i64..1000, cutoff in 30i64..=90, first in 0u64..20_000) {
            let first = day("2026-01-01").checked_add_days(Days::new(first)).unwrap();
            let treatment = first.checked_add_days(Days::new(u64::try_from(days).unwrap())).unwrap();
            let most = most(days, cutoff);
            if most >= 2 {
                let last = due_on(first, i32::from(most));
                prop_assert!((treatment - last).num_days() >= cutoff);
            }
        }
    }
}
