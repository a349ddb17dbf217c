//! The "from" price of a clinic.

use kernel::{Amount, Currency, Money};
use rust_decimal::Decimal;

/// The least a treatment costs: its base price and the fewest grafts the clinic does.
pub fn from_price(base: Amount, per_graft: Amount, min_grafts: Option<i32>, currency: Currency) -> Option<Money> {
    let grafts = per_graft.times(Decimal::from(min_grafts.unwrap_or(0).max(0)))?;
    base.checked_add(grafts).filter(|amount| amount.is_positive()).map(|amount| Money::new(amount, currency))
}

/// What an amount is worth in US dollars, for sorting only; `None` without a rate.
pub fn in_dollars(price: Money, per_dollar: impl Fn(Currency) -> Option<Decimal>) -> Option<Decimal> {
    if price.currency == Currency::USD {
        return Some(price.amount.get());
    }
    per_dollar(price.currency).and_then(|rate| price.amount.get().checked_div(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grafts_count_towards_the_least_price() {
        let amount = |units| Amount::from_units(units);
        let from = |base, per, min| from_price(amount(base), amount(per), min, Currency::EUR).map(|m| m.amount);
        assert_eq!(from(2000, 0, None), Some(amount(2000)));
        assert_eq!(from(500, 2, Some(1000)), Some(amount(2500)));
        assert_eq!(from(0, 0, Some(1000)), None);
    }

    #[test]
    fn prices_compare_in_dollars() {
        let rate = |currency| (currency == Currency::EUR).then(|| "0.92".parse().unwrap());
        let price = |units, currency| Money::new(Amount::from_units(units), currency);
        assert_eq!(in_dollars(price(92, Currency::EUR), rate), Some(Decimal::from(100)));
        assert_eq!(in_dollars(price(92, Currency::USD), rate), Some(Decimal::from(92)));
        assert_eq!(in_dollars(price(92, Currency::GBP), rate), None);
    }
}
