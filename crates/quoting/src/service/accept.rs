//! The patient takes an offer: one transaction, one winner (Q4, R-IQ-50..56, R-PY-01..03, 10, 14, 15, 18).

use std::collections::BTreeSet;

use chrono::Duration;
use directory::entity::providers::{self, ProviderStatus};
use identity::anonymity;
use identity::entity::patients;
use inquiry::entity::inquiries::{self, InquiryStatus};
use kernel::ids::{BookingTermsId, DiscountId, QuoteId, ScheduleId};
use kernel::money::Money;
use kernel::{Actor, AppError, AppResult, Currency, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use rust_decimal::Decimal;
use sea_orm::{ActiveModelTrait, EntityTrait, QuerySelect, Set};
use serde_json::json;

use crate::case::event;
use crate::entity::booking_flags::BookingFlagKind;
use crate::entity::booking_terms::{self, BookingTermsCreatedByType, BookingTermsDiscountFunding};
use crate::entity::quotes::{self, QuoteDiscountFunding, QuoteStatus, QuoteTravelPath};
use crate::entity::schedules::{self, ScheduleStatus};
use crate::flags::{self, Raised};
use crate::projection::discounts;
use crate::rules::accept::{Ask, Decision, Facts, Refusal, decide};
use crate::rules::content::IncludedService;
use crate::rules::terms;
use crate::rules::transitions::Move;
use crate::{jobs, settings, slots, store};

/// What is decided before the transaction begins: numbers staff may change.
struct Policy {
    hold_hours: i64,
    capacity: i64,
    deposit_percent: Decimal,
    balance_due_days: i64,
    cutoff_days: i64,
    refund_tiers: Vec<terms::RefundTier>,
}

impl Policy {
    async fn load(app: &App) -> AppResult<Self> {
        Ok(Self {
            hold_hours: settings::HOLD_HOURS.get(app).await?,
            capacity: settings::PARALLEL_CAPACITY.get(app).await?,
            deposit_percent: settings::DEPOSIT_PERCENT.get(app).await?,
            balance_due_days: settings::BALANCE_DUE_DAYS.get(app).await?,
            cutoff_days: settings::CUTOFF_DAYS.get(app).await?,
            refund_tiers: terms::refund_tiers(&settings::REFUND_TIERS.get(app).await?)?,
        })
    }
}

/// Accepts an offer for its patient and holds its slot until it is paid.
///
/// Safe to repeat: the same acceptance answers the same and writes nothing more. Every refusal of
/// [`Refusal`] leaves nothing behind.
pub async fn accept(app: &App, actor: &Actor, id: QuoteId, ask: Ask) -> AppResult<()> {
    let patient = actor.patient()?;
    actor.require(Permission::AcceptQuote)?;
    let policy = Policy::load(app).await?;
    clear_the_way(app, id).await?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let found = store::find(txn, id).await?;
        let case = inquiry::case::lock(txn, found.inquiry_id).await?;
        let all = store::lock_quotes_of(txn, case.id).await?;
        let quote = all.iter().find(|quote| quote.id == id).ok_or_else(AppError::not_found)?;
        // A draft is the clinic's alone: for the patient it does not exist.
        if case.patient_id != patient || quote.submitted_at.is_none() {
            return Err(AppError::not_found());
        }
        // The clinic's row too: a suspension at the same moment comes before or after, and lanes stay as read.
        let clinic = providers::Entity::find_by_id(quote.provider_id)
            .lock_exclusive()
            .one(txn)
            .await?
            .ok_or_else(AppError::not_found)?;
        match decide(&facts(&case, quote, &clinic), &ask, now)? {
            Decision::AlreadyTaken => Ok(()),
            Decision::Take => take(txn, app, actor, &policy, &case, quote, &all, now).await,
        }
    })
}

