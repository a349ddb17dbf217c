//! Masses of believable rows, to see how lists and details behave when there are a million cases.
//!
//! Not for people to click through: no pictures, few texts. Every row keeps the schema's rules (one active request per
//! patient, one accepted quote per request, stages that fit their quotes), so that queries meet the shapes they meet in
//! earnest.

mod rows;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kernel::ids::TreatmentId;
use kernel::{AppError, AppResult};
use platform::{App, write_txn};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use tokio::task::JoinSet;

use rows::{Plan, Table};

/// Rows of one statement.
const BATCH: u64 = 1000;
/// Batches of one transaction.
const BATCHES: u64 = 20;

/// How much is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Requests; three quotes are written for each.
    pub inquiries: u64,
    /// Clinics.
    pub clinics: u64,
    /// As many of them are asked. With few requests and all clinics, a clinic has as many requests as with many.
    pub asked: u64,
}

/// What was written.
#[derive(Clone, Copy, Debug)]
pub struct Filled {
    /// Rows of all tables.
    pub rows: u64,
    /// How long it took.
    pub took: Duration,
}

impl Filled {
    /// Rows in a second.
    pub fn rate(&self) -> u64 {
        (self.rows as f64 / self.took.as_secs_f64().max(0.001)) as u64
    }
}

/// How many rows a scale means, for a progress bar.
pub fn expected(scale: &Scale) -> u64 {
    Table::ALL.iter().map(|table| table.many(scale)).sum()
}

/// Fills a database that holds reference data and nothing else. `told` hears how many rows are in.
///
/// Errors: 409 `not_empty` when there are requests already; what the database says.
pub async fn fill(app: &App, scale: Scale, told: Arc<dyn Fn(u64) + Send + Sync>) -> AppResult<Filled> {
    if inquiry::entity::inquiries::Entity::find().count(app.db.conn()).await? > 0 {
        return Err(AppError::conflict("not_empty", "There are requests in this database. Take an empty one."));
    }
    let owner = identity::seed::legal_owner(app, "Scale", "Keeper", "scale@hairline.example").await?;
    catalogue::seed::treatments(app, owner).await?;
    let treatments: Vec<TreatmentId> = catalogue::entity::treatments::Entity::find()
        .select_only()
        .column(catalogue::entity::treatments::Column::Id)
        .filter(
            catalogue::entity::treatments::Column::Status.eq(catalogue::entity::treatments::TreatmentStatus::Active),
        )
        .into_tuple()
        .all(app.db.conn())
        .await?;
    let plan = Arc::new(Plan::new(app, scale, treatments));
    let begun = Instant::now();
    let written = Arc::new(AtomicU64::new(0));
    // SQLite has one writer; a server gains from a second one while the first waits for its log.
    let workers: u64 = if app.db.backend() == DbBackend::Sqlite { 1 } else { 3 };
    for table in Table::ALL {
        let many = table.many(&scale);
        let next = Arc::new(AtomicU64::new(0));
        let mut set = JoinSet::new();
        for _ in 0..workers {
            let (app, plan, next) = (app.clone(), plan.clone(), next.clone());
            let (written, told) = (written.clone(), told.clone());
            set.spawn(async move {
                loop {
                    let from = next.fetch_add(BATCH * BATCHES, Ordering::Relaxed);
                    if from >= many {
                        return Ok::<(), AppError>(());
                    }
                    let to = (from + BATCH * BATCHES).min(many);
                    write(&app, &plan, table, from, to).await?;
                    told(written.fetch_add(to - from, Ordering::Relaxed) + to - from);
                }
            });
        }
        while let Some(done) = set.join_next().await {
            done.map_err(AppError::internal)??;
        }
    }
    // What the optimiser knows of the tables, it learns now.
    let names: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
    match app.db.backend() {
        DbBackend::MySql => {
            app.db.conn().execute_unprepared(&format!("ANALYZE TABLE {}", names.join(", "))).await?;
        }
        _ => {
            app.db.conn().execute_unprepared("ANALYZE").await?;
        }
    }
    Ok(Filled { rows: written.load(Ordering::Relaxed), took: begun.elapsed() })
}

/// One transaction's share of a table; again from its beginning where the database gave it up.
async fn write(app: &App, plan: &Plan, table: Table, from: u64, to: u64) -> AppResult<()> {
    let mysql = app.db.backend() == DbBackend::MySql;
    write_txn!(app.db, |txn| {
        if mysql {
            // The rows are made to fit; looking every one of them up again would double the time.
            txn.execute_unprepared("SET foreign_key_checks = 0, unique_checks = 0").await?;
        }
        let mut at = from;
        while at < to {
            let end = (at + BATCH).min(to);
            let text = plan.insert(table, at, end);
            if let Some(text) = text {
                txn.execute_unprepared(&text).await?;
            }
            at = end;
        }
        if mysql {
            txn.execute_unprepared("SET foreign_key_checks = 1, unique_checks = 1").await?;
        }
        Ok(())
    })
}
