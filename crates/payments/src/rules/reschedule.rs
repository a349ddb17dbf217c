//! What another date of treatment means for the money that is still to come (R-PY-20, R-PY-44).

use chrono::{Days, NaiveDate};
use kernel::{Amount, Currency};

use super::checkout::balance_due_on;
use super::installments::{self, Moved, Planned};

/// Days within which the rest is due where no planned day fits any more (R-PY-44).
const AT_ONCE: u64 = 3;

/// The money of a booking before it moves.
#[derive(Clone, Debug)]
pub struct Before {
    /// What is missing.
    pub rest: Amount,
    /// In which currency.
    pub currency: Currency,
    /// Due days of the open payments of a plan that runs, in order; none without one.
    pub planned: Option<Vec<NaiveDate>>,
    /// Days before the treatment at which a balance falls due.
    pub balance_due_days: i32,
    /// Days before the treatment by which plans are paid.
    pub cutoff_days: i64,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing is missing.
    Paid,
    /// The plan goes on as it is.
    PlanStays,
    /// The rest of the plan is spread anew; the number of each payment starts at 1.
    Spread(Vec<Planned>),
    /// The rest falls due in one sum on that day: the end of a plan, or the balance of a deposit.
    Balance {
        /// The day.
        due_on: NaiveDate,
        /// Whether a plan ends with it.
        ends_plan: bool,
    },
}

/// Decides it for a new date. `today` is the clinic's.
pub fn effect(before: &Before, new_date: NaiveDate, today: NaiveDate) -> Effect {
    if !before.rest.is_positive() {
        return Effect::Paid;
    }
    let at_once = plus(today, AT_ONCE).min(new_date);
    let Some(planned) = &before.planned else {
        let usual = balance_due_on(new_date, before.balance_due_days);
        // A day that is over by then leaves the patient a few days all the same.
        let due_on = if usual > today { usual } else { at_once };
        return Effect::Balance { due_on, ends_plan: false };
    };
    // What is overdue counts as due today.
    let open: Vec<NaiveDate> = planned.iter().map(|due| (*due).max(today)).collect();
    let next = open.first().copied().unwrap_or(today);
    match installments::moved(&open, new_date, before.cutoff_days) {
        Moved::Stays => Effect::PlanStays,
        Moved::Spread(count) => match installments::plan(before.rest, count, before.currency, next) {
            Some(parts) => Effect::Spread(parts),
            // Too little to be spread.
            None => Effect::Balance { due_on: next, ends_plan: true },
        },
        Moved::Single => Effect::Balance { due_on: next, ends_plan: true },
        Moved::AtOnce => Effect::Balance { due_on: at_once, ends_plan: true },
    }
}

impl Effect {
    /// The days before the new date at which the balance falls due, as the terms keep them; `usual` where nothing changes.
    pub fn balance_due_days(&self, new_date: NaiveDate, usual: i32) -> i32 {
        match self {
            Self::Balance { due_on, .. } => i32::try_from((new_date - *due_on).num_days().max(0)).unwrap_or(usual),
            _ => usual,
        }
    }
}

fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::installments::INTERVAL;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan(rest: &str, due: &[&str]) -> Before {
        Before {
            rest: rest.parse().unwrap(),
            currency: Currency::USD,
            planned: Some(due.iter().map(|due| day(due)).collect()),
            balance_due_days: 7,
            cutoff_days: 30,
        }
    }

    /// G3, variant: the plan of 4 x 625.00 after two payments, moved on 2026-04-15.
    #[test]
    fn g3_a_plan_that_moves() {
        let before = plan("1250.00", &["2026-05-01", "2026-05-31"]);
        let today = day("2026-04-15");
        assert_eq!(effect(&before, day("2026-06-30"), today), Effect::PlanStays);
        let single = effect(&before, day("2026-06-10"), today);
        assert_eq!(single, Effect::Balance { due_on: day("2026-05-01"), ends_plan: true });
        assert_eq!(single.balance_due_days(day("2026-06-10"), 7), 40);
        let at_once = effect(&before, day("2026-05-20"), today);
        assert_eq!(at_once, Effect::Balance { due_on: day("2026-04-18"), ends_plan: true });
        // The day after tomorrow: no more than until then.
        let near = effect(&before, day("2026-04-17"), today);
        assert_eq!(near, Effect::Balance { due_on: day("2026-04-17"), ends_plan: true });
        assert_eq!(near.balance_due_days(day("2026-04-17"), 7), 0);
    }

    #[test]
    fn the_largest_count_that_fits() {
        let before = plan("1000.00", &["2026-05-01", "2026-05-31", "2026-06-30", "2026-07-30"]);
        let Effect::Spread(parts) = effect(&before, day("2026-07-30"), day("2026-04-15")) else { panic!("spread") };
        let seen: Vec<(i32, String, String)> =
            parts.iter().map(|part| (part.number, part.due_on.to_string(), part.amount.to_string())).collect();
        let wanted = [(1, "2026-05-01", "333.33"), (2, "2026-05-31", "333.33"), (3, "2026-06-30", "333.34")];
        assert_eq!(seen, wanted.map(|(number, due, amount)| (number, due.to_owned(), amount.to_owned())));
    }

    #[test]
    fn a_balance_falls_due_as_long_before_the_new_day() {
        let before = Before { planned: None, ..plan("500.00", &[]) };
        let today = day("2026-04-15");
        let due = |new: &str| match effect(&before, day(new), today) {
            Effect::Balance { due_on, ends_plan: false } => due_on.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(due("2026-06-10"), "2026-06-03");
        assert_eq!(due("2026-04-23"), "2026-04-16");
        assert_eq!(due("2026-04-22"), "2026-04-18", "due today would be too late to say so");
        assert_eq!(due("2026-04-16"), "2026-04-16");
        assert_eq!(effect(&Before { rest: Amount::ZERO, ..before }, day("2026-06-10"), today), Effect::Paid);
    }

    proptest! {
        /// R-PY-44: nothing is due after the treatment, what is spread sums exactly and lies before the cutoff.
        #[test]
        fn the_rest_is_always_asked_for_in_time(
            cents in 100i64..10_000_000, open in 1u64..9, first in -40i64..60, ahead in 0u64..400, cutoff in 30i64..=90,
        ) {
            let today = day("2026-04-15");
            let first = today + chrono::Duration::days(first);
            let step = |number: u64| first + chrono::Duration::days(INTERVAL * i64::try_from(number).unwrap());
            let rest = Amount::new(rust_decimal::Decimal::new(cents, 2)).unwrap();
            let before = Before {
                rest, currency: Currency::USD, planned: Some((0..open).map(step).collect()),
                balance_due_days: 7, cutoff_days: cutoff,
            };
            let new_date = plus(today, ahead);
            match effect(&before, new_date, today) {
                Effect::Spread(parts) => {
                    prop_assert_eq!(parts.iter().map(|part| part.amount).sum::<Amount>(), rest);
                    prop_assert!(parts.len() >= 2 && parts.len() as u64 <= open);
                    prop_assert!(parts.iter().all(|part| (new_date - part.due_on).num_days() >= cutoff));
                }
                Effect::Balance { due_on, ends_plan } => {
                    prop_assert!(ends_plan && due_on >= today && due_on <= new_date);
                }
                Effect::PlanStays => prop_assert!((new_date - step(open - 1).max(today)).num_days() >= cutoff),
                Effect::Paid => prop_assert!(false, "something is missing"),
            }
        }
    }
}
