//! Requests to be erased, from the patient's word to the decision (R-ID-67, 68).

use chrono::{DateTime, Duration, Utc};
use identity::anonymity;
use identity::entity::account_states::AccountState;
use identity::entity::deletion_requests::{self as rows, DeletionRequestStatus as Status};
use identity::reauth::require_fresh;
use identity::service::patient_rows;
use inquiry::entity::inquiries::{self, InquiryStatus};
use kernel::ids::{DeletionRequestId, PatientId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::counters;
use platform::db::Txn;
use platform::entity::app_list_items;
use platform::jobs::{self, Enqueue};
use platform::lists::choosable;
use platform::outbox::{self, Event};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde::Serialize;
use serde_json::json;

use super::facts;
use crate::install::REASONS;
use crate::rules::{self, Obligations, due_at, is_open, may_decide, may_withdraw, paused_days};
use crate::upkeep::ERASE;

/// What the patient says.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Code of an entry of the list of reasons.
    pub reason_code: Option<String>,
    /// At most 500 characters.
    pub reason_text: Option<String>,
}

/// A request as its patient sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OwnRequest {
    /// What to name when writing to support.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// When it was made.
    pub submitted_at: DateTime<Utc>,
    /// By when it is answered.
    pub due_at: DateTime<Utc>,
    /// Whether it can still be taken back.
    pub can_withdraw: bool,
    /// What staff wrote when they denied it or asked for proof.
    pub note: Option<String>,
}

impl OwnRequest {
    fn of(row: &rows::Model) -> Self {
        let told = matches!(row.status, Status::Denied | Status::VerificationRequired);
        Self {
            reference: row.reference.clone(),
            status: row.status,
            submitted_at: row.submitted_at,
            due_at: row.due_at,
            can_withdraw: may_withdraw(row.status),
            note: row.decision_note.clone().filter(|_| told),
        }
    }
}

/// The patient's newest request.
pub async fn own(app: &App, actor: &Actor) -> AppResult<Option<OwnRequest>> {
    let patient = actor.patient()?;
    Ok(newest(app.db.conn(), patient).await?.as_ref().map(OwnRequest::of))
}

async fn newest(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Option<rows::Model>> {
    Ok(rows::Entity::find()
        .filter(rows::Column::PatientId.eq(patient))
        .order_by_desc(rows::Column::SubmittedAt)
        .order_by_desc(rows::Column::Id)
        .one(conn)
        .await?)
}

/// What stands in the way of the patient's erasure now.
pub async fn own_obligations(app: &App, actor: &Actor) -> AppResult<Obligations> {
    facts::obligations(app.db.conn(), actor.patient()?).await
}

/// Asks to be erased. While a request is open, asking again answers that one; asking again with a fresh proof is also how
/// a demanded verification is given.
///
/// An open inquiry is cancelled in the same transaction, and clinics do not learn why. True: a new request was made.
///
/// Errors: 403 `reauth_required`; 409 `active_care`, `payment_in_progress`; 422 for the reason.
pub async fn submit(app: &App, actor: &Actor, ask: Ask) -> AppResult<(OwnRequest, bool)> {
    let patient = actor.patient()?;
    actor.require(Permission::RequestAccountDeletion)?;
    let ask = checked(app, ask).await?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        submit_within(txn, app, actor, patient, &ask).await
    })
}

/// Lets the patient's open request wait because an order came. The patient is locked.
pub(super) async fn wait(txn: &Txn, app: &App, patient: PatientId) -> AppResult<()> {
    match newest(txn, patient).await?.filter(|row| may_decide(row.status)) {
        Some(row) => step(txn, app, &Actor::system(), &row, Status::OnHold, None).await.map(drop),
        None => Ok(()),
    }
}

