//! What is locked for one booking at acceptance: its price in the payment currency, deposit, reference
//! (R-PY-10, 14, 15, 18). The rate itself is the catalogue's.

use chrono::Datelike;
use kernel::{Amount, Currency, Timestamp};
use rust_decimal::Decimal;

/// What of the money paid goes back when a booking is cancelled: from so many days before the treatment on, so many
/// percent. Copied into the terms at acceptance.
pub const REFUND_TIERS: [(u16, &str); 3] = [(31, "90"), (15, "50"), (0, "0")];

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
    fn g1_deposit_and_balance_in_the_payment_currency() {
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
