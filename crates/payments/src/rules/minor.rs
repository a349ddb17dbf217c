//! Amounts as gateways count them: whole numbers of the currency's smallest unit (R-PY-24).

use kernel::{Amount, Currency};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The amount in minor units: GBP 540.98 is 54098, JPY 5000 is 5000.
///
/// `None` when the amount is finer than the currency allows.
pub fn to_minor(amount: Amount, currency: Currency) -> Option<i64> {
    let scaled = amount.get() * scale(currency);
    if scaled.fract().is_zero() { scaled.to_i64() } else { None }
}

/// The amount behind a number of minor units; `None` beyond what the database holds.
pub fn from_minor(minor: i64, currency: Currency) -> Option<Amount> {
    Amount::new(Decimal::from(minor) / scale(currency))
}

fn scale(currency: Currency) -> Decimal {
    if currency.minor_digits() == 0 { Decimal::ONE } else { Decimal::ONE_HUNDRED }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_are_not_multiplied() {
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!(to_minor(Amount::from_units(5000), yen), Some(5000));
        assert_eq!(from_minor(5000, yen), Some(Amount::from_units(5000)));
        assert_eq!(to_minor("0.50".parse().unwrap(), yen), None);
    }

    #[test]
    fn pence_are() {
        let deposit: Amount = "540.98".parse().unwrap();
        assert_eq!(to_minor(deposit, Currency::GBP), Some(54098));
        assert_eq!(from_minor(54098, Currency::GBP), Some(deposit));
        assert_eq!(from_minor(i64::MAX, Currency::GBP), None);
    }
}
