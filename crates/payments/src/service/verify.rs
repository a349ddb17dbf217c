//! Recomputing the ledger from the rows behind it (R-PY-67, R-PY-68): what each booking's payments and terms must have
//! booked, against what stands there, to the minor unit. Nothing is changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::ids::QuoteId;
use kernel::{Amount, AppResult, Currency, Money, MoneySum};
use platform::App;
use quoting::entity::booking_terms;
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::{aftercare, treated};
use crate::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
use crate::entity::installment_schedule_items::{self as items, InstallmentScheduleItemStatus as ItemStatus};
use crate::entity::ledger_entries::{self, LedgerEntryAccount as Account};
use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::metadata::{Kind, Metadata};
use crate::rules::ledger::{self, Posting};
use crate::store::Sums;

/// Bookings looked at in one go.
const BATCH: u64 = 500;

/// Faults that are told one by one; the others are only counted.
const TOLD: usize = 200;

/// What is wrong with a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The rows ask for it and it is not there.
    Missing,
    /// It is there and no row asks for it.
    Unexpected,
    /// Its sums are others than the rows ask for.
    Differs,
    /// Its debits are not its credits.
    Unbalanced,
    /// A booking whose money was shared or closed still holds some, or holds less than nothing.
    Held,
    /// More went back than was paid.
    Overpaid,
    /// The parts of a plan that runs are not its total.
    Plan,
}

/// One thing that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What is wrong.
    pub wrong: Wrong,
    /// The posting's key, or the row it is about.
    pub about: String,
    /// What the rows say.
    pub expected: String,
    /// What stands in the ledger.
    pub found: String,
}

/// Sums per account and currency; debits count up, credits down.
pub type Balances = BTreeMap<(String, Currency), MoneySum>;

/// What a walk found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Bookings looked at.
    pub bookings: u64,
    /// Requests for aftercare on its own looked at.
    pub requests: u64,
    /// Statements looked at.
    pub bills: u64,
    /// Entries read.
    pub entries: u64,
    /// How many faults there are.
    pub faulty: u64,
    /// The first of them.
    pub faults: Vec<Fault>,
    /// What the accounts hold.
    pub balances: Balances,
}

impl Report {
    /// Whether everything adds up.
    pub fn is_ok(&self) -> bool {
        self.faulty == 0
    }

    /// Notes a fault.
    pub fn add(&mut self, wrong: Wrong, about: impl Into<String>, expected: String, found: String) {
        self.faulty += 1;
        if self.faults.len() < TOLD {
            self.faults.push(Fault { wrong, about: about.into(), expected, found });
        }
    }

    /// Counts entries and adds them to the balances; one cause must balance.
    pub fn read(&mut self, entries: &[ledger_entries::Model]) {
        self.entries += entries.len() as u64;
        let mut causes: BTreeMap<(&str, Currency), Amount> = BTreeMap::new();
        for entry in entries {
            let moved = entry.debit - entry.credit;
            let balance = self.balances.entry((name_of(entry.account), entry.currency)).or_default();
            *balance = balance.plus(moved);
            let cause = causes.entry((entry.source_key.as_str(), entry.currency)).or_default();
            *cause = *cause + moved;
        }
        for ((key, currency), rest) in causes.into_iter().filter(|(_, rest)| !rest.is_zero()) {
            self.add(Wrong::Unbalanced, key, format!("0 {currency}"), format!("{rest} {currency}"));
        }
    }

    /// Compares what stands in the ledger with what must stand there, posting by posting.
    pub fn compare(&mut self, expected: &[Posting], entries: &[ledger_entries::Model]) {
        let mut found: BTreeMap<&str, Sides> = BTreeMap::new();
        for entry in entries {
            let sides = found.entry(&entry.source_key).or_default();
            let sum = sides.entry((name_of(entry.account), entry.currency)).or_default();
            *sum = *sum + entry.debit - entry.credit;
        }
        for posting in expected {
            let wanted = sides_of(posting);
            match found.remove(posting.source_key.as_str()) {
                None if wanted.is_empty() => {}
                None => self.add(Wrong::Missing, &posting.source_key, told(&wanted), String::new()),
                Some(there) if there == wanted => {}
                Some(there) => self.add(Wrong::Differs, &posting.source_key, told(&wanted), told(&there)),
            }
        }
        for (key, there) in found {
            self.add(Wrong::Unexpected, key, String::new(), told(&there));
        }
    }
}

type Sides = BTreeMap<(String, Currency), Amount>;

fn name_of(account: Account) -> String {
    sea_orm::ActiveEnum::to_value(&account)
}

