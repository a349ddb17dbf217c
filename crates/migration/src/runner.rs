//! Applies the steps, one process at a time, on a connection of its own.
//!
//! Two processes that migrate at once do no harm: on MySQL the second waits for a named lock, on SQLite
//! each step is a transaction that starts with the write lock, and both look into the ledger again once
//! they hold it. Behind a Galera cluster the named lock is local to a node; there it helps that every
//! statement may be run twice.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use crate::blueprint::{Operation, Schema, short_name};
use crate::steps::{Step, areas, table_with};
use crate::{ddl, inspect, ledger};

/// How long a process waits for another one that is migrating.
const LOCK_WAIT: Duration = Duration::from_secs(120);

/// Why the schema could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database refused a statement of a step.
    #[error("step {step} failed: {source}")]
    Step {
        /// The step's name.
        step: String,
        /// What the database said.
        source: DbErr,
    },
    /// The database could not be reached or its ledger not be read.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Another process kept the lock.
    #[error("another process has been migrating this database for {} seconds", LOCK_WAIT.as_secs())]
    Locked,
    /// The ledger names steps this program does not have.
    #[error("the ledger names steps this program does not know: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// A table of this name was there before, and is not ours.
    #[error("table {table} exists but lacks the columns {}", .missing.join(", "))]
    Differs {
        /// The table.
        table: String,
        /// The columns it lacks.
        missing: Vec<String>,
    },
    /// The server would change the meaning of TIMESTAMP columns.
    #[error("the server runs with explicit_defaults_for_timestamp=OFF, set it to ON")]
    ImplicitTimestamps,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It begins.
    Running,
    /// It is applied or taken back, after this long.
    Done(Duration),
}

/// A line of `migrate status`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StepStatus {
    /// The step.
    pub name: String,
    /// The run that applied it; none when it is pending.
    pub batch: Option<i32>,
    /// Whether this program has the step.
    pub known: bool,
}

/// Applies and takes back steps on one connection.
#[derive(Debug)]
pub struct Runner {
    db: DatabaseConnection,
    steps: Vec<&'static Step>,
}

