//! Reconciliation (R-PY-68): a period of the gateways against our rows, the books against themselves, and what of it stays
//! open until somebody closes it with a note. Nothing is corrected.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate, NaiveTime, Timelike};
use kernel::ids::{AnyId, PaymentId, ProviderBillId, ReconciliationItemId, ReconciliationRunId, UserId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, FieldErrors, Money, MoneySum, Permission, Timestamp};
use payments::entity::ledger_entries::LedgerEntryAccount;
use payments::entity::payments as attempts;
use payments::rules::reconcile::{Class as Difference, Comparison, Period};
use payments::rules::transfer_key::TransferKey;
use payments::service::verify::{self, Fault};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::outbox::{self, Event};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::verify as statements;
use crate::entity::provider_bills::{self as bills, ProviderBillStatus};
use crate::entity::reconciliation_items::{self as items, ReconciliationItemClass as Class, ReconciliationItemStatus};
use crate::entity::reconciliation_runs::{
    self as runs, ReconciliationRunStatus, ReconciliationRunTriggerSource as Trigger,
};
use crate::rules::transfers;

/// The job that compares.
pub const JOB: &str = "finance.reconcile";
/// The hour of the day, UTC, from which yesterday is compared.
const HOUR: u32 = 2;
/// The longest period of one run, in days.
pub const MOST_DAYS: i64 = 31;
/// A daily run that failed is tried again after this time.
const AGAIN: Duration = Duration::hours(1);
/// One that says nothing for so long was lost with its worker.
const LOST: Duration = Duration::hours(6);
/// Rows looked up by id in one statement.
const BATCH: usize = 500;
/// What a remote reference holds.
const LONGEST_REFERENCE: usize = 255;

/// Sums of a period in one currency.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CurrencyTotals {
    /// The currency.
    pub currency: Currency,
    /// Taken from cards.
    pub charged: MoneySum,
    /// Sent back to them.
    pub refunded: MoneySum,
    /// What the gateway kept.
    pub fees: MoneySum,
    /// What of it is left.
    pub net: MoneySum,
    /// Sent to clinics.
    pub paid_out: MoneySum,
    /// Held for patients now.
    pub held: MoneySum,
}

/// What a run says of itself when it is done.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Entries of the gateways that fit ours.
    pub matched: u64,
    /// The sums.
    pub currencies: Vec<CurrencyTotals>,
}

/// Who may start runs and close items.
pub fn keeper(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ProcessPayout)
}

/// Starts comparing the days from `from` to `to`, both included. A job does the work.
///
/// Errors: 403 without `process_payout`; 422 `out_of_range` for more than 31 days, or days to come.
pub async fn start(app: &App, actor: &Actor, from: NaiveDate, to: NaiveDate) -> AppResult<ReconciliationRunId> {
    keeper(actor)?;
    let user = actor.admin()?;
    let mut faults = FieldErrors::new();
    if to < from || (to - from).num_days() >= MOST_DAYS {
        faults.add("to", "out_of_range", "Choose 1 to 31 days.");
    }
    if to > app.now().date_naive() {
        faults.add("to", "in_future", "Choose days that have been.");
    }
    faults.check()?;
    let until = to.succ_opt().ok_or_else(|| AppError::internal("a day without a next one"))?;
    platform::write_txn!(app.db, |txn| {
        let id = insert(txn, app, Period { from: midnight(from), until: midnight(until) }, Trigger::Manual, Some(user))
            .await?;
        let entry = Entry::new("reconciliation.started")
            .subject("ReconciliationRun", id)
            .change(None, Some(json!({ "from": from, "to": to })));
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    })
}

fn midnight(day: NaiveDate) -> Timestamp {
    day.and_time(NaiveTime::MIN).and_utc()
}

