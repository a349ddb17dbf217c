//! Turning money of one currency into another (R-PY-13..16).

use kernel::Currency;
use rust_decimal::{Decimal, RoundingStrategy};

/// What one currency is worth now: units per US dollar, and the platform's markup on its pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// Unmarked units per US dollar.
    pub base: Decimal,
    /// Markup in percent.
    pub markup_percent: Decimal,
}

/// The dollar itself: no pair, no markup.
pub const DOLLAR: Quotation = Quotation { base: Decimal::ONE, markup_percent: Decimal::ZERO };

/// Payment units per quote unit, eight decimals (R-PY-14).
///
/// Exactly one markup is applied: the one of the currency paid in, or, when dollars are paid, the one of the
/// currency quoted in. `None` when a rate is not positive: such a row says nothing.
pub fn rate(from: (Currency, Quotation), to: (Currency, Quotation)) -> Option<Decimal> {
    if from.0 == to.0 {
        return Some(Decimal::ONE);
    }
    if from.1.base <= Decimal::ZERO || to.1.base <= Decimal::ZERO {
        return None;
    }
    let markup = if to.0 == Currency::USD { from.1.markup_percent } else { to.1.markup_percent };
    let factor = Decimal::ONE + markup / Decimal::ONE_HUNDRED;
    let rate = to.1.base.checked_div(from.1.base)?.checked_mul(factor)?;
    Some(eight(rate))
}

/// A rate as it is kept: eight decimals, rounded half up.
pub fn eight(rate: Decimal) -> Decimal {
    rate.round_dp_with_strategy(8, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(base: &str, markup: &str) -> Quotation {
        Quotation { base: base.parse().unwrap(), markup_percent: markup.parse().unwrap() }
    }

    fn dec(s: &str) -> Decimal {
        s.parse().unwrap()
    }

    /// R-PY-13, R-PY-14.
    #[test]
    fn one_markup_per_conversion() {
        let gbp = (Currency::GBP, quoted("0.80", "5.00"));
        let eur = (Currency::EUR, quoted("0.92", "2.00"));
        let usd = (Currency::USD, DOLLAR);
        assert_eq!(rate(gbp, gbp), Some(Decimal::ONE));
        assert_eq!(rate(gbp, eur), Some(dec("1.173")), "the euro pair's markup only");
        assert_eq!(rate(eur, gbp), Some(dec("0.91304348")), "eight decimals");
        assert_eq!(rate(gbp, usd), Some(dec("1.3125")), "paying dollars: the quote's pair");
        assert_eq!(rate(usd, gbp), Some(dec("0.84")));
    }

    #[test]
    fn a_rate_of_nothing_is_no_rate() {
        let gbp = (Currency::GBP, quoted("0", "5"));
        assert_eq!(rate(gbp, (Currency::USD, DOLLAR)), None);
        assert_eq!(rate((Currency::USD, DOLLAR), gbp), None);
    }
}
