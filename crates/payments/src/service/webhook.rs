//! Taking a webhook in (R-PY-29, R-PY-30): check the signature, store it once, answer; the work comes after.

use kernel::ids::{GatewayAccountId, GatewayEventId};
use kernel::{AppError, AppResult, ErrorKind};
use platform::App;
use platform::jobs::{self, Enqueue, Queue};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, SqlErr};
use serde_json::json;

use crate::entity::gateway_accounts::{self, GatewayAccountMode};
use crate::entity::gateway_events::{self, GatewayEventStatus};
use crate::gateway::event::Envelope;
use crate::gateway::signature;
use crate::service::{accounts, process};

/// Stores a signed event and queues its work. A repeated event is answered like the first and changes nothing.
pub async fn receive(app: &App, account: GatewayAccountId, header: Option<&str>, body: &[u8]) -> AppResult<()> {
    let account = gateway_accounts::Entity::find_by_id(account)
        .one(app.db.conn())
        .await?
        // Also of one that is used no more: what it took can still be disputed, and what is under way arrives.
        .ok_or_else(AppError::not_found)?;
    let secrets = accounts::webhook_secrets(app, &account)?;
    signature::verify(header.unwrap_or_default(), body, &secrets, app.now()).map_err(refused)?;
    let payload: serde_json::Value =
        serde_json::from_slice(body).map_err(|_| AppError::malformed("The body is not valid JSON."))?;
    let event: Envelope =
        serde_json::from_value(payload.clone()).map_err(|_| AppError::malformed("The body is no event."))?;
    if event.livemode != (account.mode == GatewayAccountMode::Live) {
        return Err(AppError::new(ErrorKind::Malformed, "mode_mismatch", "Test and live events do not mix."));
    }
    store(app, &account, &event, payload).await
}

fn refused(why: signature::Refusal) -> AppError {
    metrics::counter!("hairline_webhooks_refused_total").increment(1);
    tracing::warn!(%why, "webhook refused");
    AppError::new(ErrorKind::Malformed, "invalid_signature", "The signature does not fit.")
}

async fn store(
    app: &App,
    account: &gateway_accounts::Model,
    event: &Envelope,
    payload: serde_json::Value,
) -> AppResult<()> {
    let stored = platform::write_txn!(app.db, |txn| {
        let known = gateway_events::Entity::find()
            .filter(gateway_events::Column::GatewayAccountId.eq(account.id))
            .filter(gateway_events::Column::EventId.eq(&event.id));
        if known.count(txn).await? > 0 {
            return Ok(());
        }
        let (id, now) = (GatewayEventId::new(), app.now());
        let row = gateway_events::ActiveModel {
            id: Set(id),
            gateway_account_id: Set(account.id),
            event_id: Set(event.id.clone()),
            event_type: Set(event.kind.chars().take(100).collect()),
            object_id: Set(Some(event.data.object.id.clone())),
            event_created_at: Set(event.created_at()),
            payload: Set(payload.clone()),
            status: Set(GatewayEventStatus::Received),
            attempts: Set(0),
            next_attempt_at: Set(Some(now + process::GRACE)),
            processed_at: Set(None),
            error: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        };
        gateway_events::Entity::insert(row).exec_without_returning(txn).await?;
        let opts = Enqueue { queue: Queue::High, ..Default::default() };
        jobs::enqueue(txn, app, process::JOB, json!({ "event": id }), opts).await
    });
    match stored {
        // Two deliveries of one event at the same moment: the unique key lets one in, the other is done too.
        Err(error) if is_duplicate(&error) => Ok(()),
        other => other,
    }
}

fn is_duplicate(error: &AppError) -> bool {
    error.db_error().is_some_and(|err| matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
}
