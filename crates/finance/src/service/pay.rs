//! Payout day: approved statements leave at six o'clock (UTC), the others are overdue (R-PY-62, 63, R-FN-51).
//!
//! A statement is claimed in a transaction of its own, the gateway is called without one, and what became of the transfer
//! is booked in a third. The gateway's key has the statement and the attempt in it, so whoever asks again, another worker
//! or the same one after a crash, gets the same transfer.

use std::collections::{BTreeMap, HashMap};

use chrono::Duration;
use kernel::ids::{AftercarePaymentId, AnyId, PaymentId, PayoutBatchId, ProviderBillId, QuoteId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, Money, Secret};
use payments::entity::payment_documents::{PaymentDocumentKind, PaymentDocumentSubjectType};
use payments::entity::payments as attempts;
use payments::gateway::event::SentStage;
use payments::gateway::{Destination, NewTransfer, Transferred};
use payments::rules::ledger;
use payments::rules::transfer_key::TransferKey;
use payments::service::{payouts, receipts};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::gather;
use crate::entity::banking_details;
use crate::entity::provider_bill_items::{self as items, ProviderBillItemKind as Kind};
use crate::entity::provider_bills::{self as bills, ProviderBillStatus as Status};
use crate::rules::readiness::Block;
use crate::rules::state::{self, Step};
use crate::service::readiness;
use crate::store::{self, Change, Standing};

/// The job that pays one statement.
pub const JOB: &str = "finance.pay_bill";
/// Statements of one batch of a sweep.
const BATCH: u64 = 100;
/// A transfer nobody heard of for so long is asked after.
const PATIENCE: Duration = Duration::minutes(10);

/// Pays what is approved and due, and notes what nobody approved. Missed days are made up for.
pub async fn payout_day(app: &App) -> AppResult<()> {
    let now = app.now();
    let mut missed: BTreeMap<PayoutBatchId, u64> = BTreeMap::new();
    let mut last: Option<ProviderBillId> = None;
    loop {
        let mut due = bills::Entity::find()
            .filter(bills::Column::Status.is_in([Status::PendingApproval, Status::Approved]))
            .filter(bills::Column::PayoutDate.lte(now.date_naive()))
            .order_by_asc(bills::Column::Id)
            .limit(BATCH);
        if let Some(id) = last {
            due = due.filter(bills::Column::Id.gt(id));
        }
        let rows = due.all(app.db.conn()).await?;
        last = rows.last().map(|row| row.id);
        for row in rows.iter().filter(|row| state::is_payout_time(row.payout_date, now)) {
            if row.status == Status::Approved
                && let Err(error) = pay(app, row.id).await
            {
                tracing::error!(bill.id = %row.id, %error, "a statement could not be paid");
            }
            match miss(app, row.id).await {
                Ok(Some(batch)) => *missed.entry(batch).or_default() += 1,
                Ok(None) => {}
                Err(error) => tracing::error!(bill.id = %row.id, %error, "an overdue statement could not be noted"),
            }
        }
        if (rows.len() as u64) < BATCH {
            break;
        }
    }
    for (batch, count) in missed {
        let event = Event::new("payout.overdue", "PayoutBatch", batch)
            .occurrence(now.date_naive())
            .with("payee_type", "provider")
            .with("count", count);
        outbox::emit(app.db.conn(), app, &Actor::system(), event).await?;
    }
    Ok(())
}

/// Marks a statement overdue that nobody approved in time, also one that lost its approval a moment ago.
async fn miss(app: &App, id: ProviderBillId) -> AppResult<Option<PayoutBatchId>> {
    platform::write_txn!(app.db, |txn| {
        let row = store::lock_bill(txn, id).await?;
        if row.status != Status::PendingApproval {
            return Ok(None);
        }
        let row = store::take(txn, app.now(), &row, Step::Miss, Change::default()).await?;
        let entry = Entry::new("bill.overdue").subject("ProviderBill", id).provider(row.provider_id);
        audit::record(txn, app, &Actor::system(), entry).await?;
        Ok(row.batch_id)
    })
}

/// Pays a statement that is approved and due, or goes on with one whose money is under way. Safe to run twice.
pub async fn pay(app: &App, id: ProviderBillId) -> AppResult<()> {
    let Some(row) = claim(app, id).await? else { return Ok(()) };
    let ask = transfer(app, &row).await?;
    let answer = payouts::send(app, &ask).await?;
    settle(app, id, row.transfer_attempt, &answer).await
}

