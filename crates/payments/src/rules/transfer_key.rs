//! The key money is sent with: it tells what it is for, and that the same is asked for once (R-PY-62, R-PY-54).

use std::fmt;
use std::str::FromStr;

use kernel::ids::{PaymentId, ProviderBillId};

/// What a transfer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKey {
    /// A clinic's statement, and which try it is: `po:{bill}:{attempt}`.
    Payout {
        /// The statement.
        bill: ProviderBillId,
        /// From 1.
        attempt: i32,
    },
    /// A refund of money that came by transfer: `rf:{refund}`.
    Refund(PaymentId),
}

impl fmt::Display for TransferKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payout { bill, attempt } => write!(f, "po:{bill}:{attempt}"),
            Self::Refund(refund) => write!(f, "rf:{refund}"),
        }
    }
}

/// A key nobody here made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key of a transfer")]
pub struct Unknown;

impl FromStr for TransferKey {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        if let Some(refund) = text.strip_prefix("rf:") {
            return refund.parse().map(Self::Refund).map_err(|_| Unknown);
        }
        let (bill, attempt) = text.strip_prefix("po:").and_then(|rest| rest.rsplit_once(':')).ok_or(Unknown)?;
        match (bill.parse(), attempt.parse()) {
            (Ok(bill), Ok(attempt)) => Ok(Self::Payout { bill, attempt }),
            _ => Err(Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_it_was_made_for() {
        let payout = TransferKey::Payout { bill: ProviderBillId::new(), attempt: 2 };
        let refund = TransferKey::Refund(PaymentId::new());
        for key in [payout, refund] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for other in ["", "po:", "po:7:1", "rf:7", "pay:7", "po:x"] {
            assert_eq!(other.parse::<TransferKey>(), Err(Unknown), "{other}");
        }
        assert!(format!("{payout}x").parse::<TransferKey>().is_err());
    }
}
