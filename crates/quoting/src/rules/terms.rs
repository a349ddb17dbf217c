//! What is locked for one booking at acceptance: its price in the payment currency, deposit, reference
//! (R-PY-10, 14, 15, 18). The rate itself is the catalogue's.

use chrono::Datelike;
use kernel::{Amount, AppError, AppResult, Currency, Timestamp};
use rust_decimal::Decimal;
use serde::Serialize;

/// A step of the cancellation policy: from so many days before the treatment on, so many percent of what was paid go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RefundTier {
    /// From this many days on.
    pub from_days: u16,
    /// Whole percent.
    #[serde(serialize_with = "as_text")]
    pub percent: u8,
}

fn as_text<S: serde::Serializer>(percent: &u8, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(percent)
}

/// The most steps of a policy.
const MOST_TIERS: usize = 10;

/// Reads a policy such as `31:90, 15:50, 0:0`: days and percent of each step, in any order. The longest before the
/// treatment comes first (R-PY-50).
///
/// Errors: 422 `tiers_invalid` for what cannot be read, a day named twice or beyond a year, a percentage above 100, a policy
/// that says nothing about the last days, or one whose percentages rise as the treatment comes near (R-PY-72).
pub fn refund_tiers(text: &str) -> AppResult<Vec<RefundTier>> {
    let invalid = |detail: &str| AppError::field("refund_tiers", "tiers_invalid", detail.to_owned());
    let read = |part: &str| {
        let (days, percent) = part.split_once(':')?;
        let tier = RefundTier { from_days: days.trim().parse().ok()?, percent: percent.trim().parse().ok()? };
        (tier.percent <= 100 && tier.from_days <= 365).then_some(tier)
    };
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let tiers: Option<Vec<RefundTier>> = parts.map(read).collect();
    let mut tiers = tiers.ok_or_else(|| invalid("Write steps such as 31:90, 15:50, 0:0."))?;
    tiers.sort_by_key(|tier| std::cmp::Reverse(tier.from_days));
    let falls = |pair: &[RefundTier]| match pair {
        [far, near] => far.from_days > near.from_days && far.percent >= near.percent,
        _ => true,
    };
    if tiers.last().is_none_or(|tier| tier.from_days > 0) {
        return Err(invalid("Say what goes back in the last days: a step from day 0 on."));
    }
    if tiers.len() > MOST_TIERS || !tiers.windows(2).all(falls) {
        return Err(invalid("The nearer the treatment, the less goes back; each day is named once."));
    }
    Ok(tiers)
}

/// The same policy as it is stored.
///
/// Errors: those of [`refund_tiers`].
pub fn refund_tiers_line(text: &str) -> AppResult<String> {
    let tier = |tier: RefundTier| format!("{}:{}", tier.from_days, tier.percent);
    Ok(refund_tiers(text)?.into_iter().map(tier).collect::<Vec<_>>().join(", "))
}

/// What the patient is charged in the payment currency (R-PY-14).
pub fn payment_total(total: Amount, rate: Decimal, payment: Currency) -> Option<Amount> {
    total.get().checked_mul(rate).and_then(|value| payment.round(value))
}

/// The deposit in the payment currency (R-PY-18).
pub fn deposit(payment_total: Amount, percent: Decimal, payment: Currency) -> Option<Amount> {
    payment.round(payment_total.get() * percent / Decimal::ONE_HUNDRED)
}

/// `BKG-YYMM-NNNNN` (R-PY-10); the number grows beyond five digits if a month needs it.
pub fn booking_reference(now: Timestamp, number: i32) -> String {
    format!("BKG-{}-{number:05}", period(now))
}

/// The month a number is counted in: YYMM.
pub fn period(now: Timestamp) -> String {
    format!("{:02}{:02}", now.year() % 100, now.month())
}

pub use directory::rules::price::home_currency;

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    /// R-PY-14, R-PY-18.
    #[test]
    fn r_py_18_g1_deposit_and_balance_in_the_payment_currency() {
        let rate = "0.90163043".parse().unwrap();
        let total = payment_total(amount("2400.00"), rate, Currency::GBP).unwrap();
        assert_eq!(total, amount("2163.91"));
        let deposit = deposit(total, "25.0".parse().unwrap(), Currency::GBP).unwrap();
        assert_eq!((deposit, total - deposit), (amount("540.98"), amount("1622.93")));
        let dollars = payment_total(amount("86250.00"), "0.03043478".parse().unwrap(), Currency::USD);
        assert_eq!(dollars, Some(amount("2625.00")));
    }

    #[test]
    fn gs_3_patient_in_euro() {
        assert_eq!(payment_total(amount("2563.68"), "1.1702".parse().unwrap(), Currency::EUR), Some(amount("3000.02")));
    }

    #[test]
    fn r_py_72_a_policy_covers_every_day_and_never_rises() {
        let tier = |from_days, percent| RefundTier { from_days, percent };
        let usual = refund_tiers(crate::settings::REFUND_TIERS.default().as_str()).unwrap();
        assert_eq!(usual, [tier(31, 90), tier(15, 50), tier(0, 0)]);
        assert_eq!(refund_tiers_line("0:0; 60:100\n 15 : 50 ").unwrap(), "60:100, 15:50, 0:0");
        assert_eq!(
            serde_json::to_value(tier(31, 90)).unwrap(),
            serde_json::json!({ "from_days": 31, "percent": "90" })
        );
        for wrong in [
            "",
            "31:90",
            "31:90, 1:0",
            "31:50, 0:60",
            "31:90, 31:50, 0:0",
            "31:101, 0:0",
            "366:100, 0:0",
            "a:1, 0:0",
            "31-90, 0:0",
        ] {
            let refused = refund_tiers(wrong).unwrap_err();
            assert_eq!(refused.fields.0["refund_tiers"][0].code, "tiers_invalid", "{wrong}");
        }
    }

    #[test]
    fn references_carry_the_month() {
        assert_eq!(booking_reference("2026-03-02T10:00:00Z".parse().unwrap(), 7), "BKG-2603-00007");
    }

    #[test]
    fn people_pay_in_the_money_of_home() {
        assert_eq!(home_currency(Some("GB")), Currency::GBP);
        assert_eq!(home_currency(Some("DE")), Currency::EUR);
        assert_eq!(home_currency(Some("BR")), Currency::USD);
        assert_eq!(home_currency(None), Currency::USD);
    }
}
