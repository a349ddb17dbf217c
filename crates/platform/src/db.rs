//! The database: connecting, transactions that are retried, statements that are counted.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use kernel::error::ErrorKind;
use kernel::page::Total;
use kernel::{AppError, AppResult};
use sea_orm::sea_query::{Alias, Asterisk, CaseStatement, Expr, Func, IntoCondition, Query, SimpleExpr};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IsolationLevel, QuerySelect, QueryTrait, RuntimeErr, Select, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A write transaction: BEGIN IMMEDIATE on SQLite, READ COMMITTED on MySQL.
pub type Txn = DatabaseTransaction;

/// Runs a block in a write transaction and commits it; rolls back when the block refuses.
///
/// `write_txn!(db, |txn| { ...; Ok(value) })` has the type `AppResult<T>`; inside the block `txn` is a `&Txn` and `?`
/// leaves the block. The whole block runs again when the database gave the transaction up: deadlock (1213), cluster
/// conflict (1180, 3101), lock wait (1205), SQLite busy. So it must do nothing outside the transaction, and it borrows
/// what it uses instead of moving it.
///
/// A macro and not a method: a closure that borrows both its captures and the transaction in one future cannot be
/// proven `Send` for every lifetime, and handlers must be `Send`.
#[macro_export]
macro_rules! write_txn {
    ($db:expr, |$txn:ident| $body:block) => {{
        let db: &$crate::db::Db = &$db;
        let mut tries = $crate::db::Tries::default();
        loop {
            let turn = db.turn().await;
            let txn = match db.begin().await {
                Ok(txn) => txn,
                Err(error) => match tries.after(Err(error.into())).await {
                    Some(outcome) => break outcome,
                    None => continue,
                },
            };
            let outcome = {
                let $txn: &$crate::db::Txn = &txn;
                let outcome: ::kernel::AppResult<_> = async { $body }.await;
                outcome
            };
            let outcome = $crate::db::end(txn, outcome).await;
            drop(turn);
            if let Some(outcome) = tries.after(outcome).await {
                break outcome;
            }
        }
    }};
}

/// Letters of a slow statement that are logged.
const MOST_LOGGED: usize = 400;

/// As far as long lists are counted: nobody pages through more, and a number of six digits would cost every row.
pub const MOST_COUNTED: u64 = 1_000;

/// How many rows a list has, counted up to [`MOST_COUNTED`]. Order, offset and limit of the query are left out.
pub async fn total<E: EntityTrait>(conn: &impl ConnectionTrait, rows: &Select<E>) -> AppResult<Total> {
    let mut one_each = rows.clone().select_only().expr(Expr::val(1)).into_query();
    one_each.clear_order_by().reset_offset().limit(MOST_COUNTED + 1);
    let all = Query::select()
        .expr(Func::count(Expr::col(Asterisk)))
        .from_subquery(one_each, Alias::new("counted"))
        .to_owned();
    let row = conn.query_one(&all).await?;
    let found: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let found = u64::try_from(found).unwrap_or_default();
    Ok(Total { counted: found.min(MOST_COUNTED), exceeded: found > MOST_COUNTED })
}

/// A condition with a select in it, looked at row by row. Left bare, the database may collect all that the select finds
/// before it looks at the first row: with millions of them, for the twenty rows of a page.
pub fn row_by_row(condition: impl IntoCondition) -> SimpleExpr {
    let one: SimpleExpr = CaseStatement::new().case(condition, 1).finally(0).into();
    sea_orm::sea_query::ExprTrait::eq(one, 1)
}

/// Commits what succeeded and rolls back what refused. Part of [`write_txn`].
pub async fn end<T>(txn: Txn, outcome: AppResult<T>) -> AppResult<T> {
    match outcome {
        Ok(value) => {
            txn.commit().await?;
            Ok(value)
        }
        Err(error) => {
            // A failed rollback changes nothing: the connection is closed and the server rolls back.
            if let Err(rollback) = txn.rollback().await {
                tracing::debug!(%rollback, "rollback failed");
            }
            Err(error)
        }
    }
}

/// Counts the tries of one transaction. Part of [`write_txn`].
#[derive(Default)]
pub struct Tries(u32);

impl Tries {
    /// What the caller gets, or `None` after a pause when the transaction should be tried again.
    pub async fn after<T>(&mut self, outcome: AppResult<T>) -> Option<AppResult<T>> {
        self.0 += 1;
        match outcome {
            Err(error) if is_conflict(&error) && self.0 < ATTEMPTS => {
                tracing::debug!(attempt = self.0, %error, "transaction conflict, trying again");
                metrics::counter!("hairline_transaction_retries_total").increment(1);
                #[expect(clippy::disallowed_methods, reason = "waits for the database, not for a test")]
                tokio::time::sleep(backoff(self.0)).await;
                None
            }
            Err(error) if is_conflict(&error) => {
                let mut busy = AppError::new(ErrorKind::Unavailable, "busy", "Too many changes at once. Try again.");
                busy.retry_after = Some(1);
                busy.source = error.source;
                Some(Err(busy))
            }
            other => Some(other),
        }
    }
}

/// Prepared statements the connections to MySQL keep together: a server allows 16,382 for all its clients.
const PREPARED: usize = 4096;

/// How often a transaction is tried before the caller hears of the conflict.
const ATTEMPTS: u32 = 8;

/// The pool of connections.
#[derive(Clone)]
pub struct Db {
    conn: DatabaseConnection,
    writers: Arc<Semaphore>,
}

/// How long a writer waits for those of its own process before it asks the database all the same.
const PATIENCE: Duration = Duration::from_secs(10);