/// Asks after transfers nobody heard of for a while.
pub async fn poll(app: &App) -> AppResult<()> {
    let silent: Vec<ProviderBillId> = bills::Entity::find()
        .select_only()
        .column(bills::Column::Id)
        .filter(bills::Column::Status.eq(Status::Processing))
        .filter(bills::Column::ProcessedAt.lte(app.now() - PATIENCE))
        .order_by_asc(bills::Column::ProcessedAt)
        .limit(BATCH)
        .into_tuple()
        .all(app.db.conn())
        .await?;
    for id in silent {
        if let Err(error) = pay(app, id).await {
            tracing::error!(bill.id = %id, %error, "a transfer could not be asked after");
        }
    }
    Ok(())
}

/// Takes a statement for payment: it is processing afterwards, or paid at once where nothing has to move, or it lost its
/// approval. Answers the one whose money is to be sent.
async fn claim(app: &App, id: ProviderBillId) -> AppResult<Option<bills::Model>> {
    platform::write_txn!(app.db, |txn| {
        let row = store::lock_bill(txn, id).await?;
        if row.status == Status::Processing {
            return Ok(Some(row));
        }
        let now = app.now();
        if row.status != Status::Approved || !state::is_payout_time(row.payout_date, now) {
            return Ok(None);
        }
        let actor = Actor::system();
        let standing = Standing::load(txn, app, row.provider_id).await?;
        let block = match agrees(txn, &row).await? {
            true => standing.block_of(&row, now).filter(|block| !block.may_be_reviewed()),
            false => Some(Block::LinesDiffer),
        };
        if block.is_some() || standing.has_moved(&row) {
            readiness::reopen(txn, app, &actor, &row, block).await?;
            return Ok(None);
        }
        let row = begin(txn, app, &row, Step::Send).await?;
        if row.net_amount.is_zero() {
            arrived(txn, app, &row, None).await?;
            return Ok(None);
        }
        Ok(Some(row))
    })
}

/// Sets a statement under way with the next attempt.
pub(super) async fn begin(txn: &Txn, app: &App, row: &bills::Model, step: Step) -> AppResult<bills::Model> {
    let now = app.now();
    let attempt = if row.net_amount.is_zero() { row.transfer_attempt } else { row.transfer_attempt + 1 };
    let change = Change {
        processed_at: Set(Some(now)),
        transfer_attempt: Set(attempt),
        failure_reason: Set(None),
        ..Change::default()
    };
    let row = store::take(txn, now, row, step, change).await?;
    if let Some(batch) = row.batch_id {
        store::recount(txn, now, batch).await?;
    }
    Ok(row)
}

/// Whether the lines of a statement add up to it and each treatment is in the books: else no money leaves (R-FN-51).
async fn agrees(txn: &Txn, row: &bills::Model) -> AppResult<bool> {
    let lines = store::lines(txn, row.id).await?;
    let is_earned = |line: &items::Model| matches!(line.kind, Kind::Earning | Kind::Aftercare);
    let earned = || lines.iter().filter(|line| is_earned(line) && line.active);
    let sum = |amount: fn(&items::Model) -> Amount| earned().map(amount).sum::<Amount>();
    let others: Amount = lines.iter().filter(|line| !is_earned(line)).map(|line| line.net).sum();
    let adds_up = sum(|line| line.gross) == row.gross_amount
        && sum(|line| line.commission) == row.commission_amount
        && -others == row.adjustment_amount
        && sum(|line| line.net) + others == row.net_amount
        && lines.iter().all(|line| line.active);
    if !adds_up {
        return Ok(false);
    }
    for quote in earned().filter_map(|line| line.quote_id) {
        if !payments::is_posted(txn, &ledger::treated_key(quote)).await? {
            return Ok(false);
        }
    }
    let charges: Vec<AftercarePaymentId> = earned().filter_map(|line| line.aftercare_payment_id).collect();
    let posted = gather::earned_charges(txn, charges.iter().copied()).await?;
    Ok(charges.iter().all(|id| posted.contains_key(id)))
}

/// What the gateway is asked. Each opening of the number is on record (R-FN-54).
async fn transfer(app: &App, row: &bills::Model) -> AppResult<NewTransfer> {
    let id = row.banking_detail_id.ok_or_else(|| AppError::internal("a payout without an account"))?;
    let found = banking_details::Entity::find_by_id(id).one(app.db.conn()).await?;
    let account = found.ok_or_else(AppError::not_found)?;
    let entry = opening(&account)
        .provider(row.provider_id)
        .change(None, Some(json!({ "bill": row.id, "attempt": row.transfer_attempt })));
    Ok(NewTransfer {
        money: Money::new(row.net_amount, row.currency),
        to: destination(app, &Actor::system(), account, entry).await?,
        idempotency_key: TransferKey::Payout { bill: row.id, attempt: row.transfer_attempt }.to_string(),
        since: row.processed_at.unwrap_or_else(|| app.now()),
    })
}

