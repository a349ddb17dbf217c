//! What the gateway lists, against our own rows (R-PY-68): found differences, nothing is changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::ids::PaymentId;
use kernel::{Currency, Money, MoneySum, Timestamp};

use super::minor;
use crate::entity::aftercare_payments::{self, AftercarePaymentStatus, AftercarePaymentType};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::gateway::{Listed, ListedKind, ListedState};
use crate::metadata::{Kind, Metadata};

/// How many hours a payment may stay open before somebody looks at it.
pub const STALE_AFTER_HOURS: i64 = 24;

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The gateway knows money that we do not.
    MissingLocal,
    /// We know money that the gateway does not.
    MissingRemote,
    /// Both know it, with other amounts.
    AmountMismatch,
    /// One says it is paid, the other does not.
    StatusMismatch,
    /// The gateway took money twice for one payment.
    DuplicateRemote,
    /// Open for longer than a day.
    StalePending,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub class: Class,
    /// Our row, where there is one.
    pub payment: Option<PaymentId>,
    /// The gateway's id, where there is one.
    pub remote: Option<String>,
    /// What our rows say.
    pub expected: Option<Money>,
    /// What the gateway says.
    pub found: Option<Money>,
}

/// Sums of what the gateway moved in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Taken from cards.
    pub charged: MoneySum,
    /// Sent back to them.
    pub refunded: MoneySum,
    /// What the gateway kept.
    pub fees: MoneySum,
}

impl Totals {
    /// What is left.
    pub fn net(&self) -> MoneySum {
        self.charged - self.refunded - self.fees
    }
}

/// What a comparison brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many of the gateway's entries fit ours.
    pub matched: u64,
    /// The differences.
    pub findings: Vec<Finding>,
    /// The sums of the period.
    pub totals: BTreeMap<Currency, Totals>,
    /// Accounts that are used no more, or whose keys are refused, and that could not be asked.
    pub silent: Vec<String>,
}

/// The period that is compared: from the first moment to before the last.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The first one after it.
    pub until: Timestamp,
}

impl Period {
    /// Whether a moment lies in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// A row of ours as a comparison needs it: paid by card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The attempt, of a booking's.
    pub payment: Option<PaymentId>,
    /// How much.
    pub money: Money,
    /// Money that goes back.
    pub is_refund: bool,
    /// A bank took it back: no refund of the gateway's.
    pub is_taken: bool,
    /// The money moved.
    pub is_paid: bool,
    /// Nothing is decided.
    pub is_open: bool,
    /// The gateway's id of it.
    pub remote: Option<String>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When the money moved.
    pub paid_at: Option<Timestamp>,
}

impl Own {
    /// A payment of a booking, where it is one by card.
    pub fn of_payment(row: &payments::Model) -> Option<Self> {
        let is_refund = row.payment_type == PaymentType::Refund;
        (row.payment_method == PaymentMethod::Card).then(|| Self {
            payment: Some(row.id),
            money: Money::new(row.amount, row.currency),
            is_refund,
            is_taken: is_refund && Metadata::of(row).kind == Some(Kind::Chargeback),
            is_paid: matches!(row.payment_status, PaymentStatus::Completed | PaymentStatus::Refunded),
            is_open: row.payment_status == PaymentStatus::Pending,
            remote: if is_refund { row.transaction_id.clone() } else { row.stripe_payment_intent_id.clone() },
            created_at: row.created_at,
            paid_at: row.paid_at,
        })
    }

    /// A charge of aftercare or its refund, once it was tried.
    pub fn of_charge(row: &aftercare_payments::Model) -> Option<Self> {
        let is_refund = row.payment_type == AftercarePaymentType::Refund;
        row.gateway_account_id.map(|_| Self {
            payment: None,
            money: Money::new(row.amount, row.currency),
            is_refund,
            is_taken: is_refund && Metadata::of_charge(row).kind == Some(Kind::Chargeback),
            is_paid: matches!(row.payment_status, AftercarePaymentStatus::Completed | AftercarePaymentStatus::Refunded),
            is_open: row.payment_status == AftercarePaymentStatus::Pending,
            remote: if is_refund { row.transaction_id.clone() } else { row.stripe_payment_intent_id.clone() },
            // A month is planned long before it is charged.
            created_at: row.paid_at.filter(|_| !is_refund).unwrap_or(row.updated_at),
            paid_at: row.paid_at,
        })
    }
}

