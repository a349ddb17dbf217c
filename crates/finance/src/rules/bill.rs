//! What a statement consists of: earnings, deductions for refunds, what is carried on (R-PY-57, 59, 60).

use chrono::NaiveDate;
use kernel::ids::{AftercarePaymentId, PaymentId, QuoteId};
use kernel::{Amount, Currency};
pub use payments::rules::refund::share;
use rust_decimal::Decimal;

/// How Hairline's share of a booking was frozen at its confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commission {
    /// Percent of the base.
    Percent(Decimal),
    /// A fee.
    Flat,
}

/// What a clinic earned something with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A treatment.
    Booking(QuoteId),
    /// Aftercare that was bought on its own, one charge of it (R-FN-52).
    Aftercare(AftercarePaymentId),
}

/// A treated booking in the currency of its quote, or a charge of aftercare in its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Which.
    pub source: Source,
    /// The currency of the quote, or of the charge.
    pub currency: Currency,
    /// What the clinic's share is taken from: the list price less the discounts it pays for itself.
    pub gross: Amount,
    /// What the commission is counted from.
    pub base: Amount,
    /// What Hairline keeps.
    pub commission: Amount,
    /// How that was agreed.
    pub agreed: Commission,
}

/// A booking's or a charge's line, in the currency of the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earning {
    /// What it was earned with.
    pub source: Source,
    /// Before the commission.
    pub gross: Amount,
    /// What Hairline keeps.
    pub commission: Amount,
    /// What the clinic gets.
    pub net: Amount,
    /// Units of the statement's currency for one of the quote's.
    pub rate: Decimal,
}

/// What a booking brings in the currency of a statement; `None` beyond what a column holds (R-PY-59).
///
/// The commission is counted from the converted amount. Without a conversion it is the one the booking was confirmed with.
pub fn earning(booked: &Booked, to: Currency, rate: Decimal) -> Option<Earning> {
    let Booked { source, gross, commission, .. } = *booked;
    if booked.currency == to {
        return Some(Earning { source, gross, commission, net: gross - commission, rate: Decimal::ONE });
    }
    let convert = |amount: Amount| to.round(amount.get().checked_mul(rate)?);
    let gross = convert(gross)?;
    let commission = match booked.agreed {
        Commission::Percent(percent) => {
            to.round(convert(booked.base)?.get().checked_mul(percent)? / Decimal::ONE_HUNDRED)?
        }
        Commission::Flat => convert(commission)?,
    };
    Some(Earning { source, gross, commission, net: gross - commission, rate })
}

/// What an earlier statement took of a deduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How much, in that statement's currency.
    pub amount: Amount,
    /// That statement's rate for the booking.
    pub rate: Decimal,
}

/// What of a deduction is left after earlier statements took their parts, each converted at the rates of the booking.
pub fn left(whole: Amount, taken: &[Taken], currency: Currency, rate: Decimal) -> Option<Amount> {
    let mut rest = whole;
    for part in taken {
        let amount = match part.rate == rate || part.rate.is_zero() {
            true => part.amount,
            false => currency.round((part.amount.get() / part.rate).checked_mul(rate)?)?,
        };
        rest = rest - amount;
    }
    Some(rest.max(Amount::ZERO))
}

/// Why something is taken from a clinic again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deduction {
    /// Staff gave something back of a treated booking, or a bank took it.
    Booking {
        /// The refund.
        refund: PaymentId,
        /// The booking it belongs to.
        quote: QuoteId,
    },
    /// A bank took back a charge of aftercare whose service was over; the refund.
    Aftercare(AftercarePaymentId),
}

/// A deduction that waits to be absorbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// What caused it.
    pub of: Deduction,
    /// What is left of it.
    pub open: Amount,
    /// The rate of the booking, or of the charge.
    pub rate: Decimal,
    /// Whether an earlier statement took a part.
    pub carried: bool,
}

/// What a statement takes of a deduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absorbed {
    /// The deduction.
    pub owed: Owed,
    /// What is taken now.
    pub applied: Amount,
    /// What the next statement carries on.
    pub left: Amount,
}

