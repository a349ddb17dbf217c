//! Re-encrypting what older keys wrote (R-ID-62): resumable, while everybody goes on writing.
//!
//! The new key is installed as the current one and the old one as a previous one; from then on every write uses the new
//! key. [`rotate`] walks each column by primary key and replaces what the current key cannot read. It compares with the
//! old ciphertext as it writes, so an edit made meanwhile wins. Its place is kept in `encryption_rotations`: after a crash
//! the next call goes on there. Entries of append-only tables are sealed with the lasting key and take no part.

use kernel::ids::{AnyId, EncryptionRotationId, UserId};
use kernel::{AppResult, Sealed};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::Serialize;

use crate::App;
use crate::audit::{self, Entry};
use crate::entity::encryption_rotations::{
    ActiveModel, Column, EncryptionRotationKind, EncryptionRotationStatus, Entity, Model,
};
use crate::outbox::{self, Event};

/// Rows read at once. A batch is one short transaction: writers wait for it no longer than for each other.
const BATCH: u64 = 200;

/// How often a row is looked at again when somebody else wrote it at the same moment.
const RETRIES: usize = 3;

/// The name of the row of a run that tells to which key it rotates.
const MARK: &str = "current key";

/// A table with sealed columns. Its primary key is `id`.
#[derive(Clone, Copy, Debug)]
pub struct SealedTable {
    /// Its name.
    pub name: &'static str,
    /// The columns that hold ciphertext.
    pub columns: &'static [&'static str],
}

/// Tables of the platform itself.
pub const TABLES: &[SealedTable] = &[SealedTable { name: "idempotency_keys", columns: &["response_body"] }];

/// Where a rotation stands in one column.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ColumnState {
    /// Table.
    pub table: String,
    /// Column.
    pub column: String,
    /// Values re-encrypted.
    pub done: i32,
    /// Values the current key does not read, as last counted.
    pub left: i32,
    /// Values no key reads.
    pub failed: i32,
    /// Whether this column is through.
    pub finished: bool,
}

/// Where a rotation stands.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Report {
    /// Column by column.
    pub columns: Vec<ColumnState>,
    /// Values re-encrypted.
    pub done: i64,
    /// Values the current key does not read.
    pub left: i64,
    /// Values no key reads.
    pub failed: i64,
    /// Whether every column is through.
    pub finished: bool,
    /// Whether the previous keys may be taken out of the configuration: nothing needs them any more.
    pub removable: bool,
}

impl Report {
    fn of(rows: Vec<Model>) -> Self {
        let columns: Vec<ColumnState> = rows
            .into_iter()
            .map(|row| ColumnState {
                table: row.table_name,
                column: row.column_name,
                done: row.done_count,
                left: row.left_count,
                failed: row.failed_count,
                finished: row.status != EncryptionRotationStatus::Running,
            })
            .collect();
        let sum = |part: fn(&ColumnState) -> i32| columns.iter().map(|column| i64::from(part(column))).sum();
        let (done, left, failed) = (sum(|c| c.done), sum(|c| c.left), sum(|c| c.failed));
        let finished = !columns.is_empty() && columns.iter().all(|column| column.finished);
        Self { done, left, failed, finished, removable: finished && left == 0 && failed == 0, columns }
    }
}

/// Counts what the current key does not read, without changing anything.
pub async fn inspect(app: &App, tables: &[SealedTable]) -> AppResult<Report> {
    let mut columns = Vec::new();
    for (table, column) in pairs(tables) {
        let (left, failed) = count(app, table, column).await?;
        let (table, column) = (table.to_owned(), column.to_owned());
        columns.push(ColumnState { table, column, done: 0, left, failed, finished: true });
    }
    let sum = |part: fn(&ColumnState) -> i32| columns.iter().map(|column| i64::from(part(column))).sum();
    let (left, failed) = (sum(|c| c.left), sum(|c| c.failed));
    Ok(Report { columns, done: 0, left, failed, finished: true, removable: left == 0 && failed == 0 })
}

/// What the newest run to the current key reached; empty when there never was one. Two statements.
pub async fn status(app: &App) -> AppResult<Report> {
    let Some(newest) = newest_run(app).await? else { return Ok(Report::default()) };
    Ok(Report::of(of_run(app, newest).await?))
}

