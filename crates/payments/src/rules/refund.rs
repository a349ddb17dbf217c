//! How much goes back when a booking is cancelled, and from which payments (R-PY-50, 52, 54).

use chrono::NaiveDate;
use kernel::ids::PaymentId;
use kernel::{Amount, Currency};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A step of the cancellation policy a booking was made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// From this many days before the treatment on.
    pub from_days: u32,
    /// Percent of what was paid that comes back.
    pub percent: Decimal,
}

/// What an accepted medical reason is proposed to bring back, in percent (R-PY-52).
pub const EXCEPTION_PERCENT: Decimal = Decimal::from_parts(90, 0, 0, false, 0);

/// Days from the day of the request to the treatment, both on the clinic's calendar; negative once it is over.
pub fn days_before(treatment: NaiveDate, request: NaiveDate) -> i64 {
    (treatment - request).num_days()
}

/// The percent of the tier the day falls into; nothing comes back where no tier does.
pub fn percent_for(tiers: &[Tier], days_before: i64) -> Decimal {
    let reached = tiers.iter().filter(|tier| i64::from(tier.from_days) <= days_before.max(0));
    reached.max_by_key(|tier| tier.from_days).map_or(Decimal::ZERO, |tier| tier.percent)
}

/// That percent of what was paid, rounded once to the currency's smallest unit, never more than was paid.
pub fn part_of(paid: Amount, percent: Decimal, currency: Currency) -> Option<Amount> {
    let part = currency.round(paid.get().checked_mul(percent)? / Decimal::ONE_HUNDRED)?;
    Some(part.min(paid))
}

/// The clinic's part of a refund: its net in proportion to the price the patient paid; `None` where nothing was paid
/// (R-PY-57).
pub fn share(net: Amount, refund: Amount, payment_total: Amount, currency: Currency) -> Option<Amount> {
    if !payment_total.is_positive() {
        return None;
    }
    let part = currency.round(net.get().checked_mul(refund.get())? / payment_total.get())?;
    Some(part.min(net))
}

/// From which payments an amount comes, the newest first, each up to what is left of it; `None` when it is more than all
/// of them hold.
pub fn allocate(newest_first: &[(PaymentId, Amount)], amount: Amount) -> Option<Vec<(PaymentId, Amount)>> {
    let mut rest = amount;
    let mut parts = Vec::new();
    for (payment, open) in newest_first {
        let part = rest.min(*open);
        if part.is_positive() {
            parts.push((*payment, part));
            rest = rest - part;
        }
    }
    rest.is_zero().then_some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn policy() -> Vec<Tier> {
        [(31, 90), (15, 50), (0, 0)]
            .map(|(from_days, percent)| Tier { from_days, percent: Decimal::from(percent) })
            .into()
    }

    fn back(day: &str) -> Amount {
        let days = days_before("2026-06-15".parse().unwrap(), day.parse().unwrap());
        part_of(amount("540.98"), percent_for(&policy(), days), Currency::GBP).unwrap()
    }

    #[test]
    fn g4_the_edges_of_the_tiers() {
        for (day, wanted) in [
            ("2026-05-15", "486.88"),
            ("2026-05-16", "270.49"),
            ("2026-05-31", "270.49"),
            ("2026-06-01", "0.00"),
            ("2026-06-20", "0.00"),
        ] {
            assert_eq!(back(day), amount(wanted), "{day}");
        }
        assert_eq!(amount("540.98") - back("2026-05-15"), amount("54.10"));
        assert_eq!(part_of(amount("540.98"), EXCEPTION_PERCENT, Currency::GBP), Some(amount("486.88")));
    }

    #[test]
    fn g3_newest_first_and_never_more_than_a_payment_holds() {
        let (first, second) = (PaymentId::new(), PaymentId::new());
        let paid = [(second, amount("625.00")), (first, amount("625.00"))];
        let parts = allocate(&paid, amount("1125.00")).unwrap();
        assert_eq!(parts, [(second, amount("625.00")), (first, amount("500.00"))]);
        assert_eq!(allocate(&paid, amount("1250.01")), None);
        assert_eq!(allocate(&paid, Amount::ZERO), Some(Vec::new()));
    }

    #[test]
    fn g6_the_clinics_part_of_a_refund() {
        let part = |net, back, total| share(amount(net), amount(back), amount(total), Currency::EUR);
        assert_eq!(part("1920.00", "1000.00", "2400.00"), Some(amount("800.00")));
        assert_eq!(part("1920.00", "901.63", "2163.91"), Some(amount("800.00")), "paid in pounds");
        assert_eq!(part("1920.00", "2400.00", "2400.00"), Some(amount("1920.00")));
        assert_eq!(part("1920.00", "1.00", "0.00"), None);
    }

    #[test]
    fn tiers_are_read_as_they_are_stored() {
        let stored = serde_json::json!([{ "from_days": 31, "percent": "90" }, { "from_days": 0, "percent": "0" }]);
        let tiers: Vec<Tier> = serde_json::from_value(stored).unwrap();
        assert_eq!(percent_for(&tiers, 40), Decimal::from(90));
        assert_eq!(percent_for(&[], 40), Decimal::ZERO);
    }

    proptest! {
        #[test]
        fn a_refund_is_never_more_than_was_paid(cents in 0i64..9_999_999_999, days in -30i64..400, yen in any::<bool>()) {
            let currency: Currency = if yen { "JPY".parse().unwrap() } else { Currency::GBP };
            let paid = if yen { Decimal::from(cents / 100) } else { Decimal::new(cents, 2) };
            let paid = Amount::new(paid).unwrap();
            let part = part_of(paid, percent_for(&policy(), days), currency).unwrap();
            prop_assert!(part <= paid && !(-part).is_positive());
            prop_assert_eq!(currency.round(part.get()), Some(part), "a whole number of the smallest unit");
        }

        #[test]
        fn a_share_is_never_more_than_the_clinic_got(net in 0i64..9_000_000, total in 1i64..9_000_000, part in 0i64..=100) {
            let cents = |cents: i64| Amount::new(Decimal::new(cents, 2)).unwrap();
            let share = share(cents(net), cents(total * part / 100), cents(total), Currency::EUR).unwrap();
            prop_assert!(share <= cents(net) && !(-share).is_positive());
        }

        #[test]
        fn parts_sum_up_and_stay_below_their_payment(open in proptest::collection::vec(1i64..1_000_000, 1..9), share in 0u64..=100) {
            let rows: Vec<(PaymentId, Amount)> =
                open.iter().map(|cents| (PaymentId::new(), Amount::new(Decimal::new(*cents, 2)).unwrap())).collect();
            let all: Amount = rows.iter().map(|(_, open)| *open).sum();
            let wanted = part_of(all, Decimal::from(share), Currency::USD).unwrap();
            let parts = allocate(&rows, wanted).unwrap();
            prop_assert_eq!(parts.iter().map(|(_, part)| *part).sum::<Amount>(), wanted);
            for (id, part) in parts {
                prop_assert!(part <= rows.iter().find(|(row, _)| *row == id).unwrap().1);
            }
        }
    }
}
