//! Legal orders to keep data (R-MG-84): while one stands, nobody it covers is erased, nothing of theirs is anonymised, no
//! object of theirs is destroyed. Reading and copies go on.
//!
//! One person places an order and another one releases it. Of several orders all must be released.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use directory::entity::providers;
use identity::entity::deletion_requests::DeletionRequestStatus;
use identity::entity::legal_holds::{self as rows, LegalHoldHoldableType as Kind, LegalHoldStatus as Status};
use identity::entity::patients;
use identity::reauth::require_fresh;
use identity::rules::fields;
use identity::service::patient_rows;
use inquiry::entity::inquiries;
use kernel::ids::{AnyId, LegalHoldId, PatientId, ProviderId, QuoteId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::entity::quotes;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use serde::Serialize;
use serde_json::json;

use super::requests;

/// After how long somebody must look at an order again.
const REVIEW: Duration = Duration::days(180);

/// An order as staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Hold {
    /// The order.
    pub id: LegalHoldId,
    /// What it covers.
    pub holdable_type: Kind,
    /// Which one.
    pub holdable_id: AnyId,
    /// Its code or name.
    #[schema(example = "PAT-007")]
    pub holdable: String,
    /// What the order is called where it comes from.
    #[schema(example = "AZ 12 O 34/26")]
    pub reference: String,
    /// Why.
    pub reason: String,
    /// Whether it stands.
    pub status: Status,
    /// Since when.
    pub placed_at: DateTime<Utc>,
    /// Whether the reader placed it, and so cannot release it.
    pub is_own: bool,
    /// When somebody must look at it again.
    pub next_review_on: NaiveDate,
    /// When it was released.
    pub released_at: Option<DateTime<Utc>>,
    /// Why.
    pub release_reason: Option<String>,
}

fn may(actor: &Actor) -> AppResult<kernel::ids::UserId> {
    let staff = actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    Ok(staff)
}

/// Orders, those to be looked at soonest first: at most five statements.
///
/// `active` leaves out what is released; `on` takes those on one thing. Errors: 403 without `manage_deletion_request`.
pub async fn list(
    app: &App,
    actor: &Actor,
    active: bool,
    on: Option<(Kind, AnyId)>,
    page: PageQuery,
) -> AppResult<Page<Hold>> {
    may(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let mut select = rows::Entity::find();
    if active {
        select = select.filter(rows::Column::Status.eq(Status::Active));
    }
    if let Some((kind, id)) = on {
        select = select.filter(rows::Column::HoldableType.eq(kind)).filter(rows::Column::HoldableId.eq(id));
    }
    let total = select.clone().count(conn).await?;
    let found = select
        .order_by_asc(rows::Column::Status)
        .order_by_asc(rows::Column::NextReviewOn)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let data = views(conn, actor, found).await?;
    Ok(Page::new(data, page, total))
}

/// One order. Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: LegalHoldId) -> AppResult<Hold> {
    may(actor)?;
    let conn = app.db.conn();
    let row = rows::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    views(conn, actor, vec![row]).await?.pop().ok_or_else(AppError::not_found)
}

async fn views(conn: &impl ConnectionTrait, actor: &Actor, found: Vec<rows::Model>) -> AppResult<Vec<Hold>> {
    let own = actor.admin().ok();
    let ids = |kind: Kind| -> Vec<AnyId> {
        found.iter().filter(|row| row.holdable_type == kind).map(|row| row.holdable_id).collect()
    };
    let mut names: Vec<(AnyId, Option<String>)> = Vec::new();
    let (people, clinics, cases) = (ids(Kind::Patient), ids(Kind::Provider), ids(Kind::Quote));
    if !people.is_empty() {
        let select =
            patients::Entity::find().select_only().columns([patients::Column::Id, patients::Column::PatientCode]);
        names.extend(select.filter(patients::Column::Id.is_in(people)).into_tuple().all(conn).await?);
    }
    if !clinics.is_empty() {
        let select =
            providers::Entity::find().select_only().columns([providers::Column::Id, providers::Column::ProviderName]);
        names.extend(select.filter(providers::Column::Id.is_in(clinics)).into_tuple().all(conn).await?);
    }
    if !cases.is_empty() {
        let select = quotes::Entity::find().select_only().columns([quotes::Column::Id, quotes::Column::QuoteCode]);
        names.extend(select.filter(quotes::Column::Id.is_in(cases)).into_tuple().all(conn).await?);
    }
    let name = |id: AnyId| {
        let found = names.iter().find(|(other, _)| *other == id).and_then(|(_, name)| name.clone());
        found.unwrap_or_else(|| id.to_string())
    };
    let view = |row: rows::Model| Hold {
        id: row.id,
        holdable: name(row.holdable_id),
        holdable_type: row.holdable_type,
        holdable_id: row.holdable_id,
        reference: row.reference,
        reason: row.reason,
        status: row.status,
        placed_at: row.created_at,
        is_own: own == Some(row.placed_by),
        next_review_on: row.next_review_on,
        released_at: row.released_at,
        release_reason: row.release_reason,
    };
    Ok(found.into_iter().map(view).collect())
}

