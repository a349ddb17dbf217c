//! Where an account is signed in: the list, "sign out there", and the notice about a new device.

use chrono::{DateTime, Utc};
use kernel::ids::{AnyId, AuthSessionId, PatientId};
use kernel::{Actor, AppError, AppResult, Guard, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use crate::entity::auth_sessions::{self, AuthSessionModelType, Column};
use crate::rules::devices::{device_of, same_device};
use crate::rules::sessions::policy;
use crate::service::sessions::{self, Holder};

/// How many earlier sessions say which devices are known.
const REMEMBERED: u64 = 100;

/// One place where the account is signed in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f2a0-0000-7000-8000-000000000001", "device": "Browser", "program": "Firefox", "system": "Linux",
    "ip_address": "203.0.113.7", "signed_in_at": "2026-03-02T09:00:00Z", "last_activity_at": "2026-03-02T10:00:00Z",
    "is_current": true
}))]
pub struct SessionView {
    /// The session.
    pub id: AuthSessionId,
    /// What the device calls itself.
    pub device: Option<String>,
    /// The browser or app, as far as it is known.
    pub program: Option<String>,
    /// The system, as far as it is known.
    pub system: Option<String>,
    /// Where it signed in from.
    pub ip_address: Option<String>,
    /// When it signed in.
    pub signed_in_at: DateTime<Utc>,
    /// When it was used last; written once a minute at most.
    pub last_activity_at: DateTime<Utc>,
    /// The session that asks.
    pub is_current: bool,
}

fn holder_of(actor: &Actor) -> AppResult<(Guard, AnyId)> {
    match (actor.guard(), actor.reference()) {
        (Some(guard), (_, Some(id))) => Ok((guard, id)),
        _ => Err(AppError::unauthenticated()),
    }
}

/// The asker's live sessions, the most recently used first: as many as one person can look through. There are a few per
/// program, because one more ends the oldest.
pub async fn list(app: &App, actor: &Actor) -> AppResult<Vec<SessionView>> {
    live(app, holder_of(actor)?, actor.session).await
}

/// Where a patient is signed in, for staff who look after accounts.
///
/// Errors: 403 without `view_patient_overview`.
pub async fn of_patient(app: &App, actor: &Actor, patient: PatientId) -> AppResult<Vec<SessionView>> {
    actor.admin()?;
    actor.require(Permission::ViewPatientOverview)?;
    live(app, (Guard::Patient, patient.any()), None).await
}

async fn live(app: &App, (guard, id): (Guard, AnyId), current: Option<AuthSessionId>) -> AppResult<Vec<SessionView>> {
    let idle_since = app.now() - policy(guard, 1).idle;
    let rows = auth_sessions::Entity::find()
        .filter(Column::ModelType.eq(AuthSessionModelType::from(guard)))
        .filter(Column::ModelId.eq(id))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ImpersonatorId.is_null())
        .filter(Column::CapAt.gt(app.now()))
        .filter(Column::LastActivityAt.gt(idle_since))
        .order_by_desc(Column::LastActivityAt)
        .order_by_desc(Column::Id)
        .limit(REMEMBERED)
        .all(app.db.conn())
        .await?;
    Ok(rows.into_iter().map(|row| view(row, current)).collect())
}

fn view(row: auth_sessions::Model, current: Option<AuthSessionId>) -> SessionView {
    let device = row.user_agent.as_deref().map(device_of);
    SessionView {
        is_current: Some(row.id) == current,
        id: row.id,
        device: row.device,
        program: device.and_then(|device| device.program).map(str::to_owned),
        system: device.and_then(|device| device.system).map(str::to_owned),
        ip_address: row.ip_address,
        signed_in_at: row.created_at,
        last_activity_at: row.last_activity_at,
    }
}

/// Ends one of the asker's own sessions; another's is a 404.
pub async fn end(app: &App, actor: &Actor, session: AuthSessionId) -> AppResult<()> {
    let (guard, id) = holder_of(actor)?;
    platform::write_txn!(app.db, |txn| {
        let own = auth_sessions::Entity::find_by_id(session)
            .filter(Column::ModelType.eq(AuthSessionModelType::from(guard)))
            .filter(Column::ModelId.eq(id))
            .filter(Column::RevokedAt.is_null())
            .lock_exclusive()
            .one(txn)
            .await?;
        let own = own.ok_or_else(AppError::not_found)?;
        sessions::revoke(txn, app, own.id, "ended_by_owner").await?;
        audit::record(txn, app, actor, Entry::new("session.ended").subject("AuthSession", own.id)).await
    })
}

/// Whether nothing like this device has signed in to the account before. The first device of all is not new.
pub(crate) async fn is_new(conn: &impl ConnectionTrait, holder: Holder, agent: Option<&str>) -> AppResult<bool> {
    let known: Vec<Option<String>> = auth_sessions::Entity::find()
        .select_only()
        .column(Column::UserAgent)
        .filter(Column::ModelType.eq(AuthSessionModelType::from(holder.guard)))
        .filter(Column::ModelId.eq(holder.id))
        // A device of Hairline's staff who looked through these eyes is none of the account's.
        .filter(Column::ImpersonatorId.is_null())
        .order_by_desc(Column::Id)
        .limit(REMEMBERED)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(!known.is_empty() && !known.iter().any(|known| same_device(known.as_deref(), agent)))
}

/// Tells the account's owner of a device that was not seen before.
pub(crate) async fn tell_new(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    holder: Holder,
    session: AuthSessionId,
) -> AppResult<()> {
    let event = Event::new("account.new_device_login", holder.guard.model_type(), holder.id)
        .occurrence(session)
        .with("session_id", session)
        .with("place", place_of(origin, holder.id).unwrap_or("?"));
    outbox::emit(txn, app, origin, event).await
}

/// The address something about an account was done from, for the mail that tells of it. Where staff did it, it is nobody's
/// business where they sat.
pub(crate) fn place_of(actor: &Actor, account: AnyId) -> Option<&str> {
    let by_another = actor.reference().1.is_some_and(|id| id != account);
    actor.origin.ip.as_deref().filter(|_| !by_another)
}
