//! Sending a quote and revising one that was sent (Q2, Q3).

use chrono::Duration;
use directory::entity::providers::ProviderStatus;
use inquiry::entity::inquiries::{self, InquiryStatus};
use kernel::ids::{QuoteId, QuoteVersionId};
use kernel::money::Money;
use kernel::{Actor, AppError, AppResult, Currency, DateRange, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::outbox;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};

use super::content::{self, Rows, assigned_by};
use super::discounts;
use super::draft::{Editor, Ready, lock_own, require_open, update_at};
use super::input::QuoteInput;
use super::pricing;
use super::writing::ListPrice;
use crate::case::event;
use crate::entity::quote_versions;
use crate::entity::quotes::{self, QuoteStatus};
use crate::rules::content::{Content, Frame, check};
use crate::rules::price::Breakdown;
use crate::rules::slot;
use crate::rules::transitions::Move;
use crate::{jobs as own_jobs, settings, slots, store};

/// Sends a draft to the patient (Q2): all guards, snapshots, version 1, validity from now.
///
/// Errors: 409 of R-IQ-30 and R-IQ-20 (`alert_ack_required`), `stale_version`, `price_changed`,
/// `quote_currency_changed`, `slot_unavailable`; 422 with everything that is missing. Sending it again is 409
/// `invalid_transition`.
pub async fn submit(app: &App, actor: &Actor, id: QuoteId, seen: i32, expected: Option<Money>) -> AppResult<()> {
    actor.provider()?;
    let hours = settings::QUOTE_VALIDITY_HOURS.get(app).await?;
    let soon = settings::EXPIRING_SOON_HOURS.get(app).await?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let (case, quote) = lock_own(txn, actor, id, Permission::EditQuote).await?;
        let row = inquiry::distribution::assigned(txn, case.id, quote.provider_id).await?;
        require_open(&case, &row, now, true)?;
        if quote.status != QuoteStatus::Inquiry || quote.deleted_at.is_some() {
            return Err(store::invalid_transition());
        }
        if quote.version != seen {
            return Err(AppError::stale_version());
        }
        inquiry::medical::alert(txn, app, case.id, quote.provider_id).await?.check()?;
        let clinic = directory::clinics::load(txn, quote.provider_id).await?;
        if clinic.status != ProviderStatus::Active {
            return Err(AppError::conflict("provider_unavailable", "Your clinic cannot send quotes at the moment."));
        }
        let editor = Editor::for_quote(txn, app, &clinic, &quote, quote.treatment_id).await?;
        // Nobody has seen its price in the currency of today.
        editor.require_same_currency()?;
        let rows = content::rows(txn, id).await?;
        let mut content = content::content_of(&quote, &rows)?;
        let ready = editor.read(txn, &QuoteInput::default(), &mut content, &rows).await?;
        let price = complete(txn, &case, &editor, &ready, &content, now).await?;
        require_expected(&price, expected)?;
        slot_free(txn, &quote, &content).await?;

        let written = ready.written(&content, true);
        let expires = now + Duration::hours(hours);
        let mut change = content::columns(&written, &editor.prices, now)?;
        change.version = Set(1);
        change.commission = Set(editor.commission.percent());
        change.expiration_hours = Set(i32::try_from(hours).unwrap_or(48));
        change.expires_at = Set(Some(expires));
        change.submitted_at = Set(Some(now));
        change.appointment_pre_scheduled = Set(true);
        change.treatment_snapshot = Set(Some(treatment_snapshot(txn, &editor).await?));
        store::move_quote(txn, &quote, Move::Submit, change, now).await?;
        content::write_rows(txn, actor, id, &rows, &written, now).await?;
        write_version(txn, actor, id, 1, (&content, &ready, &price), None, (None, Some(expires)), now).await?;
        inquiry::distribution::mark_quoted(txn, app, case.id, quote.provider_id).await?;
        inquiry::case::set_stage(txn, app, &case, InquiryStatus::Quote).await?;
        record(txn, app, actor, &case, &quote, ("quote_submitted", "quote.submitted"), None, None).await?;
        let told = event("quote.submitted", &case, &quote)
            .occurrence("once")
            .with("amount", price.total)
            .with("currency", price.currency)
            .with("expires_at", expires);
        outbox::emit(txn, app, actor, told).await?;
        let remind = Enqueue {
            dedupe: Some(format!("expiring_soon:{id}")),
            run_at: Some(expires - Duration::hours(soon)),
            ..Default::default()
        };
        jobs::enqueue(txn, app, own_jobs::EXPIRING_SOON, json!({ "quote_id": id }), remind).await
    })
}