impl Runner {
    /// Connects to a database: `mysql://...` or `sqlite://path` (the file is made when it is missing).
    pub async fn connect(url: &str) -> Result<Self, MigrateError> {
        let mut options = ConnectOptions::new(url);
        options.min_connections(1).max_connections(1).sqlx_logging(false);
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
        // Keys are off while tables come and go: dropping a table would otherwise delete its rows first.
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite.create_if_missing(true).foreign_keys(false).busy_timeout(LOCK_WAIT).pragma("journal_mode", "WAL")
        });
        Ok(Self::on(Database::connect(options).await?))
    }

    /// Uses a connection that is there; it must be a pool of one.
    pub fn on(db: DatabaseConnection) -> Self {
        Self { db, steps: areas().iter().flat_map(|area| area.steps).collect() }
    }

    /// Uses other steps, in their order.
    pub fn with_steps(mut self, steps: Vec<&'static Step>) -> Self {
        self.steps = steps;
        self
    }

    /// The connection, for whoever looks at the result.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.db
    }

    /// The name of the database, or the path of the SQLite file.
    pub async fn database_name(&self) -> Result<String, MigrateError> {
        let sql = match self.db.get_database_backend() {
            DbBackend::MySql => "SELECT DATABASE()",
            _ => "SELECT file FROM pragma_database_list WHERE name = 'main'",
        };
        Ok(self.text(sql).await?.unwrap_or_default())
    }

    /// Applies every pending step as one batch; answers with their names.
    pub async fn up(&self, on_step: impl FnMut(&str, State)) -> Result<Vec<String>, MigrateError> {
        self.locked(async || self.apply_pending(on_step).await).await
    }

    /// Takes back the last batch, or the last `steps` steps; answers with their names.
    pub async fn rollback(
        &self,
        steps: Option<usize>,
        on_step: impl FnMut(&str, State),
    ) -> Result<Vec<String>, MigrateError> {
        self.locked(async || {
            let entries = ledger::entries(&self.db).await?;
            let last = entries.first().map(|entry| entry.batch);
            let chosen = entries.into_iter().enumerate().filter(|(position, entry)| match steps {
                Some(count) => *position < count,
                None => Some(entry.batch) == last,
            });
            self.take_back(chosen.map(|(_, entry)| entry.name).collect(), on_step).await
        })
        .await
    }

    /// Takes back every step.
    pub async fn reset(&self, on_step: impl FnMut(&str, State)) -> Result<Vec<String>, MigrateError> {
        self.locked(async || {
            let entries = ledger::entries(&self.db).await?;
            self.take_back(entries.into_iter().map(|entry| entry.name).collect(), on_step).await
        })
        .await
    }

    /// Takes back every step and applies them all again.
    pub async fn refresh(&self, mut on_step: impl FnMut(&str, State)) -> Result<Vec<String>, MigrateError> {
        self.reset(&mut on_step).await?;
        self.up(on_step).await
    }

    /// Drops every view, trigger and table, whoever made it, and applies all steps.
    pub async fn fresh(&self, on_step: impl FnMut(&str, State)) -> Result<Vec<String>, MigrateError> {
        self.locked(async || {
            self.drop_everything().await?;
            ledger::create(&self.db).await?;
            self.apply_pending(on_step).await
        })
        .await
    }

    /// Every step in order with the batch that applied it, then what the ledger has beyond.
    pub async fn status(&self) -> Result<Vec<StepStatus>, MigrateError> {
        let mut applied = match inspect::has_table(&self.db, "migrations").await? {
            true => ledger::applied(&self.db).await?,
            false => Default::default(),
        };
        let known = self.steps.iter().map(|step| {
            let batch = applied.remove(step.name);
            StepStatus { name: step.name.to_owned(), batch, known: true }
        });
        let mut all: Vec<StepStatus> = known.collect();
        all.extend(applied.into_iter().map(|(name, batch)| StepStatus { name, batch: Some(batch), known: false }));
        Ok(all)
    }

    async fn apply_pending(&self, mut on_step: impl FnMut(&str, State)) -> Result<Vec<String>, MigrateError> {
        let applied = ledger::applied(&self.db).await?;
        let batch = applied.values().max().copied().unwrap_or(0) + 1;
        let mut done = Vec::new();
        for step in self.steps.iter().filter(|step| !applied.contains_key(step.name)) {
            on_step(step.name, State::Running);
            let begin = Instant::now();
            if self.run(step, Some(batch)).await? {
                on_step(step.name, State::Done(begin.elapsed()));
                done.push(step.name.to_owned());
            }
        }
        Ok(done)
    }

    async fn take_back(
        &self,
        names: Vec<String>,
        mut on_step: impl FnMut(&str, State),
    ) -> Result<Vec<String>, MigrateError> {
        let find = |name: &String| self.steps.iter().copied().find(|step| step.name == name);
        let unknown: Vec<String> = names.iter().filter(|name| find(name).is_none()).cloned().collect();
        if !unknown.is_empty() {
            return Err(MigrateError::Unknown(unknown));
        }
        for step in names.iter().filter_map(find) {
            on_step(step.name, State::Running);
            let begin = Instant::now();
            self.run(step, None).await?;
            on_step(step.name, State::Done(begin.elapsed()));
        }
        Ok(names)
    }

    /// Applies a step (with its batch) or takes it back; tells whether there was anything to do.
    async fn run(&self, step: &Step, batch: Option<i32>) -> Result<bool, MigrateError> {
        let mut schema = Schema::default();
        match batch {
            Some(_) => (step.up)(&mut schema),
            None => (step.down)(&mut schema),
        }
        let failed = |source| MigrateError::Step { step: step.name.to_owned(), source };
        if self.db.get_database_backend() == DbBackend::MySql {
            self.run_mysql(&schema).await.map_err(|err| match err {
                MigrateError::Database(source) => failed(source),
                other => other,
            })?;
            record(&self.db, step.name, batch).await?;
            return Ok(true);
        }
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let txn = self.db.begin_with_options(immediate).await?;
        // Somebody else may have been faster while this process waited for the write lock.
        let there = ledger::applied(&txn).await?.contains_key(step.name);
        if there == batch.is_some() {
            txn.rollback().await?;
            return Ok(false);
        }
        for operation in &schema.operations {
            for statement in sqlite_statements(operation) {
                txn.execute_unprepared(&statement).await.map_err(failed)?;
            }
        }
        record(&txn, step.name, batch).await?;
        txn.commit().await?;
        Ok(true)
    }

    /// DDL commits by itself on MySQL, so every part looks at what is there already.
    async fn run_mysql(&self, schema: &Schema) -> Result<(), MigrateError> {
        for operation in &schema.operations {
            match operation {
                Operation::Create(table) => {
                    if inspect::has_table(&self.db, table.name).await? {
                        self.refuse_stranger(table).await?;
                    }
                    for statement in ddl::create(table, DbBackend::MySql) {
                        self.db.execute_unprepared(&statement).await?;
                    }
                }
                Operation::Drop(table) => {
                    self.db.execute_unprepared(&ddl::drop(table)).await?;
                }
                Operation::AddForeign(table, keys) => {
                    let there = inspect::foreign_key_names(&self.db, table).await?;
                    let missing: Vec<_> = keys.iter().filter(|key| !there.contains(&key.name)).collect();
                    if !missing.is_empty() {
                        self.db.execute_unprepared(&ddl::add_foreign(table, &missing)).await?;
                    }
                }
                Operation::DropForeign(table, columns) => {
                    let there = inspect::foreign_key_names(&self.db, table).await?;
                    let names = columns.iter().map(|column| short_name(&["fk", table, column]));
                    let present: Vec<String> = names.filter(|name| there.contains(name)).collect();
                    if !present.is_empty() {
                        self.db.execute_unprepared(&ddl::drop_foreign(table, &present)).await?;
                    }
                }
                Operation::LetEmpty(table, columns) => {
                    for statement in refuse_changes(table, columns, DbBackend::MySql) {
                        self.db.execute_unprepared(&statement).await?;
                    }
                }
                Operation::RefuseEmpty(table) => {
                    for statement in refuse_changes(table, &[], DbBackend::MySql) {
                        self.db.execute_unprepared(&statement).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A table left by an interrupted run is complete; anything less was made by somebody else.
    async fn refuse_stranger(&self, table: &crate::Table) -> Result<(), MigrateError> {
        let there: BTreeSet<String> =
            inspect::columns(&self.db, table.name).await?.into_iter().map(|column| column.name).collect();
        let missing: Vec<String> =
            table.columns.iter().map(|column| column.name.to_owned()).filter(|name| !there.contains(name)).collect();
        if missing.is_empty() { Ok(()) } else { Err(MigrateError::Differs { table: table.name.to_owned(), missing }) }
    }

    async fn drop_everything(&self) -> Result<(), MigrateError> {
        let tables = inspect::table_names(&self.db).await?;
        let views = inspect::view_names(&self.db).await?;
        let mysql = self.db.get_database_backend() == DbBackend::MySql;
        let quote = |name: &String| if mysql { format!("`{name}`") } else { format!("\"{name}\"") };
        if mysql {
            self.db.execute_unprepared("SET foreign_key_checks = 0").await?;
        }
        for view in &views {
            self.db.execute_unprepared(&format!("DROP VIEW IF EXISTS {}", quote(view))).await?;
        }
        // Triggers go with their tables. MySQL drops many tables in one go, SQLite one by one.
        let quoted: Vec<String> = tables.iter().map(quote).collect();
        for names in quoted.chunks(if mysql { 50 } else { 1 }) {
            self.db.execute_unprepared(&format!("DROP TABLE IF EXISTS {}", names.join(", "))).await?;
        }
        if mysql {
            self.db.execute_unprepared("SET foreign_key_checks = 1").await?;
        }
        Ok(())
    }

    /// Runs `work` while no other process migrates the same database.
    async fn locked<T>(&self, work: impl AsyncFnOnce() -> Result<T, MigrateError>) -> Result<T, MigrateError> {
        let mysql = self.db.get_database_backend() == DbBackend::MySql;
        const NAME: &str = "CONCAT('migrate:', LEFT(SHA2(DATABASE(), 256), 32))";
        if mysql {
            let got = self.number(&format!("SELECT GET_LOCK({NAME}, {})", LOCK_WAIT.as_secs())).await?;
            if got != Some(1) {
                return Err(MigrateError::Locked);
            }
        }
        let result = async {
            if mysql {
                self.insist_on_explicit_timestamps().await?;
            }
            ledger::create(&self.db).await?;
            work().await
        }
        .await;
        if mysql {
            self.number(&format!("SELECT RELEASE_LOCK({NAME})")).await?;
        }
        result
    }

    async fn insist_on_explicit_timestamps(&self) -> Result<(), MigrateError> {
        if self.number("SELECT CAST(@@explicit_defaults_for_timestamp AS SIGNED)").await? == Some(1) {
            return Ok(());
        }
        // Not every account may set it, and not every server lets a session do so.
        let set = self.db.execute_unprepared("SET SESSION explicit_defaults_for_timestamp = 1").await;
        set.map(drop).map_err(|_| MigrateError::ImplicitTimestamps)
    }

    async fn number(&self, sql: &str) -> Result<Option<i64>, DbErr> {
        let row = self.db.query_one_raw(Statement::from_string(self.db.get_database_backend(), sql)).await?;
        row.map_or(Ok(None), |row| row.try_get_by_index(0))
    }

    async fn text(&self, sql: &str) -> Result<Option<String>, DbErr> {
        let row = self.db.query_one_raw(Statement::from_string(self.db.get_database_backend(), sql)).await?;
        row.map_or(Ok(None), |row| row.try_get_by_index(0))
    }
}

fn sqlite_statements(operation: &Operation) -> Vec<String> {
    match operation {
        Operation::Create(table) => ddl::create(table, DbBackend::Sqlite),
        Operation::Drop(table) => vec![ddl::drop(table)],
        // Made with the table.
        Operation::AddForeign(..) | Operation::DropForeign(..) => Vec::new(),
        Operation::LetEmpty(table, columns) => refuse_changes(table, columns, DbBackend::Sqlite),
        Operation::RefuseEmpty(table) => refuse_changes(table, &[], DbBackend::Sqlite),
    }
}

/// The trigger over a table's changes anew, with these columns that may be emptied.
fn refuse_changes(table: &str, emptiable: &[&'static str], backend: DbBackend) -> Vec<String> {
    table_with(table, emptiable).map(|table| ddl::refuse_changes(&table, backend)).unwrap_or_default()
}

async fn record(db: &impl ConnectionTrait, step: &str, batch: Option<i32>) -> Result<(), DbErr> {
    match batch {
        Some(batch) => ledger::add(db, step, batch).await,
        None => ledger::remove(db, step).await,
    }
}
