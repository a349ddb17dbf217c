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

/// The currency people of a country are used to; dollars where we know none.
pub fn home_currency(country_code: Option<&str>) -> Currency {
    let code = match country_code.unwrap_or_default() {
        "GB" | "IM" | "JE" | "GG" => "GBP",
        "TR" => "TRY",
        "AT" | "BE" | "BG" | "CY" | "DE" | "EE" | "ES" | "FI" | "FR" | "GR" | "HR" | "IE" | "IT" | "LT" | "LU"
        | "LV" | "MT" | "NL" | "PT" | "SI" | "SK" => "EUR",
        "PL" => "PLN",
        "CZ" => "CZK",
        "HU" => "HUF",
        "RO" => "RON",
        "DK" => "DKK",
        "SE" => "SEK",
        "NO" => "NOK",
        "CH" | "LI" => "CHF",
        "CA" => "CAD",
        "AU" => "AUD",
        "JP" => "JPY",
        "AE" => "AED",
        "SA" => "SAR",
        _ => "USD",
    };
    code.parse().unwrap_or(Currency::USD)
}

/// A price in the currency of a home, to be read beside it; nothing where it is in that already, or no rate is known.
pub fn at_home(price: Money, home: Currency, per_dollar: impl Fn(Currency) -> Option<Decimal>) -> Option<Money> {
    if price.currency == home {
        return None;
    }
    let dollars = in_dollars(price, &per_dollar)?;
    let rate = if home == Currency::USD { Decimal::ONE } else { per_dollar(home)? };
    Some(Money::new(home.round(dollars.checked_mul(rate)?)?, home))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_iq_86_a_price_is_read_in_the_money_of_home() {
        let rates = |currency| match currency {
            Currency::GBP => Some(Decimal::new(8, 1)),
            Currency::EUR => Some(Decimal::new(92, 2)),
            _ => None,
        };
        let price = |amount: &str, currency| Money::new(amount.parse().unwrap(), currency);
        assert_eq!(at_home(price("1000", Currency::USD), Currency::GBP, rates), Some(price("800.00", Currency::GBP)));
        assert_eq!(at_home(price("1000", Currency::GBP), Currency::EUR, rates), Some(price("1150.00", Currency::EUR)));
        assert_eq!(at_home(price("1000", Currency::GBP), Currency::USD, rates), Some(price("1250.00", Currency::USD)));
        assert_eq!(at_home(price("1000", Currency::GBP), Currency::GBP, rates), None);
        assert_eq!(at_home(price("1000", Currency::GBP), Currency::TRY, rates), None);
    }

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
