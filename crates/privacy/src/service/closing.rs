//! Closing a clinic (R-ID-71, R-MG-14): its owner asks, a member of staff decides within five business days.
//!
//! States: pending -> approved | rejected. Writers lock the clinic's row first, then the request.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use directory::entity::provider_deletion_requests::{self as rows, ProviderDeletionRequestStatus as Status};
use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use finance::entity::provider_bills::{self as bills, ProviderBillStatus};
use identity::entity::legal_holds::{self, LegalHoldHoldableType, LegalHoldStatus};
use identity::entity::provider_users;
use identity::reauth::require_fresh;
use identity::rules::fields;
use identity::service::sessions::{Holder, revoke_all_and_tokens};
use kernel::ids::{ProviderDeletionRequestId, ProviderId, ProviderUserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde::Serialize;
use serde_json::json;

/// Business days until an answer.
const DAYS: u32 = 5;

/// A request to close a clinic.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Closing {
    /// The request.
    pub id: ProviderDeletionRequestId,
    /// The clinic.
    pub provider_id: ProviderId,
    /// Its name.
    #[schema(example = "Bosphorus Hair")]
    pub clinic: String,
    /// Where it stands.
    pub status: Status,
    /// Why, in the owner's words.
    pub reason: Option<String>,
    /// When it was made.
    pub requested_at: DateTime<Utc>,
    /// By when it is answered.
    pub due_on: NaiveDate,
    /// When it was.
    pub decided_at: Option<DateTime<Utc>>,
    /// What staff wrote.
    pub note: Option<String>,
}

fn view(row: rows::Model, clinic: Option<providers::Model>) -> Closing {
    Closing {
        id: row.id,
        provider_id: row.provider_id,
        clinic: clinic.map(|clinic| clinic.provider_name).unwrap_or_default(),
        status: row.status,
        reason: row.reason,
        requested_at: row.created_at,
        due_on: row.due_on,
        decided_at: row.decided_at,
        note: row.decision_note,
    }
}

/// The fifth business day after today: Saturdays and Sundays do not count.
fn due_on(now: Timestamp) -> NaiveDate {
    let mut day = now.date_naive();
    let mut left = DAYS;
    while left > 0 {
        day = day.checked_add_days(Days::new(1)).unwrap_or(day);
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    day
}

/// What still binds a clinic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Bound {
    /// Bookings accepted, confirmed or under treatment.
    pub bookings: u64,
    /// Bills that are not paid.
    pub bills: u64,
}

async fn bound(conn: &impl ConnectionTrait, clinic: ProviderId) -> AppResult<Bound> {
    let running = [QuoteStatus::Accepted, QuoteStatus::Confirmed, QuoteStatus::Inprogress];
    let settled = [ProviderBillStatus::Paid, ProviderBillStatus::Voided];
    Ok(Bound {
        bookings: quotes::Entity::find()
            .filter(quotes::Column::ProviderId.eq(clinic))
            .filter(quotes::Column::Status.is_in(running))
            .count(conn)
            .await?,
        bills: bills::Entity::find()
            .filter(bills::Column::ProviderId.eq(clinic))
            .filter(bills::Column::Status.is_not_in(settled))
            .count(conn)
            .await?,
    })
}

fn check(bound: Bound) -> AppResult<()> {
    if bound == Bound::default() {
        return Ok(());
    }
    let sentence = "Bookings are still to be treated, or bills to be paid. The clinic can close after that.";
    Err(AppError::conflict("clinic_is_bound", sentence).with("bookings", bound.bookings).with("bills", bound.bills))
}

/// The clinic's newest request, and what still binds the clinic, for its owner.
///
/// Errors: 403 for anybody but the owner.
pub async fn own(app: &App, actor: &Actor) -> AppResult<(Option<Closing>, Bound)> {
    let (_, clinic) = actor.provider()?;
    actor.require(Permission::RequestProviderDeletion)?;
    let conn = app.db.conn();
    let found = rows::Entity::find()
        .filter(rows::Column::ProviderId.eq(clinic))
        .order_by_desc(rows::Column::CreatedAt)
        .order_by_desc(rows::Column::Id)
        .find_also_related(providers::Entity)
        .one(conn)
        .await?;
    Ok((found.map(|(row, clinic)| view(row, clinic)), bound(conn, clinic).await?))
}

async fn lock_clinic(txn: &Txn, id: ProviderId) -> AppResult<providers::Model> {
    let row = providers::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
    row.filter(|row| row.deleted_at.is_none()).ok_or_else(AppError::not_found)
}

/// Asks to close the clinic. While a request is pending, asking again answers that one.
///
/// True: a new request was made. Errors: 403 for anybody but the owner, `reauth_required`; 409 `clinic_is_bound` with
/// counts; 422 for a reason over 500 characters.
pub async fn request(app: &App, actor: &Actor, reason: Option<&str>) -> AppResult<(Closing, bool)> {
    let (owner, id) = actor.provider()?;
    actor.require(Permission::RequestProviderDeletion)?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > 500) {
        return Err(AppError::field("reason", "too_long", "At most 500 characters."));
    }
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let clinic = lock_clinic(txn, id).await?;
        let pending = rows::Entity::find()
            .filter(rows::Column::ProviderId.eq(id))
            .filter(rows::Column::Status.eq(Status::Pending))
            .one(txn)
            .await?;
        if let Some(pending) = pending {
            return Ok((view(pending, Some(clinic)), false));
        }
        check(bound(txn, id).await?)?;
        let now = app.now();
        let row = rows::ActiveModel {
            id: Set(ProviderDeletionRequestId::new()),
            provider_id: Set(id),
            requested_by: Set(owner),
            reason: Set(reason.map(str::to_owned)),
            status: Set(Status::Pending),
            due_on: Set(due_on(now)),
            decided_by: Set(None),
            decided_at: Set(None),
            decision_note: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        let entry = Entry::new("provider.deletion_requested").subject("ProviderDeletionRequest", row.id).provider(id);
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("provider.deletion_requested", "ProviderDeletionRequest", row.id)
            .occurrence("requested")
            .with("provider_id", id);
        outbox::emit(txn, app, actor, event).await?;
        Ok((view(row, Some(clinic)), true))
    })
}