/// The record of a number that was opened; whoever opens it adds whose it is and what for.
pub(super) fn opening(account: &banking_details::Model) -> Entry {
    Entry::new("bank_details.opened").subject("BankingDetail", account.id)
}

/// An account as a transfer needs it: its number is opened here and nowhere else, and that is put on record first.
pub(super) async fn destination(
    app: &App,
    actor: &Actor,
    account: banking_details::Model,
    entry: Entry,
) -> AppResult<Destination> {
    audit::record(app.db.conn(), app, actor, entry).await?;
    let sealed = account.iban_encrypted.as_ref().or(account.account_number_encrypted.as_ref());
    let sealed = sealed.ok_or_else(|| AppError::internal("an account without a number"))?;
    Ok(Destination {
        number: Secret::new(app.keys.open(sealed)?),
        holder: account.account_holder_name,
        country: account.bank_country,
        swift: account.swift_code,
        routing: account.routing_number,
        connected: account.gateway_destination_id,
    })
}

/// What a gateway says by itself of money that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The gateway's id of the transfer or the payout.
    pub transfer: String,
    /// The key it was made with.
    pub key: Option<String>,
    /// What became of it.
    pub what: SentStage,
    /// How much, where it says so.
    pub amount_minor: Option<i64>,
    /// Of what.
    pub currency: Option<String>,
}

impl Heard {
    /// Whether it speaks of this money (R-PY-32).
    fn fits(&self, money: Money) -> bool {
        let amount = payments::rules::minor::to_minor(money.amount, money.currency);
        self.amount_minor.is_none_or(|minor| amount == Some(minor))
            && self.currency.as_ref().is_none_or(|code| code.eq_ignore_ascii_case(money.currency.code()))
    }
}

/// Settles by it what is under way (spec 5, event map); what does not fit, and what comes back after it was booked, is for
/// people to look at. Hearing it again changes nothing.
pub async fn heard(app: &App, news: &Heard) -> AppResult<()> {
    let key = news.key.as_deref().and_then(|key| key.parse().ok());
    if let Some(TransferKey::Refund(refund)) = key {
        return heard_of_refund(app, news, refund).await;
    }
    let conn = app.db.conn();
    let by_id = bills::Entity::find().filter(bills::Column::TransferId.eq(&news.transfer)).one(conn).await?;
    let (row, attempt) = match (by_id, key) {
        (Some(row), _) => {
            let attempt = row.transfer_attempt;
            (Some(row), attempt)
        }
        (None, Some(TransferKey::Payout { bill, attempt })) => {
            (bills::Entity::find_by_id(bill).one(conn).await?, attempt)
        }
        (None, _) => (None, 0),
    };
    let Some(row) = row else {
        return match news.what {
            SentStage::Reversed | SentStage::PartlyReversed => {
                alarm(app, &news.transfer, "payout_reversed", About::Nothing).await
            }
            SentStage::PayoutFailed => alarm(app, &news.transfer, "payout_failed", About::Nothing).await,
            // Transfers of others, and payouts of connected accounts, move no money of ours.
            SentStage::Made | SentStage::PaidOut => Ok(()),
        };
    };
    let answer = match news.what {
        SentStage::Made if news.fits(Money::new(row.net_amount, row.currency)) => {
            Transferred::Succeeded(news.transfer.clone())
        }
        SentStage::Made => return alarm(app, &news.transfer, "payout_differs", About::Bill(&row)).await,
        SentStage::Reversed => Transferred::Failed("transfer_reversed".into()),
        SentStage::PartlyReversed => return alarm(app, &news.transfer, "payout_reversed", About::Bill(&row)).await,
        SentStage::PayoutFailed => return alarm(app, &news.transfer, "payout_failed", About::Bill(&row)).await,
        SentStage::PaidOut => return Ok(()),
    };
    let is_back = matches!(answer, Transferred::Failed(_));
    settle(app, row.id, attempt, &answer).await?;
    // Decided under the lock: where it is paid all the same, nothing was booked of what came back.
    let now = store::bill(conn, row.id).await?;
    if is_back && now.status == Status::Paid && now.transfer_id.as_deref() == Some(&news.transfer) {
        return alarm(app, &news.transfer, "payout_reversed", About::Bill(&now)).await;
    }
    Ok(())
}