/// The same for a caller who has already proven who asks.
pub(crate) async fn submit_within(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    patient: PatientId,
    ask: &Ask,
) -> AppResult<(OwnRequest, bool)> {
    patient_rows::lock(txn, patient).await?;
    if let Some(open) = newest(txn, patient).await?.filter(|row| is_open(row.status)) {
        let row = match open.status {
            Status::VerificationRequired => step(txn, app, actor, &open, Status::InReview, None).await?,
            _ => open,
        };
        return Ok((OwnRequest::of(&row), false));
    }
    let obligations = facts::obligations(txn, patient).await?;
    obligations.check()?;
    end_open_cases(txn, app, patient).await?;
    let row = insert(txn, app, patient, ask, obligations.holds()).await?;
    told(txn, app, actor, &row, "privacy.deletion_requested", None).await?;
    Ok((OwnRequest::of(&row), true))
}

async fn checked(app: &App, ask: Ask) -> AppResult<Ask> {
    let mut errors = FieldErrors::new();
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let ask = Ask { reason_code: given(ask.reason_code), reason_text: given(ask.reason_text) };
    if let Some(code) = &ask.reason_code {
        let known = app_list_items::Entity::find()
            .filter(app_list_items::Column::ListKey.eq(REASONS))
            .filter(app_list_items::Column::Code.eq(code))
            .filter(choosable(app_list_items::Column::IsActive, app_list_items::Column::DeactivatedAt, app.now()))
            .count(app.db.conn())
            .await?;
        if known == 0 {
            errors.add("reason_code", "option_unknown", "Choose a reason from the list.");
        }
    }
    if ask.reason_text.as_ref().is_some_and(|text| text.chars().count() > 500) {
        errors.add("reason_text", "too_long", "At most 500 characters.");
    }
    errors.check()?;
    Ok(ask)
}

/// Cancels what is open and not yet paid, with its quotes and its slot (R-IQ-62): when somebody asks to be erased, and
/// again when it is decided and done, for the account stays open until then.
pub(super) async fn end_open_cases(txn: &Txn, app: &App, patient: PatientId) -> AppResult<()> {
    let open: Vec<_> = inquiries::Entity::find()
        .filter(inquiries::Column::PatientId.eq(patient))
        .filter(inquiries::Column::Status.is_in([
            InquiryStatus::Inquiry,
            InquiryStatus::Quote,
            InquiryStatus::Accepted,
        ]))
        .all(txn)
        .await?;
    for case in open {
        let case = inquiry::case::lock(txn, case.id).await?;
        let quotes = quoting::store::lock_quotes_of(txn, case.id).await?;
        let told = quoting::service::cancel::told(&quotes);
        inquiry::case::cancel_for_account_deletion(txn, app, &case, &told).await?;
        let (system, known) = (Actor::system(), anonymity::pairs(txn, patient).await?);
        quoting::service::cancel::end_quotes(txn, app, &system, &case, &quotes).await?;
        anonymity::follow(txn, app, &system, known).await?;
    }
    Ok(())
}