async fn insert(
    txn: &Txn,
    app: &App,
    period: Period,
    trigger: Trigger,
    by: Option<UserId>,
) -> AppResult<ReconciliationRunId> {
    let (id, now) = (ReconciliationRunId::new(), app.now());
    let row = runs::ActiveModel {
        id: Set(id),
        period_start: Set(period.from),
        period_end: Set(period.until),
        trigger_source: Set(trigger),
        status: Set(ReconciliationRunStatus::Running),
        totals: Set(json!({})),
        started_by_user_id: Set(by),
        finished_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    runs::Entity::insert(row).exec_without_returning(txn).await?;
    let opts = Enqueue { dedupe: Some(format!("reconcile:{id}")), ..Default::default() };
    jobs::enqueue(txn, app, JOB, json!({ "run": id }), opts).await?;
    Ok(id)
}

/// Starts the daily run from 02:00 UTC on, once: of yesterday, and of the days before that no run was done for. One that
/// failed is tried again after an hour. Safe to repeat.
pub async fn daily(app: &App) -> AppResult<()> {
    let now = app.now();
    if now.hour() < HOUR {
        return Ok(());
    }
    let until = midnight(now.date_naive());
    platform::write_txn!(app.db, |txn| {
        let daily = runs::Entity::find().filter(runs::Column::TriggerSource.eq(Trigger::Daily));
        let newest =
            daily.clone().filter(runs::Column::PeriodEnd.eq(until)).order_by_desc(runs::Column::Id).one(txn).await?;
        let is_due = newest.is_none_or(|run| match run.status {
            ReconciliationRunStatus::Done => false,
            ReconciliationRunStatus::Running => run.created_at + LOST <= now,
            ReconciliationRunStatus::Failed => run.finished_at.is_none_or(|at| at + AGAIN <= now),
        });
        if is_due {
            let done = daily
                .filter(runs::Column::Status.eq(ReconciliationRunStatus::Done))
                .order_by_desc(runs::Column::PeriodEnd)
                .one(txn)
                .await?;
            let from = done.map(|run| run.period_end).filter(|end| *end < until);
            let from = from.unwrap_or(until - Duration::days(1)).max(until - Duration::days(MOST_DAYS));
            let period = Period { from, until };
            insert(txn, app, period, Trigger::Daily, None).await?;
        }
        Ok(())
    })
}

/// Does the work of a run. Running it again changes nothing that is done.
pub async fn work(app: &App, id: ReconciliationRunId) -> AppResult<()> {
    let Some(run) = runs::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    if run.status != ReconciliationRunStatus::Running {
        return Ok(());
    }
    let period = Period { from: run.period_start, until: run.period_end };
    match look(app, period).await {
        Ok(looked) => finish(app, &run, &looked).await,
        Err(error) => {
            tracing::error!(%error, run = %id, "a reconciliation could not be finished");
            fail(app, &run).await
        }
    }
}

/// What a run found.
struct Looked {
    compared: Comparison,
    /// Money sent to clinics and patients against the gateways' transfers: how many fit, and what does not.
    sent: (u64, Vec<transfers::Finding>),
    /// What does not add up in the books themselves.
    faults: Vec<Fault>,
    /// What is held for patients.
    held: BTreeMap<Currency, MoneySum>,
}

async fn look(app: &App, period: Period) -> AppResult<Looked> {
    let compared = payments::service::reconcile::compare(app, period).await?;
    let sent = look_at_transfers(app, period).await?;
    let mut report = verify::bookings(app, |_| {}).await?;
    statements::statements(app, &mut report).await?;
    let funds = LedgerEntryAccount::CustomerFunds.to_value();
    // Balances count debits up; what is owed to patients stands on the other side.
    let held = report.balances.iter().filter(|((account, _), _)| *account == funds);
    let held = held.map(|((_, currency), balance)| (*currency, -*balance)).collect();
    Ok(Looked { compared, sent, faults: report.faults, held })
}

async fn look_at_transfers(app: &App, period: Period) -> AppResult<(u64, Vec<transfers::Finding>)> {
    // Only here: its names would hide those of moments.
    use sea_orm::sea_query::ExprTrait;

    let listed = payments::service::reconcile::transfers(app, period).await?;
    let conn = app.db.conn();
    let within = |column: bills::Column| column.gte(period.from).and(column.lt(period.until));
    let of_period = bills::Entity::find().filter(
        Condition::any()
            .add(within(bills::Column::ProcessedAt))
            .add(bills::Column::Status.eq(ProviderBillStatus::Processing)),
    );
    let mut of_clinics = of_period.all(conn).await?;
    let mut of_patients: Vec<attempts::Model> = Vec::new();
    for some in listed.chunks(BATCH) {
        // By the number of the transfer, and by the key it was made with: one that was never answered has no number here.
        let ids: Vec<&str> = some.iter().map(|entry| entry.id.as_str()).collect();
        let (mut bills_named, mut refunds_named): (Vec<ProviderBillId>, Vec<PaymentId>) = Default::default();
        for key in some.iter().filter_map(|entry| entry.key.as_deref()?.parse().ok()) {
            match key {
                TransferKey::Payout { bill, .. } => bills_named.push(bill),
                TransferKey::Refund(refund) => refunds_named.push(refund),
            }
        }
        let named = Condition::any()
            .add(bills::Column::TransferId.is_in(ids.iter().copied()))
            .add(bills::Column::Id.is_in(bills_named));
        of_clinics.extend(bills::Entity::find().filter(named).all(conn).await?);
        let named = Condition::any()
            .add(attempts::Column::TransactionId.is_in(ids))
            .add(attempts::Column::Id.is_in(refunds_named));
        let refunds = attempts::Entity::find()
            .filter(attempts::Column::PaymentType.eq(attempts::PaymentType::Refund))
            .filter(attempts::Column::PaymentMethod.eq(attempts::PaymentMethod::BankTransfer))
            .filter(named);
        of_patients.extend(refunds.all(conn).await?);
    }
    of_clinics.sort_by_key(|row| row.id);
    of_clinics.dedup_by_key(|row| row.id);
    of_patients.sort_by_key(|row| row.id);
    of_patients.dedup_by_key(|row| row.id);
    let bill = |row: bills::Model| {
        // Nothing moved for one that came to nothing.
        row.net_amount.is_positive().then(|| transfers::Sent {
            object: (transfers::BILL, row.id.any()),
            money: Money::new(row.net_amount, row.currency),
            standing: match row.status {
                ProviderBillStatus::Paid => transfers::Standing::Arrived,
                ProviderBillStatus::Processing => transfers::Standing::UnderWay,
                _ => transfers::Standing::Failed,
            },
            since: row.processed_at.unwrap_or(row.updated_at),
            transfer: row.transfer_id,
        })
    };
    // One that was sent another way has the bank's number instead of a transfer's: those are not looked for.
    let refund = |row: attempts::Model| transfers::Sent {
        object: (transfers::REFUND, row.id.any()),
        money: Money::new(row.amount, row.currency),
        standing: match row.payment_status {
            attempts::PaymentStatus::Completed => transfers::Standing::Arrived,
            attempts::PaymentStatus::Pending => transfers::Standing::UnderWay,
            _ => transfers::Standing::Failed,
        },
        since: row.paid_at.unwrap_or(row.updated_at),
        transfer: row.transaction_id,
    };
    let sent: Vec<_> = of_clinics.into_iter().filter_map(bill).chain(of_patients.into_iter().map(refund)).collect();
    Ok(transfers::compare(period, &listed, &sent, app.now()))
}

async fn fail(app: &App, run: &runs::Model) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let failed = runs::ActiveModel {
            id: Set(run.id),
            status: Set(ReconciliationRunStatus::Failed),
            finished_at: Set(Some(now)),
            updated_at: Set(now),
            ..Default::default()
        };
        failed.update(txn).await?;
        alert(txn, app, run.id, "failed").await
    })
}

