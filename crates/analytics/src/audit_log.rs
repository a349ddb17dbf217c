//! The audit log for Hairline's staff: looked through by filters, taken out as CSV or JSON (R-ID-64, 65).

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use kernel::ids::AnyId;
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult, CursorPage, CursorQuery, Sealed};
use platform::App;
use platform::audit::{self, Entry};
use platform::crypto::KeyRing;
use platform::entity::audit_logs::{self, AuditLogOutcome};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// Days the log shows when no beginning is asked for (R-ID-65).
const USUAL_DAYS: u64 = 90;

/// Rows of one piece of an export.
const PIECE: u64 = 500;

/// What the log is asked for; empty words ask for everything.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AuditFilter {
    /// The beginning of an action (`payment.`).
    pub action: String,
    /// `success`, `failed` or `denied`.
    pub outcome: String,
    /// The account that did it, or the patient or subject it was about.
    pub who: String,
    /// What kind of thing it was about (`Quote`).
    pub subject: String,
    /// From this day on, UTC.
    pub from: Option<NaiveDate>,
    /// To this day, included.
    pub to: Option<NaiveDate>,
}

/// One entry as staff read it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditLine {
    /// Its number.
    pub id: i64,
    /// When.
    pub occurred_at: chrono::DateTime<chrono::Utc>,
    /// Which kind of account.
    pub actor_type: String,
    /// Which account.
    pub actor_id: Option<AnyId>,
    /// In which role.
    pub actor_role: Option<String>,
    /// Through whose eyes: the kind of account that was acted for.
    pub acting_for_type: Option<String>,
    /// Which account that was.
    pub acting_for_id: Option<AnyId>,
    /// `area.verb`.
    pub action: String,
    /// `success`, `failed` or `denied`.
    pub outcome: String,
    /// What it was about.
    pub subject_type: Option<String>,
    /// Its id.
    pub subject_id: Option<String>,
    /// Whose data.
    pub patient_id: Option<kernel::ids::PatientId>,
    /// Which clinic.
    pub provider_id: Option<kernel::ids::ProviderId>,
    /// Which fields.
    pub fields: Option<serde_json::Value>,
    /// At which level they were shown.
    pub access_level: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// From which address.
    pub ip_address: Option<String>,
    /// With which program, as it calls itself.
    pub user_agent: Option<String>,
    /// In which session.
    pub session_id: Option<AnyId>,
    /// The request.
    pub request_id: Option<String>,
    /// What it changed, by field.
    pub changes: Vec<AuditChange>,
}

/// A field that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AuditChange {
    /// Which.
    #[schema(example = "deposit_percent")]
    pub field: String,
    /// What stood there; null for nothing, and for patients' data: who that was outlives no erasure.
    pub before: Option<String>,
    /// What stands there since; null as above.
    pub after: Option<String>,
}

impl AuditChange {
    fn line(&self) -> String {
        let shown = |value: &Option<String>| value.clone().unwrap_or_default();
        format!("{}: {} → {}", self.field, shown(&self.before), shown(&self.after))
    }
}

/// What an entry keeps of before and after, field by field. What no key opens any more is left out.
fn changes(keys: &KeyRing, row: &audit_logs::Model) -> Vec<AuditChange> {
    let open = |sealed: &Option<Sealed<Json>>| match keys.open_opt(sealed.as_ref()) {
        // What is null was not there.
        Ok(Some(Json::Object(members))) => members.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => serde_json::Map::new(),
    };
    let (before, after) = (open(&row.before_data), open(&row.after_data));
    let text = |value: Option<&Json>| match value {
        _ if row.patient_id.is_some() => None,
        None => None,
        Some(Json::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    let names = before.keys().chain(after.keys()).collect::<BTreeSet<_>>();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| AuditChange { field: name.clone(), before: text(before.get(name)), after: text(after.get(name)) })
        .collect()
}

impl AuditLine {
    /// The line of an entry.
    pub fn of(keys: &KeyRing, row: audit_logs::Model) -> Self {
        Self {
            changes: changes(keys, &row),
            id: row.id,
            occurred_at: row.occurred_at,
            actor_type: row.actor_type.to_value(),
            actor_id: row.actor_id,
            actor_role: row.actor_role,
            acting_for_type: row.acting_for_type,
            acting_for_id: row.acting_for_id,
            action: row.action,
            outcome: row.outcome.to_value(),
            subject_type: row.subject_type,
            subject_id: row.subject_id,
            patient_id: row.patient_id,
            provider_id: row.provider_id,
            fields: row.fields,
            access_level: row.access_level,
            reason: row.reason,
            ip_address: row.ip_address,
            user_agent: row.user_agent,
            session_id: row.session_id,
            request_id: row.request_id,
        }
    }
}

fn chosen(app: &App, filter: &AuditFilter) -> AppResult<Select<audit_logs::Entity>> {
    use audit_logs::Column;
    for word in [&filter.action, &filter.who, &filter.subject] {
        if word.chars().count() > 200 {
            return Err(AppError::field("q", "query_too_long", "Search for at most 200 characters."));
        }
    }
    let mut select = audit_logs::Entity::find();
    if !filter.action.is_empty() {
        select = select.filter(Column::Action.starts_with(filter.action.clone()));
    }
    if !filter.outcome.is_empty() {
        let outcome = AuditLogOutcome::try_from_value(&filter.outcome)
            .map_err(|_| AppError::field("outcome", "unknown_value", "This is no outcome."))?;
        select = select.filter(Column::Outcome.eq(outcome));
    }
    if !filter.subject.is_empty() {
        select = select.filter(Column::SubjectType.eq(filter.subject.clone()));
    }
    if !filter.who.is_empty() {
        let about = Condition::any().add(Column::SubjectId.eq(filter.who.clone()));
        select = select.filter(match filter.who.parse::<AnyId>() {
            Ok(id) => about.add(Column::ActorId.eq(id)).add(Column::PatientId.eq(id)),
            Err(_) => about,
        });
    }
    let usual = app.now().date_naive().checked_sub_days(Days::new(USUAL_DAYS));
    if let Some(from) = filter.from.or(usual).and_then(|day| day.and_hms_opt(0, 0, 0)) {
        select = select.filter(Column::OccurredAt.gte(from.and_utc()));
    }
    let end = filter.to.and_then(|day| day.checked_add_days(Days::new(1))).and_then(|day| day.and_hms_opt(0, 0, 0));
    if let Some(end) = end {
        select = select.filter(Column::OccurredAt.lt(end.and_utc()));
    }
    Ok(select)
}

/// A part of the log, newest first; looking is recorded itself.
///
/// Errors: 403 without `view_audit_log`; 422 for an unknown outcome.
pub async fn audit_log(
    app: &App,
    actor: &Actor,
    filter: &AuditFilter,
    cursor: &CursorQuery,
) -> AppResult<CursorPage<AuditLine>> {
    actor.admin()?;
    actor.require(Permission::ViewAuditLog)?;
    let limit = cursor.checked_limit()?;
    let mut select = chosen(app, filter)?;
    if let Some(before) = &cursor.cursor {
        let before: i64 = before.parse().map_err(|_| AppError::malformed("This is no place in the log."))?;
        select = select.filter(audit_logs::Column::Id.lt(before));
    }
    let rows = select.order_by_desc(audit_logs::Column::Id).limit(limit + 1).all(app.replica.conn()).await?;
    audit::record(app.db.conn(), app, actor, Entry::new("audit.viewed")).await?;
    let rows = rows.into_iter().map(|row| AuditLine::of(&app.keys, row)).collect();
    Ok(CursorPage::from_overfull(rows, limit, |row: &AuditLine| row.id.to_string()))
}

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated, with a line of names.
    Csv,
    /// One JSON object a line.
    Json,
}

