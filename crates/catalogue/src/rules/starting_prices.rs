//! Arithmetic of "from" prices: ranges of validity and changes of many at once (R-MG-61).

use chrono::{Days, NaiveDate};
use kernel::{Amount, Currency};
use rust_decimal::{Decimal, RoundingStrategy};

/// The days a price is in effect; an open end is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First day; `None` is since ever.
    pub from: Option<NaiveDate>,
    /// Last day, inclusive; `None` is until further notice.
    pub to: Option<NaiveDate>,
}

/// What becomes of a price that stands when one that begins on `from` comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// Its days do not touch the new ones.
    Apart,
    /// It ends the day before.
    Closes(NaiveDate),
    /// It begins on the same day or later: the two cannot both stand.
    Collides,
}

/// How a price that stands meets a new one.
pub fn meet(standing: Range, new: Range) -> Meeting {
    let Some(from) = new.from else {
        // A price since ever has room only where nothing stands before its end.
        let room = new.to.zip(standing.from).is_some_and(|(to, begins)| to < begins);
        return if room { Meeting::Apart } else { Meeting::Collides };
    };
    if standing.to.is_some_and(|to| to < from) {
        return Meeting::Apart;
    }
    if standing.from.is_some_and(|begins| new.to.is_some_and(|to| to < begins)) {
        return Meeting::Apart;
    }
    match from.checked_sub_days(Days::new(1)) {
        Some(before) if standing.from.is_none_or(|begins| begins <= before) => Meeting::Closes(before),
        _ => Meeting::Collides,
    }
}

/// A change of many prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Percent, -50 to 100.
    Percent(Decimal),
    /// An amount in each price's own currency, up or down.
    Amount(Decimal),
}

/// A price after a change, rounded half-up to a multiple of `step` (or to the currency's own digits); `None` when the
/// result is not above zero or does not fit.
pub fn changed(price: Amount, currency: Currency, change: Change, step: Option<u32>) -> Option<Amount> {
    let price = price.get();
    let raw = match change {
        Change::Percent(percent) => {
            price.checked_add(price.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?)?
        }
        Change::Amount(amount) => price.checked_add(amount)?,
    };
    let raw = match step {
        None => raw,
        Some(step) => {
            let step = Decimal::from(step);
            let steps = raw.checked_div(step)?.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
            steps.checked_mul(step)?
        }
    };
    currency.round(raw).filter(|amount| amount.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        (!text.is_empty()).then(|| format!("2026-{text}").parse().unwrap())
    }

    fn range(from: &str, to: &str) -> Range {
        Range { from: day(from), to: day(to) }
    }

    #[test]
    fn a_new_price_closes_the_one_that_stands_the_day_before() {
        let closes = |text: &str| Meeting::Closes(day(text).unwrap());
        assert_eq!(meet(range("", ""), range("03-10", "")), closes("03-09"));
        assert_eq!(meet(range("03-09", "12-31"), range("03-10", "")), closes("03-09"));
        assert_eq!(meet(range("01-01", "03-09"), range("03-10", "")), Meeting::Apart);
        assert_eq!(meet(range("04-01", ""), range("03-10", "03-31")), Meeting::Apart);
    }

    #[test]
    fn two_prices_never_hold_on_one_day() {
        for (standing, new) in [
            (range("03-10", ""), range("03-10", "")),
            (range("04-01", ""), range("03-10", "04-01")),
            (range("04-01", ""), range("03-10", "")),
            (range("", ""), range("", "")),
            (range("03-10", ""), range("", "03-10")),
        ] {
            assert_eq!(meet(standing, new), Meeting::Collides, "{standing:?} {new:?}");
        }
        assert_eq!(meet(range("03-10", ""), range("", "03-09")), Meeting::Apart);
    }

    /// R-MG-61
    #[test]
    fn bulk_changes_round_half_up_and_never_reach_zero() {
        let price: Amount = "1250.00".parse().unwrap();
        let result = |change, step| changed(price, Currency::GBP, change, step).map(|amount| amount.to_string());
        assert_eq!(result(Change::Percent(Decimal::from(5)), None).as_deref(), Some("1312.50"));
        assert_eq!(result(Change::Percent(Decimal::from(5)), Some(5)).as_deref(), Some("1315.00"));
        assert_eq!(result(Change::Percent(Decimal::from(-50)), Some(50)).as_deref(), Some("650.00"));
        assert_eq!(result(Change::Amount(Decimal::from(-1250)), None), None);
        assert_eq!(changed("3.00".parse().unwrap(), Currency::GBP, Change::Percent(Decimal::ONE), Some(10)), None);
        let yen: Amount = "1001".parse().unwrap();
        assert_eq!(
            changed(yen, "JPY".parse().unwrap(), Change::Percent(Decimal::new(5, 1)), None).unwrap().to_string(),
            "1006.00"
        );
    }
}