/// Of these changes the patient is told (Q3).
const MATTERS: [&str; 7] = ["price", "dates", "slot", "packages", "treatment", "clinician", "expires_at"];

/// Writes a revision of a live quote (Q3): version + 1, price computed again, validity unchanged.
#[expect(clippy::too_many_arguments, reason = "the editor loaded all of it under the same lock")]
pub(super) async fn revise(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &inquiries::Model,
    quote: &quotes::Model,
    rows: &Rows,
    editor: &Editor,
    ready: &Ready,
    content: &Content,
    input: &QuoteInput,
) -> AppResult<()> {
    let now = app.now();
    let price = complete(txn, case, editor, ready, content, now).await?;
    slot_free(txn, quote, content).await?;
    let before = snapshot(&content::content_of(quote, rows)?, None, rows_prices(quote))?;
    let after = snapshot(content, None, amounts(&price))?;
    let mut changed = changed_fields(&before, &after);
    let validity = validity(actor, quote, input, now)?;
    if validity.is_some() {
        changed.push("expires_at".to_owned());
    }
    if changed.is_empty() {
        return Ok(());
    }
    let written = ready.written(content, true);
    let version = quote.version + 1;
    let mut change = content::columns(&written, &editor.prices, now)?;
    change.version = Set(version);
    if content.treatment != quote.treatment_id || quote.treatment_snapshot.is_none() {
        change.treatment_snapshot = Set(Some(treatment_snapshot(txn, editor).await?));
    }
    if let Some((hours, end)) = validity {
        change.expiration_hours = Set(hours);
        change.expires_at = Set(Some(end));
    }
    update_at(txn, quote, change).await?;
    content::write_rows(txn, actor, quote.id, rows, &written, now).await?;
    let reason = input.reason.as_deref();
    let end = validity.map(|(_, end)| end).or(quote.expires_at);
    let said = (content, ready, &price);
    write_version(txn, actor, quote.id, version, said, Some(&changed), (reason, end), now).await?;
    let values = differing(&before, &after);
    record(txn, app, actor, case, quote, ("quote_updated", "quote.revised"), reason, Some(values)).await?;
    let mut told = event("quote.updated", case, quote)
        .occurrence(version)
        .with("version", version)
        .with("changed_fields", &changed);
    if !changed.iter().any(|field| MATTERS.contains(&field.as_str())) {
        // Another word in the note is no news for the patient (Q3).
        told = told.with("to", "provider");
    }
    outbox::emit(txn, app, actor, told).await
}

/// The validity staff set for one offer, counted from the moment it was sent (R-IQ-38); nothing when it stays as it is.
fn validity(
    actor: &Actor,
    quote: &quotes::Model,
    input: &QuoteInput,
    now: Timestamp,
) -> AppResult<Option<(i32, Timestamp)>> {
    let Some(hours) = input.expiration_hours else { return Ok(None) };
    actor.admin()?;
    if !(1..=720).contains(&hours) {
        let message = "Choose 1 to 720 hours.";
        return Err(AppError::field("expiration_hours", "validity_out_of_range", message));
    }
    // An offer that was brought back counts from then.
    let sent = match quote.expires_at {
        Some(end) => end - Duration::hours(i64::from(quote.expiration_hours)),
        None => now,
    };
    let end = sent + Duration::hours(i64::from(hours));
    if end <= now {
        let message = "This offer would have ended already.";
        return Err(AppError::field("expiration_hours", "validity_out_of_range", message));
    }
    Ok((Some(end) != quote.expires_at).then_some((hours, end)))
}

