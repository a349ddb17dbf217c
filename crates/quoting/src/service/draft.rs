//! Writing a quote: a new draft, changes before and after it is sent, the price shown beside the editor
//! (Q1, Q3, R-IQ-30..45).

use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self, InquiryProviderStatus};
use kernel::ids::{InquiryId, QuoteId, TreatmentId};
use kernel::{Actor, ActorKind, AppError, AppResult, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;

use super::content::{self, Rows};
use super::input::QuoteInput;
use super::pricing;
use super::submit;
pub use super::writing::{Editor, Ready};
use crate::entity::quotes::{self, QuoteStatus};
use crate::rules::content::Content;
use crate::rules::price::Breakdown;
use crate::{settings, store};

/// Starts a draft for an inquiry that was distributed to the clinic (Q1).
///
/// Errors: 403 for a suspended clinic, 404 for an inquiry of somebody else, 409 when it is closed or the deadline passed, 422 for the content.
pub async fn create(app: &App, actor: &Actor, inquiry: InquiryId, input: QuoteInput) -> AppResult<QuoteId> {
    let (user, provider) = actor.provider()?;
    actor.require(Permission::CreateQuote)?;
    let hours = settings::QUOTE_VALIDITY_HOURS.get(app).await?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        // The clinic's row first: a stranger learns nothing about the inquiry.
        inquiry::distribution::assigned(txn, inquiry, provider).await?;
        let case = inquiry::case::lock(txn, inquiry).await?;
        let row = inquiry::distribution::assigned(txn, inquiry, provider).await?;
        require_open(&case, &row, now, true)?;
        let treatment = input
            .treatment_id
            .ok_or_else(|| AppError::field("treatment_id", "treatment_required", "Choose a treatment of your list."))?;
        let clinic = directory::clinics::require_writable(txn, provider).await?;
        let editor = Editor::open(txn, app, &clinic, treatment).await?;
        let mut content = empty(treatment);
        let ready = editor.read(txn, &input, &mut content, &Rows::default()).await?;
        let number = quotes::Entity::find().filter(quotes::Column::InquiryId.eq(inquiry)).count(txn).await? + 1;
        let id = QuoteId::new();
        let written = ready.written(&content, false);
        let mut quote = content::columns(&written, &editor.prices, now)?;
        quote.id = Set(id);
        quote.inquiry_id = Set(inquiry);
        quote.provider_id = Set(provider);
        quote.quote_code = Set(Some(format!("{}-Q{number:02}", case.inquiry_code.clone().unwrap_or_default())));
        quote.status = Set(QuoteStatus::Inquiry);
        // Drafts count 0, -1, -2 ...: a number seen on a draft never matches a sent quote, which starts at 1.
        quote.version = Set(0);
        quote.commission = Set(editor.commission.percent());
        quote.quote_amount = Set(kernel::Amount::ZERO);
        quote.expiration_hours = Set(i32::try_from(hours).unwrap_or(48));
        quote.auto_accepted = Set(false);
        quote.appointment_pre_scheduled = Set(false);
        quote.slot_duration_minutes = Set(content.slot.map_or(editor.duration_minutes, |slot| slot.duration_minutes));
        quote.slot_day_count = Set(content.slot.map_or(1, |slot| slot.day_count));
        quote.hold_lapse_count = Set(0);
        quote.created_by_provider_user_id = Set(Some(user));
        quote.created_at = Set(now);
        zero_amounts(&mut quote);
        quote.insert(txn).await?;
        content::write_rows(txn, actor, id, &Rows::default(), &written, now).await?;
        let entry =
            Entry::new("quote.created").subject("Quote", id).patient(case.patient_id).provider(provider).quote(id);
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    })
}

fn zero_amounts(quote: &mut quotes::ActiveModel) {
    for amount in [
        &mut quote.treatment_amount,
        &mut quote.packages_amount,
        &mut quote.extras_amount,
        &mut quote.fees_amount,
        &mut quote.discount_amount,
        &mut quote.commission_amount,
    ] {
        *amount = Set(kernel::Amount::ZERO);
    }
}

