//! What staff do with buried jobs (R-MG-94): try once more, or put aside with a reason.

use kernel::ids::UserId;
use kernel::{AppError, AppResult};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value as Json;

use super::{Enqueue, Queue};
use crate::db::Txn;
use crate::entity::failed_jobs::{Column, Entity, FailedJobResolution, Model};
use crate::{App, write_txn};

/// Queues a buried job again and closes its row. A row that is closed answers 409 `already_resolved`.
pub async fn retry(app: &App, by: UserId, failed: i64, reason: Option<&str>) -> AppResult<()> {
    write_txn!(app.db, |txn| {
        let row = resolve(txn, app, by, failed, FailedJobResolution::Retried, reason).await?;
        let stored: Json = serde_json::from_str(&row.payload)?;
        let text = |name: &str| stored.get(name).and_then(Json::as_str);
        let kind = text("job_type").ok_or_else(|| AppError::internal("a failed job without a kind"))?;
        let options = Enqueue {
            dedupe: text("dedupe_key").map(str::to_owned),
            queue: text("queue").map(Queue::from_name).unwrap_or_default(),
            ..Enqueue::default()
        };
        super::insert(txn, app, kind, stored.get("payload").cloned().unwrap_or_default(), options).await
    })
}

/// Closes a buried job's row without running it. A row that is closed answers 409 `already_resolved`.
pub async fn discard(app: &App, by: UserId, failed: i64, reason: &str) -> AppResult<()> {
    write_txn!(app.db, |txn| {
        resolve(txn, app, by, failed, FailedJobResolution::Discarded, Some(reason)).await?;
        Ok(())
    })
}

async fn resolve(
    txn: &Txn,
    app: &App,
    by: UserId,
    failed: i64,
    resolution: FailedJobResolution,
    reason: Option<&str>,
) -> AppResult<Model> {
    let row = Entity::find_by_id(failed).one(txn).await?.ok_or_else(AppError::not_found)?;
    let closed = Entity::update_many()
        .col_expr(Column::Resolution, Expr::value(resolution.to_value()))
        .col_expr(Column::ResolvedBy, Expr::value(by))
        .col_expr(Column::ResolvedAt, Expr::value(app.now()))
        .col_expr(Column::ResolutionReason, Expr::value(reason))
        .filter(Column::Id.eq(failed))
        .filter(Column::Resolution.is_null())
        .exec(txn)
        .await?;
    if closed.rows_affected == 0 {
        return Err(AppError::conflict("already_resolved", "Somebody already dealt with this."));
    }
    Ok(row)
}

impl Queue {
    fn from_name(name: &str) -> Self {
        let known = [Self::High, Self::Notifications, Self::Media];
        known.into_iter().find(|queue| queue.name() == name).unwrap_or_default()
    }
}
