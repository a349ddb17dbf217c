//! Charges of aftercare that is bought on its own (R-PY-70): when they fall due, what Hairline keeps of them, what goes back.

use chrono::{Days, Months, NaiveDate, NaiveTime};
use kernel::{Amount, Currency, Money, Timestamp};
use rust_decimal::Decimal;

use super::attempt::Fact;
use crate::entity::aftercare_payments::AftercarePaymentStatus as Status;

/// The hour of the day, UTC, charges are made and reminders go out at (R-AC-59).
const HOUR: u32 = 9;
/// Days after the due day a refused charge is tried again (R-AC-59).
const RETRIES: [u64; 3] = [1, 3, 7];
/// Days before the due day its patient is reminded.
pub const REMIND_AHEAD: Days = Days::new(3);

/// The hour of a day at which the clock works on charges.
pub fn hour_of(day: NaiveDate) -> Timestamp {
    day.and_time(NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default()).and_utc()
}

/// The day charge `number` (from 1) falls due: months from the day of the purchase, and the last day of a month that is
/// shorter. Each counts from the original day.
pub fn due_on(bought: NaiveDate, number: u32) -> Option<NaiveDate> {
    bought.checked_add_months(Months::new(number.checked_sub(1)?))
}

/// When a charge that was refused `tries` times is tried again; none after the third retry.
pub fn next_try(due: NaiveDate, tries: i32) -> Option<Timestamp> {
    let days = *RETRIES.get(usize::try_from(tries.checked_sub(1)?).ok()?)?;
    due.checked_add_days(Days::new(days)).map(hour_of)
}

/// Whether a charge that was tried so often is tried again by nobody but its patient.
pub fn is_last_try(tries: i32) -> bool {
    usize::try_from(tries).is_ok_and(|tries| tries > RETRIES.len())
}

/// What a fact does to a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Book the money.
    Complete,
    /// Book the money and give it back: nothing is bought with it any more.
    Return,
    /// It was refused.
    Fail,
    /// Only remember that it happened.
    Note,
    /// Nothing: a newer fact already decided.
    Stale,
}

/// Decides what `fact` does to a charge in `status`: by fact, never by arrival (R-PY-31).
pub fn effect(status: Status, fact: &Fact) -> Effect {
    match (status, fact) {
        (Status::Pending | Status::Failed, Fact::Succeeded) => Effect::Complete,
        (Status::Cancelled, Fact::Succeeded) => Effect::Return,
        (Status::Pending, Fact::Failed { .. } | Fact::Canceled) => Effect::Fail,
        (Status::Pending, Fact::Processing | Fact::ActionRequired) => Effect::Note,
        (Status::Failed | Status::Cancelled | Status::Completed | Status::Refunded, _) => Effect::Stale,
    }
}

/// Who gets what of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Hairline's commission.
    pub commission: Amount,
    /// The clinic's part.
    pub provider: Amount,
}

/// Splits a charge (R-AC-61): the commission is rounded, the clinic gets the rest.
pub fn shares(amount: Amount, currency: Currency, percent: i32) -> Option<Shares> {
    let commission =
        currency.round(amount.get().checked_mul(Decimal::from(percent))?.checked_div(Decimal::from(100))?)?;
    Some(Shares { commission, provider: amount - commission })
}

/// What `back` more of a charge takes from its shares when `before` of it went back already: in proportion, and all of it when
/// all of the charge went back (R-AC-62).
pub fn shares_back(amount: Amount, of: Shares, currency: Currency, before: Amount, back: Amount) -> Option<Shares> {
    let part = |sum: Amount| currency.round(of.commission.get().checked_mul(sum.get())?.checked_div(amount.get())?);
    let commission = part(before + back)? - part(before)?;
    Some(Shares { commission, provider: back - commission })
}

/// How many months of a service have begun on `today`.
pub fn months_begun(start: NaiveDate, today: NaiveDate, months: u32) -> u32 {
    let begins = (0..months).map(|month| start.checked_add_months(Months::new(month)));
    u32::try_from(begins.take_while(|begin| begin.is_some_and(|begin| begin <= today)).count()).unwrap_or(months)
}

/// First and last day of month `number` (from 1) of a service.
pub fn month_of(start: NaiveDate, number: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = due_on(start, number)?;
    Some((first, due_on(start, number.checked_add(1)?)?.pred_opt()?))
}

/// How many charges go back when a subscription ends: the months that were paid and have not begun.
pub fn unused_charges(paid: u32, begun: u32) -> u32 {
    paid.saturating_sub(begun)
}