fn facts(case: &inquiries::Model, quote: &quotes::Model, clinic: &providers::Model) -> Facts {
    Facts {
        quote: quote.id,
        status: quote.status,
        reason: quote.status_reason,
        archived: quote.deleted_at.is_some(),
        expires_at: quote.expires_at,
        version: quote.version,
        total: Money::new(quote.quote_amount, quote.currency),
        slot_at: quote.appointment_slot_at,
        stage: case.status,
        accepted: case.accepted_quote_id,
        provider_active: clinic.status == ProviderStatus::Active && clinic.deleted_at.is_none(),
    }
}

/// Releases expired holds that lie in the way of an offer's own slot.
async fn clear_the_way(app: &App, id: QuoteId) -> AppResult<()> {
    let quote = store::find(app.db.conn(), id).await?;
    let Ok(cells) = slots::slot_of(&quote).map(|slot| slot.cells().unwrap_or_default()) else { return Ok(()) };
    clear_cells(app, &quote, &cells).await
}

/// Releases expired holds on some cells, each in its own transaction so that the lock order holds (R-PY-03).
pub(super) async fn clear_cells(app: &App, quote: &quotes::Model, cells: &BTreeSet<Timestamp>) -> AppResult<()> {
    let conn = app.db.conn();
    let Some(lead) = store::lead_of(conn, quote.id).await? else { return Ok(()) };
    let pair = (quote.provider_id, lead.provider_user_id);
    for hold in slots::expired_in_the_way(conn, pair, cells, app.now()).await? {
        jobs::release_if_due(app, hold.quote_id, inquiry::case::Held::Wait).await?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "everything the lock read, used once, top to bottom")]
async fn take(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    policy: &Policy,
    case: &inquiries::Model,
    quote: &quotes::Model,
    all: &[quotes::Model],
    now: Timestamp,
) -> AppResult<()> {
    let hold_ends = now + Duration::hours(policy.hold_hours);
    let change = quotes::ActiveModel {
        accepted_at: Set(Some(now)),
        auto_accepted: Set(true),
        travel_path: Set(Some(travel_path(quote))),
        ..Default::default()
    };
    let known = anonymity::pairs(txn, case.patient_id).await?;
    store::move_quote(txn, quote, Move::Accept, change, now).await?;
    hold_slot(txn, quote, policy.capacity, hold_ends, now).await?;
    lock_terms(txn, app, case, quote, policy, now).await?;
    for sibling in all.iter().filter(|other| other.id != quote.id) {
        cancel_sibling(txn, app, actor, case, quote, sibling, now).await?;
    }
    inquiry::case::set_accepted_quote(txn, app, case.id, Some(quote.id)).await?;
    inquiry::case::set_stage(txn, app, case, InquiryStatus::Accepted).await?;
    inquiry::distribution::close_others(txn, app, case.id, quote.provider_id).await?;
    anonymity::follow(txn, app, actor, known).await?;
    let metadata = json!({
        "provider_id": quote.provider_id, "quote_id": quote.id, "from": quote.status, "to": QuoteStatus::Accepted,
    });
    inquiry::timeline::record(txn, app, actor, case.id, "quote_accepted", metadata).await?;
    let entry = Entry::new("quote.accepted")
        .subject("Quote", quote.id)
        .patient(case.patient_id)
        .provider(quote.provider_id)
        .quote(quote.id)
        .change(Some(json!({ "status": quote.status })), Some(json!({ "status": QuoteStatus::Accepted })));
    audit::record(txn, app, actor, entry).await?;
    for key in ["quote.accepted", "booking.scheduled"] {
        let told = event(key, case, quote)
            .occurrence(quote.hold_lapse_count)
            .with("slot_at", quote.appointment_slot_at)
            .with("hold_expires_at", hold_ends);
        outbox::emit(txn, app, actor, told).await?;
    }
    Ok(())
}

