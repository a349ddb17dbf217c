//! What a fact reported by the gateway does to one attempt (spec 4.3, R-PY-31): by fact, never by arrival.

use crate::entity::payments::PaymentStatus;

/// What the gateway says of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The money arrived.
    Succeeded,
    /// The card was declined or the authentication failed.
    Failed {
        /// The gateway's reason, such as `insufficient_funds`.
        code: String,
    },
    /// The intent was given up and can never be paid.
    Canceled,
    /// The bank has not answered yet.
    Processing,
    /// The cardholder has to authenticate (R-PY-25).
    ActionRequired,
}

/// What is to be done with the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Book the money.
    Complete,
    /// Close the attempt as failed; the patient may try again.
    Fail,
    /// Only remember that it happened; the attempt stays open.
    Note,
    /// Nothing: a newer fact already decided. Remembered as `ignored_stale`.
    Stale,
}

/// Decides what `fact` does to an attempt in `status`.
///
/// A completed attempt is never taken back by a late failure, and a failed one is completed by proof that the very
/// same intent succeeded after all.
pub fn effect(status: PaymentStatus, fact: &Fact) -> Effect {
    use PaymentStatus::{Completed, Failed, Pending, Refunded};
    match (status, fact) {
        (Pending | Failed, Fact::Succeeded) => Effect::Complete,
        (Pending, Fact::Failed { .. } | Fact::Canceled) => Effect::Fail,
        (Pending, Fact::Processing | Fact::ActionRequired) => Effect::Note,
        (Failed, _) | (Completed | Refunded, _) => Effect::Stale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_spec_4_3() {
        use PaymentStatus::{Completed, Failed, Pending, Refunded};
        let failed = || Fact::Failed { code: "card_declined".into() };
        let table = [
            (Pending, Fact::Succeeded, Effect::Complete),
            (Pending, failed(), Effect::Fail),
            (Pending, Fact::Canceled, Effect::Fail),
            (Pending, Fact::Processing, Effect::Note),
            (Pending, Fact::ActionRequired, Effect::Note),
            (Failed, Fact::Succeeded, Effect::Complete),
            (Failed, failed(), Effect::Stale),
            (Failed, Fact::Canceled, Effect::Stale),
            (Failed, Fact::Processing, Effect::Stale),
            (Completed, Fact::Succeeded, Effect::Stale),
            (Completed, failed(), Effect::Stale),
            (Completed, Fact::Canceled, Effect::Stale),
            (Completed, Fact::Processing, Effect::Stale),
            (Refunded, Fact::Succeeded, Effect::Stale),
            (Refunded, failed(), Effect::Stale),
        ];
        for (status, fact, wanted) in table {
            assert_eq!(effect(status, &fact), wanted, "{status:?} {fact:?}");
        }
    }
}