async fn insert(txn: &Txn, app: &App, patient: PatientId, ask: &Ask, waits: bool) -> AppResult<rows::Model> {
    let now = app.now();
    let number = counters::next(txn, app, "deletion_request", "all").await?;
    Ok(rows::ActiveModel {
        id: Set(DeletionRequestId::new()),
        patient_id: Set(patient),
        reference: Set(format!("DSR-{number:05}")),
        status: Set(if waits { Status::OnHold } else { Status::Submitted }),
        reason_code: Set(ask.reason_code.clone()),
        reason_text: Set(ask.reason_text.clone()),
        submitted_at: Set(now),
        due_at: Set(due_at(now, 0)),
        paused_since: Set(waits.then_some(now)),
        paused_days: Set(0),
        decided_by: Set(None),
        decided_at: Set(None),
        decision_note: Set(None),
        retained_categories: Set(None),
        completed_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?)
}

/// Takes the request back. Asking again changes nothing.
///
/// Errors: 404 without a request; 409 `request_closed` once it is approved or ended.
pub async fn withdraw(app: &App, actor: &Actor) -> AppResult<()> {
    let patient = actor.patient()?;
    platform::write_txn!(app.db, |txn| {
        patient_rows::lock(txn, patient).await?;
        let row = newest(txn, patient).await?.ok_or_else(AppError::not_found)?;
        if row.status == Status::Withdrawn {
            return Ok(());
        }
        if !may_withdraw(row.status) {
            return Err(closed());
        }
        step(txn, app, actor, &row, Status::Withdrawn, None).await?;
        Ok(())
    })
}

fn closed() -> AppError {
    AppError::conflict("request_closed", "This request was decided already.")
}

/// Moves a request on: waiting days are added, the patient and the audit log are told.
pub(super) async fn step(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &rows::Model,
    to: Status,
    note: Option<&str>,
) -> AppResult<rows::Model> {
    let now = app.now();
    let waited = row.paused_since.map_or(0, |since| paused_days(since, now));
    let paused = row.paused_days.saturating_add(waited);
    let waits = matches!(to, Status::VerificationRequired | Status::OnHold);
    let decided = matches!(to, Status::Approved | Status::Denied);
    let mut change = rows::ActiveModel {
        id: Set(row.id),
        status: Set(to),
        paused_since: Set(waits.then_some(now)),
        paused_days: Set(paused),
        due_at: Set(due_at(row.submitted_at, paused)),
        version: Set(row.version + 1),
        updated_at: Set(now),
        ..Default::default()
    };
    if let Some(note) = note {
        change.decision_note = Set(Some(note.to_owned()));
    }
    if decided {
        change.decided_by = Set(actor.admin().ok());
        change.decided_at = Set(Some(now));
    }
    if to == Status::Completed {
        change.completed_at = Set(Some(now));
    }
    let next = change.update(txn).await?;
    let action = match to {
        Status::Approved => "privacy.deletion_approved",
        Status::Denied => "privacy.deletion_denied",
        Status::Withdrawn => "privacy.deletion_withdrawn",
        Status::Completed => "privacy.deletion_completed",
        _ => "privacy.deletion_moved",
    };
    told(txn, app, actor, &next, action, note).await?;
    Ok(next)
}

async fn told(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &rows::Model,
    action: &'static str,
    note: Option<&str>,
) -> AppResult<()> {
    let mut entry = Entry::new(action)
        .subject("DeletionRequest", row.id)
        .patient(row.patient_id)
        .change(None, Some(json!({ "status": row.status, "due_at": row.due_at })));
    if let Some(note) = note {
        entry = entry.reason(note);
    }
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new("privacy.request_updated", "DeletionRequest", row.id)
        .occurrence(row.version)
        .with("patient_id", row.patient_id)
        .with("reference", &row.reference)
        .with("state", row.status)
        .with("due_at", row.due_at);
    outbox::emit(txn, app, actor, event).await
}

/// A request as staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StaffRequest {
    /// Its id.
    pub id: DeletionRequestId,
    /// Its reference.
    pub reference: String,
    /// Whose.
    pub patient_id: PatientId,
    /// `PAT-007`.
    pub patient_code: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Why, from the list.
    pub reason_code: Option<String>,
    /// Why, in the patient's words.
    pub reason_text: Option<String>,
    /// When it was made.
    pub submitted_at: DateTime<Utc>,
    /// By when it must be answered.
    pub due_at: DateTime<Utc>,
    /// What staff wrote last.
    pub note: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// When the erasure was done.
    pub completed_at: Option<DateTime<Utc>>,
    /// What was kept, on what ground, until when.
    pub retained_categories: Option<serde_json::Value>,
    /// For edits.
    pub version: i32,
}

