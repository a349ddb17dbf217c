//! The audit log for staff.

use askama::Template;
use axum::response::Response;
use kernel::page::PageMeta;
use kernel::{CursorQuery, Permission};
use platform::web::ApiResult;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::api::audit_file;
use crate::audit_log::{AuditChange, AuditFilter, Format, audit_log, export as begin_export};

struct Line {
    at: Html,
    action: String,
    outcome: Badge,
    who: String,
    who_id: String,
    who_short: String,
    deed: String,
    subject: String,
    subject_id: String,
    subject_short: String,
    fields: String,
    reason: String,
    /// Whose eyes were looked through.
    acting_for: String,
    origin: String,
    changes: Vec<AuditChange>,
}

#[derive(Template)]
#[template(path = "admin_audit.html")]
struct AuditPage {
    chrome: Chrome,
    list: ListView,
    outcomes: Vec<Choice>,
    lines: Vec<Line>,
    older: Option<String>,
    may_export: bool,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let asked = |name: &str| ctx.asked(name).trim().to_owned();
    let filter = AuditFilter {
        action: asked("q"),
        outcome: asked("outcome"),
        who: asked("who"),
        subject: asked("subject"),
        from: asked("from").parse().ok(),
        to: asked("to").parse().ok(),
    };
    let cursor = Some(asked("cursor")).filter(|cursor| !cursor.is_empty());
    let query = CursorQuery { cursor, limit: Some(50) };
    let found = audit_log(&ctx.app, &ctx.actor, &filter, &query).await?;
    let may_export = ctx.actor.can(Permission::ExportAuditLog);
    let chrome = ctx.chrome;
    let meta = PageMeta { current_page: 1, per_page: 50, total: 0, total_exceeded: false, last_page: 1 };
    let list = ListView::new(&chrome, &meta);
    let lines = found.data.into_iter().map(|row| {
        let outcome = word(&row.outcome);
        let who_id = row.actor_id.map(|id| id.to_string()).unwrap_or_default();
        let subject_id = row.subject_id.map(|id| id.to_string()).unwrap_or_default();
        let tone = if outcome == "success" { Tone::Calm } else { Tone::Bad };
        Line {
            at: chrome.when(row.occurred_at),
            deed: chrome.deed(&row.action),
            action: row.action,
            outcome: Badge::new(tone, chrome.word("audit-outcome", &outcome)),
            who: row.actor_role.unwrap_or_else(|| word(&row.actor_type)),
            who_short: short(&who_id),
            who_id,
            subject: chrome.thing(row.subject_type.as_deref()),
            subject_short: short(&subject_id),
            subject_id,
            fields: row.fields.map(|fields| joined(&fields)).unwrap_or_default(),
            reason: row.reason.unwrap_or_default(),
            acting_for: match (row.acting_for_type, row.acting_for_id) {
                (Some(kind), Some(id)) => format!("{kind} {}", short(&id.to_string())),
                (kind, _) => kind.unwrap_or_default(),
            },
            origin: row.ip_address.unwrap_or_default(),
            changes: row.changes,
        }
    });
    page(&AuditPage {
        lines: lines.collect(),
        outcomes: ["success", "failed", "denied"]
            .into_iter()
            .map(|outcome| Choice::new(outcome, chrome.word("audit-outcome", outcome)))
            .collect(),
        older: found.meta.next_cursor.map(|cursor| list.href(&[("cursor", &cursor)])),
        list,
        may_export,
        chrome,
    })
}

/// The same filters, as a file.
pub(super) async fn export(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = identity::confirm::ask(&ctx, &posted, "/admin/audit").await? {
        return Ok(question);
    }
    let filter = AuditFilter {
        action: posted.get("q").to_owned(),
        outcome: posted.get("outcome").to_owned(),
        who: posted.get("who").to_owned(),
        subject: posted.get("subject").to_owned(),
        from: posted.get("from").parse().ok(),
        to: posted.get("to").parse().ok(),
    };
    let format = if posted.get("format") == "json" { Format::Json } else { Format::Csv };
    let export = begin_export(&ctx.app, &ctx.actor, filter, format).await?;
    Ok(audit_file(export, format))
}

fn joined(fields: &serde_json::Value) -> String {
    let names = fields.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
    names.collect::<Vec<_>>().join(", ")
}

/// The end of an id: its beginning is the time, which neighbours share.
fn short(id: &str) -> String {
    id.rsplit('-').next().unwrap_or_default().to_owned()
}
