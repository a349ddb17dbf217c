//! What gateways say they sent, against statements and refunds (R-PY-68): found differences, nothing is changed.

use std::collections::{BTreeSet, HashMap};

use kernel::ids::AnyId;
use kernel::{Money, Timestamp};
use payments::gateway::ListedTransfer;
use payments::rules::minor;
use payments::rules::reconcile::{Class, Period};
use payments::rules::transfer_key::TransferKey;

/// How many hours a transfer may be under way before somebody looks at it.
const STALE_AFTER_HOURS: i64 = 24;

/// What a statement is called in findings.
pub const BILL: &str = "ProviderBill";
/// And a refund.
pub const REFUND: &str = "Payment";

/// Where money of ours stands that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is there, as far as we know.
    Arrived,
    /// Nobody has heard yet.
    UnderWay,
    /// It did not leave.
    Failed,
}

/// Money we sent, or meant to: a statement or a refund by transfer.
#[derive(Clone, Debug)]
pub struct Sent {
    /// [`BILL`] or [`REFUND`], and which.
    pub object: (&'static str, AnyId),
    /// The gateway's id of the transfer.
    pub transfer: Option<String>,
    /// How much.
    pub money: Money,
    /// Where it stands.
    pub standing: Standing,
    /// When it was asked for.
    pub since: Timestamp,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub class: Class,
    /// What of ours, where there is something.
    pub object: Option<(&'static str, AnyId)>,
    /// The gateway's id, where there is one.
    pub remote: Option<String>,
    /// What our rows say.
    pub expected: Option<Money>,
    /// What the gateway says.
    pub found: Option<Money>,
}

fn of(listed: &ListedTransfer) -> Option<Money> {
    let currency = listed.currency.to_uppercase().parse().ok()?;
    Some(Money::new(minor::from_minor(listed.amount_minor, currency)?, currency))
}

/// Compares, and answers how many fit beside what does not. `listed` may reach a little beyond the period on both sides;
/// `sent` are the rows of the period, those under way, and those the listed transfers belong to.
pub fn compare(period: Period, listed: &[ListedTransfer], sent: &[Sent], now: Timestamp) -> (u64, Vec<Finding>) {
    let (mut matched, mut findings) = (0, Vec::new());
    let by_id: HashMap<&str, &Sent> = sent.iter().filter_map(|row| Some((row.transfer.as_deref()?, row))).collect();
    let by_key = |key: &str| {
        let object = match key.parse().ok()? {
            TransferKey::Payout { bill, .. } => (BILL, bill.any()),
            TransferKey::Refund(refund) => (REFUND, refund.any()),
        };
        sent.iter().find(|row| row.object == object)
    };
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for entry in listed {
        met.insert(&entry.id);
        let own = by_id.get(entry.id.as_str()).copied();
        let row = own.or_else(|| entry.key.as_deref().and_then(by_key));
        let found = of(entry);
        let mut add = |class| {
            findings.push(Finding {
                class,
                object: row.map(|row| row.object),
                remote: Some(entry.id.clone()),
                expected: row.map(|row| row.money),
                found,
            });
        };
        match row {
            // Made outside of this program, or for a row that never was: only those of the period itself count.
            None if period.holds(entry.created) => add(Class::MissingLocal),
            None => {}
            // The same statement was paid by another transfer: this one came back before, or was one too many.
            Some(row) if own.is_none() && row.transfer.is_some() && entry.is_reversed => {}
            Some(row) if own.is_none() && row.transfer.is_some() => add(Class::DuplicateRemote),
            Some(row) if found != Some(row.money) => add(Class::AmountMismatch),
            Some(row) if entry.is_reversed == (row.standing == Standing::Arrived) => add(Class::StatusMismatch),
            Some(row) if row.standing == Standing::Failed && !entry.is_reversed => add(Class::StatusMismatch),
            Some(_) if period.holds(entry.created) => matched += 1,
            Some(_) => {}
        }
    }
    for row in sent {
        let is_met = row.transfer.as_deref().is_some_and(|id| met.contains(id));
        let class = match row.standing {
            Standing::Arrived if !is_met && period.holds(row.since) => Class::MissingRemote,
            Standing::UnderWay if (now - row.since).num_hours() >= STALE_AFTER_HOURS => Class::StalePending,
            _ => continue,
        };
        let (remote, expected) = (row.transfer.clone(), Some(row.money));
        findings.push(Finding { class, object: Some(row.object), remote, expected, found: None });
    }
    (matched, findings)
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day() -> Period {
        Period { from: at("2026-06-26T00:00:00Z"), until: at("2026-06-27T00:00:00Z") }
    }

    fn euros(text: &str) -> Money {
        Money::new(text.parse().unwrap(), Currency::EUR)
    }

    fn bill(transfer: Option<&str>, standing: Standing) -> Sent {
        Sent {
            object: (BILL, AnyId::NIL),
            transfer: transfer.map(str::to_owned),
            money: euros("1920.00"),
            standing,
            since: at("2026-06-26T06:00:00Z"),
        }
    }

    fn entry(id: &str, minor: i64, is_reversed: bool) -> ListedTransfer {
        let created = at("2026-06-26T06:00:01Z");
        ListedTransfer {
            id: id.into(),
            amount_minor: minor,
            currency: "eur".into(),
            key: Some(TransferKey::Payout { bill: AnyId::NIL.into(), attempt: 1 }.to_string()),
            is_reversed,
            created,
        }
    }

    fn classes(listed: &[ListedTransfer], sent: &[Sent]) -> (u64, Vec<Class>) {
        let (matched, findings) = compare(day(), listed, sent, at("2026-06-27T07:00:00Z"));
        (matched, findings.into_iter().map(|it| it.class).collect())
    }

    /// R-PY-68.
    #[test]
    fn every_difference_has_its_class() {
        use std::slice::from_ref;
        let paid = bill(Some("tr_1"), Standing::Arrived);
        assert_eq!(classes(&[entry("tr_1", 192_000, false)], from_ref(&paid)), (1, vec![]));
        assert_eq!(classes(&[], from_ref(&paid)), (0, vec![Class::MissingRemote]));
        assert_eq!(classes(&[entry("tr_1", 191_999, false)], from_ref(&paid)), (0, vec![Class::AmountMismatch]));
        assert_eq!(classes(&[entry("tr_1", 192_000, true)], from_ref(&paid)), (0, vec![Class::StatusMismatch]));
        let twice = [entry("tr_1", 192_000, false), entry("tr_2", 192_000, false)];
        assert_eq!(classes(&twice, from_ref(&paid)), (1, vec![Class::DuplicateRemote]));
        // A first attempt came back, the second one is there.
        let again = [entry("tr_0", 192_000, true), entry("tr_1", 192_000, false)];
        assert_eq!(classes(&again, from_ref(&bill(Some("tr_1"), Standing::Arrived))), (1, vec![]));
        let stranger = ListedTransfer { key: None, ..entry("tr_9", 500, false) };
        assert_eq!(classes(&[stranger], &[]), (0, vec![Class::MissingLocal]));
        assert_eq!(classes(&[], &[bill(None, Standing::UnderWay)]), (0, vec![Class::StalePending]));
        // Said to have failed, and the money left all the same.
        assert_eq!(
            classes(&[entry("tr_1", 192_000, false)], &[bill(None, Standing::Failed)]),
            (0, vec![Class::StatusMismatch])
        );
        assert_eq!(classes(&[entry("tr_1", 192_000, true)], &[bill(None, Standing::Failed)]), (1, vec![]));
    }

    #[test]
    fn what_lies_outside_of_the_period_is_for_another_run() {
        let late = ListedTransfer { created: at("2026-06-27T00:30:00Z"), key: None, ..entry("tr_9", 500, false) };
        assert_eq!(classes(&[late], &[]), (0, vec![]));
        let early = Sent { since: at("2026-06-25T06:00:00Z"), ..bill(Some("tr_1"), Standing::Arrived) };
        assert_eq!(classes(&[], &[early]), (0, vec![]));
    }
}
