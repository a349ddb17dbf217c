//! Flags of bookings: what somebody has to look at. They change no status and no sum (R-PY-17, R-PY-53).

use kernel::ids::{BookingFlagId, PatientId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::entity::booking_flags::{self as flags, BookingFlagKind};
use crate::entity::quotes;

/// What is raised.
#[derive(Clone, Copy, Debug)]
pub struct Raised<'a> {
    /// What is to be looked at.
    pub kind: BookingFlagKind,
    /// Why, in words for staff.
    pub note: &'a str,
    /// A no-show that was reported after a day.
    pub is_late: bool,
}

/// Raises a flag, and puts it on record. Of each kind of raiser there is one open flag of a kind: the same words again are the
/// same flag, and what the program marked once is not marked again, whatever it would say now. The caller holds the quote's lock.
///
/// Answers its id, and whether it was raised now. Errors: 409 `flag_open` where a person has one with other words open.
pub async fn raise(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (patient, quote): (PatientId, &quotes::Model),
    what: Raised<'_>,
) -> AppResult<(BookingFlagId, bool)> {
    let now = app.now();
    let (raised_by_type, raised_by_id) = actor.reference();
    let key = format!("{}:{}:{raised_by_type}", quote.id, what.kind.to_value());
    let open = flags::Entity::find().filter(flags::Column::OpenKey.eq(&key)).one(txn).await?;
    if let Some(open) = open {
        if open.note != what.note && actor.kind != ActorKind::System {
            return Err(AppError::conflict("flag_open", "It is marked like this already. Settle that mark first."));
        }
        return Ok((open.id, false));
    }
    let id = BookingFlagId::new();
    let row = flags::ActiveModel {
        id: Set(id),
        quote_id: Set(quote.id),
        kind: Set(what.kind),
        note: Set(what.note.to_owned()),
        is_late: Set(what.is_late),
        open_key: Set(Some(key)),
        raised_by_type: Set(raised_by_type.to_owned()),
        raised_by_id: Set(raised_by_id),
        closed_by_user_id: NotSet,
        closed_at: NotSet,
        close_note: NotSet,
        created_at: Set(now),
        updated_at: Set(now),
    };
    flags::Entity::insert(row).exec_without_returning(txn).await?;
    trace(txn, app, actor, (patient, quote), ("booking.flagged", what.kind, what.note)).await?;
    Ok((id, true))
}

/// Who flagged what, or settled it; the words stay with staff.
async fn trace(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (patient, quote): (PatientId, &quotes::Model),
    (action, kind, note): (&'static str, BookingFlagKind, &str),
) -> AppResult<()> {
    let entry = Entry::new(action)
        .subject("Quote", quote.id)
        .patient(patient)
        .provider(quote.provider_id)
        .quote(quote.id)
        .reason(note)
        .change(None, Some(json!({ "kind": kind.to_value() })));
    audit::record(txn, app, actor, entry).await
}

/// Closes a flag of a booking with what came of it, and puts that on record.
///
/// Errors: 404 for another booking's; 409 `flag_closed`.
pub async fn close(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (patient, quote): (PatientId, &quotes::Model),
    id: BookingFlagId,
    note: &str,
) -> AppResult<()> {
    let now = app.now();
    let own = flags::Entity::find_by_id(id).filter(flags::Column::QuoteId.eq(quote.id)).one(txn).await?;
    let row = own.ok_or_else(AppError::not_found)?;
    let change = flags::ActiveModel {
        open_key: Set(None),
        closed_by_user_id: Set(Some(actor.admin()?)),
        closed_at: Set(Some(now)),
        close_note: Set(Some(note.to_owned())),
        updated_at: Set(now),
        ..Default::default()
    };
    let done = flags::Entity::update_many()
        .set(change)
        .filter(flags::Column::Id.eq(id))
        .filter(flags::Column::ClosedAt.is_null())
        .exec(txn)
        .await?;
    if done.rows_affected == 0 {
        return Err(AppError::conflict("flag_closed", "This flag was closed already."));
    }
    trace(txn, app, actor, (patient, quote), ("booking.flag_closed", row.kind, note)).await
}

/// The open flags of bookings, oldest first, in one statement.
pub async fn open_of(
    conn: &impl ConnectionTrait,
    quotes: impl IntoIterator<Item = QuoteId>,
) -> AppResult<Vec<flags::Model>> {
    Ok(flags::Entity::find()
        .filter(flags::Column::QuoteId.is_in(quotes))
        .filter(flags::Column::ClosedAt.is_null())
        .order_by_asc(flags::Column::Id)
        .all(conn)
        .await?)
}
