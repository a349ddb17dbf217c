//! Events that were put aside, worked on once more because staff say so (R-PY-32).

use kernel::ids::GatewayEventId;
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, EntityTrait, QuerySelect};
use serde_json::json;

use crate::entity::gateway_events::{self, GatewayEventStatus};
use crate::service::plans::justified;
use crate::service::process;

/// Works on a parked or quarantined event at once and answers what became of it. What it says counts like the first time:
/// another amount than was asked for puts it aside again.
///
/// Errors: 403; 404; 409 `invalid_transition` where the event is done; 422 for the reason.
pub async fn replay(app: &App, actor: &Actor, id: GatewayEventId, reason: &str) -> AppResult<GatewayEventStatus> {
    actor.admin()?;
    actor.require(Permission::ProcessPayout)?;
    let known = gateway_events::Entity::find_by_id(id).one(app.db.conn()).await?;
    known.ok_or_else(AppError::not_found)?;
    let reason = justified(reason)?;
    platform::write_txn!(app.db, |txn| {
        let row = gateway_events::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
        let row = row.ok_or_else(AppError::not_found)?;
        let was = row.status;
        if !matches!(was, GatewayEventStatus::Parked | GatewayEventStatus::Quarantined) {
            return Err(AppError::conflict("invalid_transition", "This event waits for nothing."));
        }
        let mut row: gateway_events::ActiveModel = row.into();
        row.status = Set(GatewayEventStatus::Received);
        row.next_attempt_at = Set(Some(app.now() + process::GRACE));
        row.error = Set(None);
        row.updated_at = Set(app.now());
        row.update(txn).await?;
        let entry = Entry::new("gateway_event.replayed")
            .subject("GatewayEvent", id)
            .reason(&reason)
            .change(Some(json!({ "status": was })), Some(json!({ "status": GatewayEventStatus::Received })));
        audit::record(txn, app, actor, entry).await
    })?;
    process::process(app, id).await?;
    let now = gateway_events::Entity::find_by_id(id).one(app.db.conn()).await?;
    now.map(|row| row.status).ok_or_else(AppError::not_found)
}