/// The thing staff name: by id, by a patient's or a quote's code, or by a clinic's name.
///
/// Errors: 422 `holdable_unknown`.
pub async fn find(app: &App, actor: &Actor, kind: Kind, text: &str) -> AppResult<AnyId> {
    may(actor)?;
    let conn = app.db.conn();
    let text = text.trim();
    let id: Option<AnyId> = match (kind, text.parse::<AnyId>()) {
        (_, Ok(id)) => Some(id),
        (Kind::Patient, Err(_)) => {
            let code = text.to_uppercase();
            let found = patients::Entity::find().filter(patients::Column::PatientCode.eq(code)).one(conn).await?;
            found.map(|row| row.id.any())
        }
        (Kind::Provider, Err(_)) => {
            let found = providers::Entity::find().filter(providers::Column::ProviderName.eq(text)).one(conn).await?;
            found.map(|row| row.id.any())
        }
        (Kind::Quote, Err(_)) => {
            let found = quotes::Entity::find().filter(quotes::Column::QuoteCode.eq(text)).one(conn).await?;
            found.map(|row| row.id.any())
        }
    };
    id.ok_or_else(unknown)
}

fn unknown() -> AppError {
    AppError::field("holdable_id", "holdable_unknown", "There is no such patient, clinic or case.")
}

/// An order to be.
#[derive(Clone, Debug)]
pub struct NewHold {
    /// What it covers.
    pub holdable_type: Kind,
    /// Which one.
    pub holdable_id: AnyId,
    /// What it is called where it comes from.
    pub reference: String,
    /// Why.
    pub reason: String,
}

fn checked(reference: &str, reason: &str) -> AppResult<(String, String)> {
    let mut errors = FieldErrors::new();
    let reference = reference.trim().to_owned();
    match reference.chars().count() {
        0 => errors.add("reference", "required", "This is required."),
        1..=100 => {}
        _ => errors.add("reference", "too_long", "At most 100 characters."),
    }
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    Ok((reference, reason))
}