/// The newest run to the current key: runs to an earlier key say nothing about this one.
async fn newest_run(app: &App) -> AppResult<Option<AnyId>> {
    let mark = Entity::find()
        .filter(Column::Kind.eq(EncryptionRotationKind::Key))
        .filter(Column::TableName.eq(MARK))
        .filter(Column::ColumnName.eq(app.keys.fingerprint()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .one(app.db.conn())
        .await?;
    Ok(mark.map(|mark| mark.run_id))
}

async fn of_run(app: &App, run: AnyId) -> AppResult<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RunId.eq(run))
        .filter(Column::TableName.ne(MARK))
        .order_by_asc(Column::Id)
        .all(app.db.conn())
        .await?)
}

fn pairs<'a>(tables: &'a [SealedTable]) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
    tables.iter().flat_map(|table| table.columns.iter().map(|column| (table.name, *column)))
}

/// Re-encrypts everything that is not readable by the current key: goes on with a run that was cut off, else begins one.
///
/// `progress` hears the state after each batch and says whether to go on; false leaves the run where it is, for the next
/// call. A value no key reads is counted and left alone. Running it twice at once does no harm, only work twice.
pub async fn rotate(
    app: &App,
    tables: &[SealedTable],
    by: Option<UserId>,
    mut progress: impl FnMut(&Report) -> bool + Send,
) -> AppResult<Report> {
    let run = open_run(app, tables, by).await?;
    loop {
        let rows = of_run(app, run).await?;
        let Some(row) = rows.iter().find(|row| row.status == EncryptionRotationStatus::Running) else {
            let report = Report::of(rows);
            finished(app, by, run, &report).await?;
            return Ok(report);
        };
        advance(app, row).await?;
        let report = Report::of(of_run(app, run).await?);
        if !progress(&report) {
            return Ok(report);
        }
    }
}

/// The run to go on with, or a new one with a row for each column.
async fn open_run(app: &App, tables: &[SealedTable], by: Option<UserId>) -> AppResult<AnyId> {
    if let Some(run) = newest_run(app).await?
        && of_run(app, run).await?.iter().any(|row| row.status == EncryptionRotationStatus::Running)
    {
        return Ok(run);
    }
    let (run, now) = (AnyId::new(), app.now());
    let fingerprint = app.keys.fingerprint();
    crate::write_txn!(app.db, |txn| {
        for (table, column) in pairs(tables).chain([(MARK, fingerprint.as_str())]) {
            ActiveModel {
                id: Set(EncryptionRotationId::new()),
                run_id: Set(run),
                kind: Set(EncryptionRotationKind::Key),
                table_name: Set(table.to_owned()),
                column_name: Set(column.to_owned()),
                last_key: Set(None),
                done_count: Set(0),
                left_count: Set(0),
                failed_count: Set(0),
                status: Set(match table {
                    MARK => EncryptionRotationStatus::Finished,
                    _ => EncryptionRotationStatus::Running,
                }),
                started_by: Set(by),
                finished_at: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            }
            .insert(txn)
            .await?;
        }
        Ok(run)
    })
}

/// One batch of one column; at its end the column is counted, and walked again if somebody wrote with an older key.
async fn advance(app: &App, row: &Model) -> AppResult<()> {
    let (table, column) = (row.table_name.as_str(), row.column_name.as_str());
    let batch = read(app, (table, column), row.last_key.as_deref()).await?;
    let Some((last, _)) = batch.last().cloned() else {
        let (left, failed) = count(app, table, column).await?;
        // Another process may still have had the old key when this began: its rows are taken in a second walk.
        let again = left > 0 && row.left_count != left;
        return note(app, row, |change| {
            change.left_count = Set(left);
            change.failed_count = Set(failed);
            change.last_key = Set(None);
            if !again {
                change.status = Set(match left + failed {
                    0 => EncryptionRotationStatus::Finished,
                    _ => EncryptionRotationStatus::Failed,
                });
                change.finished_at = Set(Some(app.now()));
            }
        })
        .await;
    };
    let mut done = 0;
    let outdated: Vec<&(String, String)> = batch.iter().filter(|(_, text)| !app.keys.is_current(text)).collect();
    if !outdated.is_empty() {
        done = crate::write_txn!(app.db, |txn| {
            let mut done = 0;
            for (key, text) in &outdated {
                done += i32::from(reseal(txn, app, (table, column), key, text).await?);
            }
            Ok(done)
        })?;
    }
    note(app, row, |change| {
        change.done_count = Set(row.done_count.saturating_add(done));
        change.last_key = Set(Some(last));
    })
    .await
}