fn of(listed: &Listed) -> Option<Money> {
    let currency = listed.currency.to_uppercase().parse::<Currency>().ok()?;
    Some(Money::new(minor::from_minor(listed.amount_minor, currency)?, currency))
}

/// Compares. `listed` may reach a little beyond the period on both sides, so that what was made at its very edge finds its
/// row; `rows` are those of the period and those the listed entries belong to.
pub fn compare(period: Period, listed: &[Listed], rows: &[Own], now: Timestamp) -> Comparison {
    let mut out = Comparison::default();
    let by_id = |is_refund: bool| -> HashMap<&str, &Own> {
        let some = rows.iter().filter(|row| row.is_refund == is_refund && !row.is_taken);
        some.filter_map(|row| Some((row.remote.as_deref()?, row))).collect()
    };
    let (refunds, charges) = (by_id(true), by_id(false));
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for entry in listed.iter().filter(|entry| period.holds(entry.created)) {
        let row = match entry.kind {
            ListedKind::Charge => charges.get(entry.id.as_str()),
            ListedKind::Refund => refunds.get(entry.id.as_str()),
        };
        let found = of(entry);
        if let (ListedState::Paid, Some(money)) = (entry.state, found) {
            let sums = out.totals.entry(money.currency).or_default();
            let fee = minor::from_minor(entry.fee_minor, money.currency).unwrap_or_default();
            sums.fees = sums.fees.plus(fee);
            match entry.kind {
                ListedKind::Charge => sums.charged = sums.charged.plus(money.amount),
                ListedKind::Refund => sums.refunded = sums.refunded.plus(money.amount),
            }
        }
        let finding = |class| Finding {
            class,
            payment: row.and_then(|row| row.payment),
            remote: Some(entry.id.clone()),
            expected: row.map(|row| row.money),
            found,
        };
        let first = match (&entry.payment, entry.kind, entry.state) {
            (Some(payment), ListedKind::Charge, ListedState::Paid) => taken.insert(payment.clone()),
            _ => true,
        };
        match row {
            _ if !first => out.findings.push(finding(Class::DuplicateRemote)),
            None if entry.state == ListedState::Paid => out.findings.push(finding(Class::MissingLocal)),
            None => {}
            Some(row) if found != Some(row.money) => out.findings.push(finding(Class::AmountMismatch)),
            Some(row) if row.is_paid != (entry.state == ListedState::Paid) => {
                out.findings.push(finding(Class::StatusMismatch));
            }
            Some(_) => out.matched += 1,
        }
    }
    let known: BTreeSet<&str> = listed.iter().map(|entry| entry.id.as_str()).collect();
    for row in rows {
        let at = if row.is_refund { row.paid_at } else { Some(row.created_at) };
        let local = |class| Finding {
            class,
            payment: row.payment,
            remote: row.remote.clone(),
            expected: Some(row.money),
            found: None,
        };
        if row.is_paid
            && !row.is_taken
            && at.is_some_and(|at| period.holds(at))
            && row.remote.as_deref().is_none_or(|id| !known.contains(id))
        {
            out.findings.push(local(Class::MissingRemote));
        }
        let is_old = now - row.created_at > chrono::Duration::hours(STALE_AFTER_HOURS);
        if row.is_open && is_old {
            out.findings.push(local(Class::StalePending));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use kernel::ids::{GatewayAccountId, PatientId, ProviderId, QuoteId};

    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-03-{text}:00Z").parse().unwrap()
    }

    fn row(intent: &str, amount: &str, status: PaymentStatus, made: &str) -> payments::Model {
        payments::Model {
            id: PaymentId::new(),
            quote_id: QuoteId::new(),
            patient_id: PatientId::new(),
            provider_id: ProviderId::new(),
            amount: amount.parse().unwrap(),
            currency: Currency::GBP,
            payment_type: PaymentType::Deposit,
            payment_method: PaymentMethod::Card,
            payment_status: status,
            stripe_payment_intent_id: Some(intent.to_owned()),
            transaction_id: None,
            metadata: None,
            installment_plan_id: None,
            installment_number: None,
            total_installments: None,
            is_installment: false,
            refund_of_payment_id: None,
            idempotency_key: None,
            gateway_account_id: Some(GatewayAccountId::new()),
            paid_at: None,
            failure_code: None,
            cancellation_request_id: None,
            created_at: at(made),
            updated_at: at(made),
        }
    }

    fn listed(id: &str, minor: i64, state: ListedState, made: &str) -> Listed {
        Listed {
            id: id.to_owned(),
            kind: ListedKind::Charge,
            amount_minor: minor,
            currency: "gbp".to_owned(),
            fee_minor: if state == ListedState::Paid { 100 } else { 0 },
            payment: None,
            state,
            created: at(made),
        }
    }

    fn classes(listed: &[Listed], rows: &[payments::Model]) -> Vec<(Class, String)> {
        let period = Period { from: at("02T00:00"), until: at("03T00:00") };
        let rows: Vec<Own> = rows.iter().filter_map(Own::of_payment).collect();
        let found = compare(period, listed, &rows, at("03T02:00"));
        found.findings.into_iter().map(|it| (it.class, it.remote.unwrap_or_default())).collect()
    }

    #[test]
    fn every_class_is_told() {
        use PaymentStatus::{Completed, Failed, Pending};
        let refund = payments::Model {
            payment_type: PaymentType::Refund,
            transaction_id: Some("re_1".to_owned()),
            paid_at: Some(at("02T12:00")),
            ..row("pi_fits", "10.00", Completed, "02T11:00")
        };
        let chargeback = payments::Model {
            transaction_id: Some("dp_1".to_owned()),
            metadata: Some(serde_json::json!({ "kind": "chargeback" })),
            ..refund.clone()
        };
        let twice =
            Listed { payment: Some("one".to_owned()), ..listed("pi_fits", 54098, ListedState::Paid, "02T10:00") };
        let again = Listed { id: "pi_again".to_owned(), ..twice.clone() };
        let remote = [
            twice,
            again,
            listed("pi_unknown", 100, ListedState::Paid, "02T10:00"),
            listed("pi_given_up", 100, ListedState::Open, "02T10:00"),
            listed("pi_other", 5000, ListedState::Paid, "02T10:00"),
            listed("pi_late", 7000, ListedState::Paid, "02T10:00"),
            Listed { kind: ListedKind::Refund, ..listed("re_2", 300, ListedState::Paid, "02T13:00") },
            // Made at the edge: listed an instant after midnight, ours an instant before.
            listed("pi_edge", 800, ListedState::Paid, "03T00:00"),
        ];
        let local = [
            row("pi_fits", "540.98", Completed, "02T10:00"),
            row("pi_other", "49.99", Completed, "02T10:00"),
            row("pi_late", "70.00", Failed, "02T10:00"),
            row("pi_edge", "8.00", Completed, "02T23:59"),
            row("pi_gone", "20.00", Completed, "02T15:00"),
            row("pi_old", "30.00", Pending, "01T20:00"),
            refund,
            chargeback,
        ];
        assert_eq!(
            classes(&remote, &local),
            [
                (Class::DuplicateRemote, "pi_again".to_owned()),
                (Class::MissingLocal, "pi_unknown".to_owned()),
                (Class::AmountMismatch, "pi_other".to_owned()),
                (Class::StatusMismatch, "pi_late".to_owned()),
                (Class::MissingLocal, "re_2".to_owned()),
                (Class::MissingRemote, "pi_gone".to_owned()),
                (Class::StalePending, "pi_old".to_owned()),
                (Class::MissingRemote, "re_1".to_owned()),
            ]
        );
    }

    #[test]
    fn totals_are_what_the_gateway_moved() {
        let remote = [
            listed("pi_1", 54098, ListedState::Paid, "02T10:00"),
            listed("pi_2", 900, ListedState::Failed, "02T10:00"),
            Listed { kind: ListedKind::Refund, fee_minor: 0, ..listed("re_1", 1000, ListedState::Paid, "02T10:00") },
        ];
        let period = Period { from: at("02T00:00"), until: at("03T00:00") };
        let totals = compare(period, &remote, &[], at("03T02:00")).totals[&Currency::GBP];
        assert_eq!((totals.charged.to_string(), totals.refunded.to_string()), ("540.98".into(), "10.00".into()));
        assert_eq!((totals.fees.to_string(), totals.net().to_string()), ("1.00".into(), "529.98".into()));
    }
}