/// The most staff may give back of a fixed price once the service has begun: the part of the months that have not.
pub fn most_of_fixed(total: Money, begun: u32, months: u32) -> Option<Amount> {
    let unused = Decimal::from(months.saturating_sub(begun));
    total.currency.round(total.amount.get().checked_mul(unused)?.checked_div(Decimal::from(months))?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    /// GS-5 of aftercare: bought on 31 January.
    #[test]
    fn r_ac_59_months_are_counted_from_the_original_day() {
        let due: Vec<String> = (1..=6).map(|number| due_on(day("2026-01-31"), number).unwrap().to_string()).collect();
        assert_eq!(due, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]);
        assert_eq!(due_on(day("2026-01-31"), 0), None);
    }

    #[test]
    fn r_ac_59_a_refused_charge_is_tried_again_three_times() {
        let tries: Vec<_> = (0..=4).map(|tries| next_try(day("2026-02-28"), tries).map(|at| at.to_string())).collect();
        let at = |text: &str| Some(text.to_owned());
        assert_eq!(
            tries[1..4],
            [at("2026-03-01 09:00:00 UTC"), at("2026-03-03 09:00:00 UTC"), at("2026-03-07 09:00:00 UTC")]
        );
        assert!(tries[0].is_none() && tries[4].is_none());
    }

    /// GS-5 of aftercare.
    #[test]
    fn r_ac_61_hairline_keeps_whole_percents() {
        let split = |sum: &str, currency, percent| {
            let shares = shares(amount(sum), currency, percent).unwrap();
            (shares.commission.to_string(), shares.provider.to_string())
        };
        assert_eq!(split("500.00", Currency::GBP, 20), ("100.00".into(), "400.00".into()));
        assert_eq!(split("80.00", Currency::GBP, 20), ("16.00".into(), "64.00".into()));
        assert_eq!(split("82.35", Currency::EUR, 18), ("14.82".into(), "67.53".into()));
    }

    /// GS-5 of aftercare: activated on 5 February, cancelled on 10 April.
    #[test]
    fn r_ac_62_what_was_not_begun_goes_back() {
        let (start, today) = (day("2026-02-05"), day("2026-04-10"));
        assert_eq!(months_begun(start, today, 6), 3);
        assert_eq!(unused_charges(3, 3), 0);
        assert_eq!(unused_charges(1, 3), 0);
        assert_eq!(month_of(start, 3), Some((day("2026-04-05"), day("2026-05-04"))));
        let total = Money::new(amount("500.00"), Currency::GBP);
        assert_eq!(most_of_fixed(total, 3, 6), Some(amount("250.00")));
        assert_eq!(months_begun(start, day("2026-02-04"), 6), 0);
        assert_eq!(months_begun(start, day("2027-02-04"), 6), 6);
    }

    #[test]
    fn a_charge_is_completed_by_its_own_intent_alone_and_never_taken_back() {
        let failed = || Fact::Failed { code: "card_declined".into() };
        for (status, fact, effect_of) in [
            (Status::Pending, Fact::Succeeded, Effect::Complete),
            (Status::Failed, Fact::Succeeded, Effect::Complete),
            (Status::Cancelled, Fact::Succeeded, Effect::Return),
            (Status::Pending, failed(), Effect::Fail),
            (Status::Pending, Fact::Canceled, Effect::Fail),
            (Status::Pending, Fact::Processing, Effect::Note),
            (Status::Failed, failed(), Effect::Stale),
            (Status::Completed, failed(), Effect::Stale),
            (Status::Completed, Fact::Succeeded, Effect::Stale),
            (Status::Refunded, Fact::Succeeded, Effect::Stale),
            (Status::Cancelled, failed(), Effect::Stale),
        ] {
            assert_eq!(effect(status, &fact), effect_of, "{status:?} {fact:?}");
        }
    }

    proptest! {
        #[test]
        fn shares_add_up_and_come_back_whole(minor in 1_i64..5_000_000, percent in 15..=25, cut in 0.0..1.0_f64) {
            let whole = Amount::new(Decimal::new(minor, 2)).unwrap();
            let of = shares(whole, Currency::GBP, percent).unwrap();
            prop_assert_eq!(of.commission + of.provider, whole);
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "any part will do")]
            let first = Amount::new(Decimal::new((minor as f64 * cut) as i64, 2)).unwrap();
            let one = shares_back(whole, of, Currency::GBP, Amount::ZERO, first).unwrap();
            let two = shares_back(whole, of, Currency::GBP, first, whole - first).unwrap();
            prop_assert_eq!(one.commission + two.commission, of.commission);
            prop_assert_eq!(one.provider + two.provider, of.provider);
        }
    }
}
