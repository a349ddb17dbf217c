//! The sealer: chains entries in the order of their ids.

use chrono::Duration;
use kernel::{AppResult, Timestamp};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, SqlErr};

use super::canonical::{GENESIS, row_hash};
use crate::App;
use crate::db::Txn;
use crate::entity::{audit_log_seals, audit_logs};

/// Entries younger than this wait for the next round: a transaction that drew a lower id may still be open.
pub(super) const SETTLE: Duration = Duration::seconds(10);

/// Entries per transaction.
const BATCH: u64 = 500;

/// Seals every entry that has settled and answers how many that were. Run by several processes at once, one of them
/// wins and the others seal nothing.
pub async fn seal(app: &App) -> AppResult<u64> {
    let mut sealed = 0;
    loop {
        let outcome = crate::write_txn!(app.db, |txn| { seal_batch(txn, app.now()).await });
        match outcome {
            Ok(0) => return Ok(sealed),
            Ok(count) => sealed += count,
            // Another process has sealed these: its chain is the one that counts.
            Err(error) if is_lost_race(&error) => return Ok(sealed),
            Err(error) => return Err(error),
        }
    }
}

fn is_lost_race(error: &kernel::AppError) -> bool {
    let sql_error = error.db_error().and_then(sea_orm::DbErr::sql_err);
    matches!(sql_error, Some(SqlErr::UniqueConstraintViolation(_)))
}

async fn seal_batch(txn: &Txn, now: Timestamp) -> AppResult<u64> {
    let last = audit_log_seals::Entity::find().order_by_desc(audit_log_seals::Column::AuditLogId).one(txn).await?;
    let (last_id, mut prev_hash) = last.map_or((0, GENESIS.to_owned()), |seal| (seal.audit_log_id, seal.row_hash));
    let rows = settled_rows(txn, last_id, now - SETTLE).await?;
    let mut seals = Vec::with_capacity(rows.len());
    for row in &rows {
        let hash = row_hash(&prev_hash, row);
        seals.push(audit_log_seals::ActiveModel {
            audit_log_id: Set(row.id),
            prev_hash: Set(std::mem::replace(&mut prev_hash, hash.clone())),
            row_hash: Set(hash),
            sealed_at: Set(now),
        });
    }
    if !seals.is_empty() {
        audit_log_seals::Entity::insert_many(seals).exec_without_returning(txn).await?;
    }
    Ok(rows.len() as u64)
}

/// The entries behind `last_id` up to the first one that has not settled, in the order of their ids.
///
/// Ids are drawn at the INSERT and seen at the COMMIT, so a lower id can appear later. Reading with a lock makes
/// InnoDB wait for every such row that lies in the range; the settling time covers the instant between drawing an id
/// and writing its row, and clusters, whose nodes do not see each other's locks. SQLite has one writer at a time:
/// there the order of ids is the order of commits.
async fn settled_rows(txn: &Txn, last_id: i64, until: Timestamp) -> AppResult<Vec<audit_logs::Model>> {
    let young = audit_logs::Entity::find()
        .filter(audit_logs::Column::Id.gt(last_id))
        .filter(audit_logs::Column::OccurredAt.gt(until))
        .order_by_asc(audit_logs::Column::Id)
        .select_only()
        .column(audit_logs::Column::Id)
        .into_tuple::<i64>()
        .one(txn)
        .await?;
    let mut old = audit_logs::Entity::find()
        .filter(audit_logs::Column::Id.gt(last_id))
        .order_by_asc(audit_logs::Column::Id)
        .limit(BATCH);
    old = match young {
        Some(young) => old.filter(audit_logs::Column::Id.lt(young)),
        None => old.filter(audit_logs::Column::OccurredAt.lte(until)),
    };
    Ok(old.lock(LockType::Update).all(txn).await?)
}