/// Takes deductions from what was earned, the first one first, and never more than there is: statements do not go below
/// zero, the rest is carried forward until it is absorbed (R-PY-57).
pub fn absorb(earned: Amount, owed: &[Owed]) -> Vec<Absorbed> {
    let mut room = earned.max(Amount::ZERO);
    let mut taken = Vec::new();
    for debt in owed {
        let applied = debt.open.min(room);
        if applied.is_positive() {
            room = room - applied;
            taken.push(Absorbed { owed: *debt, applied, left: debt.open - applied });
        }
    }
    taken
}

/// The sums of a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Of the earnings.
    pub gross: Amount,
    /// Of the earnings.
    pub commission: Amount,
    /// Deductions applied now.
    pub adjustment: Amount,
    /// What is paid.
    pub net: Amount,
}

fn sum(mut all: impl Iterator<Item = Amount>) -> Option<Amount> {
    all.try_fold(Amount::ZERO, Amount::checked_add)
}

/// Adds a statement up; `None` beyond what a column holds.
pub fn totals(earnings: &[Earning], absorbed: &[Absorbed]) -> Option<Totals> {
    let gross = sum(earnings.iter().map(|line| line.gross))?;
    let commission = sum(earnings.iter().map(|line| line.commission))?;
    let adjustment = sum(absorbed.iter().map(|line| line.applied))?;
    Some(Totals { gross, commission, adjustment, net: gross - commission - adjustment })
}

/// Why a booking is on no statement yet (R-PY-60).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Its treatment has not ended, or ended after the period.
    Treatment,
    /// The patient still owes a part.
    Balance,
    /// A payment is disputed.
    Dispute,
    /// A statement holds it already.
    Billed,
}

/// What decides whether a booking can be paid for.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The day its treatment ended, at the clinic.
    pub ended_on: Option<NaiveDate>,
    /// What the patient still owes.
    pub due: Amount,
    /// Whether a payment is disputed.
    pub disputed: bool,
    /// Whether a live statement holds it.
    pub billed: bool,
}