/// The patients an order bears on who asked to be erased: the patient, the patient of the case, those of the clinic's cases.
async fn asking(conn: &impl ConnectionTrait, kind: Kind, id: AnyId) -> AppResult<Vec<PatientId>> {
    use identity::entity::deletion_requests as requests;
    let of_cases = |filter: Condition| {
        inquiries::Entity::find()
            .select_only()
            .column(inquiries::Column::PatientId)
            .filter(inquiries::Column::Id.in_subquery(
                quotes::Entity::find().select_only().column(quotes::Column::InquiryId).filter(filter).into_query(),
            ))
            .into_query()
    };
    let whose = match kind {
        Kind::Patient => requests::Column::PatientId.eq(PatientId::from(id)),
        Kind::Quote => requests::Column::PatientId
            .in_subquery(of_cases(Condition::all().add(quotes::Column::Id.eq(QuoteId::from(id))))),
        Kind::Provider => requests::Column::PatientId
            .in_subquery(of_cases(Condition::all().add(quotes::Column::ProviderId.eq(ProviderId::from(id))))),
    };
    Ok(requests::Entity::find()
        .select_only()
        .column(requests::Column::PatientId)
        .filter(whose)
        .filter(requests::Column::Status.is_in([DeletionRequestStatus::Submitted, DeletionRequestStatus::InReview]))
        .order_by_asc(requests::Column::PatientId)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Places an order. Open requests of those it covers wait from now on. The same order once more answers the first.
///
/// Errors: 403 without `manage_deletion_request`, `reauth_required`; 422 with every field at fault.
pub async fn place(app: &App, actor: &Actor, new: NewHold) -> AppResult<LegalHoldId> {
    let staff = may(actor)?;
    let (reference, reason) = checked(&new.reference, &new.reason)?;
    let (kind, on) = (new.holdable_type, new.holdable_id);
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        require_there(txn, kind, on).await?;
        // Patients before requests, as everywhere; the rows of orders are locked by nobody else.
        let waiting = asking(txn, kind, on).await?;
        for patient in &waiting {
            patient_rows::lock(txn, *patient).await?;
        }
        let known = rows::Entity::find()
            .filter(rows::Column::HoldableType.eq(kind))
            .filter(rows::Column::HoldableId.eq(on))
            .filter(rows::Column::Status.eq(Status::Active))
            .filter(rows::Column::Reference.eq(&reference))
            .one(txn)
            .await?;
        if let Some(known) = known {
            return Ok(known.id);
        }
        let now = app.now();
        let id = LegalHoldId::new();
        rows::ActiveModel {
            id: Set(id),
            holdable_type: Set(kind),
            holdable_id: Set(on),
            reference: Set(reference.clone()),
            reason: Set(reason.clone()),
            status: Set(Status::Active),
            placed_by: Set(staff),
            next_review_on: Set((now + REVIEW).date_naive()),
            released_by: Set(None),
            released_at: Set(None),
            release_reason: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        for patient in waiting {
            requests::wait(txn, app, patient).await?;
        }
        told(txn, app, actor, id, (kind, on), ("privacy.hold_placed", "placed", Some(&reason))).await?;
        Ok(id)
    })
}

async fn require_there(txn: &Txn, kind: Kind, on: AnyId) -> AppResult<()> {
    let count = match kind {
        Kind::Patient => patients::Entity::find_by_id(PatientId::from(on)).count(txn).await?,
        Kind::Provider => providers::Entity::find_by_id(ProviderId::from(on)).count(txn).await?,
        Kind::Quote => quotes::Entity::find_by_id(QuoteId::from(on)).count(txn).await?,
    };
    if count == 0 { Err(unknown()) } else { Ok(()) }
}

/// Records an act on an order and tells those who decide about erasure.
async fn told(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    id: LegalHoldId,
    (kind, on): (Kind, AnyId),
    (action, state, reason): (&'static str, &str, Option<&str>),
) -> AppResult<()> {
    let mut entry = Entry::new(action)
        .subject("LegalHold", id)
        .change(None, Some(json!({ "holdable_type": kind, "holdable_id": on, "state": state })));
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    entry = match kind {
        Kind::Patient => entry.patient(PatientId::from(on)),
        Kind::Provider => entry.provider(ProviderId::from(on)),
        Kind::Quote => entry.quote(QuoteId::from(on)),
    };
    audit::record(txn, app, actor, entry).await?;
    let day = app.now().date_naive();
    let event = Event::new("privacy.hold_changed", "LegalHold", id)
        .occurrence(format!("{state}:{day}"))
        .with("state", state)
        .with("hold_id", id);
    outbox::emit(txn, app, actor, event).await
}

async fn locked(txn: &Txn, id: LegalHoldId) -> AppResult<rows::Model> {
    rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}

/// What of an order changes; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What it is called where it comes from.
    pub reference: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// It was looked at and still stands: the next look is due in 180 days.
    pub reviewed: bool,
}

/// Corrects an order, or notes that it was looked at.
///
/// Errors: 403; 404; 409 `hold_released`; 422.
pub async fn change(app: &App, actor: &Actor, id: LegalHoldId, change: Change) -> AppResult<()> {
    may(actor)?;
    platform::write_txn!(app.db, |txn| {
        let row = locked(txn, id).await?;
        if row.status != Status::Active {
            return Err(AppError::conflict("hold_released", "This order was released."));
        }
        let (reference, reason) = checked(
            change.reference.as_deref().unwrap_or(&row.reference),
            change.reason.as_deref().unwrap_or(&row.reason),
        )?;
        let next = if change.reviewed { (app.now() + REVIEW).date_naive() } else { row.next_review_on };
        if (&reference, &reason, next) == (&row.reference, &row.reason, row.next_review_on) {
            return Ok(());
        }
        let facts = |reference: &str, next: NaiveDate| json!({ "reference": reference, "next_review_on": next });
        let entry = Entry::new("privacy.hold_changed")
            .subject("LegalHold", id)
            .reason(&reason)
            .change(Some(facts(&row.reference, row.next_review_on)), Some(facts(&reference, next)));
        rows::ActiveModel {
            id: Set(id),
            reference: Set(reference),
            reason: Set(reason),
            next_review_on: Set(next),
            updated_at: Set(app.now()),
            ..Default::default()
        }
        .update(txn)
        .await?;
        audit::record(txn, app, actor, entry).await
    })
}

/// Releases an order: somebody else than who placed it, for a reason. Requests that waited for it alone go on with the next
/// upkeep.
///
/// Errors: 403 without `manage_deletion_request`, `four_eyes_required`, `reauth_required`; 404; 422. Releasing again changes
/// nothing.
pub async fn release(app: &App, actor: &Actor, id: LegalHoldId, reason: &str) -> AppResult<()> {
    let staff = may(actor)?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let row = locked(txn, id).await?;
        if row.status == Status::Released {
            return Ok(());
        }
        if row.placed_by == staff {
            let sentence = "Whoever placed an order cannot release it. Ask a colleague.";
            return Err(AppError::denied("four_eyes_required", sentence));
        }
        let now = app.now();
        rows::ActiveModel {
            id: Set(id),
            status: Set(Status::Released),
            released_by: Set(Some(staff)),
            released_at: Set(Some(now)),
            release_reason: Set(Some(reason.clone())),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let (on, why) = ((row.holdable_type, row.holdable_id), ("privacy.hold_released", "released", Some(&*reason)));
        told(txn, app, actor, id, on, why).await
    })
}

