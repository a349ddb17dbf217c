//! What values of money settings would mean, on an example, before anybody saves them (R-PY-71).
//!
//! Nothing is read but the values: a booking of 2,000.00 US dollars, 121 days ahead, at the deposit, dates, parts and tiers
//! that were entered; a week of treatments for payouts.

use chrono::{Days, NaiveDate};
use finance::entity::provider_bills::ProviderBillPaymentCycle as Cycle;
use finance::rules::period::{self, Agreement};
use kernel::{Amount, AppError, AppResult, Currency, Money};
use payments::rules::installments;
use payments::rules::refund::{Tier, part_of, percent_for};
use quoting::rules::terms;
use rust_decimal::Decimal;
use serde::Serialize;

/// Days from the checkout of the example to its treatment.
const AHEAD: i64 = 121;
/// Days before the treatment on which the example is cancelled.
const CANCELLED: [i64; 3] = [60, 20, 5];

/// Whether values of a group mean anything that can be shown.
pub fn has_one(group: &str) -> bool {
    matches!(group, "payment" | "installments" | "payout")
}

/// What goes back on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RefundEffect {
    /// Days before the treatment.
    pub days_before: i64,
    /// Of 2,000.00 that were paid.
    pub refund: Money,
}

/// One way to split the price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PlanEffect {
    /// How many payments.
    pub count: u8,
    /// The first of them.
    pub first: Money,
    /// The last of them, with what rounding left.
    pub last: Money,
}

/// What the values mean for the example; only what the group is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SettingEffect {
    /// The price of the example.
    pub price: Option<Money>,
    /// Days from its checkout to its treatment.
    pub days_ahead: Option<i64>,
    /// What is paid at once.
    pub deposit: Option<Money>,
    /// What is paid later.
    pub balance: Option<Money>,
    /// When, for a treatment 121 days from today.
    pub balance_due_on: Option<NaiveDate>,
    /// What goes back when it is cancelled.
    pub refunds: Vec<RefundEffect>,
    /// In how many payments it can be split.
    pub plans: Vec<PlanEffect>,
    /// When the treatments of this week are paid to a clinic that is paid weekly, five days after.
    pub payout_on: Option<NaiveDate>,
    /// When their statement is built.
    pub statement_on: Option<NaiveDate>,
}

/// What values that were checked would mean. `cutoff_days` is what holds for plans now; `value_of` gives what was entered for a key.
///
/// Errors: 422 for values the checks of the group would have refused.
pub fn of<'a>(
    group: &str,
    (today, cutoff_days): (NaiveDate, i64),
    value_of: impl Fn(&str) -> &'a str,
) -> AppResult<SettingEffect> {
    match group {
        "payment" => price(today, value_of),
        "installments" => plans(cutoff_days, value_of),
        "payout" => payout(today, value_of),
        _ => Ok(SettingEffect::default()),
    }
}

fn example() -> Money {
    Money::new(Amount::from_units(2000), Currency::USD)
}

fn read<T: std::str::FromStr>(key: &'static str, text: &str) -> AppResult<T> {
    text.replace(',', ".").parse().map_err(|_| AppError::field(key, "invalid", "This value is not valid."))
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(day)
}

fn price<'a>(today: NaiveDate, value_of: impl Fn(&str) -> &'a str) -> AppResult<SettingEffect> {
    let Money { amount, currency } = example();
    let out = || AppError::internal("the example is out of range");
    let percent: Decimal = read("deposit_percent", value_of("deposit_percent"))?;
    let days: i32 = read("balance_due_days", value_of("balance_due_days"))?;
    let deposit = terms::deposit(amount, percent, currency).ok_or_else(out)?;
    let tiers = terms::refund_tiers(value_of("refund_tiers"))?;
    let tiers: Vec<Tier> = tiers
        .into_iter()
        .map(|tier| Tier { from_days: u32::from(tier.from_days), percent: Decimal::from(tier.percent) })
        .collect();
    let refund = |days_before: i64| {
        let back = part_of(amount, percent_for(&tiers, days_before), currency).ok_or_else(out)?;
        Ok(RefundEffect { days_before, refund: Money::new(back, currency) })
    };
    let treatment = later(today, AHEAD);
    Ok(SettingEffect {
        price: Some(example()),
        days_ahead: Some(AHEAD),
        deposit: Some(Money::new(deposit, currency)),
        balance: Some(Money::new(amount - deposit, currency)),
        balance_due_on: Some(payments::rules::checkout::balance_due_on(treatment, days)),
        refunds: CANCELLED.into_iter().map(refund).collect::<AppResult<_>>()?,
        ..SettingEffect::default()
    })
}

