//! Who looked at a patient's data, as the patient may know it (R-ID-65): which side and which clinic, never which person.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use directory::entity::providers;
use kernel::ids::ProviderId;
use kernel::{Actor, AppError, AppResult, CursorPage, CursorQuery};
use platform::App;
use platform::entity::audit_logs::{self, AuditLogActorType, AuditLogOutcome};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

/// Who looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Viewer {
    /// Somebody of a clinic.
    Clinic,
    /// Somebody of Hairline.
    Hairline,
}

/// One look at the patient's data.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Look {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Which side.
    pub viewer: Viewer,
    /// In which role.
    pub role: Option<String>,
    /// The clinic's name.
    pub clinic: Option<String>,
    /// What was done (`medical.viewed`).
    pub action: String,
    /// Which fields were shown.
    pub fields: Vec<String>,
}

/// What counts as a look at somebody's data: opening it, fetching it, taking it out. The page and the copy of one's data
/// tell the same (R-ID-65).
pub(crate) fn is_a_look() -> Condition {
    let ends = ["viewed", "downloaded", "exported"].into_iter();
    ends.fold(Condition::any(), |any, end| any.add(audit_logs::Column::Action.ends_with(end)))
}

/// Looks at the caller's data, newest first: two statements.
pub async fn own(app: &App, actor: &Actor, query: &CursorQuery) -> AppResult<CursorPage<Look>> {
    let patient = actor.patient()?;
    let limit = query.checked_limit()?;
    let conn = app.replica.conn();
    let mut select = audit_logs::Entity::find()
        .filter(audit_logs::Column::PatientId.eq(patient))
        .filter(audit_logs::Column::ActorType.is_in([AuditLogActorType::ProviderUser, AuditLogActorType::User]))
        .filter(audit_logs::Column::Outcome.eq(AuditLogOutcome::Success))
        .filter(is_a_look());
    if let Some(before) = &query.cursor {
        let before: i64 = before.parse().map_err(|_| AppError::malformed("This is no place in the log."))?;
        select = select.filter(audit_logs::Column::Id.lt(before));
    }
    let rows = select.order_by_desc(audit_logs::Column::Id).limit(limit + 1).all(conn).await?;
    let names = names_of(app, rows.iter().filter_map(|row| row.provider_id)).await?;
    let page = CursorPage::from_overfull(rows, limit, |row| row.id.to_string());
    let data = page.data.into_iter().map(|row| look(row, &names)).collect();
    Ok(CursorPage { data, meta: page.meta })
}

async fn names_of(app: &App, ids: impl Iterator<Item = ProviderId>) -> AppResult<HashMap<ProviderId, String>> {
    let ids: Vec<ProviderId> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(ProviderId, String)> = providers::Entity::find()
        .select_only()
        .columns([providers::Column::Id, providers::Column::ProviderName])
        .filter(providers::Column::Id.is_in(ids))
        .into_tuple()
        .all(app.replica.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

fn look(row: audit_logs::Model, names: &HashMap<ProviderId, String>) -> Look {
    let viewer = if row.actor_type == AuditLogActorType::ProviderUser { Viewer::Clinic } else { Viewer::Hairline };
    let fields = row.fields.as_ref().and_then(|fields| fields.as_array().cloned()).unwrap_or_default();
    Look {
        occurred_at: row.occurred_at,
        viewer,
        role: row.actor_role,
        clinic: row.provider_id.and_then(|id| names.get(&id).cloned()).filter(|_| viewer == Viewer::Clinic),
        action: row.action,
        fields: fields.iter().filter_map(|field| field.as_str().map(str::to_owned)).collect(),
    }
}