fn sides_of(posting: &Posting) -> Sides {
    let mut sides = Sides::new();
    for line in &posting.lines {
        let sum = sides.entry((name_of(line.account), line.currency)).or_default();
        *sum = *sum + line.debit - line.credit;
    }
    sides
}

fn told(sides: &Sides) -> String {
    let one = |((account, currency), sum): (&(String, Currency), &Amount)| format!("{account} {sum} {currency}");
    sides.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Everything one booking's postings follow from.
struct Booking<'a> {
    quote: &'a quotes::Model,
    terms: &'a booking_terms::Model,
    payments: &'a [payments::Model],
    entries: &'a [ledger_entries::Model],
}

impl Booking<'_> {
    fn posted(&self, key: &str) -> Option<&ledger_entries::Model> {
        self.entries.iter().find(|entry| entry.source_key == key)
    }

    /// The postings its rows ask for.
    fn expected(&self) -> AppResult<Vec<Posting>> {
        let id = self.quote.id;
        let mut out = Vec::new();
        let end = self.posted(&ledger::treated_key(id));
        let closed = self.posted(&ledger::cancelled_key(id));
        let split = treated::split(self.quote, self.terms)?;
        let (mut provider, mut platform) = (split.provider_net, split.platform);
        let mut held = Amount::ZERO;
        for row in self.payments {
            let money = Money::new(row.amount, row.currency);
            match (row.payment_type, row.payment_status) {
                (PaymentType::Refund, PaymentStatus::Completed) => {
                    let booked = self.posted(&ledger::refunded_key(row.id));
                    // Ids grow with time: what was booked after the end lowered what had been shared.
                    let later = |than: Option<&ledger_entries::Model>| matches!((booked, than), (Some(own), Some(than)) if own.id > than.id);
                    let is_after = later(end);
                    if Metadata::of(row).kind == Some(Kind::Chargeback) && later(closed) {
                        out.push(ledger::chargeback_after_closing(id, row.id, money));
                        continue;
                    }
                    let is_given = treated::is_given_back(row);
                    let parts = treated::shares_of(self.quote, self.terms, row.amount)?;
                    if is_after && is_given {
                        out.push(ledger::refund_after_treatment(id, row.id, money, parts.provider, parts.platform));
                        continue;
                    }
                    if is_given {
                        (provider, platform) = (provider - parts.provider.amount, platform - parts.platform);
                    }
                    held = held - row.amount;
                    out.push(ledger::refund_completed(id, row.id, money));
                }
                (PaymentType::Refund, _) | (_, PaymentStatus::Pending | PaymentStatus::Failed) => {}
                (_, PaymentStatus::Completed | PaymentStatus::Refunded) => {
                    held = held + row.amount;
                    out.push(ledger::payment_completed(id, row.id, money));
                }
            }
        }
        let held = Money::new(held, self.terms.payment_currency);
        let is_over = matches!(self.quote.status, QuoteStatus::Aftercare | QuoteStatus::Completed);
        if end.is_some() || (is_over && held.amount.is_positive()) {
            let share = Money::new(provider, self.terms.quote_currency);
            out.push(ledger::treatment_ended(id, held, share, platform));
        } else if closed.is_some() {
            out.push(ledger::cancellation_closed(id, held));
        }
        Ok(out)
    }

    /// What the booking's money must be held at: all of it until it is shared or closed, nothing afterwards.
    fn check_held(&self, report: &mut Report) {
        let id = self.quote.id;
        let is_closed =
            self.posted(&ledger::treated_key(id)).is_some() || self.posted(&ledger::cancelled_key(id)).is_some();
        let sums = Sums::of(self.payments);
        let owed = if is_closed { Amount::ZERO } else { sums.paid() };
        let funds = self.entries.iter().filter(|entry| entry.account == Account::CustomerFunds);
        let held: Amount = funds.map(|entry| entry.credit - entry.debit).sum();
        if held != owed {
            report.add(Wrong::Held, format!("booking:{id}"), owed.to_string(), held.to_string());
        }
        if sums.refunded > sums.received {
            let (most, back) = (sums.received.to_string(), sums.refunded.to_string());
            report.add(Wrong::Overpaid, format!("booking:{id}"), most, back);
        }
    }
}

/// Walks all bookings with money, in the order of their ids. `progress` hears after each batch how many were looked at.
pub async fn bookings(app: &App, mut progress: impl FnMut(u64)) -> AppResult<Report> {
    let mut report = Report::default();
    let mut after: Option<QuoteId> = None;
    loop {
        let ids = next(app, after).await?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        batch(app, &ids, &mut report).await?;
        progress(report.bookings);
    }
    aftercare::walk(app, &mut report).await?;
    Ok(report)
}