fn plans<'a>(cutoff_days: i64, value_of: impl Fn(&str) -> &'a str) -> AppResult<SettingEffect> {
    let Money { amount, currency } = example();
    let least: Decimal = read("minimum_usd", value_of("minimum_usd"))?;
    let enabled = value_of("enabled") == "true" && amount.get() >= least;
    let counts: Vec<u8> = value_of("counts").split(',').filter_map(|count| count.trim().parse().ok()).collect();
    let offered = installments::offered(&counts, AHEAD, cutoff_days);
    let plan = |count: u8| {
        let parts = installments::split(amount, count, currency)?;
        let money = |part: Option<&Amount>| part.map(|part| Money::new(*part, currency));
        Some(PlanEffect { count, first: money(parts.first())?, last: money(parts.last())? })
    };
    Ok(SettingEffect {
        price: Some(example()),
        days_ahead: Some(AHEAD),
        plans: offered.into_iter().filter(|_| enabled).filter_map(plan).collect(),
        ..SettingEffect::default()
    })
}

fn payout<'a>(today: NaiveDate, value_of: impl Fn(&str) -> &'a str) -> AppResult<SettingEffect> {
    let buffer: u64 = read("buffer_days", value_of("buffer_days"))?;
    let weekly = Agreement { from: NaiveDate::MIN, cycle: Cycle::Weekly, offset_days: 5 };
    let payout = later(period::containing(weekly.cycle, today).end, i64::from(weekly.offset_days));
    Ok(SettingEffect {
        payout_on: Some(payout),
        statement_on: payout.checked_sub_days(Days::new(buffer)),
        ..SettingEffect::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        Money::new(text.parse().unwrap(), Currency::USD)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn r_py_71_deposit_balance_and_refunds_of_the_example() {
        let values = |key: &str| match key {
            "deposit_percent" => "20.5",
            "balance_due_days" => "14",
            "refund_tiers" => "31:90, 15:50, 0:0",
            _ => "",
        };
        let effect = of("payment", (day("2026-03-02"), 30), values).unwrap();
        assert_eq!((effect.deposit, effect.balance), (Some(money("410.00")), Some(money("1590.00"))));
        assert_eq!(effect.balance_due_on, Some(day("2026-06-17")), "14 days before 2026-07-01");
        let back: Vec<(i64, Money)> = effect.refunds.iter().map(|row| (row.days_before, row.refund)).collect();
        assert_eq!(back, [(60, money("1800.00")), (20, money("1000.00")), (5, money("0.00"))]);
        assert!(of("payment", (day("2026-03-02"), 30), |_| "?").is_err());
    }

    /// G2: 121 days ahead two and three are offered.
    #[test]
    fn r_py_71_plans_of_the_example() {
        let values = |enabled: &'static str, least: &'static str| {
            move |key: &str| match key {
                "enabled" => enabled,
                "minimum_usd" => least,
                "counts" => "2,3,4",
                _ => "",
            }
        };
        let effect = of("installments", (day("2026-03-02"), 30), values("true", "500")).unwrap();
        let plan = |count, first, last| PlanEffect { count, first: money(first), last: money(last) };
        assert_eq!(effect.plans, [plan(2, "1000.00", "1000.00"), plan(3, "666.67", "666.66")]);
        let later = of("installments", (day("2026-03-02"), 60), values("true", "500")).unwrap();
        assert_eq!(later.plans, [plan(2, "1000.00", "1000.00")], "a cutoff of sixty days leaves one less");
        assert!(of("installments", (day("2026-03-02"), 30), values("false", "500")).unwrap().plans.is_empty());
        assert!(of("installments", (day("2026-03-02"), 30), values("true", "2500")).unwrap().plans.is_empty());
    }

    /// G6's week: treatments until Sunday 06-21 are stated on Tuesday 06-23 and paid on Friday 06-26.
    #[test]
    fn r_py_71_payout_of_the_example() {
        let effect = of("payout", (day("2026-06-17"), 30), |_| "3").unwrap();
        assert_eq!((effect.statement_on, effect.payout_on), (Some(day("2026-06-23")), Some(day("2026-06-26"))));
        assert!(of("auth", (day("2026-06-17"), 30), |_| "3").unwrap() == SettingEffect::default());
    }
}