async fn heard_of_refund(app: &App, news: &Heard, refund: PaymentId) -> AppResult<()> {
    let found = attempts::Entity::find_by_id(refund).one(app.db.conn()).await?;
    let Some(row) = found.filter(|row| row.payment_type == attempts::PaymentType::Refund) else { return Ok(()) };
    let is_open = row.payment_status == attempts::PaymentStatus::Pending;
    match news.what {
        SentStage::Made if !news.fits(Money::new(row.amount, row.currency)) => {
            alarm(app, &news.transfer, "payout_differs", About::Refund(&row)).await
        }
        SentStage::Made => receipts::sending_ended(app, &Actor::system(), row.id, Ok(&news.transfer)).await,
        SentStage::Reversed if is_open => {
            receipts::sending_ended(app, &Actor::system(), row.id, Err("transfer_reversed")).await
        }
        SentStage::Reversed | SentStage::PartlyReversed => {
            alarm(app, &news.transfer, "payout_reversed", About::Refund(&row)).await
        }
        SentStage::PaidOut | SentStage::PayoutFailed => Ok(()),
    }
}

/// What money that is told of was for.
#[derive(Clone, Copy)]
enum About<'a> {
    /// A statement of a clinic.
    Bill(&'a bills::Model),
    /// A refund of a patient.
    Refund(&'a attempts::Model),
    /// Nothing that is known here.
    Nothing,
}

async fn alarm(app: &App, transfer: &str, alert: &'static str, about: About<'_>) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let event = match about {
            About::Bill(row) => Event::new("system.alert", "ProviderBill", row.id).with("bill_id", row.id),
            About::Refund(row) => {
                Event::new("system.alert", "Payment", row.id).with("payment_id", row.id).with("quote_id", row.quote_id)
            }
            About::Nothing => Event::new("system.alert", "ProviderBill", AnyId::NIL),
        };
        let event = event.occurrence(format!("{alert}:{transfer}")).with("alert", alert).with("transfer", transfer);
        outbox::emit(txn, app, &Actor::system(), event).await
    })
}

/// Books what became of an attempt; an answer about an older one, or a second one about this, changes nothing.
async fn settle(app: &App, id: ProviderBillId, attempt: i32, answer: &Transferred) -> AppResult<()> {
    if *answer == Transferred::Unknown {
        return Ok(());
    }
    platform::write_txn!(app.db, |txn| {
        let row = store::lock_bill(txn, id).await?;
        if row.status != Status::Processing || row.transfer_attempt != attempt {
            return Ok(());
        }
        match answer {
            Transferred::Succeeded(transfer) => arrived(txn, app, &row, Some(transfer)).await,
            Transferred::Failed(code) => refused(txn, app, &row, code).await,
            Transferred::Unknown => Ok(()),
        }
    })
}

async fn refused(txn: &Txn, app: &App, row: &bills::Model, code: &str) -> AppResult<()> {
    let (now, actor) = (app.now(), Actor::system());
    let change = Change { failure_reason: Set(Some(code.to_owned())), ..Change::default() };
    let row = store::take(txn, now, row, Step::Fail, change).await?;
    let entry = Entry::new("bill.failed").subject("ProviderBill", row.id).provider(row.provider_id).failed();
    audit::record(txn, app, &actor, entry).await?;
    if let Some(batch) = row.batch_id {
        store::recount(txn, now, batch).await?;
    }
    let event = Event::new("payout.failed", "ProviderBill", row.id)
        .occurrence(row.transfer_attempt)
        .with("provider_id", row.provider_id)
        .with("bill_id", row.id)
        .with("code", code);
    outbox::emit(txn, app, &actor, event).await
}

/// The money is there, or none had to move: ledger, invoice, everybody told.
async fn arrived(txn: &Txn, app: &App, row: &bills::Model, transfer: Option<&String>) -> AppResult<()> {
    let (now, actor) = (app.now(), Actor::system());
    let change = Change {
        paid_at: Set(Some(now)),
        transfer_id: Set(transfer.cloned()),
        failure_reason: Set(None),
        ..Change::default()
    };
    let row = store::take(txn, now, row, Step::Arrive, change).await?;
    let lines = store::lines(txn, row.id).await?;
    let paid = Money::new(row.net_amount, row.currency);
    let posting = ledger::payout_paid(row.id, paid, &settled(txn, &row, &lines).await?);
    if !posting.lines.is_empty() {
        payments::post(txn, now, &posting).await?;
    }
    let number = invoice(txn, app, &row, &lines).await?;
    let entry = Entry::new("bill.paid")
        .subject("ProviderBill", row.id)
        .provider(row.provider_id)
        .change(None, Some(json!({ "net": row.net_amount, "currency": row.currency, "document": number })));
    audit::record(txn, app, &actor, entry).await?;
    if let Some(batch) = row.batch_id {
        store::recount(txn, now, batch).await?;
    }
    let event = Event::new("payout.provider_processed", "ProviderBill", row.id)
        .occurrence("paid")
        .with("provider_id", row.provider_id)
        .with("bill_id", row.id)
        .with("money", paid)
        .with("period_start", row.period_start)
        .with("period_end", row.period_end)
        .with("document_number", number);
    outbox::emit(txn, app, &actor, event).await
}

