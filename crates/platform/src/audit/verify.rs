//! Proving that the log is whole.

use std::collections::HashMap;

use chrono::Duration;
use kernel::AppResult;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::canonical::{GENESIS, row_hash};
use crate::App;
use crate::entity::{audit_log_seals, audit_logs};

const BATCH: u64 = 1000;

/// The sealer runs far more often; older entries without a seal mean that it does not run.
const OVERDUE: Duration = Duration::minutes(5);

/// What a walk along the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Entries with a good seal.
    pub sealed: u64,
    /// Entries too young to be sealed yet.
    pub waiting: u64,
    /// Entries that should have been sealed by now and were not.
    pub overdue: u64,
    /// The first entry at which the chain does not hold.
    pub broken: Option<Broken>,
    /// The last seal's entry and hash. Noted down elsewhere, it proves later that the end was not cut off.
    pub head: Option<(i64, String)>,
}

impl Report {
    /// Whether the log is whole and the sealer keeps up.
    pub fn is_ok(&self) -> bool {
        self.broken.is_none() && self.overdue == 0
    }
}

/// Where the chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The entry.
    pub id: i64,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its content is not what was sealed, or its seal was changed.
    Changed,
    /// Its seal is there and it is not.
    Deleted,
    /// It lies among sealed entries and has no seal: the seal was removed or the entry slipped in.
    Unsealed,
    /// Its seal does not continue the one before: entries before it were removed with their seals.
    Detached,
}

/// Walks the log from its beginning and recomputes every hash.
pub async fn verify(app: &App) -> AppResult<Report> {
    let conn = app.db.conn();
    let mut report = Report { sealed: 0, waiting: 0, overdue: 0, broken: None, head: None };
    let mut prev_hash = GENESIS.to_owned();
    let mut cursor = 0;
    loop {
        let seals = audit_log_seals::Entity::find()
            .filter(audit_log_seals::Column::AuditLogId.gt(cursor))
            .order_by_asc(audit_log_seals::Column::AuditLogId)
            .limit(BATCH)
            .all(conn)
            .await?;
        let Some(last) = seals.last().map(|seal| seal.audit_log_id) else { break };
        let rows = audit_logs::Entity::find()
            .filter(audit_logs::Column::Id.gt(cursor))
            .filter(audit_logs::Column::Id.lte(last))
            .order_by_asc(audit_logs::Column::Id)
            .all(conn)
            .await?;
        report.broken = first_broken(&mut prev_hash, &seals, &rows);
        if report.broken.is_some() {
            return Ok(report);
        }
        report.sealed += seals.len() as u64;
        report.head = Some((last, prev_hash.clone()));
        cursor = last;
    }
    let unsealed = audit_logs::Entity::find().filter(audit_logs::Column::Id.gt(cursor));
    report.overdue =
        unsealed.clone().filter(audit_logs::Column::OccurredAt.lt(app.now() - OVERDUE)).count(conn).await?;
    report.waiting = unsealed.count(conn).await?.saturating_sub(report.overdue);
    Ok(report)
}

/// Checks a stretch of the chain; `rows` are all entries in its range of ids.
fn first_broken(
    prev_hash: &mut String,
    seals: &[audit_log_seals::Model],
    rows: &[audit_logs::Model],
) -> Option<Broken> {
    let by_id: HashMap<i64, &audit_logs::Model> = rows.iter().map(|row| (row.id, row)).collect();
    let mut unsealed = rows.iter().map(|row| row.id).peekable();
    for seal in seals {
        let id = seal.audit_log_id;
        if let Some(skipped) = unsealed.next_if(|next| *next < id) {
            return Some(Broken { id: skipped, why: Why::Unsealed });
        }
        let Some(row) = by_id.get(&id) else { return Some(Broken { id, why: Why::Deleted }) };
        unsealed.next();
        if seal.prev_hash != *prev_hash {
            return Some(Broken { id, why: Why::Detached });
        }
        if row_hash(prev_hash, row) != seal.row_hash {
            return Some(Broken { id, why: Why::Changed });
        }
        *prev_hash = seal.row_hash.clone();
    }
    None
}
