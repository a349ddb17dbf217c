//! Cancelling, and asking to.

use axum::body::Bytes;
use booking::entity::cancellation_requests::{
    self, CancellationRequestExceptionType as Exception, CancellationRequestRequestedByType as By,
    CancellationRequestStatus as Status,
};
use inquiry::case::CancelInput as InquiryCancel;
use kernel::ids::{CancellationRequestId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Money};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::files::{self, Prepared, Purpose, Upload};
use platform::outbox::{self, Event};
use quoting::case::{self, Case};
use quoting::entity::quotes::{QuoteStatus, QuoteStatusReason};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;

use super::{Figures, asker, close, newest, not_cancellable, terms_of};
use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::rules::attempt::Fact;
use crate::service::access::Audience;
use crate::service::{access, plans, poll, redemptions};
use crate::{queries, store};

/// As many documents as go with a request (R-PY-72).
pub const MOST_FILES: usize = 5;

/// Why a booking is to be cancelled.
#[derive(Clone, Default)]
pub struct CancelInput {
    /// 10 to 1000 characters.
    pub reason: String,
    /// A medical reason is claimed: it needs a document.
    pub medical: bool,
    /// What the asker was shown to come back; compared where it is given.
    pub expected: Option<Money>,
    /// Names and bytes: PDF, JPEG or PNG, at most 10 MB each.
    pub documents: Vec<(String, Bytes)>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// The request; none where nothing had been paid.
    pub request: Option<CancellationRequestId>,
    /// Whether the booking has ended; a clinic's wish waits for staff.
    pub ended: bool,
}

fn check(input: &CancelInput) -> AppResult<()> {
    let mut faults = FieldErrors::new();
    if !(10..=1000).contains(&input.reason.trim().chars().count()) {
        faults.add("reason", "cancel_reason_length", "Give a reason of 10 to 1000 characters.");
    }
    if input.documents.len() > MOST_FILES {
        faults.add("documents", "too_many_files", format!("At most {MOST_FILES} documents."));
    }
    if input.medical && input.documents.is_empty() {
        faults.add("documents", "document_required", "A medical reason needs a document.");
    }
    faults.check()
}

/// Cancels a booking: at once for its patient and for staff, as a wish for its clinic (R-PY-51, R-PY-53). Before anything
/// is paid the patient's request ends with it. Doing it again answers the same.
///
/// Errors: 403; 404; 409 `cancel_not_allowed`, `amount_changed`, `payment_in_progress`; 422 `document_required` and others
/// by field.
pub async fn cancel(app: &App, actor: &Actor, id: QuoteId, input: &CancelInput) -> AppResult<Cancelled> {
    let audience = asker(actor)?;
    let (quote, inquiry) = access::visible(app.db.conn(), audience, id).await?;
    if let Some(done) = repeated(app, audience, id, &quote).await? {
        return Ok(done);
    }
    check(input)?;
    if quote.status == QuoteStatus::Accepted {
        let Audience::Patient(_) = audience else { return Err(not_cancellable()) };
        let notes = input.reason.trim().chars().take(500).collect();
        let given = InquiryCancel { reason: "other".to_owned(), notes: Some(notes), feedback: None };
        give_up_attempts(app, id).await?;
        quoting::service::cancel::cancel_inquiry(app, actor, inquiry.id, &given).await?;
        return Ok(Cancelled { request: None, ended: true });
    }
    if quote.status != QuoteStatus::Confirmed {
        return Err(not_cancellable());
    }
    let request = CancellationRequestId::new();
    let mut documents = Vec::new();
    for (name, bytes) in &input.documents {
        let upload = Upload {
            purpose: Purpose::Document,
            owner_type: "CancellationRequest",
            owner_id: request.any(),
            file_name: name.clone(),
            bytes: bytes.clone(),
        };
        documents.push(files::prepare(app, upload).await.map_err(|error| error.on_field("documents"))?);
    }
    let wish = matches!(audience, Audience::Clinic { .. });
    if !wish {
        give_up_attempts(app, id).await?;
    }
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, id).await?;
        let rows = store::lock_payments(txn, id).await?;
        let fresh = Fresh { request, wish, input, documents: &documents };
        write(txn, app, actor, &case, &rows, fresh).await
    })?;
    Ok(Cancelled { request: Some(request), ended: !wish })
}

/// What a repetition finds: the booking cancelled already, or the wish open already.
async fn repeated(
    app: &App,
    audience: Audience,
    id: QuoteId,
    quote: &quoting::entity::quotes::Model,
) -> AppResult<Option<Cancelled>> {
    let cancelled = quote.status == QuoteStatus::Cancelled
        && matches!(
            quote.status_reason,
            Some(QuoteStatusReason::BookingCancelled | QuoteStatusReason::InquiryCancelled)
        );
    let open = newest(app.db.conn(), id).await?;
    if cancelled {
        return Ok(Some(Cancelled { request: open.map(|row| row.id), ended: true }));
    }
    let wished = open.filter(|row| row.requested_by_type == By::ProviderUser && row.status == Status::Pending);
    let is_clinic = matches!(audience, Audience::Clinic { .. });
    Ok(wished.filter(|_| is_clinic).map(|row| Cancelled { request: Some(row.id), ended: false }))
}