/// Changes a draft, or revises a quote that was sent and is still live (Q3).
///
/// Errors: 403 for a suspended clinic, 404, 409 `stale_version`, 409 when it can no longer be changed, 409
/// `quote_currency_changed` when amounts of another currency would stay, 422 for the content.
pub async fn edit(app: &App, actor: &Actor, id: QuoteId, input: QuoteInput) -> AppResult<()> {
    actor.require(Permission::EditQuote)?;
    let seen =
        input.version.ok_or_else(|| AppError::field("version", "version_required", "Send the version you saw."))?;
    require_reason(actor, &input)?;
    if input.expiration_hours.is_some() {
        // A clinic must not control how long its offer is valid (R-IQ-38).
        actor.admin()?;
    }
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let (case, quote) = lock_own(txn, actor, id, Permission::EditQuote).await?;
        let sent = require_editable(txn, actor, &case, &quote, now).await?;
        if quote.version != seen {
            return Err(AppError::stale_version());
        }
        // R-IQ-30: a clinic that is suspended writes nothing, and nobody changes what it offers.
        let clinic = directory::clinics::require_writable(txn, quote.provider_id).await?;
        let treatment = input.treatment_id.unwrap_or(quote.treatment_id);
        let editor = Editor::for_quote(txn, app, &clinic, &quote, treatment).await?;
        let rows = content::rows(txn, id).await?;
        let mut content = content::content_of(&quote, &rows)?;
        let before = submit::snapshot(&content, None, serde_json::Value::Null)?;
        let ready = editor.read(txn, &input, &mut content, &rows).await?;
        if sent {
            return submit::revise(txn, app, actor, &case, &quote, &rows, &editor, &ready, &content, &input).await;
        }
        let written = ready.written(&content, false);
        let mut change = content::columns(&written, &editor.prices, now)?;
        change.version = Set(quote.version.min(1) - 1);
        change.commission = Set(editor.commission.percent());
        update_at(txn, &quote, change).await?;
        content::write_rows(txn, actor, id, &rows, &written, now).await?;
        let (was, is) = submit::differing(&before, &submit::snapshot(&content, None, serde_json::Value::Null)?);
        let mut entry = Entry::new("quote.edited")
            .change(Some(was), Some(is))
            .subject("Quote", id)
            .patient(case.patient_id)
            .provider(quote.provider_id)
            .quote(id);
        if let Some(reason) = &input.reason {
            entry = entry.reason(reason);
        }
        audit::record(txn, app, actor, entry).await
    })
}

/// The price the given content would have, without saving anything.
pub async fn preview(app: &App, actor: &Actor, id: QuoteId, input: QuoteInput) -> AppResult<Breakdown> {
    actor.require(Permission::EditQuote)?;
    let conn = app.db.conn();
    let quote = store::find(conn, id).await?;
    require_own(actor, &quote)?;
    let clinic = directory::clinics::load(conn, quote.provider_id).await?;
    let treatment = input.treatment_id.unwrap_or(quote.treatment_id);
    let editor = Editor::for_quote(conn, app, &clinic, &quote, treatment).await?;
    let rows = content::rows(conn, id).await?;
    let mut content = content::content_of(&quote, &rows)?;
    let ready = editor.read(conn, &input, &mut content, &rows).await?;
    pricing::breakdown(&content, &editor.prices, &ready.packages, ready.discount.as_ref(), editor.commission)
}

pub(super) fn empty(treatment: TreatmentId) -> Content {
    Content {
        treatment,
        grafts: None,
        dates: vec![],
        packages: vec![],
        services: vec![],
        fees: vec![],
        inclusions: vec![],
        discount: None,
        clinician: None,
        clinician_note: None,
        slot: None,
        plan: vec![],
        included: vec![],
        note: None,
    }
}