fn staff_view(row: rows::Model, code: Option<String>) -> StaffRequest {
    StaffRequest {
        id: row.id,
        reference: row.reference,
        patient_id: row.patient_id,
        patient_code: code,
        status: row.status,
        reason_code: row.reason_code,
        reason_text: row.reason_text,
        submitted_at: row.submitted_at,
        due_at: row.due_at,
        note: row.decision_note,
        decided_at: row.decided_at,
        completed_at: row.completed_at,
        retained_categories: row.retained_categories,
        version: row.version,
    }
}

/// Requests for staff, the oldest first: two statements.
///
/// `open` leaves out what is decided. Errors: 403 without `manage_deletion_request`.
pub async fn list(app: &App, actor: &Actor, open: bool, page: PageQuery) -> AppResult<Page<StaffRequest>> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let mut select = rows::Entity::find();
    if open {
        select = select.filter(rows::Column::Status.is_in([
            Status::Submitted,
            Status::InReview,
            Status::VerificationRequired,
            Status::OnHold,
            Status::Approved,
        ]));
    }
    let total = select.clone().count(conn).await?;
    let found = select
        .find_also_related(identity::entity::patients::Entity)
        .order_by_asc(rows::Column::SubmittedAt)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let data =
        found.into_iter().map(|(row, patient)| staff_view(row, patient.and_then(|patient| patient.patient_code)));
    Ok(Page::new(data.collect(), page, total))
}

/// One request with what stands in its way.
///
/// Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: DeletionRequestId) -> AppResult<(StaffRequest, Obligations)> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let conn = app.db.conn();
    let found = rows::Entity::find_by_id(id).find_also_related(identity::entity::patients::Entity).one(conn).await?;
    let (row, patient) = found.ok_or_else(AppError::not_found)?;
    let obligations = facts::obligations(conn, row.patient_id).await?;
    Ok((staff_view(row, patient.and_then(|patient| patient.patient_code)), obligations))
}

/// Locks the patient and then the request, and checks the version staff decided on.
async fn lock(txn: &Txn, id: DeletionRequestId, version: Option<i32>) -> AppResult<rows::Model> {
    let row = rows::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
    patient_rows::lock(txn, row.patient_id).await?;
    let row = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    if version.is_some_and(|version| version != row.version) {
        return Err(stale());
    }
    Ok(row)
}

fn stale() -> AppError {
    AppError::conflict("stale_version", "Somebody else changed this meanwhile. Look again.")
}

fn justified(text: &str) -> AppResult<String> {
    let mut errors = FieldErrors::new();
    let text = identity::rules::fields::reason(&mut errors, "justification", text);
    errors.check()?;
    Ok(text)
}

/// Approves a request: a job erases the patient. What stands in the way is looked at again under lock.
///
/// Errors: 403 without `manage_deletion_request`, `reauth_required`; 404; 409 `request_closed`, `stale_version`,
/// `active_care`, `payment_in_progress`, `confirmed_booking`, `legal_hold`; 422 for a justification under 20 characters.
pub async fn approve(
    app: &App,
    actor: &Actor,
    id: DeletionRequestId,
    version: Option<i32>,
    justification: &str,
) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let note = justified(justification)?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let row = lock(txn, id, version).await?;
        if !may_decide(row.status) {
            return Err(closed());
        }
        let obligations = facts::obligations(txn, row.patient_id).await?;
        obligations.check()?;
        if obligations.legal_hold {
            return Err(AppError::conflict("legal_hold", "A legal order keeps this patient's data."));
        }
        if obligations.confirmed_booking {
            return Err(AppError::conflict("confirmed_booking", "A paid booking is still to come."));
        }
        end_open_cases(txn, app, row.patient_id).await?;
        step(txn, app, actor, &row, Status::Approved, Some(&note)).await?;
        jobs::enqueue(txn, app, ERASE, json!({ "request_id": id }), Enqueue::default()).await?;
        Ok(())
    })
}