/// An export on its way: read piece by piece, so that it never stands in memory as a whole.
pub struct Export {
    app: App,
    filter: AuditFilter,
    format: Format,
    before: Option<i64>,
    begun: bool,
    done: bool,
}

/// Begins an export; that it was made, and of what, is recorded.
///
/// Errors: 403 without `export_audit_log`, `reauth_required`; 422 for an unknown outcome.
pub async fn export(app: &App, actor: &Actor, filter: AuditFilter, format: Format) -> AppResult<Export> {
    actor.admin()?;
    actor.require(Permission::ExportAuditLog)?;
    identity::reauth::require_fresh(app.db.conn(), app, actor).await?;
    chosen(app, &filter)?;
    let asked = json!({ "action": filter.action, "outcome": filter.outcome, "who": filter.who,
        "subject": filter.subject, "from": filter.from, "to": filter.to });
    let entry = Entry::new("audit.exported").change(None, Some(asked));
    audit::record(app.db.conn(), app, actor, entry).await?;
    Ok(Export { app: app.clone(), filter, format, before: None, begun: false, done: false })
}

impl Export {
    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> AppResult<Option<String>> {
        if self.done {
            return Ok(None);
        }
        let mut text = String::new();
        if !self.begun && self.format == Format::Csv {
            text += "id,occurred_at,actor_type,actor_id,actor_role,action,outcome,subject_type,subject_id,patient_id,\
                provider_id,fields,access_level,reason,ip_address,request_id,acting_for_type,acting_for_id,user_agent,\
                session_id,changes\r\n";
        }
        self.begun = true;
        let mut select = chosen(&self.app, &self.filter)?;
        if let Some(before) = self.before {
            select = select.filter(audit_logs::Column::Id.lt(before));
        }
        let rows = select.order_by_desc(audit_logs::Column::Id).limit(PIECE).all(self.app.replica.conn()).await?;
        self.before = rows.last().map(|row| row.id);
        self.done = (rows.len() as u64) < PIECE;
        for line in rows.into_iter().map(|row| AuditLine::of(&self.app.keys, row)) {
            match self.format {
                Format::Json => text += &(serde_json::to_string(&line)? + "\n"),
                Format::Csv => text += &csv(&line),
            }
        }
        Ok(Some(text))
    }
}

fn csv(line: &AuditLine) -> String {
    let text = |id: Option<String>| id.unwrap_or_default();
    let cells = [
        line.id.to_string(),
        line.occurred_at.to_rfc3339(),
        line.actor_type.clone(),
        text(line.actor_id.map(|id| id.to_string())),
        text(line.actor_role.clone()),
        line.action.clone(),
        line.outcome.clone(),
        text(line.subject_type.clone()),
        text(line.subject_id.clone()),
        text(line.patient_id.map(|id| id.to_string())),
        text(line.provider_id.map(|id| id.to_string())),
        text(line.fields.as_ref().map(ToString::to_string)),
        text(line.access_level.clone()),
        text(line.reason.clone()),
        text(line.ip_address.clone()),
        text(line.request_id.clone()),
        text(line.acting_for_type.clone()),
        text(line.acting_for_id.map(|id| id.to_string())),
        text(line.user_agent.clone()),
        text(line.session_id.map(|id| id.to_string())),
        line.changes.iter().map(AuditChange::line).collect::<Vec<_>>().join("; "),
    ];
    platform::csv::line(cells.iter().map(String::as_str))
}