/// Writes content columns of a quote that still has the version it was read with.
pub async fn update_at(txn: &Txn, quote: &quotes::Model, change: quotes::ActiveModel) -> AppResult<()> {
    let done = quotes::Entity::update_many()
        .set(change)
        .filter(quotes::Column::Id.eq(quote.id))
        .filter(quotes::Column::Version.eq(quote.version))
        .filter(quotes::Column::Status.eq(quote.status))
        .exec(txn)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(AppError::stale_version()) }
}

/// Locks a quote of the actor's clinic, or any for Hairline's staff; 404 for everybody else's.
pub async fn lock_own(
    txn: &Txn,
    actor: &Actor,
    id: QuoteId,
    permission: Permission,
) -> AppResult<(inquiries::Model, quotes::Model)> {
    actor.require(permission)?;
    let found = store::find(txn, id).await?;
    require_own(actor, &found)?;
    let case = inquiry::case::lock(txn, found.inquiry_id).await?;
    Ok((case, store::lock_quote(txn, id).await?))
}

/// 404 unless the quote is the actor's clinic's, or the actor is Hairline's staff.
pub fn require_own(actor: &Actor, quote: &quotes::Model) -> AppResult<()> {
    match actor.kind {
        ActorKind::Provider { provider, .. } if provider == quote.provider_id => Ok(()),
        ActorKind::Admin(_) | ActorKind::System => Ok(()),
        ActorKind::Anonymous => Err(AppError::unauthenticated()),
        _ => Err(AppError::not_found()),
    }
}

fn require_reason(actor: &Actor, input: &QuoteInput) -> AppResult<()> {
    let given = input.reason.as_deref().map_or(0, |reason| reason.trim().chars().count());
    if matches!(actor.kind, ActorKind::Admin(_)) && !(10..=500).contains(&given) {
        return Err(AppError::field("reason", "reason_required", "Give a reason of 10 to 500 characters."));
    }
    Ok(())
}

/// Whether the quote may be changed now, and whether it was sent already (`true`).
async fn require_editable(
    txn: &Txn,
    actor: &Actor,
    case: &inquiries::Model,
    quote: &quotes::Model,
    now: Timestamp,
) -> AppResult<bool> {
    let row = inquiry::distribution::assigned(txn, case.id, quote.provider_id).await?;
    let sent = quote.status == QuoteStatus::Quote;
    let by_staff = matches!(actor.kind, ActorKind::Admin(_));
    require_open(case, &row, now, !sent && !by_staff)?;
    if quote.deleted_at.is_some() || !matches!(quote.status, QuoteStatus::Inquiry | QuoteStatus::Quote) {
        return Err(AppError::conflict("quote_not_available", "This quote can no longer be changed."));
    }
    // Revising is possible until the offer ends, whatever the deadline was (R-IQ-30).
    if sent && quote.expires_at.is_none_or(|end| now >= end) {
        return Err(AppError::conflict("quote_expired", "This quote has ended."));
    }
    Ok(sent)
}

/// R-IQ-30 under lock: the request is open, this clinic still belongs to it and, for new offers, is in time.
pub fn require_open(
    case: &inquiries::Model,
    row: &inquiry_providers::Model,
    now: Timestamp,
    in_time: bool,
) -> AppResult<()> {
    use crate::rules::accept::Refusal;
    match case.status {
        InquiryStatus::Inquiry | InquiryStatus::Quote => {}
        InquiryStatus::Accepted
        | InquiryStatus::Confirmed
        | InquiryStatus::Inprogress
        | InquiryStatus::Aftercare
        | InquiryStatus::Completed => return Err(Refusal::AnotherAccepted.into()),
        InquiryStatus::Cancelled | InquiryStatus::Expired => return Err(inquiry::case::not_active()),
    }
    if matches!(row.status, InquiryProviderStatus::Declined | InquiryProviderStatus::Closed) {
        return Err(inquiry::case::not_active());
    }
    if in_time && (now >= row.response_deadline_at || row.status == InquiryProviderStatus::Lapsed) {
        return Err(AppError::conflict("quote_deadline_passed", "The time to answer this request is over.")
            .with("deadline", json!(row.response_deadline_at)));
    }
    Ok(())
}