/// What a statement settles of the clinic's claims, by the currency they are in: its lines in the currencies of their
/// quotes, deductions taken off.
pub(super) async fn settled(
    txn: &impl ConnectionTrait,
    row: &bills::Model,
    lines: &[items::Model],
) -> AppResult<Vec<Money>> {
    let ids: Vec<QuoteId> = lines.iter().filter_map(|line| line.quote_id).collect();
    let terms = gather::terms_of(txn, ids.iter().copied()).await?;
    let quotes: HashMap<QuoteId, quotes::Model> = quotes::Entity::find()
        .filter(quotes::Column::Id.is_in(ids))
        .all(txn)
        .await?
        .into_iter()
        .map(|quote| (quote.id, quote))
        .collect();
    let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
    let charges = || lines.iter().filter_map(|line| line.aftercare_payment_id);
    let earned = gather::earned_charges(txn, charges()).await?;
    let taken = gather::taken_back(txn, charges()).await?;
    for line in lines {
        if let Some((share, _)) = line.aftercare_payment_id.and_then(|id| earned.get(&id)) {
            let sum = sums.entry(share.currency).or_default();
            *sum = *sum + share.amount;
            continue;
        }
        if let Some(share) = line.aftercare_payment_id.and_then(|id| taken.get(&id)) {
            let amount = match share.currency == row.currency {
                true => Some(line.net),
                false => line.net.get().checked_div(line.rate).and_then(|amount| share.currency.round(amount)),
            };
            let sum = sums.entry(share.currency).or_default();
            *sum = *sum + amount.ok_or_else(|| AppError::internal("a claim out of range"))?;
            continue;
        }
        let of = line.quote_id.and_then(|id| Some((quotes.get(&id)?, terms.get(&id)?)));
        let (currency, amount) = match of {
            Some((quote, terms)) if terms.quote_currency != row.currency => {
                let currency = terms.quote_currency;
                let amount = match line.kind {
                    Kind::Earning => {
                        let booked = gather::booked(quote, terms)?;
                        Some(booked.gross - booked.commission)
                    }
                    _ => line.net.get().checked_div(line.rate).and_then(|amount| currency.round(amount)),
                };
                (currency, amount.ok_or_else(|| AppError::internal("a claim out of range"))?)
            }
            _ => (row.currency, line.net),
        };
        let sum = sums.entry(currency).or_default();
        *sum = *sum + amount;
    }
    Ok(sums.into_iter().map(|(currency, amount)| Money::new(amount, currency)).collect())
}

/// Numbers the payout invoice with the money (R-PY-65). Its snapshot has no names: they are read when it is drawn.
async fn invoice(txn: &Txn, app: &App, row: &bills::Model, lines: &[items::Model]) -> AppResult<String> {
    let ids: Vec<QuoteId> = lines.iter().filter_map(|line| line.quote_id).collect();
    let terms = gather::terms_of(txn, ids).await?;
    let last4 = match row.banking_detail_id {
        None => None,
        Some(id) => banking_details::Entity::find_by_id(id).one(txn).await?.map(|account| account.account_last4),
    };
    let money = |amount| Money::new(amount, row.currency);
    let line = |line: &items::Model| {
        json!({
            "kind": line.kind,
            "booking_reference": line.quote_id.and_then(|id| terms.get(&id)).map(|terms| &terms.booking_reference),
            "label": line.label,
            "gross": money(line.gross),
            "commission": money(line.commission),
            "net": money(line.net),
            "balance_after": money(line.balance_after),
        })
    };
    let snapshot = json!({
        "bill_reference": row.bill_reference,
        "provider_id": row.provider_id,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "last4": last4,
        "gross": money(row.gross_amount),
        "commission": money(row.commission_amount),
        "adjustment": money(row.adjustment_amount),
        "net": money(row.net_amount),
        "lines": lines.iter().map(line).collect::<Vec<_>>(),
    });
    let subject = (PaymentDocumentSubjectType::ProviderBill, row.id.any());
    let paper = payments::Paper { kind: PaymentDocumentKind::PayoutInvoice, subject, quote: None, snapshot };
    payments::issue(txn, app.now(), paper).await
}
