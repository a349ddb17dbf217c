//! What was refused for want of a right, and the alarm when one account is refused again and again (R-ID-44).

use axum::http::Method;
use chrono::Duration;
use kernel::{Actor, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::audit_logs;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

/// So many refusals within [`WINDOW`] raise the alarm.
const ALARM: u64 = 5;
/// The window of [`ALARM`].
const WINDOW: Duration = Duration::minutes(15);
/// The action in the audit log.
const ACTION: &str = "access.denied";

/// Records that a signed-in account was refused; the fifth time within a quarter of an hour tells the super admins, once
/// per quarter of an hour.
pub async fn record(app: &App, actor: &Actor, method: &Method, path: &str) -> AppResult<()> {
    let (kind, Some(id)) = actor.reference() else { return Ok(()) };
    let now = app.now();
    platform::write_txn!(app.db, |txn| {
        let mut entry = Entry::new(ACTION).change(None, Some(json!({ "path": path, "method": method.as_str() })));
        if let Ok((_, provider)) = actor.provider() {
            entry = entry.provider(provider);
        }
        audit::record(txn, app, actor, entry.denied()).await?;
        let by = actor.impersonator.map_or(id, |staff| staff.any());
        let count = audit_logs::Entity::find()
            .filter(audit_logs::Column::ActorId.eq(by))
            .filter(audit_logs::Column::Action.eq(ACTION))
            .filter(audit_logs::Column::OccurredAt.gt(now - WINDOW))
            .count(txn)
            .await?;
        if count < ALARM {
            return Ok(());
        }
        let quarter = now.timestamp().div_euclid(WINDOW.num_seconds());
        let event = Event::new("security.repeated_denial", kind, id)
            .occurrence(quarter)
            .with("account_type", kind)
            .with("account_id", id)
            .with("count", count);
        outbox::emit(txn, app, actor, event).await
    })
}
