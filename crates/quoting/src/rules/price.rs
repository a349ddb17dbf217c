//! What a quote costs and who gets which part of it (R-IQ-40..45, R-PY-49).

use kernel::{Amount, Currency};
use rust_decimal::Decimal;

use crate::entity::quotes::QuoteDiscountFunding;

/// Why no price can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceFault {
    /// A package is priced in a currency without a rate to the quote's (R-IQ-41).
    #[error("there is no exchange rate from {0} to the quote's currency")]
    RateUnavailable(Currency),
    /// A fixed discount in another currency than the quote (R-IQ-42).
    #[error("the discount is in another currency")]
    DiscountCurrency,
    /// The total is not above zero or beyond what a column holds (R-IQ-43).
    #[error("the total must be above zero and at most 99,999,999.99")]
    NotPositive,
}

/// A package as it enters the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageLine {
    /// Price in the package's own currency.
    pub list_price: Amount,
    /// That currency.
    pub list_currency: Currency,
    /// Units of the quote's currency for one unit of the list currency; not asked for when they are the same.
    pub rate: Option<Decimal>,
}

/// What is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// A share of the subtotal.
    Percent(Decimal),
    /// A sum, which must be in the quote's currency.
    Fixed(Amount, Currency),
}

/// A discount and who pays for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    /// How much.
    pub reduction: Reduction,
    /// At whose expense.
    pub funding: QuoteDiscountFunding,
}

/// Everything that makes the price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceInput {
    /// The quote's currency: that of the clinic's price list.
    pub currency: Currency,
    /// Price of the treatment at the slot's date, see [`treatment_price`].
    pub treatment: Amount,
    /// Grafts, for the price per graft.
    pub grafts: Option<i32>,
    /// Packages.
    pub packages: Vec<PackageLine>,
    /// Custom services.
    pub extras: Vec<Amount>,
    /// Fees.
    pub fees: Vec<Amount>,
    /// At most one discount.
    pub discount: Option<Discount>,
    /// What the platform keeps.
    pub commission: Commission,
}

/// What the platform keeps of a price (R-IQ-44).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commission {
    /// A share, in whole percent.
    Percent(i32),
    /// A fee in the quote's currency, at most the whole price.
    Flat(Amount),
}

impl Commission {
    /// The whole percent as quotes hold it: 0 stands for a fee.
    pub fn percent(self) -> i32 {
        match self {
            Self::Percent(percent) => percent,
            Self::Flat(_) => 0,
        }
    }
}

/// The price in all its parts, each rounded; totals are sums of rounded parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// Quote currency.
    pub currency: Currency,
    /// T.
    pub treatment: Amount,
    /// Price of each package in the quote's currency, with the rate used.
    pub package_prices: Vec<(Amount, Decimal)>,
    /// P.
    pub packages: Amount,
    /// X.
    pub extras: Amount,
    /// F.
    pub fees: Amount,
    /// B = T + P + X + F.
    pub list: Amount,
    /// D.
    pub discount: Amount,
    /// B - D: what the patient pays.
    pub total: Amount,
    /// What the platform keeps of it before paying for a discount of its own.
    pub commission: Amount,
    /// What the clinic gets.
    pub provider_net: Amount,
    /// What the platform keeps in the end.
    pub platform: Amount,
    /// The total divided by the grafts (R-IQ-45).
    pub per_graft: Option<Amount>,
}

/// T of one date: base + grafts x price per graft, rounded, unless the clinic typed another price (R-IQ-40).
pub fn treatment_price(
    currency: Currency,
    base: Amount,
    per_graft: Amount,
    grafts: i32,
    typed: Option<Amount>,
) -> Option<Amount> {
    match typed {
        Some(price) => Some(price),
        None => currency.round(base.get() + per_graft.get() * Decimal::from(grafts)),
    }
}

