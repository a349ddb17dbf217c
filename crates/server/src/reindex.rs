//! Blind indexes made anew: the one maintenance job after the index key was changed (R-ID-62).
//!
//! Until it has run, look-ups by the indexed value find nothing; the values themselves are safe. It may be run again at
//! any time: what is right already is left alone.

use kernel::{Actor, AppResult, Sealed};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde::Serialize;

/// Rows read at once.
const BATCH: u64 = 200;

/// A column that finds what is sealed beside it.
struct Index {
    table: &'static str,
    column: &'static str,
    /// What is found; of several the first that is there.
    sealed: &'static [&'static str],
    /// The name under which the wing that writes it computes it.
    name: &'static str,
}

const INDEXES: &[Index] = &[
    Index {
        table: "banking_details",
        column: "account_fingerprint",
        sealed: &["iban_encrypted", "account_number_encrypted"],
        name: "banking_details.account_number",
    },
    Index {
        table: "medical_histories",
        column: "alert_level_index",
        sealed: &["alert_level"],
        name: "medical_histories.alert_level",
    },
    Index { table: "patients", column: "phone_index", sealed: &["phone_number"], name: "patients.phone_number" },
];

/// What a walk found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reindexed {
    /// Indexes written anew.
    pub done: u64,
    /// Indexes that were right.
    pub right: u64,
    /// Values no key reads; their index stays as it is.
    pub failed: u64,
}

/// A row as it was read.
struct Row {
    id: String,
    index: Option<String>,
    sealed: Vec<Option<String>>,
}

/// Computes every blind index with the configured index key and writes those that differ; that it was done is recorded.
/// `progress` hears after each
/// batch how far it is.
pub async fn reindex(app: &App, mut progress: impl FnMut(&Reindexed)) -> AppResult<Reindexed> {
    let mut report = Reindexed::default();
    for index in INDEXES {
        let mut after = None;
        loop {
            let rows = read(app, index, after.as_deref()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id.clone());
            for row in &rows {
                match renew(app, index, row).await? {
                    Outcome::Done => report.done += 1,
                    Outcome::Right => report.right += 1,
                    Outcome::Failed => report.failed += 1,
                }
            }
            progress(&report);
        }
    }
    platform::write_txn!(app.db, |txn| {
        let entry = Entry::new("keys.reindexed").change(None, Some(serde_json::json!({ "counts": report })));
        audit::record(txn, app, &Actor::system(), entry).await
    })?;
    Ok(report)
}

async fn read(app: &App, index: &Index, after: Option<&str>) -> AppResult<Vec<Row>> {
    let id = Alias::new("id");
    let mut query = Query::select();
    query.column(id.clone()).column(Alias::new(index.column)).from(Alias::new(index.table));
    for column in index.sealed {
        query.column(Alias::new(*column));
    }
    query.order_by(id.clone(), Order::Asc).limit(BATCH);
    if let Some(after) = after {
        query.and_where(Expr::col(id).gt(after));
    }
    let rows = app.db.conn().query_all(&query).await?;
    let read = |row: &sea_orm::QueryResult| {
        let sealed = index.sealed.iter().map(|column| row.try_get("", column)).collect::<Result<_, _>>()?;
        Ok(Row { id: row.try_get("", "id")?, index: row.try_get("", index.column)?, sealed })
    };
    rows.iter().map(read).collect()
}

enum Outcome {
    Done,
    Right,
    Failed,
}

/// Compares with what was read as it writes: a row somebody edits meanwhile gets its index from them.
async fn renew(app: &App, index: &Index, row: &Row) -> AppResult<Outcome> {
    let there = index.sealed.iter().zip(&row.sealed).find_map(|(column, text)| Some((column, text.as_ref()?)));
    let Some((column, text)) = there else { return Ok(Outcome::Right) };
    let Ok(plain) = app.keys.open(&Sealed::<String>::from_ciphertext(text.as_str())) else {
        tracing::error!(table = index.table, column, key = row.id, "no key reads this value");
        return Ok(Outcome::Failed);
    };
    let fresh = app.keys.blind_index(index.name, &plain);
    if row.index.as_deref() == Some(fresh.as_str()) {
        return Ok(Outcome::Right);
    }
    let update = Query::update()
        .table(Alias::new(index.table))
        .value(Alias::new(index.column), fresh)
        .and_where(Expr::col(Alias::new("id")).eq(&row.id))
        .and_where(Expr::col(Alias::new(*column)).eq(text))
        .to_owned();
    let written = app.db.conn().execute(&update).await?.rows_affected();
    Ok(if written == 1 { Outcome::Done } else { Outcome::Right })
}
