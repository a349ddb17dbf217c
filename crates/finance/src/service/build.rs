//! Building statements: at three o'clock (UTC), so many days before the payout (R-PY-61, R-FN-47).
//!
//! The batch of a payout date remembers when it was built. Within a day nothing is built twice; a statement that staff
//! dropped comes again the next morning, while its payout date is still ahead. Whoever builds holds the clinic's lock, and
//! the unique key lets one statement of a clinic, currency and period live.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use directory::entity::providers::{self, ProviderStatus};
use kernel::ids::{AftercarePaymentId, PayoutBatchId, ProviderBillId, ProviderBillItemId, ProviderId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, Money};
use payments::entity::aftercare_payments::{self as charges, AftercarePaymentStatus, AftercarePaymentType};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::entity::quotes;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use serde_json::json;

use super::gather;
use crate::entity::payout_batches;
use crate::entity::provider_bill_items::{self as items, ProviderBillItemKind as Kind};
use crate::entity::provider_bills::{self as bills, ProviderBillStatus as Status};
use crate::rules::bill::{self, Absorbed, Deduction, Earning, Source};
use crate::rules::period::{self, Due};
use crate::rules::state;
use crate::settings::BUFFER_DAYS;
use crate::store::{self, Standing};

/// The longest buffer, in days (R-PY-72).
const LONGEST: i64 = 7;

/// Builds every statement that is due and not built yet; missed days are made up for.
pub async fn build_due(app: &App) -> AppResult<()> {
    let day = state::build_day(app.now());
    let buffer = u32::try_from(BUFFER_DAYS.get(app).await?.clamp(1, LONGEST)).unwrap_or(1);
    for (payout, clinics) in due_clinics(app, day, buffer).await? {
        let batch = store::batch(app, payout).await?;
        let is_built = batch.built_at.is_some_and(|at| at >= state::build_instant(day) || payout < day);
        if !is_built {
            build_batch(app, &batch, &clinics).await?;
        }
    }
    Ok(())
}

/// Every clinic that is paid, by the payout date of its statement.
async fn due_clinics(app: &App, day: NaiveDate, buffer: u32) -> AppResult<BTreeMap<NaiveDate, Vec<(ProviderId, Due)>>> {
    let conn = app.db.conn();
    let agreements = store::agreements(conn, None).await?;
    let clinics: Vec<ProviderId> = providers::Entity::find()
        .select_only()
        .column(providers::Column::Id)
        .filter(providers::Column::Status.ne(ProviderStatus::Suspended))
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: BTreeMap<NaiveDate, Vec<(ProviderId, Due)>> = BTreeMap::new();
    for provider in clinics {
        let agreed = agreements.get(&provider).map(Vec::as_slice).unwrap_or_default();
        if let Some(due) = period::due(agreed, day, buffer) {
            found.entry(due.payout).or_default().push((provider, due));
        }
    }
    Ok(found)
}

/// Builds the statements of one payout date. A clinic that fails leaves the batch open for the next run.
async fn build_batch(app: &App, batch: &payout_batches::Model, clinics: &[(ProviderId, Due)]) -> AppResult<()> {
    // Most clinics have nothing to be paid: one statement tells which have.
    let waiting: Vec<ProviderId> = quotes::Entity::find()
        .select_only()
        .column(quotes::Column::ProviderId)
        .filter(quotes::Column::Status.is_in(gather::TREATED))
        .filter(quotes::Column::Id.not_in_subquery(gather::billed()))
        .distinct()
        .into_tuple()
        .all(app.db.conn())
        .await?;
    let after: Vec<Option<ProviderId>> = charges::Entity::find()
        .select_only()
        .column(charges::Column::ProviderId)
        .filter(charges::Column::PaymentType.eq(AftercarePaymentType::Charge))
        .filter(charges::Column::PaymentStatus.eq(AftercarePaymentStatus::Completed))
        .filter(charges::Column::ServicePeriodEnd.lt(app.now().date_naive()))
        .filter(charges::Column::Id.not_in_subquery(gather::billed_charges()))
        .distinct()
        .into_tuple()
        .all(app.db.conn())
        .await?;
    let waiting: Vec<ProviderId> = waiting.into_iter().chain(after.into_iter().flatten()).collect();
    let mut failed = false;
    for (provider, due) in clinics.iter().filter(|(provider, _)| waiting.contains(provider)) {
        if let Err(error) = build_one(app, *provider, due, batch.id).await {
            failed = true;
            tracing::error!(provider.id = %provider, %error, "a statement could not be built");
        }
    }
    if failed {
        return Ok(());
    }
    platform::write_txn!(app.db, |txn| { finish(txn, app, batch).await })
}