/// Computes the whole price (R-IQ-41..45).
pub fn price(input: &PriceInput) -> Result<Breakdown, PriceFault> {
    let currency = input.currency;
    let package_prices = input
        .packages
        .iter()
        .map(|package| {
            let rate = match package.rate {
                _ if package.list_currency == currency => Decimal::ONE,
                Some(rate) => rate,
                None => return Err(PriceFault::RateUnavailable(package.list_currency)),
            };
            let price = currency.round(package.list_price.get() * rate).ok_or(PriceFault::NotPositive)?;
            Ok((price, rate))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let packages = sum(package_prices.iter().map(|(price, _)| *price))?;
    let extras = sum(input.extras.iter().copied())?;
    let fees = sum(input.fees.iter().copied())?;
    let list = sum([input.treatment, packages, extras, fees])?;
    if !list.is_positive() {
        return Err(PriceFault::NotPositive);
    }
    let discount = match &input.discount {
        Some(discount) => reduction(currency, list, discount, input.commission.percent())?,
        None => Amount::ZERO,
    };
    let total = list - discount;
    if !total.is_positive() {
        return Err(PriceFault::NotPositive);
    }
    let funding = input.discount.as_ref().map(|discount| discount.funding);
    let split = match input.commission {
        Commission::Percent(percent) => split(currency, list, discount, funding, percent),
        Commission::Flat(fee) => Some(flat(list, discount, fee)),
    };
    let split = split.ok_or(PriceFault::NotPositive)?;
    Ok(Breakdown {
        currency,
        treatment: input.treatment,
        package_prices,
        packages,
        extras,
        fees,
        list,
        discount,
        total,
        commission: split.commission,
        provider_net: split.provider_net,
        platform: split.platform,
        per_graft: input.grafts.and_then(|grafts| per_graft(total, grafts)),
    })
}

/// The total divided by the grafts, half up to two decimals (R-IQ-45).
pub fn per_graft(total: Amount, grafts: i32) -> Option<Amount> {
    total.get().checked_div(Decimal::from(grafts)).and_then(Amount::new)
}

/// Who gets what of a price (R-PY-49).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The amount the rate is applied to.
    pub base: Amount,
    /// Rate x base, rounded once.
    pub commission: Amount,
    /// What the clinic gets.
    pub provider_net: Amount,
    /// What the platform keeps.
    pub platform: Amount,
}

/// Splits a price between clinic and platform at a whole percent (R-PY-49).
pub fn split(
    currency: Currency,
    list: Amount,
    discount: Amount,
    funding: Option<QuoteDiscountFunding>,
    percent: i32,
) -> Option<Split> {
    let total = list - discount;
    let base = if funding == Some(QuoteDiscountFunding::Both) { total } else { list };
    let commission = currency.round(base.get() * Decimal::from(percent) / Decimal::ONE_HUNDRED)?;
    let (provider_net, platform) = match funding {
        // The platform pays for its own discount out of its commission.
        Some(QuoteDiscountFunding::Platform) => (list - commission, commission - discount),
        Some(QuoteDiscountFunding::Provider | QuoteDiscountFunding::Both) | None => (total - commission, commission),
    };
    Some(Split { base, commission, provider_net, platform })
}

/// Splits a price at the terms it was made with: a percentage, or the fee that was kept for it where there is none.
pub fn settled(
    currency: Currency,
    list: Amount,
    discount: Amount,
    funding: Option<QuoteDiscountFunding>,
    percent: i32,
    kept: Amount,
) -> Option<Split> {
    if percent == 0 && kept.is_positive() {
        return Some(flat(list, discount, kept));
    }
    split(currency, list, discount, funding, percent)
}

/// Splits a price where the platform keeps a fee: never more than the clinic's whole price.
fn flat(list: Amount, discount: Amount, fee: Amount) -> Split {
    let total = list - discount;
    let commission = fee.min(total);
    Split { base: list, commission, provider_net: total - commission, platform: commission }
}

/// What a discount takes off a list price, at a clinic that pays a whole percent of commission (R-PY-49).
///
/// Errors: an amount in another currency, or beyond what a column holds.
pub fn discounted(currency: Currency, list: Amount, discount: &Discount, percent: i32) -> Result<Amount, PriceFault> {
    reduction(currency, list, discount, percent)
}

/// The discount in money: never above the subtotal, and at the platform's expense never above its commission.
fn reduction(currency: Currency, list: Amount, discount: &Discount, percent: i32) -> Result<Amount, PriceFault> {
    let amount = match discount.reduction {
        Reduction::Percent(value) => {
            currency.round(list.get() * value / Decimal::ONE_HUNDRED).ok_or(PriceFault::NotPositive)?
        }
        Reduction::Fixed(_, other) if other != currency => return Err(PriceFault::DiscountCurrency),
        Reduction::Fixed(value, _) => value.min(list),
    };
    if discount.funding == QuoteDiscountFunding::Platform {
        let cap = currency.round(list.get() * Decimal::from(percent) / Decimal::ONE_HUNDRED);
        return Ok(amount.min(cap.ok_or(PriceFault::NotPositive)?));
    }
    Ok(amount)
}

fn sum(parts: impl IntoIterator<Item = Amount>) -> Result<Amount, PriceFault> {
    parts.into_iter().try_fold(Amount::ZERO, Amount::checked_add).ok_or(PriceFault::NotPositive)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn amounts(texts: &[&str]) -> Vec<Amount> {
        texts.iter().map(|text| amount(text)).collect()
    }

    fn package(price: &str) -> PackageLine {
        PackageLine { list_price: amount(price), list_currency: Currency::GBP, rate: None }
    }

    fn plain(treatment: &str, percent: i32) -> PriceInput {
        PriceInput {
            currency: Currency::GBP,
            treatment: amount(treatment),
            grafts: None,
            packages: vec![],
            extras: vec![],
            fees: vec![],
            discount: None,
            commission: Commission::Percent(percent),
        }
    }

    fn discounted(list: &str, percent: i32, reduction: Reduction, funding: QuoteDiscountFunding) -> Breakdown {
        let input = PriceInput { discount: Some(Discount { reduction, funding }), ..plain(list, percent) };
        price(&input).unwrap()
    }

    #[test]
    fn gs_1_plain_price() {
        let of = |typed: Option<&str>| {
            let treatment = treatment_price(Currency::GBP, amount("2500.00"), amount("2.00"), 3000, typed.map(amount));
            price(&PriceInput {
                treatment: treatment.unwrap(),
                grafts: Some(3000),
                packages: vec![package("300.00"), package("50.00"), package("100.00")],
                ..plain("0.00", 20)
            })
            .unwrap()
        };
        let may = of(None);
        assert_eq!((may.treatment, may.packages, may.total), (amount("8500"), amount("450"), amount("8950")));
        assert_eq!((may.commission, may.provider_net), (amount("1790.00"), amount("7160.00")));
        assert_eq!(may.per_graft, Some(amount("2.98")));
        let june = of(Some("8100.00"));
        assert_eq!((june.treatment, june.total, june.commission), (amount("8100"), amount("8550"), amount("1710")));
        assert_eq!((june.provider_net, june.per_graft), (amount("6840"), Some(amount("2.85"))));
    }

    #[test]
    fn gs_2_fees_and_percentage() {
        let treatment = treatment_price(Currency::GBP, amount("2000"), amount("1.50"), 2750, None).unwrap();
        assert_eq!(treatment, amount("6125.00"));
        let with = |funding| {
            price(&PriceInput {
                treatment,
                grafts: Some(2750),
                packages: vec![package("420.00"), package("75.50")],
                fees: amounts(&["60.00"]),
                extras: amounts(&["0.00"]),
                discount: Some(Discount { reduction: Reduction::Percent(Decimal::TEN), funding }),
                ..plain("0.00", 18)
            })
            .unwrap()
        };
        let own = with(QuoteDiscountFunding::Provider);
        assert_eq!((own.list, own.discount, own.total), (amount("6680.50"), amount("668.05"), amount("6012.45")));
        assert_eq!((own.commission, own.provider_net), (amount("1202.49"), amount("4809.96")));
        assert_eq!(own.per_graft, Some(amount("2.19")));
        let both = with(QuoteDiscountFunding::Both);
        assert_eq!((both.commission, both.provider_net), (amount("1082.24"), amount("4930.21")));
    }

    #[test]
    fn gs_2_rounds_once_and_half_up() {
        let reduction = Reduction::Percent(Decimal::from(15));
        let cut = discounted("333.30", 20, reduction, QuoteDiscountFunding::Provider);
        assert_eq!((cut.discount, cut.total), (amount("50.00"), amount("283.30")));
    }

    #[test]
    fn gs_3_currencies_and_funding() {
        let euro = PackageLine { list_price: amount("250"), list_currency: Currency::EUR, rate: "0.8547".parse().ok() };
        let quote = price(&PriceInput {
            packages: vec![euro, package("50.00")],
            discount: Some(Discount {
                reduction: Reduction::Fixed(amount("200"), Currency::GBP),
                funding: QuoteDiscountFunding::Both,
            }),
            ..plain("2500.00", 15)
        })
        .unwrap();
        assert_eq!(quote.package_prices[0], (amount("213.68"), "0.8547".parse().unwrap()));
        assert_eq!((quote.list, quote.total), (amount("2763.68"), amount("2563.68")));
        assert_eq!((quote.commission, quote.provider_net), (amount("384.55"), amount("2179.13")));

        let five = Reduction::Percent(Decimal::from(5));
        let funded = discounted("3000", 20, five, QuoteDiscountFunding::Platform);
        assert_eq!(
            (funded.total, funded.provider_net, funded.platform),
            (amount("2850"), amount("2400"), amount("450"))
        );
        let large = Reduction::Fixed(amount("700"), Currency::GBP);
        let capped = discounted("3000", 20, large, QuoteDiscountFunding::Platform);
        assert_eq!((capped.discount, capped.total), (amount("600"), amount("2400")));
        assert_eq!((capped.provider_net, capped.platform), (amount("2400"), Amount::ZERO));
    }

    #[test]
    fn a_fee_is_kept_as_it_is_and_never_exceeds_the_price() {
        let with =
            |fee: &str| price(&PriceInput { commission: Commission::Flat(amount(fee)), ..plain("2500", 0) }).unwrap();
        let usual = with("300.00");
        assert_eq!((usual.commission, usual.provider_net), (amount("300"), amount("2200")));
        let whole = with("9000.00");
        assert_eq!((whole.commission, whole.provider_net), (amount("2500"), Amount::ZERO));
    }

    #[test]
    fn refuses_what_cannot_be_priced() {
        let euro = PackageLine { list_price: amount("250"), list_currency: Currency::EUR, rate: None };
        let input = PriceInput { packages: vec![euro], ..plain("2500", 20) };
        assert_eq!(price(&input), Err(PriceFault::RateUnavailable(Currency::EUR)));
        assert_eq!(price(&plain("0.00", 20)), Err(PriceFault::NotPositive));
        let input = PriceInput { fees: amounts(&["1.00"]), ..plain("99999999.99", 20) };
        assert_eq!(price(&input), Err(PriceFault::NotPositive));
        let all = Discount { reduction: Reduction::Percent(Decimal::ONE_HUNDRED), funding: QuoteDiscountFunding::Both };
        assert_eq!(price(&PriceInput { discount: Some(all), ..plain("10", 20) }), Err(PriceFault::NotPositive));
        let foreign =
            Discount { reduction: Reduction::Fixed(amount("1"), Currency::EUR), funding: QuoteDiscountFunding::Both };
        let input = PriceInput { discount: Some(foreign), ..plain("10", 20) };
        assert_eq!(price(&input), Err(PriceFault::DiscountCurrency));
    }

    fn cents(max: i64) -> impl Strategy<Value = Amount> {
        (0..=max).prop_map(|cents| Amount::new(Decimal::new(cents, 2)).unwrap())
    }

    proptest! {
        /// Totals are sums of rounded lines, and every penny the patient pays goes to somebody.
        #[test]
        fn nothing_is_lost_between_the_lines(
            treatment in cents(10_000_000).prop_map(|price| price + Amount::from_units(1)),
            packages in prop::collection::vec((cents(1_000_000), 1i64..3_000_000), 0..6),
            extras in prop::collection::vec(cents(1_000_000), 0..6),
            fees in prop::collection::vec(cents(1_000_000), 0..6),
            percent in 15i32..=25,
            cut in 0i64..=9_000,
            funding in 0usize..3,
        ) {
            let lines = packages.iter().map(|(list_price, rate)| PackageLine {
                list_price: *list_price, list_currency: Currency::EUR, rate: Some(Decimal::new(*rate, 6)),
            }).collect::<Vec<_>>();
            let funding = [QuoteDiscountFunding::Provider, QuoteDiscountFunding::Both, QuoteDiscountFunding::Platform][funding];
            let input = PriceInput {
                treatment, packages: lines, extras: extras.clone(), fees: fees.clone(),
                discount: Some(Discount { reduction: Reduction::Percent(Decimal::new(cut, 2)), funding }),
                ..plain("0", percent)
            };
            let got = price(&input).unwrap();
            let parts: Amount = got.package_prices.iter().map(|(price, _)| *price).chain(extras).chain(fees).sum();
            prop_assert_eq!(got.list, treatment + parts);
            prop_assert_eq!(got.total, got.list - got.discount);
            prop_assert_eq!(got.provider_net + got.platform, got.total);
            prop_assert!(got.platform >= Amount::ZERO);
        }

        /// No price is ever negative or zero, whatever is taken off: it is refused instead (R-IQ-43).
        #[test]
        fn a_price_is_positive_or_refused(
            list in cents(500_000),
            cut in cents(600_000),
            percent in 15i32..=25,
            funding in 0usize..3,
        ) {
            let funding = [QuoteDiscountFunding::Provider, QuoteDiscountFunding::Both, QuoteDiscountFunding::Platform][funding];
            let discount = Some(Discount { reduction: Reduction::Fixed(cut, Currency::GBP), funding });
            match price(&PriceInput { treatment: list, discount, ..plain("0", percent) }) {
                Ok(got) => {
                    prop_assert!(got.total.is_positive() && got.discount >= Amount::ZERO);
                    prop_assert!(got.discount <= got.list && got.commission >= Amount::ZERO);
                    prop_assert!(got.platform >= Amount::ZERO);
                }
                Err(fault) => prop_assert_eq!(fault, PriceFault::NotPositive),
            }
        }

        /// Half a minor unit goes up, in currencies with and without one (R-IQ-40, 42, 44).
        #[test]
        fn halves_go_up_at_the_minor_unit(units in 0i64..100_000_000, zero_digits in any::<bool>()) {
            let (currency, scale): (Currency, u32) = if zero_digits { ("JPY".parse().unwrap(), 0) } else { (Currency::GBP, 2) };
            let half = Decimal::new(units * 10 + 5, scale + 1);
            let below = Decimal::new(units * 100 + 49, scale + 2);
            let up = Amount::new(Decimal::new(units + 1, scale)).unwrap();
            let down = Amount::new(Decimal::new(units, scale)).unwrap();
            prop_assert_eq!(currency.round(half), Some(up));
            prop_assert_eq!(currency.round(below), Some(down));
        }

        /// There and back with one rate loses less than the two roundings can (R-IQ-41, R-IQ-48).
        #[test]
        fn a_rate_there_and_back_is_the_same_money(price in cents(99_000_000), rate in 100_000i64..100_000_000) {
            let rate = Decimal::new(rate, 6);
            let there = super::super::terms::payment_total(price, rate, Currency::EUR).unwrap();
            let back = Currency::GBP.round(there.get() / rate).unwrap();
            let most = Decimal::new(5, 3) / rate + Decimal::new(5, 3);
            let off = (back.get() - price.get()).abs();
            prop_assert!(off <= most, "{} {} {}", price, there, back);
        }
    }
}