async fn alert(txn: &Txn, app: &App, run: ReconciliationRunId, occurrence: &str) -> AppResult<()> {
    let event = Event::new("system.alert", "ReconciliationRun", run)
        .occurrence(occurrence)
        .with("alert", if occurrence == "failed" { "reconciliation_failed" } else { "reconciliation" });
    outbox::emit(txn, app, &Actor::system(), event).await
}

/// A difference as an item holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    class: Class,
    object: Option<(&'static str, AnyId)>,
    remote: Option<String>,
    expected: Option<Amount>,
    found: Option<Amount>,
    currency: Option<Currency>,
}

fn class_of(difference: Difference) -> Class {
    match difference {
        Difference::MissingLocal => Class::MissingLocal,
        Difference::MissingRemote => Class::MissingRemote,
        Difference::AmountMismatch => Class::AmountMismatch,
        Difference::StatusMismatch => Class::StatusMismatch,
        Difference::DuplicateRemote => Class::DuplicateRemote,
        Difference::StalePending => Class::StalePending,
    }
}

fn found(looked: &Looked) -> Vec<Found> {
    let Looked { compared, sent: (_, sent), faults, .. } = looked;
    let differences = compared.findings.iter().map(|it| Found {
        class: class_of(it.class),
        object: it.payment.map(|id| ("Payment", id.any())),
        remote: it.remote.clone(),
        expected: it.expected.map(|money| money.amount),
        found: it.found.map(|money| money.amount),
        currency: it.expected.or(it.found).map(|money| money.currency),
    });
    let silent = compared.silent.iter().map(|name| format!("{name}: could not be asked"));
    let broken = faults.iter().map(|fault| fault.about.clone()).chain(silent).map(|about| Found {
        class: Class::Invariant,
        object: None,
        remote: Some(about.chars().take(LONGEST_REFERENCE).collect()),
        expected: None,
        found: None,
        currency: None,
    });
    let astray = sent.iter().map(|it| Found {
        class: class_of(it.class),
        object: it.object,
        remote: it.remote.clone(),
        expected: it.expected.map(|money| money.amount),
        found: it.found.map(|money| money.amount),
        currency: it.expected.or(it.found).map(|money| money.currency),
    });
    differences.chain(astray).chain(broken).collect()
}