/// Takes a request up: colleagues see that somebody looks into it. Taking it up again changes nothing.
///
/// Errors: 403 without `manage_deletion_request`; 404; 409 `request_closed` when it waits or is decided, `stale_version`.
pub async fn begin_review(app: &App, actor: &Actor, id: DeletionRequestId, version: Option<i32>) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id, None).await?;
        match row.status {
            Status::InReview => return Ok(()),
            Status::Submitted => (),
            _ => return Err(closed()),
        }
        if version.is_some_and(|version| version != row.version) {
            return Err(stale());
        }
        step(txn, app, actor, &row, Status::InReview, None).await?;
        Ok(())
    })
}

/// Denies a request; the patient reads the justification.
pub async fn deny(
    app: &App,
    actor: &Actor,
    id: DeletionRequestId,
    version: Option<i32>,
    justification: &str,
) -> AppResult<()> {
    answer(app, actor, id, version, justification, Status::Denied).await
}

/// Asks the patient to prove their identity first; the clock stops until they do.
pub async fn require_verification(
    app: &App,
    actor: &Actor,
    id: DeletionRequestId,
    version: Option<i32>,
    justification: &str,
) -> AppResult<()> {
    answer(app, actor, id, version, justification, Status::VerificationRequired).await
}

async fn answer(
    app: &App,
    actor: &Actor,
    id: DeletionRequestId,
    version: Option<i32>,
    justification: &str,
    to: Status,
) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let note = justified(justification)?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let row = lock(txn, id, version).await?;
        if !may_decide(row.status) {
            return Err(closed());
        }
        step(txn, app, actor, &row, to, Some(&note)).await?;
        Ok(())
    })
}

/// Wakes requests whose booking or legal order is over, and reminds staff of those that are due soon. Safe to repeat.
pub async fn upkeep(app: &App) -> AppResult<()> {
    let waiting = ids(app, rows::Column::Status.eq(Status::OnHold)).await?;
    for id in waiting {
        platform::write_txn!(app.db, |txn| {
            let row = lock(txn, id, None).await?;
            if row.status == Status::OnHold && facts::obligations(txn, row.patient_id).await?.none() {
                step(txn, app, &Actor::system(), &row, Status::InReview, None).await?;
            }
            Ok(())
        })?;
    }
    remind(app).await
}

/// Reminds of what is due within a week, and again within two days: one statement finds all of it.
async fn remind(app: &App) -> AppResult<()> {
    let now = app.now();
    let furthest = rules::REMINDERS.into_iter().max().unwrap_or_default();
    let soon = rows::Entity::find()
        .filter(rows::Column::DueAt.lte(now + Duration::days(furthest)))
        .filter(rows::Column::DueAt.gt(now))
        .filter(rows::Column::Status.is_in([Status::Submitted, Status::InReview]))
        .all(app.db.conn())
        .await?;
    if soon.is_empty() {
        return Ok(());
    }
    platform::write_txn!(app.db, |txn| {
        for row in &soon {
            for days in rules::REMINDERS.into_iter().filter(|days| row.due_at <= now + Duration::days(*days)) {
                // The due day is part of the occurrence: a request that waited is told of anew.
                let event = Event::new("privacy.deadline_approaching", "DeletionRequest", row.id)
                    .occurrence(format!("{days}:{}", row.due_at.date_naive()))
                    .with("reference", &row.reference)
                    .with("due_at", row.due_at);
                outbox::emit(txn, app, &Actor::system(), event).await?;
            }
        }
        Ok(())
    })
}

async fn ids(app: &App, filter: impl sea_orm::sea_query::IntoCondition) -> AppResult<Vec<DeletionRequestId>> {
    Ok(rows::Entity::find()
        .select_only()
        .column(rows::Column::Id)
        .filter(filter.into_condition())
        .order_by_asc(rows::Column::SubmittedAt)
        .into_tuple()
        .all(app.db.conn())
        .await?)
}

/// Whether a patient was erased.
pub async fn is_erased(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<bool> {
    Ok(identity::patients::state(conn, patient).await?.is_some_and(|row| row.state == AccountState::Anonymised))
}
