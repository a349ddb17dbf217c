//! Flags of bookings: staff raise and close them, a clinic reports that its patient did not come. No status and no sum
//! changes; what follows is decided by people (R-PY-53).

use chrono::TimeDelta;
use kernel::ids::{BookingFlagId, QuoteId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::case::{self, Case};
use quoting::entity::booking_flags::{self as flags, BookingFlagKind as Kind};
use quoting::entity::quotes::QuoteStatus;
use quoting::flags::{Raised, close, raise};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::service::access::{self, Audience};

/// A patient who is late may still come: before this, nobody did not come (R-TT-43).
const GRACE: TimeDelta = TimeDelta::hours(2);
/// A report is expected within this time of the appointment (R-PY-53).
const IN_TIME: TimeDelta = TimeDelta::hours(24);

/// What staff raise.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagInput {
    /// What is to be looked at.
    pub kind: Kind,
    /// Why: 20 to 500 characters.
    #[schema(example = "The patient asks for another account to pay back to.")]
    pub note: String,
}

/// A flag of a booking.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct FlagView {
    /// Its id.
    pub id: BookingFlagId,
    /// What is to be looked at.
    pub kind: Kind,
    /// Why.
    pub note: String,
    /// A no-show that was reported after a day.
    pub is_late: bool,
    /// Who raised it: `User`, `ProviderUser` or `System`.
    pub raised_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub raised_at: Timestamp,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// What came of it.
    pub close_note: Option<String>,
}

impl From<flags::Model> for FlagView {
    fn from(row: flags::Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            note: row.note,
            is_late: row.is_late,
            raised_by: row.raised_by_type,
            raised_at: row.created_at,
            closed_at: row.closed_at,
            close_note: row.close_note,
        }
    }
}

/// The flags of a booking, newest first: three statements.
///
/// Errors: 403 without `view_transaction`; 404; 422 for the page.
pub async fn list(app: &App, actor: &Actor, id: QuoteId, page: PageQuery) -> AppResult<Page<FlagView>> {
    actor.admin()?;
    actor.require(Permission::ViewTransaction)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    access::visible(conn, Audience::Staff, id).await?;
    let found = flags::Entity::find().filter(flags::Column::QuoteId.eq(id)).order_by_desc(flags::Column::Id);
    let total = platform::db::total(conn, &found).await?;
    let rows = found.offset(page.offset()).limit(page.per_page).all(conn).await?;
    Ok(Page::new(rows.into_iter().map(FlagView::from).collect(), page, total))
}

fn noted(faults: &mut FieldErrors, text: &str) -> String {
    super::cancellation::reasoned(faults, "note", text)
}

/// Raises a flag of a booking. The same words again answer the same flag.
///
/// Errors: 403 without `issue_refund`; 404; 409 `booking_not_payable` where it never was a booking, 409 `flag_open`; 422 `note`.
pub async fn add(app: &App, actor: &Actor, id: QuoteId, input: &FlagInput) -> AppResult<BookingFlagId> {
    actor.admin()?;
    actor.require(Permission::IssueRefund)?;
    access::visible(app.db.conn(), Audience::Staff, id).await?;
    let mut faults = FieldErrors::new();
    let note = noted(&mut faults, &input.note);
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, id).await?;
        case.require_terms()?;
        let what = Raised { kind: input.kind, note: &note, is_late: false };
        record(txn, app, actor, &case, what).await
    })
}

/// Closes a flag with what came of it.
///
/// Errors: 403 without `issue_refund`; 404; 409 `flag_closed`; 422 `note`.
pub async fn end(app: &App, actor: &Actor, id: QuoteId, flag: BookingFlagId, note: &str) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::IssueRefund)?;
    access::visible(app.db.conn(), Audience::Staff, id).await?;
    let mut faults = FieldErrors::new();
    let note = noted(&mut faults, note);
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, id).await?;
        close(txn, app, actor, (case.inquiry.patient_id, &case.quote), flag, &note).await
    })
}

/// A clinic reports that its patient did not come; staff decide what follows (R-PY-53).
///
/// Errors: 403 without `cancel_appointment`; 404; 409 `invalid_transition` for a booking that is not confirmed, 409
/// `no_show_too_early` within two hours of its time; 422 `note`.
pub async fn no_show(app: &App, actor: &Actor, id: QuoteId, note: &str) -> AppResult<BookingFlagId> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::CancelAppointment)?;
    let audience = Audience::Clinic { provider, amounts: false };
    access::visible(app.db.conn(), audience, id).await?;
    let mut faults = FieldErrors::new();
    let note = noted(&mut faults, note);
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, id).await?;
        let now = app.now();
        let Some(start) = awaited_since(&case) else {
            return Err(AppError::conflict("invalid_transition", "Only a confirmed appointment can be missed."));
        };
        if now < start + GRACE {
            let text = "A patient who is late may still come. Report it two hours after the time.";
            return Err(AppError::conflict("no_show_too_early", text).with("from", start + GRACE));
        }
        let what = Raised { kind: Kind::NoShow, note: &note, is_late: now > start + IN_TIME };
        record(txn, app, actor, &case, what).await
    })
}

/// From when a no-show of this booking can be reported.
pub fn reportable_from(start: Timestamp) -> Timestamp {
    start + GRACE
}

fn awaited_since(case: &Case) -> Option<Timestamp> {
    case.schedule.as_ref().filter(|_| case.quote.status == QuoteStatus::Confirmed)?.starts_at_utc
}

async fn record(txn: &Txn, app: &App, actor: &Actor, case: &Case, what: Raised<'_>) -> AppResult<BookingFlagId> {
    let (id, is_new) = raise(txn, app, actor, (case.inquiry.patient_id, &case.quote), what).await?;
    if is_new && what.kind == Kind::NoShow {
        // Those who decide about money hear of it.
        let alert = Event::new("system.alert", "Quote", case.quote.id)
            .occurrence(format!("no_show:{id}"))
            .with("alert", "no_show")
            .with("quote_id", case.quote.id);
        outbox::emit(txn, app, actor, alert).await?;
    }
    Ok(id)
}