/// Requests for staff, those due soonest first: two statements.
///
/// `pending` leaves out what is decided. Errors: 403 without `manage_deletion_request`.
pub async fn list(app: &App, actor: &Actor, pending: bool, page: PageQuery) -> AppResult<Page<Closing>> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let mut select = rows::Entity::find();
    if pending {
        select = select.filter(rows::Column::Status.eq(Status::Pending));
    }
    let total = select.clone().count(conn).await?;
    let found = select
        .find_also_related(providers::Entity)
        .order_by_asc(rows::Column::DueOn)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(found.into_iter().map(|(row, clinic)| view(row, clinic)).collect(), page, total))
}

/// One request, and what still binds the clinic. Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: ProviderDeletionRequestId) -> AppResult<(Closing, Bound)> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let conn = app.db.conn();
    let found = rows::Entity::find_by_id(id).find_also_related(providers::Entity).one(conn).await?;
    let (row, clinic) = found.ok_or_else(AppError::not_found)?;
    let bound = bound(conn, row.provider_id).await?;
    Ok((view(row, clinic), bound))
}

/// Decides: approved, the clinic is closed at once and its team can no longer sign in; its rows stay.
///
/// Errors: 403 without `manage_deletion_request`, `reauth_required`; 404; 409 `request_closed`, `clinic_is_bound`,
/// `legal_hold`; 422 for a justification outside 20 to 500 characters.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: ProviderDeletionRequestId,
    approves: bool,
    justification: &str,
) -> AppResult<()> {
    let by = actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let mut errors = FieldErrors::new();
    let note = fields::reason(&mut errors, "justification", justification);
    errors.check()?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let row = rows::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
        let clinic = providers::Entity::find_by_id(row.provider_id).lock_exclusive().one(txn).await?;
        let clinic = clinic.ok_or_else(AppError::not_found)?;
        let row = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        if row.status != Status::Pending {
            return Err(AppError::conflict("request_closed", "This request was decided already."));
        }
        let now = app.now();
        if approves {
            check(bound(txn, clinic.id).await?)?;
            require_no_order(txn, clinic.id).await?;
            close(txn, app, clinic.id, now).await?;
        }
        let status = if approves { Status::Approved } else { Status::Rejected };
        rows::ActiveModel {
            id: Set(id),
            status: Set(status),
            decided_by: Set(Some(by)),
            decided_at: Set(Some(now)),
            decision_note: Set(Some(note.clone())),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let entry = Entry::new(if approves { "provider.closed" } else { "provider.closing_rejected" })
            .subject("ProviderDeletionRequest", id)
            .provider(clinic.id)
            .reason(&note)
            .change(Some(json!({ "status": clinic.status })), Some(json!({ "decision": status })));
        audit::record(txn, app, actor, entry).await
    })
}

async fn require_no_order(txn: &Txn, clinic: ProviderId) -> AppResult<()> {
    let orders = legal_holds::Entity::find()
        .filter(legal_holds::Column::HoldableType.eq(LegalHoldHoldableType::Provider))
        .filter(legal_holds::Column::HoldableId.eq(clinic.any()))
        .filter(legal_holds::Column::Status.eq(LegalHoldStatus::Active))
        .count(txn)
        .await?;
    if orders > 0 {
        return Err(AppError::conflict("legal_hold", "A legal order keeps this data."));
    }
    Ok(())
}

async fn close(txn: &Txn, app: &App, clinic: ProviderId, now: Timestamp) -> AppResult<()> {
    use providers::Column;
    // A clinic that is let in again one day brings no old session with it.
    let team: Vec<ProviderUserId> = provider_users::Entity::find()
        .select_only()
        .column(provider_users::Column::Id)
        .filter(provider_users::Column::ProviderId.eq(clinic))
        .into_tuple()
        .all(txn)
        .await?;
    for member in team {
        revoke_all_and_tokens(txn, app, Holder { guard: Guard::Provider, id: member.any() }, "clinic_closed").await?;
    }
    providers::Entity::update_many()
        .col_expr(Column::Status, Expr::value(ProviderStatus::Inactive))
        .col_expr(Column::OnboardingStage, Expr::value(ProviderOnboardingStage::Closed))
        .col_expr(Column::DeactivatedAt, Expr::value(now))
        .col_expr(Column::DeletedAt, Expr::value(now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(clinic))
        .exec(txn)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_id_71_weekends_do_not_count() {
        let due = |day: &str| due_on(format!("{day}T10:00:00Z").parse().unwrap()).to_string();
        assert_eq!(due("2026-03-02"), "2026-03-09", "Monday to Monday");
        assert_eq!(due("2026-03-06"), "2026-03-13", "Friday to Friday");
        assert_eq!(due("2026-03-07"), "2026-03-13", "Saturday to Friday");
    }
}
