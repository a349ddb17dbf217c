//! Locks and writes of this wing. Money columns are written once; only what R-PY-66 allows is changed later.

use chrono::Datelike;
use kernel::ids::{AnyId, LedgerEntryId, PaymentDocumentId, PaymentHistoryId, PaymentId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, Timestamp};
use platform::App;
use platform::db::Txn;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, SqlErr,
};

use crate::entity::ledger_entries;
use crate::entity::payment_documents::{self, PaymentDocumentKind, PaymentDocumentSubjectType};
use crate::entity::payment_histories::{self, PaymentHistoryActorType, PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::metadata::Metadata;
use crate::rules::ledger::Posting;

/// All payments of a booking under lock, oldest first. The caller holds the lock of the case.
pub async fn lock_payments(txn: &Txn, quote: QuoteId) -> AppResult<Vec<payments::Model>> {
    Ok(payments::Entity::find()
        .filter(payments::Column::QuoteId.eq(quote))
        .order_by_asc(payments::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?)
}

/// What happened to a payment, for its history.
pub struct Step<'a> {
    /// What.
    pub event: PaymentHistoryEvent,
    /// Status before and after, when there was one.
    pub from: Option<PaymentStatus>,
    /// Status afterwards.
    pub to: Option<PaymentStatus>,
    /// Where the news came from.
    pub source: PaymentHistorySource,
    /// The gateway's event.
    pub external_event_id: Option<&'a str>,
    /// Why, as a word of a fixed list.
    pub reason: Option<&'a str>,
}

/// Adds a step to the history of a payment. The caller holds its lock, so the numbers have no gaps.
pub async fn history(txn: &Txn, app: &App, actor: &Actor, row: &payments::Model, step: Step<'_>) -> AppResult<()> {
    history_with(txn, app, actor, row, step, None).await
}

/// The same with details.
pub async fn history_with(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &payments::Model,
    step: Step<'_>,
    details: Option<serde_json::Value>,
) -> AppResult<()> {
    let before = match step.from {
        // What begins has no history.
        None if step.event == PaymentHistoryEvent::Created => 0,
        _ => {
            payment_histories::Entity::find().filter(payment_histories::Column::PaymentId.eq(row.id)).count(txn).await?
        }
    };
    let (actor_type, actor_id) = match actor.kind {
        ActorKind::Patient(id) => (PaymentHistoryActorType::Patient, Some(id.any())),
        ActorKind::Provider { user, .. } => (PaymentHistoryActorType::ProviderUser, Some(user.any())),
        ActorKind::Admin(id) => (PaymentHistoryActorType::User, Some(id.any())),
        _ => (PaymentHistoryActorType::System, None),
    };
    let word = |status: PaymentStatus| sea_orm::ActiveEnum::to_value(&status);
    let entry = payment_histories::ActiveModel {
        id: Set(PaymentHistoryId::new()),
        payment_id: Set(row.id),
        quote_id: Set(row.quote_id),
        sequence: Set(i32::try_from(before + 1).unwrap_or(i32::MAX)),
        event: Set(step.event),
        from_status: Set(step.from.map(word)),
        to_status: Set(step.to.map(word)),
        amount: Set(row.amount),
        currency: Set(row.currency),
        source: Set(step.source),
        actor_type: Set(Some(actor_type)),
        actor_id: Set(actor_id),
        external_event_id: Set(step.external_event_id.map(str::to_owned)),
        reason: Set(step.reason.map(str::to_owned)),
        metadata: Set(details),
        created_at: Set(app.now()),
    };
    payment_histories::Entity::insert(entry).exec_without_returning(txn).await?;
    Ok(())
}

/// What may change on a payment's row.
#[derive(Default)]
pub struct Change {
    /// The new status.
    pub to: Option<PaymentStatus>,
    /// When the money arrived, or left.
    pub paid_at: Option<Timestamp>,
    /// Why it failed; `Some(None)` clears it.
    pub failure_code: Option<Option<String>>,
    /// The gateway's words.
    pub metadata: Option<Metadata>,
    /// The gateway's id of a refund.
    pub transaction_id: Option<String>,
}

/// Changes a payment that still has the status it was read with, and returns it as it is now.
pub async fn change(txn: &Txn, now: Timestamp, row: &payments::Model, change: Change) -> AppResult<payments::Model> {
    let mut next = row.clone();
    if let Some(status) = change.to {
        next.payment_status = status;
    }
    if change.paid_at.is_some() {
        next.paid_at = change.paid_at;
    }
    if let Some(code) = change.failure_code {
        next.failure_code = code;
    }
    if let Some(metadata) = &change.metadata {
        next.metadata = Some(metadata.to_json()?);
    }
    if change.transaction_id.is_some() {
        next.transaction_id = change.transaction_id;
    }
    next.updated_at = now;
    let done = payments::Entity::update_many()
        .set(payments::ActiveModel {
            payment_status: Set(next.payment_status),
            paid_at: Set(next.paid_at),
            failure_code: Set(next.failure_code.clone()),
            metadata: Set(next.metadata.clone()),
            transaction_id: Set(next.transaction_id.clone()),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(payments::Column::Id.eq(row.id))
        .filter(payments::Column::PaymentStatus.eq(row.payment_status))
        .exec(txn)
        .await?;
    if done.rows_affected == 1 { Ok(next) } else { Err(AppError::stale_version()) }
}

/// Notes the gateway's id of an attempt, once.
pub async fn attach_intent(conn: &impl ConnectionTrait, id: PaymentId, intent: &str, now: Timestamp) -> AppResult<()> {
    payments::Entity::update_many()
        .set(payments::ActiveModel {
            stripe_payment_intent_id: Set(Some(intent.to_owned())),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(payments::Column::Id.eq(id))
        .filter(payments::Column::StripePaymentIntentId.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Writes a posting. Its key is unique, so one cause is never booked twice.
pub async fn post(txn: &Txn, now: Timestamp, posting: &Posting) -> AppResult<()> {
    if !posting.is_balanced() {
        return Err(AppError::internal(format!("posting {} does not balance", posting.source_key)));
    }
    let transaction = AnyId::new();
    let rows = posting.lines.iter().zip(1_i16..).map(|(line, number)| ledger_entries::ActiveModel {
        id: Set(LedgerEntryId::new()),
        transaction_id: Set(transaction),
        source_key: Set(posting.source_key.clone()),
        line_no: Set(number),
        account: Set(line.account),
        currency: Set(line.currency),
        debit: Set(line.debit),
        credit: Set(line.credit),
        quote_id: Set(posting.quote),
        payment_id: Set(posting.payment),
        aftercare_payment_id: Set(posting.charge),
        bill_id: Set(posting.bill),
        affiliate_id: Set(None),
        affiliate_commission_id: Set(None),
        affiliate_payout_id: Set(None),
        posted_at: Set(now),
        created_at: Set(now),
    });
    ledger_entries::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// Whether a cause was booked already.
pub async fn is_posted(conn: &impl ConnectionTrait, source_key: &str) -> AppResult<bool> {
    let found = ledger_entries::Entity::find().filter(ledger_entries::Column::SourceKey.eq(source_key));
    Ok(found.count(conn).await? > 0)
}

/// A paper to be numbered.
pub struct Paper {
    /// Which kind.
    pub kind: PaymentDocumentKind,
    /// What it is about.
    pub subject: (PaymentDocumentSubjectType, AnyId),
    /// The booking, of papers about one.
    pub quote: Option<QuoteId>,
    /// Totals, from which the PDF is drawn.
    pub snapshot: serde_json::Value,
}

/// Whether a paper of that kind exists for the subject.
pub async fn is_issued(
    conn: &impl ConnectionTrait,
    kind: PaymentDocumentKind,
    subject: (PaymentDocumentSubjectType, AnyId),
) -> AppResult<bool> {
    let found = payment_documents::Entity::find()
        .filter(payment_documents::Column::Kind.eq(kind))
        .filter(payment_documents::Column::SubjectType.eq(subject.0))
        .filter(payment_documents::Column::SubjectId.eq(subject.1));
    Ok(found.count(conn).await? > 0)
}

/// Gives a paper the next number of its kind and month, without gaps, and stores it (R-PY-65, R-FN-57).
pub async fn issue(txn: &Txn, now: Timestamp, paper: Paper) -> AppResult<String> {
    let prefix = match paper.kind {
        PaymentDocumentKind::Invoice => "INV",
        PaymentDocumentKind::Receipt => "RCT",
        PaymentDocumentKind::CreditNote => "CRN",
        PaymentDocumentKind::PayoutInvoice => "PIN",
        PaymentDocumentKind::AffiliateStatement => "APS",
    };
    let month = format!("{:02}{:02}", now.year() % 100, now.month());
    let number = next_number(txn, prefix, &month, now).await?;
    let document_number = format!("{prefix}-{month}-{number:05}");
    let row = payment_documents::ActiveModel {
        id: Set(PaymentDocumentId::new()),
        document_number: Set(document_number.clone()),
        kind: Set(paper.kind),
        subject_type: Set(paper.subject.0),
        subject_id: Set(paper.subject.1),
        quote_id: Set(paper.quote),
        cancels_document_id: Set(None),
        snapshot: Set(paper.snapshot),
        issued_at: Set(now),
        created_at: Set(now),
    };
    payment_documents::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(document_number)
}

/// Raises the counter of a kind and month. Its table belongs to the finance wing above; the statement is the same
/// wherever a number is drawn, and the row stays locked until the money is committed.
async fn next_number(txn: &Txn, kind: &str, month: &str, now: Timestamp) -> AppResult<i64> {
    let [table, kind_column, month_column, last, updated] =
        ["document_counters", "kind", "yymm", "last_number", "updated_at"].map(Alias::new);
    let raise = Query::update()
        .table(table.clone())
        .value(last.clone(), Expr::col(last.clone()).add(1))
        .value(updated.clone(), now)
        .and_where(Expr::col(kind_column.clone()).eq(kind))
        .and_where(Expr::col(month_column.clone()).eq(month))
        .to_owned();
    if txn.execute(&raise).await?.rows_affected() == 0 {
        let first = Query::insert()
            .into_table(table.clone())
            .columns([kind_column.clone(), month_column.clone(), last.clone(), updated])
            .values_panic([kind.into(), month.into(), 0.into(), now.into()])
            .to_owned();
        match txn.execute(&first).await.map_err(|err| (err.sql_err(), err)) {
            // Somebody else opened the month at the same moment.
            Ok(_) | Err((Some(SqlErr::UniqueConstraintViolation(_)), _)) => {}
            Err((_, err)) => return Err(err.into()),
        }
        txn.execute(&raise).await?;
    }
    let read = Query::select()
        .column(last)
        .from(table)
        .and_where(Expr::col(kind_column).eq(kind))
        .and_where(Expr::col(month_column).eq(month))
        .to_owned();
    let row = txn.query_one(&read).await?.ok_or_else(|| AppError::internal("the counter's row is gone"))?;
    Ok(i64::from(row.try_get_by_index::<i32>(0)?))
}

/// What arrived and what went back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Completed payments; those given back later count too.
    pub received: kernel::Amount,
    /// Completed refunds.
    pub refunded: kernel::Amount,
    /// Those of them that are not owed again: staff gave them although no policy asked for it, or a bank took them back
    /// when the treatment had begun (R-PY-34, R-PY-55).
    pub forgiven: kernel::Amount,
}

impl Sums {
    /// Adds a booking's rows up.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a payments::Model>) -> Self {
        let mut sums = Self::default();
        for row in rows {
            match (row.payment_type, row.payment_status) {
                (PaymentType::Refund, PaymentStatus::Completed) => {
                    sums.refunded = sums.refunded + row.amount;
                    if Metadata::of(row).is_forgiven() {
                        sums.forgiven = sums.forgiven + row.amount;
                    }
                }
                (PaymentType::Refund, _) | (_, PaymentStatus::Pending | PaymentStatus::Failed) => {}
                (_, PaymentStatus::Completed | PaymentStatus::Refunded) => sums.received = sums.received + row.amount,
            }
        }
        sums
    }

    /// What is there now.
    pub fn paid(self) -> kernel::Amount {
        self.received - self.refunded
    }

    /// What of a price is still owed.
    pub fn due(self, total: kernel::Amount) -> kernel::Amount {
        Ord::max(total - self.paid() - self.forgiven, kernel::Amount::ZERO)
    }
}

/// What of a payment was not given back and is not about to be.
pub fn open_amount(rows: &[payments::Model], payment: &payments::Model) -> kernel::Amount {
    let live = |status| matches!(status, PaymentStatus::Pending | PaymentStatus::Completed);
    let back = rows.iter().filter(|row| row.refund_of_payment_id == Some(payment.id) && live(row.payment_status));
    payment.amount - back.map(|row| row.amount).sum()
}

/// Remembers that the gateway gave an intent up, so that it is not given up again.
pub async fn note_canceled(app: &App, id: PaymentId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let row = payments::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        let mut words = Metadata::of(&row);
        if words.gateway_status.as_deref() == Some("canceled") {
            return Ok(());
        }
        words.gateway_status = Some("canceled".to_owned());
        change(txn, app.now(), &row, Change { metadata: Some(words), ..Change::default() }).await?;
        Ok(())
    })
}
