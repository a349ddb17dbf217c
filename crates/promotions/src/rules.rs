//! What an affiliate may be promised (R-FN-17).

use kernel::{Amount, AppError, FieldErrors};

use crate::entity::affiliates::AffiliateCommissionType as Kind;

/// The bounds of a commission, and from where on somebody has to say that it is meant.
struct Bounds {
    least: i64,
    most: Option<i64>,
    warn_above: i64,
}

fn bounds(kind: Kind) -> Bounds {
    match kind {
        Kind::Percentage => Bounds { least: 5, most: Some(25), warn_above: 20 },
        Kind::Fixed => Bounds { least: 50, most: None, warn_above: 200 },
    }
}

fn whole(number: i64) -> Amount {
    Amount::new(number.into()).unwrap_or_default()
}

/// Checks a commission: 5 to 25 percent or at least 50 dollars a booking; above 20 percent or 200 dollars it must be
/// confirmed.
pub fn check_commission(errors: &mut FieldErrors, kind: Kind, value: Amount, confirmed: bool) {
    let bounds = bounds(kind);
    if value < whole(bounds.least) || bounds.most.is_some_and(|most| value > whole(most)) {
        errors.add("commission_value", "commission_out_of_range", "5 to 25 percent, or at least 50 dollars.");
    } else if value > whole(bounds.warn_above) && !confirmed {
        errors.add("confirm_high", "commission_high", "Confirm that so high a commission is meant.");
    }
}

/// An affiliate's own number: `HP-AFF-00012`.
pub fn affiliate_code(number: i32) -> String {
    format!("HP-AFF-{number:05}")
}

/// 409 `affiliate_not_draft`: only who has no password yet is invited or let go of.
pub fn not_invited() -> AppError {
    AppError::conflict("affiliate_not_draft", "Only an affiliate who was invited and has no password yet.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(kind: Kind, value: &str, confirmed: bool) -> Vec<String> {
        let mut errors = FieldErrors::new();
        check_commission(&mut errors, kind, value.parse().unwrap(), confirmed);
        errors.0.values().flatten().map(|fault| fault.code.to_string()).collect()
    }

    #[test]
    fn r_fn_17_commissions_have_bounds_and_high_ones_are_confirmed() {
        let none: [String; 0] = [];
        for (kind, value) in
            [(Kind::Percentage, "5"), (Kind::Percentage, "20"), (Kind::Fixed, "50"), (Kind::Fixed, "200")]
        {
            assert_eq!(faults(kind, value, false), none, "{value}");
        }
        for (kind, value) in [(Kind::Percentage, "4.99"), (Kind::Percentage, "25.01"), (Kind::Fixed, "49.99")] {
            assert_eq!(faults(kind, value, true), ["commission_out_of_range"], "{value}");
        }
        for (kind, value) in [(Kind::Percentage, "20.01"), (Kind::Percentage, "25"), (Kind::Fixed, "200.01")] {
            assert_eq!(faults(kind, value, false), ["commission_high"], "{value}");
            assert_eq!(faults(kind, value, true), none, "{value}");
        }
    }

    #[test]
    fn codes_have_five_digits() {
        assert_eq!((affiliate_code(12).as_str(), affiliate_code(123_456).as_str()), ("HP-AFF-00012", "HP-AFF-123456"));
    }
}