/// Notes that a batch is built, and tells those who approve.
async fn finish(txn: &Txn, app: &App, batch: &payout_batches::Model) -> AppResult<()> {
    let now = app.now();
    payout_batches::Entity::update_many()
        .set(payout_batches::ActiveModel { built_at: Set(Some(now)), ..Default::default() })
        .filter(payout_batches::Column::Id.eq(batch.id))
        .exec(txn)
        .await?;
    store::recount(txn, now, batch.id).await?;
    let count = bills::Entity::find()
        .filter(bills::Column::BatchId.eq(batch.id))
        .filter(bills::Column::Status.eq(Status::PendingApproval))
        .count(txn)
        .await?;
    if count == 0 {
        return Ok(());
    }
    let event = Event::new("payout.statements_ready", "PayoutBatch", batch.id)
        .occurrence(state::build_day(now))
        .with("payee_type", "provider")
        .with("count", count)
        .with("payout_date", batch.payout_date);
    outbox::emit(txn, app, &Actor::system(), event).await
}

/// Builds what one clinic is due: a statement for each currency it is paid in that has none for the period.
///
/// A suspended clinic gets none (R-PY-60).
pub async fn build_one(
    app: &App,
    provider: ProviderId,
    due: &Due,
    batch: PayoutBatchId,
) -> AppResult<Vec<ProviderBillId>> {
    platform::write_txn!(app.db, |txn| {
        let clinic = store::lock_clinic(txn, provider).await?;
        if clinic.status == ProviderStatus::Suspended {
            return Ok(Vec::new());
        }
        let standing = Standing::load(txn, app, provider).await?;
        let account = standing.account.as_ref().map(|row| row.currency);
        let mut made = Vec::new();
        for (currency, lines) in gather::earnings(txn, app.now(), provider, account, due.period.end).await? {
            if !has_live(txn, provider, currency, due).await? {
                let owed = gather::owed(txn, app.now(), provider, currency, &lines).await?;
                let earned = lines.iter().map(|line| line.net).sum::<Amount>();
                let absorbed = bill::absorb(earned, &owed);
                let statement = Statement { provider, currency, due, batch, lines: &lines, absorbed: &absorbed };
                made.push(write(txn, app, &standing, &statement).await?);
            }
        }
        Ok(made)
    })
}

async fn has_live(conn: &impl ConnectionTrait, provider: ProviderId, currency: Currency, due: &Due) -> AppResult<bool> {
    let live = bills::Entity::find()
        .filter(bills::Column::ProviderId.eq(provider))
        .filter(bills::Column::Currency.eq(currency))
        .filter(bills::Column::PeriodStart.eq(due.period.start))
        .filter(bills::Column::PeriodEnd.eq(due.period.end))
        .filter(bills::Column::Status.ne(Status::Voided));
    Ok(live.count(conn).await? > 0)
}

struct Statement<'a> {
    provider: ProviderId,
    currency: Currency,
    due: &'a Due,
    batch: PayoutBatchId,
    lines: &'a [Earning],
    absorbed: &'a [Absorbed],
}

async fn write(txn: &Txn, app: &App, standing: &Standing, statement: &Statement<'_>) -> AppResult<ProviderBillId> {
    let Statement { provider, currency, due, batch, lines, absorbed } = statement;
    let (id, now) = (ProviderBillId::new(), app.now());
    let totals = bill::totals(lines, absorbed).ok_or_else(|| AppError::internal("a statement out of range"))?;
    let block = standing.block(Money::new(totals.net, *currency), now);
    let row = bills::ActiveModel {
        id: Set(id),
        provider_id: Set(*provider),
        bill_reference: Set(reference(txn, *provider, due).await?),
        period_start: Set(due.period.start),
        period_end: Set(due.period.end),
        payout_date: Set(due.payout),
        payment_cycle: Set(due.cycle),
        currency: Set(*currency),
        gross_amount: Set(totals.gross),
        commission_amount: Set(totals.commission),
        adjustment_amount: Set(totals.adjustment),
        net_amount: Set(totals.net),
        status: Set(Status::PendingApproval),
        batch_id: Set(Some(*batch)),
        transfer_attempt: Set(0),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..store::blocked(block)
    };
    bills::Entity::insert(row).exec_without_returning(txn).await?;
    let names = charge_names(txn, lines, absorbed).await?;
    for line in *lines {
        earning_row(id, line, &names, now).insert(txn).await?;
    }
    for line in *absorbed {
        deduction_row(id, line, &names, now).insert(txn).await?;
    }
    let entry = Entry::new("bill.built").subject("ProviderBill", id).provider(*provider).change(
        None,
        Some(json!({
            "net": totals.net, "currency": currency, "lines": lines.len(),
            "period_start": due.period.start, "period_end": due.period.end,
        })),
    );
    audit::record(txn, app, &Actor::system(), entry).await?;
    Ok(id)
}

