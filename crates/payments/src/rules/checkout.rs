//! What a patient may pay now, and how much: the server computes every amount (R-PY-12, 18 to 20, 23).

use chrono::{Days, NaiveDate};
use kernel::{Amount, Timestamp};
use quoting::entity::quotes::QuoteStatus;
use serde::{Deserialize, Serialize};

/// What the patient chose to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentOption {
    /// The deposit now, the balance before the treatment.
    Deposit,
    /// All at once.
    Full,
    /// Equal parts without interest (R-PY-38 to 40).
    Installments,
    /// What is left after the deposit.
    Balance,
}

/// The facts of a booking that decide what can be paid.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Where the booking stands.
    pub status: QuoteStatus,
    /// Whether the inquiry behind it was cancelled (R-PY-07).
    pub inquiry_cancelled: bool,
    /// The clinic asked to step back and nobody has decided (Q13).
    pub withdrawal_requested: bool,
    /// End of the hold, while there is one.
    pub hold_expires_at: Option<Timestamp>,
    /// Day of the treatment at the clinic.
    pub schedule_date: NaiveDate,
    /// Today at the clinic.
    pub clinic_today: NaiveDate,
    /// Days before the treatment the balance falls due.
    pub balance_due_days: i32,
    /// Price in the payment currency.
    pub total: Amount,
    /// Deposit in the payment currency.
    pub deposit: Amount,
    /// Completed payments less completed refunds.
    pub paid: Amount,
}

/// One way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub option: PaymentOption,
    /// To pay now.
    pub now: Amount,
    /// To pay later.
    pub later: Amount,
    /// When the later part falls due.
    pub due_on: Option<NaiveDate>,
}

/// Why nothing can be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The inquiry was cancelled.
    InquiryCancelled,
    /// The clinic asked to step back; nothing is paid until that is decided.
    WithdrawalRequested,
    /// The quote is not accepted, or the booking has ended.
    NotPayable,
    /// The hold of the slot is over.
    HoldExpired,
    /// All is paid.
    AlreadyPaid,
}

/// Day the balance falls due (R-PY-20).
pub fn balance_due_on(schedule_date: NaiveDate, balance_due_days: i32) -> NaiveDate {
    let days = u64::try_from(balance_due_days).unwrap_or(0);
    schedule_date.checked_sub_days(Days::new(days)).unwrap_or(schedule_date)
}

/// The ways to pay now, or why there is none.
pub fn offers(facts: &Facts, now: Timestamp) -> Result<Vec<Offer>, Refusal> {
    if facts.inquiry_cancelled {
        return Err(Refusal::InquiryCancelled);
    }
    let due = facts.total - facts.paid;
    match facts.status {
        QuoteStatus::Accepted if facts.withdrawal_requested => Err(Refusal::WithdrawalRequested),
        QuoteStatus::Accepted => {
            // R-PY-08: the slot must still be held at the very moment.
            if facts.hold_expires_at.is_none_or(|end| now >= end) {
                return Err(Refusal::HoldExpired);
            }
            Ok(initial_offers(facts))
        }
        QuoteStatus::Confirmed | QuoteStatus::Inprogress | QuoteStatus::Aftercare if due.is_positive() => {
            Ok(vec![Offer { option: PaymentOption::Balance, now: due, later: Amount::ZERO, due_on: None }])
        }
        QuoteStatus::Confirmed | QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed => {
            Err(Refusal::AlreadyPaid)
        }
        _ => Err(Refusal::NotPayable),
    }
}

fn initial_offers(facts: &Facts) -> Vec<Offer> {
    // A transfer may have brought a part already (R-PY-36).
    let rest = (facts.total - facts.paid).max(Amount::ZERO);
    let full = Offer { option: PaymentOption::Full, now: rest, later: Amount::ZERO, due_on: None };
    let due_on = balance_due_on(facts.schedule_date, facts.balance_due_days);
    let balance = facts.total - facts.deposit;
    // R-PY-20: a balance that would be due today or earlier is no balance.
    if due_on <= facts.clinic_today || !balance.is_positive() {
        return vec![full];
    }
    let first = facts.deposit - facts.paid;
    if !first.is_positive() {
        return vec![full];
    }
    let deposit = Offer { option: PaymentOption::Deposit, now: first, later: balance, due_on: Some(due_on) };
    vec![deposit, full]
}

/// Whether the money that arrived is enough to confirm the booking (R-PY-23).
///
/// `whole` tells that the patient chose to pay all at once.
pub fn covers_initial(facts: &Facts, whole: bool) -> bool {
    facts.paid >= if whole { facts.total } else { facts.deposit }
}