/// Reminds of orders nobody looked at for 180 days, once for each turn. Safe to repeat and on several workers.
pub async fn remind(app: &App) -> AppResult<()> {
    let today = app.now().date_naive();
    let due = rows::Entity::find()
        .filter(rows::Column::Status.eq(Status::Active))
        .filter(rows::Column::NextReviewOn.lte(today))
        .order_by_asc(rows::Column::NextReviewOn)
        .all(app.db.conn())
        .await?;
    for row in due {
        platform::write_txn!(app.db, |txn| {
            let moved = rows::Entity::update_many()
                .col_expr(rows::Column::NextReviewOn, Expr::value((app.now() + REVIEW).date_naive()))
                .col_expr(rows::Column::UpdatedAt, Expr::value(app.now()))
                .filter(rows::Column::Id.eq(row.id))
                .filter(rows::Column::Status.eq(Status::Active))
                .filter(rows::Column::NextReviewOn.eq(row.next_review_on))
                .exec(txn)
                .await?;
            if moved.rows_affected != 1 {
                return Ok(());
            }
            let on = (row.holdable_type, row.holdable_id);
            told(txn, app, &Actor::system(), row.id, on, ("privacy.hold_review_due", "review_due", None)).await
        })?;
    }
    Ok(())
}

/// Whether an order keeps the data of a patient: one on the patient, on a case of theirs, or on a clinic that has one.
pub async fn is_held(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<bool> {
    let cases = |column: quotes::Column| {
        let own = inquiries::Entity::find()
            .select_only()
            .column(inquiries::Column::Id)
            .filter(inquiries::Column::PatientId.eq(patient))
            .into_query();
        quotes::Entity::find()
            .select_only()
            .column(column)
            .filter(quotes::Column::InquiryId.in_subquery(own))
            .into_query()
    };
    let on = |kind: Kind| rows::Column::HoldableType.eq(kind);
    let held = rows::Entity::find()
        .filter(rows::Column::Status.eq(Status::Active))
        .filter(
            Condition::any()
                .add(on(Kind::Patient).and(rows::Column::HoldableId.eq(patient.any())))
                .add(on(Kind::Quote).and(rows::Column::HoldableId.in_subquery(cases(quotes::Column::Id))))
                .add(on(Kind::Provider).and(rows::Column::HoldableId.in_subquery(cases(quotes::Column::ProviderId)))),
        )
        .count(conn)
        .await?;
    Ok(held > 0)
}
