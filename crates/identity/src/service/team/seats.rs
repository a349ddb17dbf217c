//! The seats of a clinic, and a clinic that asks for more (R-ID-53).
//!
//! What was asked for stands in the audit log: it is open until the limit is changed or somebody asks anew.

use chrono::{DateTime, Utc};
use kernel::ids::ProviderId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::audit_logs;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::clinic_locked;
use crate::projection::providers;
use crate::rules::team::{SEAT_LIMITS, Seats};

/// What is recorded when a clinic asks, and when its limit is changed.
const ASKED: &str = "team.seats_requested";
/// What is recorded when a clinic's limit is changed.
pub const CHANGED: &str = "provider.seat_limit_changed";

/// How many a clinic asked for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SeatRequest {
    /// The limit it would like to have.
    #[schema(example = 120)]
    pub seats: u64,
    /// In its own words.
    pub note: Option<String>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// A clinic's seats and what it asked for.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SeatState {
    /// Its seats.
    #[serde(flatten)]
    pub seats: Seats,
    /// What it asked for and nobody answered yet.
    pub request: Option<SeatRequest>,
    /// Whether the caller may ask for more now.
    pub may_ask: bool,
}

/// The seats of a clinic. For wings above that change the limit under a lock of the clinic.
pub async fn of(conn: &impl ConnectionTrait, provider: ProviderId, now: Timestamp) -> AppResult<Seats> {
    let clinic = providers::Entity::find_by_id(provider).one(conn).await?.ok_or_else(AppError::not_found)?;
    super::seats(conn, &clinic, now).await
}

/// The request of a clinic that nobody answered yet.
pub async fn open_request(
    app: &App,
    conn: &impl ConnectionTrait,
    provider: ProviderId,
) -> AppResult<Option<SeatRequest>> {
    let newest = audit_logs::Entity::find()
        .filter(audit_logs::Column::ProviderId.eq(provider))
        .filter(audit_logs::Column::Action.is_in([ASKED, CHANGED]))
        .filter(audit_logs::Column::Outcome.eq(audit_logs::AuditLogOutcome::Success))
        .order_by_desc(audit_logs::Column::Id)
        .one(conn)
        .await?;
    let Some(row) = newest.filter(|row| row.action == ASKED) else { return Ok(None) };
    let Some(sealed) = &row.after_data else { return Ok(None) };
    let facts = app.keys.open(sealed)?;
    let Some(seats) = facts.get("seats").and_then(Json::as_u64) else { return Ok(None) };
    Ok(Some(SeatRequest { seats, note: row.reason, asked_at: row.occurred_at }))
}

/// The seats of the asker's clinic, and what it asked for.
///
/// Errors: 403 without `invite_team_member`.
pub async fn own(app: &App, actor: &Actor) -> AppResult<SeatState> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    let seats = of(app.db.conn(), provider, app.now()).await?;
    let request = open_request(app, app.db.conn(), provider).await?;
    Ok(SeatState { may_ask: actor.can(Permission::EditSetting) && seats.left() == 0, seats, request })
}

/// Asks Hairline for more seats: the owner, once every seat is taken. Asking for the same again changes nothing.
///
/// Errors: 403 for whoever is not the owner; 409 `seats_left` while there is room; 422.
pub async fn ask(app: &App, actor: &Actor, wanted: u64, note: Option<&str>) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    // What a clinic is charged and given is the owner's to settle.
    actor.require(Permission::EditSetting)?;
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    platform::write_txn!(app.db, |txn| {
        let clinic = clinic_locked(txn, provider).await?;
        let now = app.now();
        let seats = super::seats(txn, &clinic, now).await?;
        let mut errors = FieldErrors::new();
        if wanted <= seats.limit || !SEAT_LIMITS.contains(&wanted) {
            errors.add("seats", "seats_out_of_range", "Ask for more than you have, up to 500.");
        }
        if note.is_some_and(|note| note.chars().count() > 500) {
            errors.add("note", "text_too_long", "At most 500 characters.");
        }
        errors.check()?;
        if seats.left() > 0 {
            return Err(AppError::conflict("seats_left", "There are seats left."));
        }
        let open = open_request(app, txn, provider).await?;
        if open.is_some_and(|open| open.seats == wanted && open.note.as_deref() == note) {
            return Ok(());
        }
        let entry = Entry::new(ASKED)
            .subject("Provider", provider)
            .provider(provider)
            .change(Some(json!({ "seats": seats.limit })), Some(json!({ "seats": wanted })));
        let entry = note.map_or(entry.clone(), |note| entry.reason(note));
        audit::record(txn, app, actor, entry).await?;
        let event =
            Event::new("team.seat_requested", "Provider", provider).with("provider_id", provider).with("seats", wanted);
        outbox::emit(txn, app, actor, event).await
    })
}
