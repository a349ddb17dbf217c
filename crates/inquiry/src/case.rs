//! The stage of a case, moved by the wings above through these functions only.
//!
//! Lock order of everybody who writes a case: the inquiry row first, then its quotes by id, then schedules, then
//! payments. [`lock`] is therefore the first statement of every such transaction.

use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::app_list_items;
use platform::lists::choosable;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr};
use serde::Deserialize;
use serde_json::json;

use crate::distribution;
use crate::entity::inquiries::{self, InquiryCancelledByType, InquiryStatus};
use crate::rules::stage;
use crate::timeline;
use identity::entity::patients::{self, PatientStatus};

/// The list of reasons a patient chooses from (`app_list_items.list_key`).
pub const CANCELLATION_REASONS: &str = "inquiry_cancellation_reasons";

/// Takes the inquiry's row for writing; 404 when there is none.
pub async fn lock(txn: &Txn, id: InquiryId) -> AppResult<inquiries::Model> {
    inquiries::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}

/// What to do about a case somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Leave it to the next run of the clock.
    Skip,
    /// Wait for it.
    Wait,
}

/// The same for a job that works off many: whether the row was free and is taken now. One that somebody holds comes up
/// again in the next run (R-IQ-57). SQLite has one writer at a time, so there it always is.
pub async fn take_if_free(txn: &Txn, id: InquiryId) -> AppResult<bool> {
    let row = inquiries::Entity::find_by_id(id)
        .select_only()
        .column(inquiries::Column::Id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple::<InquiryId>()
        .one(txn)
        .await?;
    Ok(row.is_some())
}

/// Moves the case to another stage, and the patient's status with it (spec 4.1).
///
/// The caller holds [`lock`] and `inquiry` is what it returned; a row that changed in between is 409.
/// The caller writes timeline, audit and outbox: only it knows why.
pub async fn set_stage(txn: &Txn, app: &App, inquiry: &inquiries::Model, to: InquiryStatus) -> AppResult<()> {
    if inquiry.status == to {
        return Ok(());
    }
    let change = inquiries::ActiveModel { status: Set(to), updated_at: Set(app.now()), ..Default::default() };
    write(txn, inquiry, change).await?;
    mirror_stage(txn, inquiry.patient_id).await
}

/// Notes which quote the case goes on with; `None` after a lapsed hold.
pub async fn set_accepted_quote(txn: &Txn, app: &App, inquiry: InquiryId, quote: Option<QuoteId>) -> AppResult<()> {
    inquiries::Entity::update_many()
        .set(inquiries::ActiveModel { accepted_quote_id: Set(quote), updated_at: Set(app.now()), ..Default::default() })
        .filter(inquiries::Column::Id.eq(inquiry))
        .exec(txn)
        .await?;
    Ok(())
}

async fn write(txn: &Txn, seen: &inquiries::Model, change: inquiries::ActiveModel) -> AppResult<()> {
    let done = inquiries::Entity::update_many()
        .set(change)
        .filter(inquiries::Column::Id.eq(seen.id))
        .filter(inquiries::Column::Status.eq(seen.status))
        .exec(txn)
        .await
        .map_err(|err| match err.sql_err() {
            // A request that is opened again meets a newer one of the same patient (R-IQ-02).
            Some(SqlErr::UniqueConstraintViolation(_)) => already_active(),
            _ => AppError::from(err),
        })?;
    if done.rows_affected == 0 { Err(not_active()) } else { Ok(()) }
}

/// 409 for a second request beside an active one (R-IQ-02).
pub(crate) fn already_active() -> AppError {
    AppError::conflict("active_inquiry_exists", "You already have an active request.")
}

/// 409 for work on a case that is over or moved on.
pub fn not_active() -> AppError {
    AppError::conflict("inquiry_not_active", "This request is not open any more.")
}

/// Copies the stage of the patient's newest open-or-closed, non-archived inquiry to `patients.status`.
pub(crate) async fn mirror_stage(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<()> {
    let newest = inquiries::Entity::find()
        .filter(inquiries::Column::PatientId.eq(patient))
        .filter(inquiries::Column::ArchivedAt.is_null())
        .order_by_desc(inquiries::Column::SubmittedAt)
        .order_by_desc(inquiries::Column::Id)
        .one(conn)
        .await?;
    let status = newest.map(|row| patient_status(row.status));
    patients::Entity::update_many()
        .col_expr(patients::Column::Status, Expr::value(status))
        .filter(patients::Column::Id.eq(patient))
        .exec(conn)
        .await?;
    Ok(())
}

fn patient_status(stage: InquiryStatus) -> PatientStatus {
    match stage {
        InquiryStatus::Inquiry => PatientStatus::Inquiry,
        InquiryStatus::Quote => PatientStatus::Quote,
        InquiryStatus::Accepted => PatientStatus::Accepted,
        InquiryStatus::Confirmed => PatientStatus::Confirmed,
        InquiryStatus::Inprogress => PatientStatus::Inprogress,
        InquiryStatus::Aftercare => PatientStatus::Aftercare,
        InquiryStatus::Completed => PatientStatus::Completed,
        InquiryStatus::Cancelled => PatientStatus::Cancelled,
        InquiryStatus::Expired => PatientStatus::Expired,
    }
}

/// What a patient says when cancelling (R-IQ-60).
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelInput {
    /// Code of an entry of the list of reasons.
    #[schema(example = "changed_my_mind")]
    pub reason: String,
    /// At most 500 characters; demanded by some reasons.
    pub notes: Option<String>,
    /// At most 1000 characters.
    pub feedback: Option<String>,
}

/// Cancels the inquiry's part of a case: stage, clinic rows, timeline, audit, outbox (R-IQ-60, R-IQ-61).
///
/// The caller holds [`lock`], and cancels quotes, schedules and holds in the same transaction. It tells the clinics in
/// `heard` itself; every other one the request is still with hears of it here, once. The reason goes into
/// the inquiry's own row and nowhere else: clinics read the timeline and receive the event.
pub async fn cancel(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    input: &CancelInput,
    heard: &[ProviderId],
) -> AppResult<inquiries::Model> {
    let label = checked_reason(txn, input, app.now()).await?;
    close(
        txn,
        app,
        actor,
        inquiry,
        Closing { label, code: &input.reason, notes: &input.notes, feedback: &input.feedback, heard },
    )
    .await
}

/// The reason of a case that ends with its patient's account: nobody chose it.
pub const ACCOUNT_DELETED: &str = "Account Deleted (System)";

/// Cancels because the account is being deleted: no prompt, a fixed reason (R-IQ-62).
pub async fn cancel_for_account_deletion(
    txn: &Txn,
    app: &App,
    inquiry: &inquiries::Model,
    heard: &[ProviderId],
) -> AppResult<inquiries::Model> {
    let label = ACCOUNT_DELETED.to_owned();
    let closing = Closing { label, code: "account_deleted", notes: &None, feedback: &None, heard };
    close(txn, app, &Actor::system(), inquiry, closing).await
}

struct Closing<'a> {
    label: String,
    code: &'a str,
    notes: &'a Option<String>,
    feedback: &'a Option<String>,
    /// Clinics that hear of the end from the wing above.
    heard: &'a [ProviderId],
}

async fn close(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    why: Closing<'_>,
) -> AppResult<inquiries::Model> {
    if !stage::may_cancel(inquiry.status) {
        return Err(AppError::conflict(
            "cancel_not_allowed",
            "This case can no longer be cancelled here. Please contact support.",
        ));
    }
    let now = app.now();
    let by = if matches!(actor.kind, ActorKind::Patient(_)) {
        InquiryCancelledByType::Patient
    } else {
        InquiryCancelledByType::System
    };
    let change = inquiries::ActiveModel {
        status: Set(InquiryStatus::Cancelled),
        cancelled_at: Set(Some(now)),
        cancelled_by_type: Set(Some(by)),
        cancellation_reason: Set(Some(why.label)),
        cancellation_notes: Set(why.notes.as_deref().map(|text| text.trim().to_owned())),
        cancellation_feedback: Set(why.feedback.as_deref().map(|text| text.trim().to_owned())),
        updated_at: Set(now),
        ..Default::default()
    };
    write(txn, inquiry, change).await?;
    mirror_stage(txn, inquiry.patient_id).await?;
    for row in distribution::of(txn, inquiry.id).await? {
        if !distribution::LIVE.contains(&row.status) || why.heard.contains(&row.provider_id) {
            continue;
        }
        let told = Event::new("inquiry.closed", "Inquiry", inquiry.id)
            .occurrence(row.provider_id)
            .with("inquiry_id", inquiry.id)
            .with("provider_id", row.provider_id)
            .with("inquiry_code", &inquiry.inquiry_code)
            .with("cancelled_at", now);
        outbox::emit(txn, app, actor, told).await?;
    }
    distribution::close_all(txn, app, inquiry.id, "inquiry_cancelled").await?;
    let metadata = json!({ "from": inquiry.status, "to": InquiryStatus::Cancelled });
    timeline::record(txn, app, actor, inquiry.id, "inquiry_cancelled", metadata).await?;
    let entry = Entry::new("inquiry.cancelled").subject("Inquiry", inquiry.id).patient(inquiry.patient_id).change(
        Some(json!({ "status": inquiry.status })),
        Some(json!({ "status": "cancelled", "reason_code": why.code })),
    );
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new("inquiry.cancelled", "Inquiry", inquiry.id)
        .occurrence("once")
        .with("inquiry_id", inquiry.id)
        .with("patient_id", inquiry.patient_id)
        .with("inquiry_code", &inquiry.inquiry_code)
        .with("cancelled_at", now);
    outbox::emit(txn, app, actor, event).await?;
    lock(txn, inquiry.id).await
}

/// The label of the chosen reason, when everything said is acceptable.
async fn checked_reason(conn: &impl ConnectionTrait, input: &CancelInput, now: Timestamp) -> AppResult<String> {
    let item = app_list_items::Entity::find()
        .filter(app_list_items::Column::ListKey.eq(CANCELLATION_REASONS))
        .filter(app_list_items::Column::Code.eq(&input.reason))
        .filter(choosable(app_list_items::Column::IsActive, app_list_items::Column::DeactivatedAt, now))
        .one(conn)
        .await?;
    let mut errors = FieldErrors::new();
    let given = |text: &Option<String>| text.as_deref().map(|text| text.trim().chars().count()).unwrap_or_default();
    if given(&input.notes) > 500 {
        errors.add("notes", "text_too_long", "At most 500 characters.");
    }
    if given(&input.feedback) > 1000 {
        errors.add("feedback", "text_too_long", "At most 1000 characters.");
    }
    match &item {
        None => errors.add("reason", "reason_unknown", "Choose one of the reasons."),
        Some(item) if item.requires_explanation && given(&input.notes) == 0 => {
            errors.add("notes", "required", "Please explain in a few words.");
        }
        Some(_) => {}
    }
    errors.check()?;
    item.map(|item| item.label).ok_or_else(AppError::not_found)
}