/// Whose travel it is: the clinic's when flight or hotel are included (derived, frozen here).
fn travel_path(quote: &quotes::Model) -> QuoteTravelPath {
    let included: Vec<IncludedService> =
        quote.included_services.clone().and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default();
    if included.iter().any(|service| matches!(service, IncludedService::Flight | IncludedService::Hotel)) {
        QuoteTravelPath::ProviderIncluded
    } else {
        QuoteTravelPath::PatientSelfBooked
    }
}

/// The schedule row with its exclusive hold, and its cells (R-IQ-54).
pub(super) async fn hold_slot(
    txn: &Txn,
    quote: &quotes::Model,
    capacity: i64,
    ends: Timestamp,
    now: Timestamp,
) -> AppResult<()> {
    let slot = slots::slot_of(quote)?;
    let lead = store::lead_of(txn, quote.id).await?.ok_or(Refusal::SlotUnavailable)?;
    let cells = slot.cells().map_err(|_| Refusal::SlotUnavailable)?;
    let id = ScheduleId::new();
    schedules::ActiveModel {
        id: Set(id),
        quote_id: Set(quote.id),
        schedule_date: Set(slot.date),
        schedule_time: Set(Some(slot.time)),
        location: Set(None),
        notes: Set(None),
        status: Set(ScheduleStatus::Pending),
        provider_id: Set(Some(quote.provider_id)),
        day_count: Set(i16::try_from(slot.day_count).unwrap_or(1)),
        duration_minutes: Set(slot.duration_minutes),
        timezone: Set(slot.zone.name().to_owned()),
        starts_at_utc: Set(slot.starts_at().ok()),
        ends_at_utc: Set(slot.ends_at().ok()),
        hold_expires_at: Set(Some(ends)),
        replaces_schedule_id: Set(None),
        cancel_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    let capacity = i16::try_from(capacity.clamp(1, 20)).unwrap_or(1);
    slots::claim(txn, id, (quote.provider_id, lead.provider_user_id), &cells, capacity, now).await
}

/// Price, currency and policy of the booking, frozen (R-PY-14, 15, 18, 50).
async fn lock_terms(
    txn: &Txn,
    app: &App,
    case: &inquiries::Model,
    quote: &quotes::Model,
    policy: &Policy,
    now: Timestamp,
) -> AppResult<()> {
    let (currency, rate) = payment_currency(txn, case, quote).await?;
    let out_of_range = || AppError::internal("the total cannot be held in the payment currency");
    let payment_total = terms::payment_total(quote.quote_amount, rate, currency).ok_or_else(out_of_range)?;
    let deposit = terms::deposit(payment_total, policy.deposit_percent, currency).ok_or_else(out_of_range)?;
    if catalogue::service::currencies::is_old(txn, now, [quote.currency, currency]).await? {
        let alert = Event::new("system.alert", "Quote", quote.id)
            .occurrence(format!("fx_rate_old:{}", now.timestamp()))
            .with("alert", "fx_rate_old")
            .with("quote_id", quote.id);
        outbox::emit(txn, app, &Actor::system(), alert).await?;
        // It stands as it was locked; somebody looks whether it was right (R-PY-17).
        let note = format!("{} / {}", quote.currency, currency);
        let what = Raised { kind: BookingFlagKind::OldRate, note: &note, is_late: false };
        flags::raise(txn, app, &Actor::system(), (case.patient_id, quote), what).await?;
    }
    let before = store::newest_terms(txn, quote.id).await?;
    let reference = match &before {
        // A second acceptance after a lapsed hold is the same booking with new terms.
        Some(terms) => terms.booking_reference.clone(),
        None => {
            let number = platform::counters::next(txn, app, "booking", &terms::period(now)).await?;
            terms::booking_reference(now, number)
        }
    };
    let over_limit = match quote.discount_id {
        Some(id) => is_used_up(txn, id).await?,
        None => false,
    };
    booking_terms::ActiveModel {
        id: Set(BookingTermsId::new()),
        quote_id: Set(quote.id),
        version: Set(before.map_or(1, |terms| terms.version + 1)),
        booking_reference: Set(reference),
        list_amount: Set(quote.quote_amount + quote.discount_amount),
        // What the offer promised stands, whatever became of the discount (R-PY-46).
        discount_id: Set(quote.discount_id),
        discount_funding: Set(quote.discount_funding.map(funding_of)),
        discount_amount: Set(quote.discount_amount),
        discount_over_limit: Set(over_limit),
        total_amount: Set(quote.quote_amount),
        quote_currency: Set(quote.currency),
        payment_currency: Set(currency),
        locked_rate: Set(rate),
        payment_total: Set(payment_total),
        deposit_percent: Set(policy.deposit_percent),
        deposit_amount: Set(deposit),
        hold_hours: Set(i32::try_from(policy.hold_hours).unwrap_or(48)),
        cutoff_days: Set(i32::try_from(policy.cutoff_days).unwrap_or(30)),
        balance_due_days: Set(i32::try_from(policy.balance_due_days).unwrap_or(7)),
        refund_tiers: Set(serde_json::to_value(&policy.refund_tiers)?),
        terms_ack_at: Set(Some(now)),
        locked_at: Set(now),
        created_by_type: Set(BookingTermsCreatedByType::Patient),
        created_by_id: Set(Some(case.patient_id.any())),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    Ok(())
}

/// Whether a discount that was promised has no use left: it is honoured all the same and flagged for finance (R-PY-46).
async fn is_used_up(txn: &Txn, id: DiscountId) -> AppResult<bool> {
    let row = discounts::Entity::find_by_id(id).one(txn).await?;
    Ok(row.is_some_and(|row| row.usage_limit.is_some_and(|limit| row.usage_count >= limit)))
}

fn funding_of(funding: QuoteDiscountFunding) -> BookingTermsDiscountFunding {
    match funding {
        QuoteDiscountFunding::Provider => BookingTermsDiscountFunding::Provider,
        QuoteDiscountFunding::Both => BookingTermsDiscountFunding::Both,
        QuoteDiscountFunding::Platform => BookingTermsDiscountFunding::Platform,
    }
}

/// The currency of the patient's home country when it has an active pair, else dollars (R-PY-16), with its rate.
async fn payment_currency(txn: &Txn, case: &inquiries::Model, quote: &quotes::Model) -> AppResult<(Currency, Decimal)> {
    let patient = patients::Entity::find_by_id(case.patient_id).one(txn).await?.ok_or_else(AppError::not_found)?;
    let home = terms::home_currency(patient.country_code.as_deref());
    for currency in [home, Currency::USD] {
        if let Some(rate) = catalogue::fx::rate(txn, quote.currency, currency).await? {
            return Ok((currency, rate));
        }
    }
    Err(super::pricing::rate_unavailable(quote.currency))
}

/// Q10: another offer won. Its clinic learns that, and neither who nor for how much.
async fn cancel_sibling(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &inquiries::Model,
    winner: &quotes::Model,
    sibling: &quotes::Model,
    now: Timestamp,
) -> AppResult<()> {
    if !matches!(sibling.status, QuoteStatus::Inquiry | QuoteStatus::Quote) {
        return Ok(());
    }
    let change = quotes::ActiveModel { cancelled_at: Set(Some(now)), ..Default::default() };
    let to = store::move_quote(txn, sibling, Move::OtherAccepted, change, now).await?;
    let metadata = json!({
        "provider_id": sibling.provider_id,
        "quote_id": sibling.id,
        "from": sibling.status,
        "to": to.status,
        "reason_code": to.reason,
    });
    inquiry::timeline::record(txn, app, actor, case.id, "quote_cancelled", metadata).await?;
    if sibling.provider_id == winner.provider_id {
        return Ok(());
    }
    // It may come back and lose again.
    let occurrence = format!("{}:{}", winner.id, winner.hold_lapse_count);
    let told = event("quote.cancelled_other_accepted", case, sibling).occurrence(occurrence);
    outbox::emit(txn, app, actor, told).await
}