/// Money above the price, to be given back (R-PY-23).
pub fn surplus(total: Amount, paid: Amount) -> Amount {
    (paid - total).max(Amount::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(s: &str) -> Amount {
        s.parse().unwrap()
    }

    fn at(s: &str) -> Timestamp {
        s.parse().unwrap()
    }

    /// G1: GBP 2,163.91, deposit 540.98, slot on 2026-06-15, accepted 2026-03-02 10:00.
    fn g1() -> Facts {
        Facts {
            status: QuoteStatus::Accepted,
            inquiry_cancelled: false,
            withdrawal_requested: false,
            hold_expires_at: Some(at("2026-03-04T10:00:00Z")),
            schedule_date: "2026-06-15".parse().unwrap(),
            clinic_today: "2026-03-02".parse().unwrap(),
            balance_due_days: 7,
            total: amount("2163.91"),
            deposit: amount("540.98"),
            paid: Amount::ZERO,
        }
    }

    /// R-PY-19: what can be chosen at the checkout; all at once always can.
    #[test]
    fn r_py_19_g1_deposit_and_balance() {
        let offers = offers(&g1(), at("2026-03-02T10:05:00Z")).unwrap();
        let wanted = Offer {
            option: PaymentOption::Deposit,
            now: amount("540.98"),
            later: amount("1622.93"),
            due_on: Some("2026-06-08".parse().unwrap()),
        };
        assert_eq!(offers[0], wanted);
        assert_eq!((offers[1].option, offers[1].now), (PaymentOption::Full, amount("2163.91")));
    }

    #[test]
    fn a_balance_due_today_takes_the_deposit_away() {
        let one_day_left = Facts { clinic_today: "2026-06-07".parse().unwrap(), ..g1() };
        assert_eq!(offers(&one_day_left, at("2026-03-02T10:05:00Z")).unwrap().len(), 2);
        let due_today = Facts { clinic_today: "2026-06-08".parse().unwrap(), ..g1() };
        let only = offers(&due_today, at("2026-03-02T10:05:00Z")).unwrap();
        assert_eq!(only.iter().map(|o| o.option).collect::<Vec<_>>(), [PaymentOption::Full]);
    }

    #[test]
    fn the_hold_ends_on_the_second() {
        assert!(offers(&g1(), at("2026-03-04T09:59:59Z")).is_ok());
        assert_eq!(offers(&g1(), at("2026-03-04T10:00:00Z")), Err(Refusal::HoldExpired));
    }

    #[test]
    fn only_a_live_booking_takes_money() {
        let now = at("2026-03-02T10:05:00Z");
        for (status, wanted) in [
            (QuoteStatus::Inquiry, Refusal::NotPayable),
            (QuoteStatus::Quote, Refusal::NotPayable),
            (QuoteStatus::Rejected, Refusal::NotPayable),
            (QuoteStatus::Cancelled, Refusal::NotPayable),
            (QuoteStatus::Completed, Refusal::AlreadyPaid),
        ] {
            assert_eq!(offers(&Facts { status, ..g1() }, now), Err(wanted), "{status:?}");
        }
        // Q13: an open withdrawal request blocks the payment.
        let asked = Facts { withdrawal_requested: true, ..g1() };
        assert_eq!(offers(&asked, now), Err(Refusal::WithdrawalRequested));
        let cancelled = Facts { inquiry_cancelled: true, ..g1() };
        assert_eq!(offers(&cancelled, now), Err(Refusal::InquiryCancelled));
    }

    #[test]
    fn after_the_deposit_the_rest_is_left() {
        let confirmed = Facts { status: QuoteStatus::Confirmed, paid: amount("540.98"), ..g1() };
        let offers_now = offers(&confirmed, at("2026-05-01T00:00:00Z")).unwrap();
        assert_eq!((offers_now[0].option, offers_now[0].now), (PaymentOption::Balance, amount("1622.93")));
        let paid = Facts { paid: amount("2163.91"), ..confirmed };
        assert_eq!(offers(&paid, at("2026-05-01T00:00:00Z")), Err(Refusal::AlreadyPaid));
    }

    #[test]
    fn g8_what_a_transfer_left_open_can_be_paid_by_card() {
        let partial = Facts { paid: amount("530.00"), ..g1() };
        let offers = offers(&partial, at("2026-03-02T10:05:00Z")).unwrap();
        assert_eq!((offers[0].now, offers[0].later), (amount("10.98"), amount("1622.93")));
        assert_eq!(offers[1].now, amount("1633.91"));
    }

    #[test]
    fn the_initial_amount_confirms_and_the_rest_comes_back() {
        let paid = |s: &str| Facts { paid: amount(s), ..g1() };
        assert!(!covers_initial(&paid("540.97"), false));
        assert!(covers_initial(&paid("540.98"), false));
        assert!(!covers_initial(&paid("540.98"), true));
        assert!(covers_initial(&paid("2163.91"), true));
        assert_eq!(surplus(amount("2163.91"), amount("2704.89")), amount("540.98"));
        assert_eq!(surplus(amount("2163.91"), amount("540.98")), Amount::ZERO);
    }
}