async fn finish(app: &App, run: &runs::Model, looked: &Looked) -> AppResult<()> {
    let all = found(looked);
    platform::write_txn!(app.db, |txn| {
        // Every run that is not done waits here: two that end at once do not write the same difference twice.
        let running = runs::Entity::find()
            .filter(runs::Column::Status.eq(ReconciliationRunStatus::Running))
            .order_by_asc(runs::Column::Id)
            .lock_exclusive()
            .all(txn)
            .await?;
        // Another worker was faster.
        if !running.iter().any(|it| it.id == run.id) {
            return Ok(());
        }
        let now = app.now();
        let open =
            items::Entity::find().filter(items::Column::Status.eq(ReconciliationItemStatus::Open)).all(txn).await?;
        let is_known = |it: &Found| {
            let object = it.object.map(|(_, id)| id);
            open.iter().any(|row| row.class == it.class && row.object_id == object && row.remote_ref == it.remote)
        };
        // What is open from an earlier day stays the one item it is.
        let fresh: Vec<&Found> = all.iter().filter(|it| !is_known(it)).collect();
        let rows = fresh.iter().map(|it| items::ActiveModel {
            id: Set(ReconciliationItemId::new()),
            run_id: Set(run.id),
            class: Set(it.class),
            object_type: Set(it.object.map(|(kind, _)| kind.to_owned())),
            object_id: Set(it.object.map(|(_, id)| id)),
            remote_ref: Set(it.remote.clone()),
            expected: Set(it.expected),
            found: Set(it.found),
            currency: Set(it.currency),
            status: Set(ReconciliationItemStatus::Open),
            resolution_note: Set(None),
            closed_by_user_id: Set(None),
            closed_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        });
        for row in rows {
            items::Entity::insert(row).exec_without_returning(txn).await?;
        }
        let summary =
            Summary { matched: looked.compared.matched + looked.sent.0, currencies: totals(txn, run, looked).await? };
        let done = runs::ActiveModel {
            id: Set(run.id),
            status: Set(ReconciliationRunStatus::Done),
            totals: Set(serde_json::to_value(&summary)?),
            finished_at: Set(Some(now)),
            updated_at: Set(now),
            ..Default::default()
        };
        done.update(txn).await?;
        if !fresh.is_empty() {
            alert(txn, app, run.id, "open").await?;
        }
        Ok(())
    })
}

/// The sums of the period, and what is held for patients now.
async fn totals(txn: &Txn, run: &runs::Model, looked: &Looked) -> AppResult<Vec<CurrencyTotals>> {
    let Looked { compared, held, .. } = looked;
    let mut sums: BTreeMap<Currency, CurrencyTotals> = BTreeMap::new();
    let blank = |currency| CurrencyTotals {
        currency,
        charged: MoneySum::default(),
        refunded: MoneySum::default(),
        fees: MoneySum::default(),
        net: MoneySum::default(),
        paid_out: MoneySum::default(),
        held: MoneySum::default(),
    };
    for (currency, amount) in held {
        sums.entry(*currency).or_insert_with(|| blank(*currency)).held = *amount;
    }
    let paid = bills::Entity::find()
        .filter(bills::Column::Status.eq(ProviderBillStatus::Paid))
        .filter(bills::Column::PaidAt.gte(run.period_start))
        .filter(bills::Column::PaidAt.lt(run.period_end))
        .all(txn)
        .await?;
    for bill in paid {
        let all = sums.entry(bill.currency).or_insert_with(|| blank(bill.currency));
        all.paid_out = all.paid_out.plus(bill.net_amount);
    }
    for (currency, moved) in &compared.totals {
        let all = sums.entry(*currency).or_insert_with(|| blank(*currency));
        (all.charged, all.refunded, all.fees, all.net) = (moved.charged, moved.refunded, moved.fees, moved.net());
    }
    Ok(sums.into_values().collect())
}

/// Closes an item with a note: what it was, and what was done about it. Nothing else changes.
///
/// Errors: 403; 404; 409 `invalid_transition` where it is closed; 422 for the note.
pub async fn close(app: &App, actor: &Actor, id: ReconciliationItemId, note: &str) -> AppResult<()> {
    keeper(actor)?;
    let user = actor.admin()?;
    let note = note.trim();
    let mut faults = FieldErrors::new();
    if !(20..=500).contains(&note.chars().count()) {
        faults.add("note", "reason_length", "Give a reason of 20 to 500 characters.");
    }
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let row = items::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        if row.status != ReconciliationItemStatus::Open {
            return Err(AppError::conflict("invalid_transition", "This was decided already."));
        }
        let now = app.now();
        let closed = items::ActiveModel {
            id: Set(id),
            status: Set(ReconciliationItemStatus::Closed),
            resolution_note: Set(Some(note.to_owned())),
            closed_by_user_id: Set(Some(user)),
            closed_at: Set(Some(now)),
            updated_at: Set(now),
            ..Default::default()
        };
        closed.update(txn).await?;
        let entry = Entry::new("reconciliation.closed")
            .subject("ReconciliationItem", id)
            .reason(note)
            .change(Some(json!({ "status": row.status })), Some(json!({ "status": ReconciliationItemStatus::Closed })));
        audit::record(txn, app, actor, entry).await
    })
}
