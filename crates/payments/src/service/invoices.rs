//! What staff do about an invoice: remind its patient, or let its badge say something else (R-PY-66).

use chrono::TimeDelta;
use identity::reauth;
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Money, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::outbox::{self, Event};
use quoting::case;
use quoting::entity::quotes::QuoteStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::PaymentType;
use crate::facts;
use crate::queries::invoices::reminded_at;
use crate::service::access::{self, Audience};
use crate::service::plans;
use crate::store::{self, Step};

/// What the audit log calls a reminder by hand.
pub(crate) const REMINDED: &str = "invoice.reminded";
/// A patient is reminded by hand once in this time.
const QUIET: TimeDelta = TimeDelta::hours(24);

/// What a badge can say instead of what the sums say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceBadge {
    /// The patient said when the money comes.
    Promised,
    /// It is being cleared up what is owed.
    UnderReview,
    /// Nobody asks for it any more.
    WrittenOff,
}

impl InvoiceBadge {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Promised, Self::UnderReview, Self::WrittenOff];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Promised => "promised",
            Self::UnderReview => "under_review",
            Self::WrittenOff => "written_off",
        }
    }
}

/// What a badge is to say from now on.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusOverride {
    /// The word; null lets the sums speak again.
    pub badge: Option<InvoiceBadge>,
    /// Why: 20 to 500 characters.
    #[schema(example = "The patient pays on Friday, says the call of today.")]
    pub reason: String,
}

fn is_booked(status: QuoteStatus) -> bool {
    matches!(status, QuoteStatus::Confirmed | QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed)
}

/// Reminds the patient of what is missing, at most once a day.
///
/// Errors: 403 without `send_payment_reminder`; 404; 409 `nothing_due`; 429 `rate_limited` within a day of the last one.
pub async fn remind(app: &App, actor: &Actor, id: QuoteId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::SendPaymentReminder)?;
    access::visible(app.db.conn(), Audience::Staff, id).await?;
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, id).await?;
        let rows = store::lock_payments(txn, id).await?;
        let plan = plans::lock_of(txn, id).await?;
        let terms = case.require_terms()?;
        let now = app.now();
        let progress = facts::progress(&case.quote, case.schedule.as_ref(), terms, &rows, plan.as_ref(), now);
        if !is_booked(case.quote.status) || !progress.due.is_positive() {
            return Err(AppError::conflict("nothing_due", "Nothing is missing of this booking."));
        }
        if let Some(last) = reminded_at(txn, &[id]).await?.remove(&id)
            && let Ok(wait) = u64::try_from((last + QUIET - now).num_seconds())
            && wait > 0
        {
            let text = "The patient was reminded within the last day.";
            return Err(AppError::too_many("rate_limited", text, wait));
        }
        // Of a plan its next part is asked for, else the balance.
        let next = plan.as_ref().filter(|plan| plan.has_begun()).and_then(|plan| plan.next());
        let amount = next.map_or(progress.due, |item| item.amount);
        let due_on = progress.due_on.unwrap_or_else(|| facts::clinic_today(&case.quote, now));
        let event = Event::new("payment.due_reminder", "Quote", id)
            .occurrence(format!("staff:{}", now.timestamp()))
            .with("quote_id", id)
            .with("inquiry_id", case.inquiry.id)
            .with("patient_id", case.inquiry.patient_id)
            .with("provider_id", case.quote.provider_id)
            .with("money", Money::new(amount, terms.payment_currency))
            .with("due_on", due_on);
        outbox::emit(txn, app, actor, event).await?;
        let entry = Entry::new(REMINDED)
            .subject("Quote", id)
            .patient(case.inquiry.patient_id)
            .provider(case.quote.provider_id)
            .quote(id);
        audit::record(txn, app, actor, entry).await
    })
}

/// Lets the badge of an invoice say something else, or the sums again. No sum changes.
///
/// Errors: 403 without `process_payout`, 403 `reauth_required`; 404; 409 `invalid_transition` for a booking nothing was ever
/// paid for; 422 `reason`.
pub async fn override_status(app: &App, actor: &Actor, id: QuoteId, ask: &StatusOverride) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ProcessPayout)?;
    access::visible(app.db.conn(), Audience::Staff, id).await?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let reason = super::cancellation::reasoned(&mut faults, "reason", &ask.reason);
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, id).await?;
        let rows = store::lock_payments(txn, id).await?;
        let paid = rows.iter().filter(|row| row.payment_type != PaymentType::Refund).max_by_key(|row| row.id);
        let Some(row) = paid.filter(|_| is_booked(case.quote.status)) else {
            return Err(AppError::conflict("invalid_transition", "There is no invoice to change."));
        };
        let step = Step {
            event: PaymentHistoryEvent::Override,
            from: Some(row.payment_status),
            to: Some(row.payment_status),
            source: PaymentHistorySource::Admin,
            external_event_id: None,
            reason: Some(&reason),
        };
        store::history_with(txn, app, actor, row, step, Some(json!({ "badge": ask.badge }))).await?;
        let entry = Entry::new("invoice.status_overridden")
            .subject("Quote", id)
            .patient(case.inquiry.patient_id)
            .provider(case.quote.provider_id)
            .quote(id)
            .reason(&reason)
            .change(None, Some(json!({ "badge": ask.badge })));
        audit::record(txn, app, actor, entry).await
    })
}