/// Everything R-IQ-31..43 asks of a quote that goes out.
async fn complete(
    txn: &Txn,
    case: &inquiries::Model,
    editor: &Editor,
    ready: &Ready,
    content: &Content,
    now: Timestamp,
) -> AppResult<Breakdown> {
    let frame = Frame {
        ranges: ranges_of(&case.treatment_schedule),
        today: slot::clinic_date(now, editor.zone),
        min_grafts: editor.prices.min_grafts,
        max_grafts: editor.prices.max_grafts,
    };
    inquiry::rules::submission::refuse(check(content, &frame))?;
    if let Some(discount) = content.discount.filter(|_| ready.discount.is_none()) {
        // It could be used when it was chosen: it is said why it cannot be now (R-IQ-46).
        discounts::chosen(txn, editor.provider, discount, editor.prices.currency, now).await?;
    }
    if !catalogue::fx::is_usable(txn, editor.prices.currency).await? {
        return Err(pricing::rate_unavailable(editor.prices.currency));
    }
    pricing::breakdown(content, &editor.prices, &ready.packages, ready.discount.as_ref(), editor.commission)
}

/// A total sent by the client is only compared (R-IQ-43).
fn require_expected(price: &Breakdown, expected: Option<Money>) -> AppResult<()> {
    let total = Money::new(price.total, price.currency);
    match expected {
        Some(expected) if expected != total => {
            Err(AppError::conflict("price_changed", format!("The price is {total}.")).with("current_total", total))
        }
        _ => Ok(()),
    }
}

/// The clinician has no hold or booking at that time (R-IQ-33). Only acceptance reserves.
async fn slot_free(txn: &Txn, quote: &quotes::Model, content: &Content) -> AppResult<()> {
    use crate::rules::accept::Refusal;
    let (Some(slot), Some(lead)) = (content.slot, content.clinician) else { return Ok(()) };
    let cells = slot.cells().map_err(|_| Refusal::SlotUnavailable)?;
    if slots::is_free(txn, (quote.provider_id, lead), &cells, None).await? {
        return Ok(());
    }
    Err(Refusal::SlotUnavailable.into())
}

/// The patient's date ranges; a bare date is a range of one day.
pub(crate) fn ranges_of(schedule: &Value) -> Vec<DateRange> {
    let entries = schedule.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = |entry: &Value| match entry {
        Value::String(day) => day.parse().ok().and_then(|day| DateRange::new(day, day)),
        object => serde_json::from_value(object.clone()).ok(),
    };
    entries.iter().filter_map(read).collect()
}

/// The treatment as it is offered, with what is always part of it and the price list it is priced by (R-IQ-37).
async fn treatment_snapshot(txn: &Txn, editor: &Editor) -> AppResult<Value> {
    let treatment = &editor.treatment;
    let includes = catalogue::treatments::includes(txn, &[treatment.id]).await?;
    let includes: Vec<Value> = includes
        .iter()
        .map(|include| json!({ "name": include.include_name, "description": include.include_description }))
        .collect();
    let shown = catalogue::service::treatment_media::of(txn, treatment.id).await?;
    let images: Vec<_> = shown.images.iter().map(platform::media::Item::file_id).collect();
    let list = ListPrice { base_price: editor.prices.base_price, price_per_graft: editor.prices.price_per_graft };
    Ok(json!({
        "name": treatment.treatment_name,
        "type": treatment.treatment_type,
        "description": treatment.treatment_description,
        "thumbnail": treatment.thumbnail,
        "images": images,
        "video": treatment.video,
        "version": treatment.version,
        "includes": includes,
        "list": list,
    }))
}

fn amounts(price: &Breakdown) -> Value {
    json!({
        "treatment": price.treatment,
        "packages": price.packages,
        "services": price.extras,
        "fees": price.fees,
        "discount": price.discount,
        "total": price.total,
    })
}

fn rows_prices(quote: &quotes::Model) -> Value {
    json!({
        "treatment": quote.treatment_amount,
        "packages": quote.packages_amount,
        "services": quote.extras_amount,
        "fees": quote.fees_amount,
        "discount": quote.discount_amount,
        "total": quote.quote_amount,
    })
}

