//! Turns events that are due into jobs, one for each subscription.

use kernel::ids::OutboxEventId;
use kernel::{AppError, AppResult};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value as Json, json};

use super::{Delivered, Subscription};
use crate::entity::outbox_events::{Column, Entity, Model};
use crate::jobs::{self, Enqueue, Queue, Registry};
use crate::{App, db, write_txn};

/// The job kind that hands an event to a subscription.
pub(crate) const DELIVER: &str = "outbox.deliver";

const BATCH: u64 = 100;

/// Dispatches everything that is due; returns how many events this call dispatched.
pub(crate) async fn dispatch_due(app: &App, registry: &Registry) -> AppResult<u64> {
    let mut dispatched = 0;
    loop {
        let batch = due(app).await?;
        let mut progress = false;
        for event in &batch {
            if claim(app, event).await? {
                progress = true;
                dispatched += u64::from(dispatch(app, registry, event).await?);
            }
        }
        if !progress {
            return Ok(dispatched);
        }
    }
}

fn unclaimed(app: &App) -> Condition {
    let now = app.now();
    Condition::all()
        .add(Column::ProcessedAt.is_null())
        .add(Condition::any().add(Column::ClaimedUntil.is_null()).add(Column::ClaimedUntil.lte(now)))
}

async fn due(app: &App) -> AppResult<Vec<Model>> {
    let due = Entity::find().filter(unclaimed(app)).filter(Column::AvailableAt.lte(app.now()));
    // Ids are ordered by time: events reach the queue in the order they were emitted.
    Ok(due.order_by_asc(Column::Id).limit(BATCH).all(app.db.conn()).await?)
}

/// Whether this dispatcher got the event. On a cluster the loser may see a conflict instead of zero rows.
async fn claim(app: &App, event: &Model) -> AppResult<bool> {
    let claimed = Entity::update_many()
        // A dispatcher that dies leaves its events to others after this time.
        .col_expr(Column::ClaimedUntil, Expr::value(app.now() + app.config.worker.lock))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(event.id))
        .filter(Column::Attempts.eq(event.attempts))
        .filter(unclaimed(app))
        .exec(app.db.conn())
        .await;
    match claimed {
        Ok(result) => Ok(result.rows_affected == 1),
        Err(error) if db::is_transient(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn dispatch(app: &App, registry: &Registry, event: &Model) -> AppResult<bool> {
    let interested: Vec<&Subscription> =
        registry.subscriptions.iter().filter(|subscription| subscription.wants(&event.event_key)).collect();
    write_txn!(app.db, |txn| {
        // The mark and the jobs stand or fall together: no event is lost, none becomes jobs twice.
        let marked = Entity::update_many()
            .col_expr(Column::ProcessedAt, Expr::value(app.now()))
            .col_expr(Column::ClaimedUntil, Expr::value(Option::<kernel::Timestamp>::None))
            .filter(Column::Id.eq(event.id))
            .filter(Column::ProcessedAt.is_null())
            .exec(txn)
            .await?;
        if marked.rows_affected == 0 {
            return Ok(false);
        }
        for subscription in &interested {
            let payload = json!({ "event": event.id, "subscription": subscription.name });
            let options = Enqueue {
                dedupe: Some(format!("event:{}:{}", event.id, subscription.name)),
                queue: Queue::of_subscription(subscription.name),
                ..Enqueue::default()
            };
            jobs::enqueue(txn, app, DELIVER, payload, options).await?;
        }
        Ok(true)
    })
}

/// Runs one subscription for one event: the body of a [`DELIVER`] job.
pub(crate) async fn deliver(app: &App, registry: &Registry, payload: &Json) -> AppResult<()> {
    let text = |name: &str| payload.get(name).and_then(Json::as_str).unwrap_or_default();
    let id: OutboxEventId = text("event").parse().map_err(AppError::internal)?;
    let name = text("subscription");
    let subscription = registry
        .subscriptions
        .iter()
        .find(|subscription| subscription.name == name)
        .ok_or_else(|| AppError::internal(format!("no subscription {name}")))?;
    let row = Entity::find_by_id(id).one(app.db.conn()).await?;
    let event: Delivered = row.ok_or_else(|| AppError::internal(format!("no event {id}")))?.into();
    (subscription.handle)(app, &event).await
}
