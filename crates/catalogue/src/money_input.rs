//! Money as clients send it, read with the specified codes instead of a type error.

use kernel::{Amount, Currency, FieldErrors, Money};
use serde::{Deserialize, Serialize};

/// An amount and its currency as text: `{"amount":"8950.00","currency":"GBP"}`.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyInput {
    /// Plain decimal with at most two decimals.
    #[schema(example = "8950.00")]
    pub amount: String,
    /// ISO 4217 code.
    #[schema(example = "GBP")]
    pub currency: String,
}

impl MoneyInput {
    /// The money, or a note of what is wrong: `invalid_amount` for anything but plain decimals that fit the currency
    /// and are not negative, `invalid_currency` for no currency code.
    pub fn read(&self, field: &str, errors: &mut FieldErrors) -> Option<Money> {
        let currency = self.currency.parse::<Currency>().ok();
        if currency.is_none() {
            errors.add(format!("{field}.currency"), "invalid_currency", "This is not a currency we know.");
        }
        let amount = self.amount.parse::<Amount>().ok().filter(|amount| *amount >= Amount::ZERO);
        let fits = |amount: &Amount| currency.is_none_or(|currency| currency.round(amount.get()) == Some(*amount));
        let amount = amount.filter(fits);
        if amount.is_none() {
            errors.add(format!("{field}.amount"), "invalid_amount", "Enter an amount such as 1250.00.");
        }
        Some(Money::new(amount?, currency?))
    }
}

impl From<Money> for MoneyInput {
    fn from(money: Money) -> Self {
        Self { amount: money.amount.to_string(), currency: money.currency.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_money_is_read() {
        let codes = |amount: &str, currency: &str| {
            let mut errors = FieldErrors::new();
            let input = MoneyInput { amount: amount.to_owned(), currency: currency.to_owned() };
            let money = input.read("price", &mut errors);
            (money.map(|m| m.to_string()), errors.0.into_values().flatten().map(|e| e.code).collect::<Vec<_>>())
        };
        assert_eq!(codes("8950", "GBP"), (Some("GBP 8950.00".to_owned()), vec![]));
        for bad in ["-1.00", "NaN", "1.234", "1e3", ""] {
            assert_eq!(codes(bad, "GBP"), (None, vec!["invalid_amount".into()]), "{bad}");
        }
        assert_eq!(codes("1.50", "JPY"), (None, vec!["invalid_amount".into()]));
        assert_eq!(codes("1.50", "pounds"), (None, vec!["invalid_currency".into()]));
    }
}