/// Whether a booking belongs on the statement of a period that ends on a day; older misses do too (R-PY-60, R-PY-61).
pub fn payable(facts: &Facts, period_end: NaiveDate) -> Result<(), Waits> {
    if facts.ended_on.is_none_or(|day| day > period_end) {
        return Err(Waits::Treatment);
    }
    if facts.due.is_positive() {
        return Err(Waits::Balance);
    }
    if facts.disputed {
        return Err(Waits::Dispute);
    }
    if facts.billed { Err(Waits::Billed) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn booked(gross: &str, percent: i64, commission: &str) -> Booked {
        Booked {
            source: Source::Booking(QuoteId::new()),
            currency: Currency::EUR,
            gross: amount(gross),
            base: amount(gross),
            commission: amount(commission),
            agreed: Commission::Percent(percent.into()),
        }
    }

    fn owed(open: &str) -> Owed {
        let of = Deduction::Booking { refund: PaymentId::new(), quote: QuoteId::new() };
        Owed { of, open: amount(open), rate: Decimal::ONE, carried: false }
    }

    #[test]
    fn g6_to_the_minor_unit() {
        let (a, b) = (booked("2400.00", 20, "480.00"), booked("1850.50", 18, "333.09"));
        let lines = [a, b].map(|it| earning(&it, Currency::EUR, Decimal::ONE).unwrap());
        assert_eq!(lines.map(|line| line.net), [amount("1920.00"), amount("1517.41")]);
        let first = totals(&lines, &[]).unwrap();
        assert_eq!(
            (first.gross, first.commission, first.net),
            (amount("4250.50"), amount("813.09"), amount("3437.41"))
        );
        let whole = share(lines[0].net, amount("1000.00"), amount("2400.00"), Currency::EUR).unwrap();
        assert_eq!(whole, amount("800.00"));

        let second = absorb(amount("500.00"), &[Owed { open: whole, ..owed("0.00") }]);
        assert_eq!((second[0].applied, second[0].left), (amount("500.00"), amount("300.00")));
        let taken = [Taken { amount: amount("500.00"), rate: Decimal::ONE }];
        let rest = left(whole, &taken, Currency::EUR, Decimal::ONE).unwrap();
        let third = absorb(amount("1200.00"), &[Owed { open: rest, ..owed("0.00") }]);
        assert_eq!((third[0].applied, third[0].left), (amount("300.00"), Amount::ZERO));
    }

    #[test]
    fn g6_to_an_account_in_lira() {
        let rate = "37.50000000".parse().unwrap();
        let line = earning(&booked("2400.00", 20, "480.00"), Currency::TRY, rate).unwrap();
        assert_eq!((line.gross, line.commission, line.net), (amount("90000"), amount("18000"), amount("72000")));
        assert_eq!(share(line.net, amount("1000"), amount("2400"), Currency::TRY), Some(amount("30000.00")));
        // A part that an earlier statement took in euros counts in lira at the booking's rate.
        let taken = [Taken { amount: amount("500.00"), rate: Decimal::ONE }];
        assert_eq!(left(amount("30000"), &taken, Currency::TRY, rate), Some(amount("11250.00")));
    }

    #[test]
    fn r_py_59_a_fee_is_converted_and_yen_has_no_cents() {
        let yen: Currency = "JPY".parse().unwrap();
        let booking = Booked { agreed: Commission::Flat, ..booked("1850.50", 0, "333.09") };
        let line = earning(&booking, yen, "170.12345678".parse().unwrap()).unwrap();
        assert_eq!((line.gross, line.commission, line.net), (amount("314813"), amount("56666"), amount("258147")));
    }

    #[test]
    fn the_commission_of_a_discount_the_clinic_pays_is_counted_from_the_list_price() {
        // L 1,500, D 150, 20 %: 1,350.00 / 300.00 / 1,050.00.
        let booking = Booked { base: amount("1500.00"), ..booked("1350.00", 20, "300.00") };
        let line = earning(&booking, Currency::EUR, Decimal::ONE).unwrap();
        assert_eq!(line.net, amount("1050.00"));
        let twice = earning(&booking, Currency::USD, Decimal::TWO).unwrap();
        assert_eq!((twice.gross, twice.commission, twice.net), (amount("2700"), amount("600"), amount("2100")));
    }

    #[test]
    fn r_py_60_what_makes_a_booking_payable() {
        let end: NaiveDate = "2026-06-21".parse().unwrap();
        let good = Facts { ended_on: Some(end), due: Amount::ZERO, disputed: false, billed: false };
        assert_eq!(payable(&good, end), Ok(()));
        assert_eq!(payable(&Facts { ended_on: "2026-01-05".parse().ok(), ..good }, end), Ok(()), "an older miss");
        assert_eq!(payable(&Facts { ended_on: None, ..good }, end), Err(Waits::Treatment));
        assert_eq!(payable(&Facts { ended_on: "2026-06-22".parse().ok(), ..good }, end), Err(Waits::Treatment));
        assert_eq!(payable(&Facts { due: amount("0.01"), ..good }, end), Err(Waits::Balance));
        assert_eq!(payable(&Facts { disputed: true, ..good }, end), Err(Waits::Dispute));
        assert_eq!(payable(&Facts { billed: true, ..good }, end), Err(Waits::Billed));
    }

    proptest! {
        #[test]
        fn r_py_57_nothing_goes_below_zero_and_nothing_is_lost(
            earned in 0i64..1_000_000, debts in proptest::collection::vec(1i64..500_000, 0..6)
        ) {
            let cents = |cents: i64| Amount::new(Decimal::new(cents, 2)).unwrap();
            let owed: Vec<Owed> = debts.iter().map(|debt| Owed { open: cents(*debt), ..owed("0.00") }).collect();
            let taken = absorb(cents(earned), &owed);
            let applied: Amount = taken.iter().map(|line| line.applied).sum();
            let all: Amount = owed.iter().map(|debt| debt.open).sum();
            prop_assert_eq!(applied, all.min(cents(earned)));
            for line in &taken {
                prop_assert_eq!(line.applied + line.left, line.owed.open);
            }
            prop_assert!(taken.iter().rev().skip(1).all(|line| line.left.is_zero()), "the first one first");
        }
    }
}