/// Gives open attempts up at the gateway before the booking ends; money that came meanwhile counts as paid (R-PY-07).
async fn give_up_attempts(app: &App, id: QuoteId) -> AppResult<()> {
    let rows = queries::of_quotes(app.db.conn(), [id]).await?;
    for row in rows.iter().filter(|row| is_open(row)) {
        if poll::cancel(app, row, "booking_cancelled").await? == Some(Fact::Processing) {
            return Err(under_way());
        }
    }
    Ok(())
}

fn is_open(row: &payments::Model) -> bool {
    row.payment_type != PaymentType::Refund && row.payment_status == PaymentStatus::Pending
}

fn under_way() -> AppError {
    AppError::conflict("payment_in_progress", "A payment of this booking is still under way. Try again in a moment.")
}

struct Fresh<'a> {
    request: CancellationRequestId,
    wish: bool,
    input: &'a CancelInput,
    documents: &'a [Prepared],
}

async fn write(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    rows: &[payments::Model],
    fresh: Fresh<'_>,
) -> AppResult<()> {
    if case.quote.status != QuoteStatus::Confirmed {
        return Err(not_cancellable());
    }
    if !fresh.wish && rows.iter().any(is_open) {
        return Err(under_way());
    }
    let (terms, now) = (terms_of(case)?, app.now());
    let figures = Figures::of(&case.quote, case.schedule.as_ref(), terms, rows, now, fresh.wish)?;
    let shown = Money::new(figures.back, figures.currency);
    if fresh.input.expected.is_some_and(|expected| expected != shown) {
        let error = AppError::conflict("amount_changed", "The refund is not what was shown. Look at it again.");
        return Err(error.with("amount", shown));
    }
    let mut stored = Vec::new();
    for document in fresh.documents {
        stored.push(document.record(txn, app, actor).await?.file.id);
    }
    let medical = fresh.input.medical && !fresh.wish;
    let proposed = if medical { figures.with_exception } else { figures.back };
    let (by, by_id) = match actor.kind {
        ActorKind::Patient(id) => (By::Patient, Some(id.any())),
        ActorKind::Provider { user, .. } => (By::ProviderUser, Some(user.any())),
        ActorKind::Admin(id) => (By::User, Some(id.any())),
        _ => (By::System, None),
    };
    let row = cancellation_requests::ActiveModel {
        id: Set(fresh.request),
        quote_id: Set(case.quote.id),
        requested_by_type: Set(by),
        requested_by_id: Set(by_id),
        requested_at: Set(now),
        clinic_date: Set(figures.clinic_date),
        days_before: Set(i32::try_from(figures.days_before).unwrap_or_default()),
        reason: Set(fresh.input.reason.trim().to_owned()),
        exception_type: Set(medical.then_some(Exception::Medical)),
        documents: Set(json!(stored)),
        tier_percent: Set(figures.percent),
        paid_amount: Set(figures.paid),
        proposed_amount: Set(proposed),
        approved_amount: Set(None),
        currency: Set(figures.currency),
        status: Set(Status::Pending),
        decided_by_user_id: Set(None),
        decided_at: Set(None),
        decision_reason: Set(None),
        settled_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let row = row.insert(txn).await?;
    let entry = Entry::new(if fresh.wish { "booking.cancellation_requested" } else { "booking.cancelled" })
        .subject("CancellationRequest", row.id)
        .patient(case.inquiry.patient_id)
        .provider(case.quote.provider_id)
        .quote(case.quote.id);
    audit::record(txn, app, actor, entry).await?;
    if !fresh.wish {
        let word = if matches!(by, By::Patient) { "patient_cancelled" } else { "admin_cancelled" };
        case::cancel_confirmed(txn, app, actor, case, word).await?;
        redemptions::refunded(txn, app, case.quote.id).await?;
        if let Some(plan) = plans::lock_of(txn, case.quote.id).await? {
            plans::cancel(txn, now, &plan).await?;
        }
        // 4.8: where nothing comes back there is nothing to decide.
        if proposed.is_zero() {
            return close(txn, app, &row, rows).await;
        }
    }
    tell(txn, app, actor, case, &row, "payment.refund_requested").await
}

/// Tells of a request: to staff when it comes, to patient and clinic when it is decided.
pub(super) async fn tell(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    request: &cancellation_requests::Model,
    key: &'static str,
) -> AppResult<()> {
    let event = Event::new(key, "CancellationRequest", request.id)
        .occurrence(request.version)
        .with("request_id", request.id)
        .with("quote_id", case.quote.id)
        .with("inquiry_id", case.inquiry.id)
        .with("patient_id", case.inquiry.patient_id)
        .with("provider_id", case.quote.provider_id)
        .with("status", request.status)
        .with("proposed", Money::new(request.proposed_amount, request.currency))
        .with("approved", request.approved_amount.map(|amount| Money::new(amount, request.currency)));
    outbox::emit(txn, app, actor, event).await
}