/// The content of a version as it is kept for ever.
pub(super) fn snapshot(content: &Content, ready: Option<&Ready>, price: Value) -> AppResult<Value> {
    let slot = content.slot.map(|slot| {
        json!({
            "date": slot.date,
            "time": slot.time,
            "timezone": slot.zone.name(),
            "duration_minutes": slot.duration_minutes,
            "day_count": slot.day_count,
        })
    });
    let packages: Vec<Value> = match ready {
        Some(ready) => {
            ready.packages.iter().map(|package| json!({ "id": package.id, "content": package.snapshot })).collect()
        }
        None => content.packages.iter().map(|id| json!(id)).collect(),
    };
    let discount = match ready.and_then(|ready| ready.discount.as_ref()) {
        Some(terms) => serde_json::to_value(terms)?,
        None => json!(content.discount),
    };
    let clinician = match ready.and_then(|ready| ready.clinician.as_ref()) {
        Some(person) => json!({ "id": person.id, "name": format!("{} {}", person.firstname, person.lastname) }),
        None => json!(content.clinician),
    };
    Ok(json!({
        "treatment": content.treatment,
        "grafts": content.grafts,
        "dates": serde_json::to_value(&content.dates)?,
        "packages": packages,
        "services": serde_json::to_value(&content.services)?,
        "fees": serde_json::to_value(&content.fees)?,
        "inclusions": serde_json::to_value(&content.inclusions)?,
        "discount": discount,
        "clinician": clinician,
        "clinician_note": content.clinician_note,
        "slot": slot,
        "plan": serde_json::to_value(&content.plan)?,
        "included_services": serde_json::to_value(&content.included)?,
        "note": content.note,
        "price": price,
    }))
}

/// Names of the top-level members that differ, in the order of the snapshot.
fn changed_fields(before: &Value, after: &Value) -> Vec<String> {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else { return Vec::new() };
    after.iter().filter(|(name, value)| before.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect()
}

#[expect(clippy::too_many_arguments, reason = "one row, written once, from facts the caller holds apart")]
async fn write_version(
    txn: &Txn,
    actor: &Actor,
    quote: QuoteId,
    version: i32,
    (content, ready, price): (&Content, &Ready, &Breakdown),
    changed: Option<&[String]>,
    (reason, expires): (Option<&str>, Option<Timestamp>),
    now: Timestamp,
) -> AppResult<()> {
    let (created_by_type, created_by_id) = assigned_by(actor)?;
    let currency: Currency = price.currency;
    let mut frozen = snapshot(content, Some(ready), amounts(price))?;
    if let Some(members) = frozen.as_object_mut() {
        members.insert("expires_at".to_owned(), json!(expires));
    }
    quote_versions::ActiveModel {
        id: Set(QuoteVersionId::new()),
        quote_id: Set(quote),
        version: Set(version),
        quote_amount: Set(price.total),
        currency: Set(currency),
        snapshot: Set(frozen),
        changed_fields: Set(changed.map(|names| json!(names))),
        created_by_type: Set(created_by_type),
        created_by_id: Set(created_by_id),
        reason: Set(reason.map(str::to_owned)),
        created_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the words of one change in timeline and audit")]
async fn record(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &inquiries::Model,
    quote: &quotes::Model,
    (word, action): (&'static str, &'static str),
    reason: Option<&str>,
    values: Option<(Value, Value)>,
) -> AppResult<()> {
    let metadata = json!({ "provider_id": quote.provider_id, "quote_id": quote.id });
    inquiry::timeline::record(txn, app, actor, case.id, word, metadata).await?;
    let mut entry = Entry::new(action)
        .subject("Quote", quote.id)
        .patient(case.patient_id)
        .provider(quote.provider_id)
        .quote(quote.id);
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    if let Some((was, is)) = values {
        entry = entry.change(Some(was), Some(is));
    }
    audit::record(txn, app, actor, entry).await
}

/// What two snapshots say differently, before and after, for the audit (R-IQ-94).
pub(super) fn differing(before: &Value, after: &Value) -> (Value, Value) {
    let (mut was, mut is) = (serde_json::Map::new(), serde_json::Map::new());
    for (name, new) in after.as_object().into_iter().flatten() {
        let old = before.get(name).cloned().unwrap_or_default();
        if old != *new {
            was.insert(name.clone(), old);
            is.insert(name.clone(), new.clone());
        }
    }
    (Value::Object(was), Value::Object(is))
}