async fn note(app: &App, row: &Model, change: impl FnOnce(&mut ActiveModel)) -> AppResult<()> {
    let mut next = ActiveModel { id: Set(row.id), updated_at: Set(app.now()), ..Default::default() };
    change(&mut next);
    next.update(app.db.conn()).await?;
    Ok(())
}

async fn read(app: &App, (table, column): (&str, &str), after: Option<&str>) -> AppResult<Vec<(String, String)>> {
    let (id, value) = (Alias::new("id"), Alias::new(column));
    let mut query = Query::select();
    query
        .column(id.clone())
        .column(value.clone())
        .from(Alias::new(table))
        .and_where(Expr::col(value).is_not_null())
        .order_by(id.clone(), Order::Asc)
        .limit(BATCH);
    if let Some(after) = after {
        query.and_where(Expr::col(id).gt(after));
    }
    let conn = app.db.conn();
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", column)?))).collect()
}

/// Writes one value anew; true when it was this call that did.
async fn reseal(
    conn: &impl ConnectionTrait,
    app: &App,
    (table, column): (&str, &str),
    key: &str,
    text: &str,
) -> AppResult<bool> {
    let mut text = text.to_owned();
    for _ in 0..RETRIES {
        let Ok(plain) = app.keys.open(&Sealed::<String>::from_ciphertext(&*text)) else {
            tracing::error!(table, column, key, "no key reads this value");
            return Ok(false);
        };
        let fresh = app.keys.seal(&plain).ciphertext().to_owned();
        let update = Query::update()
            .table(Alias::new(table))
            .value(Alias::new(column), fresh)
            .and_where(Expr::col(Alias::new("id")).eq(key))
            .and_where(Expr::col(Alias::new(column)).eq(&text))
            .to_owned();
        if conn.execute(&update).await?.rows_affected() == 1 {
            return Ok(true);
        }
        // Somebody edited the row: what they wrote stays, unless it was still written with an older key.
        let query = Query::select()
            .column(Alias::new(column))
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new("id")).eq(key))
            .to_owned();
        let now: Option<String> = match conn.query_one(&query).await? {
            Some(row) => row.try_get("", column)?,
            None => None,
        };
        match now {
            Some(now) if !app.keys.is_current(&now) => text = now,
            _ => return Ok(false),
        }
    }
    Ok(false)
}

/// How many values the current key does not read, and how many no key reads.
async fn count(app: &App, table: &str, column: &str) -> AppResult<(i32, i32)> {
    let (mut left, mut failed, mut after) = (0, 0, None::<String>);
    loop {
        let batch = read(app, (table, column), after.as_deref()).await?;
        let Some((last, _)) = batch.last() else { return Ok((left, failed)) };
        after = Some(last.clone());
        for (_, text) in batch.iter().filter(|(_, text)| !app.keys.is_current(text)) {
            match app.keys.open(&Sealed::<String>::from_ciphertext(&**text)) {
                Ok(_) => left += 1,
                Err(_) => failed += 1,
            }
        }
    }
}

async fn finished(app: &App, by: Option<UserId>, run: AnyId, report: &Report) -> AppResult<()> {
    let actor = kernel::Actor::system();
    let name = if report.removable { "security.key_rotation_finished" } else { "security.key_rotation_failed" };
    let counts = serde_json::json!({ "done": report.done, "left": report.left, "failed": report.failed });
    crate::write_txn!(app.db, |txn| {
        let entry = Entry::new("keys.rotated")
            .subject("EncryptionRotation", run)
            .change(None, Some(serde_json::json!({ "counts": counts, "started_by": by })));
        audit::record(txn, app, &actor, entry).await?;
        let event = Event::new(name, "EncryptionRotation", run).with("counts", counts.clone());
        outbox::emit(txn, app, &actor, event).await
    })
}