impl Db {
    /// Connects to `sqlite:` or `mysql:`; statements slower than `slow` are logged with a warning.
    pub async fn connect(url: &str, max_connections: u32, slow: Duration) -> Result<Self, DbErr> {
        // A whole case needs some hundreds. To prepare one more a connection closes its oldest, which the server does not
        // answer, and the next packet waits for the delayed acknowledgement: 40 ms each time.
        let prepared = (PREPARED / max_connections.max(1) as usize).clamp(100, 512);
        let mut options = ConnectOptions::new(url.to_owned());
        options
            .max_connections(max_connections)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(15))
            .sqlx_logging(false)
            .map_sqlx_mysql_opts(move |mysql| mysql.statement_cache_capacity(prepared))
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .foreign_keys(true)
                    .create_if_missing(true)
                    .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                    // With WAL a crash loses nothing committed as long as the log is synced at commit.
                    .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(10))
                    // What a connection keeps for itself: the system holds the file's pages for all of them.
                    .pragma("cache_size", "-512")
                    // To prepare one anew is cheap here, and each takes its kilobytes in every connection.
                    .statement_cache_capacity(32)
            });
        let mut conn = Database::connect(options).await?;
        conn.set_metric_callback(move |info| {
            count_statement();
            record_statement(info.statement);
            if info.elapsed >= slow {
                // A list of five hundred ids is five hundred question marks.
                let sql: String = info.statement.sql.chars().take(MOST_LOGGED).collect();
                tracing::warn!(elapsed_ms = info.elapsed.as_millis() as u64, sql, "slow statement");
            }
        });
        Ok(Self { conn, writers: Arc::new(Semaphore::new(1)) })
    }

    /// The pool, for reads outside a transaction.
    pub fn conn(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Which family of database this is.
    pub fn backend(&self) -> DbBackend {
        self.conn.get_database_backend()
    }

    /// One after the other where the database lets one write at a time. Who waited for SQLite's lock would hold a connection
    /// meanwhile, and the writer it waits for might need one more to come to its end. Part of [`write_txn`].
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        if self.backend() == DbBackend::MySql {
            return None;
        }
        let turn = self.writers.clone().acquire_owned();
        tokio::time::timeout(PATIENCE, turn).await.ok()?.ok()
    }

    /// Begins a write transaction that the caller commits. Not retried: [`write_txn`] is.
    ///
    /// Whoever gives up while it begins, as a request does whose client hung up, leaves nothing behind: on MySQL a connection
    /// would go back to the pool with the transaction open, and the next statements on it would never be committed.
    pub async fn begin(&self) -> Result<Txn, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            isolation_level: (self.backend() == DbBackend::MySql).then_some(IsolationLevel::ReadCommitted),
            ..Default::default()
        };
        if self.backend() != DbBackend::MySql {
            return self.conn.begin_with_options(options).await;
        }
        // Begun where nobody gives it up; what nobody takes is rolled back.
        let conn = self.conn.clone();
        let begun = tokio::spawn(async move { conn.begin_with_options(options).await });
        begun.await.map_err(|error| DbErr::Custom(error.to_string()))?
    }

    /// Whether the database answers now.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.conn.ping().await
    }

    /// Closes the pool after its transactions ended.
    pub async fn close(self) -> Result<(), DbErr> {
        self.conn.close().await
    }
}

#[expect(clippy::disallowed_methods, reason = "a pause of chance decides nothing")]
fn backoff(attempt: u32) -> Duration {
    // Spread by the attempt and a little chance, so that two losers do not meet again.
    let jitter = rand::random_range(0..10);
    Duration::from_millis(u64::from(5 * 2u32.pow(attempt.min(6))) + jitter)
}

fn is_conflict(error: &AppError) -> bool {
    error.db_error().is_some_and(is_transient)
}

/// Whether the database gave the transaction up and it should be tried again as a whole.
pub fn is_transient(err: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(sqlx_err))
    | DbErr::Exec(RuntimeErr::SqlxError(sqlx_err))
    | DbErr::Query(RuntimeErr::SqlxError(sqlx_err))) = err
    else {
        return false;
    };
    let Some(database) = sqlx_err.as_database_error() else { return false };
    if let Some(mysql) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return matches!(mysql.number(), 1213 | 1180 | 3101 | 1205);
    }
    // SQLITE_BUSY (5) and SQLITE_LOCKED (6), with their extended codes in the upper bits.
    database.code().and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

tokio::task_local! {
    static STATEMENTS: Cell<u64>;
}

fn count_statement() {
    // Outside a counted scope nobody asks.
    let _ = STATEMENTS.try_with(|count| count.set(count.get() + 1));
}

/// Runs `work` and tells how many statements this task sent meanwhile.
pub async fn count_statements<T>(work: impl Future<Output = T>) -> (T, u64) {
    STATEMENTS
        .scope(Cell::new(0), async {
            let value = work.await;
            (value, STATEMENTS.with(Cell::get))
        })
        .await
}

/// Runs `work` outside any count: what one request reads for a cache that all share is not that request's.
pub async fn uncounted<T>(work: impl Future<Output = T>) -> T {
    STATEMENTS.scope(Cell::new(0), work).await
}

tokio::task_local! {
    static RECORDED: RefCell<Vec<Statement>>;
}

fn record_statement(statement: &Statement) {
    // Outside a recorded scope nobody asks.
    let _ = RECORDED.try_with(|all| all.borrow_mut().push(statement.clone()));
}

/// Runs `work` and hands out the statements this task sent meanwhile, with their values.
pub async fn record_statements<T>(work: impl Future<Output = T>) -> (T, Vec<Statement>) {
    RECORDED
        .scope(RefCell::new(Vec::new()), async {
            let value = work.await;
            (value, RECORDED.with(RefCell::take))
        })
        .await
}