/// How many bookings have money behind them.
pub async fn count(app: &App) -> AppResult<u64> {
    let query = Query::select()
        .expr_as(Expr::col(payments::Column::QuoteId).count_distinct(), "n")
        .from(payments::Entity)
        .to_owned();
    let row = app.db.conn().query_one(&query).await?;
    let found: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(found).unwrap_or_default())
}

/// The next bookings with payments or entries.
async fn next(app: &App, after: Option<QuoteId>) -> AppResult<Vec<QuoteId>> {
    let conn = app.db.conn();
    let mut paid = payments::Entity::find().select_only().column(payments::Column::QuoteId).distinct();
    let mut booked = ledger_entries::Entity::find()
        .select_only()
        .column(ledger_entries::Column::QuoteId)
        .filter(ledger_entries::Column::QuoteId.is_not_null())
        .distinct();
    if let Some(after) = after {
        paid = paid.filter(payments::Column::QuoteId.gt(after));
        booked = booked.filter(ledger_entries::Column::QuoteId.gt(after));
    }
    let paid: Vec<QuoteId> = paid.order_by_asc(payments::Column::QuoteId).limit(BATCH).into_tuple().all(conn).await?;
    let booked: Vec<QuoteId> =
        booked.order_by_asc(ledger_entries::Column::QuoteId).limit(BATCH).into_tuple().all(conn).await?;
    // The first of both together: whatever comes later is taken by the next batch.
    let all: BTreeSet<QuoteId> = paid.into_iter().chain(booked).collect();
    Ok(all.into_iter().take(usize::try_from(BATCH).unwrap_or(usize::MAX)).collect())
}

async fn batch(app: &App, ids: &[QuoteId], report: &mut Report) -> AppResult<()> {
    let conn = app.db.conn();
    let quotes = quotes::Entity::find().filter(quotes::Column::Id.is_in(ids.iter().copied())).all(conn).await?;
    let terms = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(ids.iter().copied()))
        .order_by_asc(booking_terms::Column::Version)
        .all(conn)
        .await?;
    // The newest version of each stays.
    let terms: HashMap<QuoteId, booking_terms::Model> = terms.into_iter().map(|row| (row.quote_id, row)).collect();
    let mut paid: HashMap<QuoteId, Vec<payments::Model>> = HashMap::new();
    let rows = payments::Entity::find()
        .filter(payments::Column::QuoteId.is_in(ids.iter().copied()))
        .order_by_asc(payments::Column::Id)
        .all(conn)
        .await?;
    for row in rows {
        paid.entry(row.quote_id).or_default().push(row);
    }
    let mut booked: HashMap<QuoteId, Vec<ledger_entries::Model>> = HashMap::new();
    let rows = ledger_entries::Entity::find()
        .filter(ledger_entries::Column::QuoteId.is_in(ids.iter().copied()))
        .order_by_asc(ledger_entries::Column::Id)
        .all(conn)
        .await?;
    report.read(&rows);
    for row in rows {
        if let Some(quote) = row.quote_id {
            booked.entry(quote).or_default().push(row);
        }
    }
    for quote in &quotes {
        let (payments, entries) =
            (paid.remove(&quote.id).unwrap_or_default(), booked.remove(&quote.id).unwrap_or_default());
        report.bookings += 1;
        let Some(terms) = terms.get(&quote.id) else {
            if !entries.is_empty() || Sums::of(&payments) != Sums::default() {
                report.add(Wrong::Unexpected, format!("booking:{}", quote.id), "terms".to_owned(), String::new());
            }
            continue;
        };
        let booking = Booking { quote, terms, payments: &payments, entries: &entries };
        report.compare(&booking.expected()?, &entries);
        booking.check_held(report);
    }
    check_plans(app, ids, report).await
}

/// The parts of every plan that runs or is through are its total.
async fn check_plans(app: &App, ids: &[QuoteId], report: &mut Report) -> AppResult<()> {
    let conn = app.db.conn();
    let found = plans::Entity::find()
        .filter(plans::Column::QuoteId.is_in(ids.iter().copied()))
        .filter(plans::Column::Status.is_in([PlanStatus::Active, PlanStatus::Completed]))
        .all(conn)
        .await?;
    if found.is_empty() {
        return Ok(());
    }
    let parts = items::Entity::find()
        .filter(items::Column::PlanId.is_in(found.iter().map(|plan| plan.id)))
        .filter(items::Column::Status.ne(ItemStatus::Cancelled))
        .all(conn)
        .await?;
    for plan in found {
        let sum: Amount = parts.iter().filter(|part| part.plan_id == plan.id).map(|part| part.amount).sum();
        if sum != plan.total_amount {
            report.add(Wrong::Plan, format!("plan:{}", plan.id), plan.total_amount.to_string(), sum.to_string());
        }
    }
    Ok(())
}