/// What lines of aftercare are called: the request, and which month of it.
async fn charge_names(
    txn: &Txn,
    lines: &[Earning],
    absorbed: &[Absorbed],
) -> AppResult<HashMap<AftercarePaymentId, String>> {
    let earned = lines.iter().filter_map(|line| match line.source {
        Source::Aftercare(id) => Some(id),
        Source::Booking(_) => None,
    });
    let taken = absorbed.iter().filter_map(|line| match line.owed.of {
        Deduction::Aftercare(refund) => Some(refund),
        Deduction::Booking { .. } => None,
    });
    let ids: Vec<AftercarePaymentId> = earned.chain(taken).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = charges::Entity::find().filter(charges::Column::Id.is_in(ids)).all(txn).await?;
    Ok(rows.iter().map(|row| (row.id, payments::service::aftercare::name_of(row))).collect())
}

/// `PST-P1A2B3C4D-2026-W25`, and `-R2` where a statement of that name was dropped before (R-FN-47).
async fn reference(conn: &impl ConnectionTrait, provider: ProviderId, due: &Due) -> AppResult<String> {
    let plain = period::reference(provider, due.cycle, due.period);
    let known = bills::Entity::find().filter(
        sea_orm::Condition::any()
            .add(bills::Column::BillReference.eq(&plain))
            .add(bills::Column::BillReference.starts_with(format!("{plain}-R"))),
    );
    Ok(match known.count(conn).await? {
        0 => plain,
        earlier => format!("{plain}-R{}", earlier + 1),
    })
}

fn earning_row(
    bill: ProviderBillId,
    line: &Earning,
    names: &HashMap<AftercarePaymentId, String>,
    now: kernel::Timestamp,
) -> items::ActiveModel {
    let (kind, quote, charge) = match line.source {
        Source::Booking(quote) => (Kind::Earning, Some(quote), None),
        Source::Aftercare(charge) => (Kind::Aftercare, None, Some(charge)),
    };
    items::ActiveModel {
        kind: Set(kind),
        quote_id: Set(quote),
        aftercare_payment_id: Set(charge),
        label: Set(charge.and_then(|id| names.get(&id).cloned())),
        refund_payment_id: Set(None),
        gross: Set(line.gross),
        commission: Set(line.commission),
        net: Set(line.net),
        rate: Set(line.rate),
        balance_after: Set(Amount::ZERO),
        ..blank(bill, now)
    }
}

fn deduction_row(
    bill: ProviderBillId,
    line: &Absorbed,
    names: &HashMap<AftercarePaymentId, String>,
    now: kernel::Timestamp,
) -> items::ActiveModel {
    let (quote, refund, charge) = match line.owed.of {
        Deduction::Booking { refund, quote } => (Some(quote), Some(refund), None),
        Deduction::Aftercare(refund) => (None, None, Some(refund)),
    };
    items::ActiveModel {
        kind: Set(if line.owed.carried { Kind::CarryForward } else { Kind::RefundDeduction }),
        quote_id: Set(quote),
        aftercare_payment_id: Set(charge),
        refund_payment_id: Set(refund),
        label: Set(charge.and_then(|id| names.get(&id).cloned())),
        gross: Set(Amount::ZERO),
        commission: Set(Amount::ZERO),
        net: Set(-line.applied),
        rate: Set(line.owed.rate),
        balance_after: Set(line.left),
        ..blank(bill, now)
    }
}

fn blank(bill: ProviderBillId, now: kernel::Timestamp) -> items::ActiveModel {
    items::ActiveModel {
        id: Set(ProviderBillItemId::new()),
        bill_id: Set(bill),
        aftercare_payment_id: Set(None),
        label: Set(None),
        reason: Set(None),
        created_by_user_id: Set(None),
        active: Set(true),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}
