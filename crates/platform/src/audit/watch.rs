//! Looking after the log without being asked.

use kernel::ids::AnyId;
use kernel::{Actor, AppResult};

use super::{Report, verify};
use crate::App;
use crate::outbox::{self, Event};

/// Walks the whole chain and tells super admins where it does not hold (`security.audit_chain_broken`, R-ID-64).
///
/// What is broken stays broken, so it is told after every walk until somebody has looked.
pub async fn watch(app: &App) -> AppResult<Report> {
    let report = verify(app).await?;
    let Some(broken) = report.broken else { return Ok(report) };
    tracing::error!(entry = broken.id, why = ?broken.why, "the audit log is broken");
    let actor = Actor::system();
    crate::write_txn!(app.db, |txn| {
        let event = Event::new("security.audit_chain_broken", "AuditLog", AnyId::new())
            .with("first_entry", broken.id)
            .with("why", broken.why)
            .with("whole_entries", report.sealed);
        outbox::emit(txn, app, &actor, event).await
    })?;
    Ok(report)
}
