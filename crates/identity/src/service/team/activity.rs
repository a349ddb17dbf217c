//! What a member did, and what oneself did (R-ID-65).

use chrono::{DateTime, Duration, Utc};
use kernel::ids::{AnyId, ProviderUserId};
use kernel::page::CursorPage;
use kernel::{Actor, ActorKind, AppError, AppResult, CursorQuery, Permission};
use platform::App;
use platform::entity::audit_logs::{self, AuditLogActorType, AuditLogOutcome};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use crate::entity::provider_users;
use crate::rules::team::OWNER;

/// How far back a team looks unless it asks for more, and the most it may ask for.
const DAYS: i64 = 30;
const MOST_DAYS: i64 = 365;
/// How far back somebody looks at what they did themselves.
const OWN_DAYS: i64 = 90;

/// One thing a member did.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Activity {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What.
    #[schema(example = "quote.submitted")]
    pub action: String,
    /// How it went.
    pub outcome: AuditLogOutcome,
    /// To what kind of thing.
    pub subject_type: Option<String>,
    /// To which one.
    pub subject_id: Option<String>,
    /// From which address; for the owner only.
    pub ip_address: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    place: i64,
}

/// What a member did, newest first, in the last `days` or 30; also of one who has left since.
///
/// Errors: 403 without `view_team_activity`; 404 for members of other clinics; 422 for other than 1 to 365 days.
pub async fn activity(
    app: &App,
    actor: &Actor,
    id: ProviderUserId,
    days: Option<i64>,
    cursor: &CursorQuery,
) -> AppResult<CursorPage<Activity>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewTeamActivity)?;
    let own = provider_users::Entity::find_by_id(id).filter(provider_users::Column::ProviderId.eq(provider));
    own.one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    let days = days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(AppError::field("days", "out_of_range", "Ask for 1 to 365 days."));
    }
    let with_address = actor.role.as_deref() == Some(OWNER);
    trail(app, (AuditLogActorType::ProviderUser, id.any()), days, cursor, with_address).await
}

/// What the asker did in the last 90 days, newest first: clinic staff and Hairline's staff.
///
/// Errors: 401, 403 for everybody else.
pub async fn own(app: &App, actor: &Actor, cursor: &CursorQuery) -> AppResult<CursorPage<Activity>> {
    let who = match actor.kind {
        ActorKind::Provider { user, .. } => (AuditLogActorType::ProviderUser, user.any()),
        ActorKind::Admin(user) => (AuditLogActorType::User, user.any()),
        ActorKind::Anonymous => return Err(AppError::unauthenticated()),
        _ => return Err(AppError::forbidden()),
    };
    trail(app, who, OWN_DAYS, cursor, true).await
}

async fn trail(
    app: &App,
    (kind, id): (AuditLogActorType, AnyId),
    days: i64,
    cursor: &CursorQuery,
    with_address: bool,
) -> AppResult<CursorPage<Activity>> {
    let limit = cursor.checked_limit()?;
    let mut select = audit_logs::Entity::find()
        .filter(audit_logs::Column::ActorType.eq(kind))
        .filter(audit_logs::Column::ActorId.eq(id))
        .filter(audit_logs::Column::OccurredAt.gt(app.now() - Duration::days(days)));
    if let Some(before) = &cursor.cursor {
        let before: i64 = before.parse().map_err(|_| AppError::malformed("This is no place in the log."))?;
        select = select.filter(audit_logs::Column::Id.lt(before));
    }
    let rows = select.order_by_desc(audit_logs::Column::Id).limit(limit + 1).all(app.db.conn()).await?;
    let found: Vec<Activity> = rows
        .into_iter()
        .map(|row| Activity {
            occurred_at: row.occurred_at,
            action: row.action,
            outcome: row.outcome,
            subject_type: row.subject_type,
            subject_id: row.subject_id,
            ip_address: row.ip_address.filter(|_| with_address),
            place: row.id,
        })
        .collect();
    Ok(CursorPage::from_overfull(found, limit, |row| row.place.to_string()))
}
