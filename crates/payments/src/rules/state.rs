//! The payment state of a booking as its badges show it (spec 4.9): derived, never stored.

use chrono::NaiveDate;
use kernel::Amount;
use serde::{Deserialize, Serialize};

/// Where the money of a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Nothing has arrived.
    Unpaid,
    /// Something, but less than the initial amount.
    Partial,
    /// The deposit, not all.
    DepositPaid,
    /// A plan runs, and nothing of it is overdue.
    InstallmentsActive,
    /// A payment of the plan failed for good.
    AtRisk,
    /// All of it.
    FullyPaid,
    /// The due date passed with a balance left.
    Overdue,
    /// Cancelled, and everything was given back.
    Refunded,
    /// Cancelled, and a part was given back.
    PartiallyRefunded,
}

/// What the state is derived from.
#[derive(Clone, Copy, Debug)]
pub struct Sums {
    /// Price in the payment currency.
    pub total: Amount,
    /// Deposit in the payment currency.
    pub deposit: Amount,
    /// Completed payments, refunds not taken off.
    pub received: Amount,
    /// Completed refunds.
    pub refunded: Amount,
    /// Day the balance falls due.
    pub due_on: NaiveDate,
    /// Today at the clinic.
    pub clinic_today: NaiveDate,
    /// How the plan stands, where the booking is paid in parts.
    pub plan: Option<PlanState>,
}

/// How a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanState {
    /// On time.
    Runs,
    /// A payment was declined and is tried again.
    Retrying,
    /// A payment failed for good.
    Defaulted,
}

/// Derives the state.
pub fn payment_state(sums: &Sums) -> PaymentState {
    let paid = sums.received - sums.refunded;
    if sums.refunded.is_positive() && paid < sums.total {
        return if paid.is_positive() { PaymentState::PartiallyRefunded } else { PaymentState::Refunded };
    }
    if !paid.is_positive() {
        return PaymentState::Unpaid;
    }
    if paid >= sums.total {
        return PaymentState::FullyPaid;
    }
    match sums.plan {
        Some(PlanState::Defaulted) => return PaymentState::AtRisk,
        Some(PlanState::Retrying) => return PaymentState::Overdue,
        Some(PlanState::Runs) => return PaymentState::InstallmentsActive,
        None => {}
    }
    // R-PY-21: overdue from the day after the due date.
    if sums.clinic_today > sums.due_on {
        return PaymentState::Overdue;
    }
    if paid >= sums.deposit { PaymentState::DepositPaid } else { PaymentState::Partial }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(received: &str, refunded: &str, today: &str) -> PaymentState {
        let amount = |s: &str| s.parse::<Amount>().unwrap();
        payment_state(&Sums {
            total: amount("2163.91"),
            deposit: amount("540.98"),
            received: amount(received),
            refunded: amount(refunded),
            due_on: "2026-06-08".parse().unwrap(),
            clinic_today: today.parse().unwrap(),
            plan: None,
        })
    }

    #[test]
    fn from_nothing_to_all() {
        assert_eq!(state("0.00", "0.00", "2026-03-02"), PaymentState::Unpaid);
        assert_eq!(state("530.00", "0.00", "2026-03-02"), PaymentState::Partial);
        assert_eq!(state("540.98", "0.00", "2026-06-08"), PaymentState::DepositPaid);
        assert_eq!(state("540.98", "0.00", "2026-06-09"), PaymentState::Overdue);
        assert_eq!(state("2163.91", "0.00", "2026-06-09"), PaymentState::FullyPaid);
    }

    #[test]
    fn a_returned_surplus_is_no_refund() {
        assert_eq!(state("2704.89", "540.98", "2026-03-02"), PaymentState::FullyPaid);
        assert_eq!(state("540.98", "540.98", "2026-03-02"), PaymentState::Refunded);
        assert_eq!(state("540.98", "486.88", "2026-03-02"), PaymentState::PartiallyRefunded);
    }
}
