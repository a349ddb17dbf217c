//! What may be agreed, and what it means for a booking (R-PY-58, R-PY-72).

use chrono::TimeDelta;
use kernel::{Amount, AppError, AppResult, Currency, FieldErrors, Money};
use rust_decimal::Decimal;

use super::views::{ClinicCharge, Example};

/// Percent that may be agreed.
const PERCENTS: std::ops::RangeInclusive<i32> = 15..=25;
/// No change is planned further ahead.
pub(super) const FURTHEST: TimeDelta = TimeDelta::days(366);

pub(super) fn check_percent(faults: &mut FieldErrors, percent: i32) {
    if !PERCENTS.contains(&percent) {
        faults.add("percent", "out_of_range", "15 to 25, in whole percent.");
    }
}

/// The commission of a booking of 2,400 before and after a change; `platform` is the rate of all clinics.
pub(super) fn example(before: ClinicCharge, after: ClinicCharge, platform: i32) -> AppResult<Example> {
    // In the money of a fee, where there is one: the example then needs no rate.
    let currency = [after, before].into_iter().find_map(|charge| match charge {
        ClinicCharge::Flat { fee } => Some(fee.currency),
        _ => None,
    });
    let currency = currency.unwrap_or(Currency::USD);
    let price = Amount::from_units(2_400);
    let part = |charge: ClinicCharge| {
        let percent = match charge {
            ClinicCharge::Flat { fee } if fee.currency == currency => return Ok(fee.amount.min(price)),
            ClinicCharge::Flat { .. } => return Err(AppError::internal("an example in two currencies")),
            ClinicCharge::Percentage { percent } => percent,
            ClinicCharge::Platform => platform,
        };
        let part = price.get() * Decimal::from(percent) / Decimal::ONE_HUNDRED;
        currency.round(part).ok_or_else(|| AppError::internal("a part of an example"))
    };
    let before = match before {
        ClinicCharge::Flat { fee } if fee.currency != currency => None,
        before => Some(part(before)?),
    };
    let money = |amount| Money::new(amount, currency);
    Ok(Example { price: money(price), before: before.map(money), after: money(part(after)?) })
}
