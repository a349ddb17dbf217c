//! What aftercare on its own costs (R-AC-05, R-AC-56). Prices are data: nothing is converted, nothing is computed from another.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, FieldErrors, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::entity::aftercare_templates::AftercareTemplatePricingModel as Sold;
use payments::entity::aftercare_payments::AftercarePaymentPricingModel as Model;

/// The prices of an offering in one currency, as the column holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Once, for the whole term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "500.00")]
    pub fixed: Option<Amount>,
    /// Each month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "80.00")]
    pub monthly: Option<Amount>,
}

/// All prices of an offering.
pub type Prices = BTreeMap<Currency, Price>;

/// Whether a model is on sale.
pub fn sells(sold: Sold, model: Model) -> bool {
    match sold {
        Sold::Both => true,
        Sold::Fixed => model == Model::Fixed,
        Sold::MonthlySubscription => model == Model::MonthlySubscription,
    }
}

/// What is paid: one charge, and all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// One charge.
    pub charge: Money,
    /// The whole term.
    pub total: Money,
}

/// What a model costs in a currency; none where the offering has no price for it.
pub fn cost(prices: &Prices, model: Model, currency: Currency, months: u32) -> Option<Cost> {
    let price = prices.get(&currency)?;
    let (charge, total) = match model {
        Model::Fixed => (price.fixed?, price.fixed?),
        Model::MonthlySubscription => (price.monthly?, price.monthly?.times(Decimal::from(months))?),
    };
    Some(Cost { charge: Money::new(charge, currency), total: Money::new(total, currency) })
}

/// Checks what an offering is to be sold for: each price its model needs, in each currency, within what a column holds.
pub fn check(faults: &mut FieldErrors, prices: &Prices, sold: Sold, months: u32) {
    if prices.is_empty() {
        faults.add("prices", "required", "Give a price in one currency at least.");
    }
    for (currency, price) in prices {
        let field = |name: &str| format!("prices.{}.{name}", currency.code());
        for (model, name, given) in
            [(Model::Fixed, "fixed", price.fixed), (Model::MonthlySubscription, "monthly", price.monthly)]
        {
            match given {
                None if sells(sold, model) => faults.add(field(name), "required", "This price is needed."),
                Some(amount) if !amount.is_positive() || currency.round(amount.get()) != Some(amount) => {
                    faults.add(field(name), "out_of_range", "Give an amount of this currency.");
                }
                Some(_) if sells(sold, model) && cost(prices, model, *currency, months).is_none() => {
                    faults.add(field(name), "out_of_range", "All months together are more than can be charged.");
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices() -> Prices {
        serde_json::from_value(
            serde_json::json!({ "GBP": { "fixed": "500.00", "monthly": "80.00" }, "EUR": { "monthly": "82.35" } }),
        )
        .unwrap()
    }

    /// GS-5.
    #[test]
    fn r_ac_56_the_offering_says_what_it_costs() {
        let cost = |model, currency, months| {
            cost(&prices(), model, currency, months)
                .map(|cost| (cost.charge.amount.to_string(), cost.total.amount.to_string()))
        };
        assert_eq!(cost(Model::Fixed, Currency::GBP, 6), Some(("500.00".into(), "500.00".into())));
        assert_eq!(cost(Model::MonthlySubscription, Currency::GBP, 6), Some(("80.00".into(), "480.00".into())));
        assert_eq!(cost(Model::MonthlySubscription, Currency::EUR, 12), Some(("82.35".into(), "988.20".into())));
        assert_eq!(cost(Model::Fixed, Currency::EUR, 12), None, "nothing is converted");
        assert_eq!(cost(Model::Fixed, Currency::USD, 6), None);
    }

    #[test]
    fn r_ac_05_every_price_its_model_needs() {
        let faults = |prices: &Prices, sold| {
            let mut faults = FieldErrors::new();
            check(&mut faults, prices, sold, 6);
            faults.0.into_keys().collect::<Vec<_>>()
        };
        assert!(faults(&prices(), Sold::MonthlySubscription).is_empty());
        assert_eq!(faults(&prices(), Sold::Both), ["prices.EUR.fixed"]);
        assert_eq!(faults(&Prices::new(), Sold::Fixed), ["prices"]);
        let price = |fixed: &str| Prices::from([(Currency::GBP, Price { fixed: fixed.parse().ok(), monthly: None })]);
        assert_eq!(faults(&price("0.00"), Sold::Fixed), ["prices.GBP.fixed"]);
        let most = Prices::from([(Currency::GBP, Price { fixed: None, monthly: "99999999.99".parse().ok() })]);
        assert_eq!(faults(&most, Sold::MonthlySubscription), ["prices.GBP.monthly"]);
    }
}
