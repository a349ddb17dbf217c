//! One quote for staff: what it says, changed with a reason; brought back; a clinic's wish to step back decided.

use askama::Template;
use axum::response::Response;
use kernel::ids::QuoteId;
use kernel::{Amount, AppError, AppResult, ErrorKind, FieldErrors, Money, Permission, Timestamp};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Posted, page};

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};
use crate::oversight::{StaffDetail, detail};
use crate::pages::changes::{self, VersionCard};
use crate::pages::states;
use crate::service::input::{DateInput, QuoteInput, SlotInput};
use crate::service::withdrawal::{self, Verdict};
use crate::service::{archive, draft};
use catalogue::money_input::MoneyInput;

#[derive(Template)]
#[template(path = "quote_admin_one.html")]
struct AdminQuotePage {
    chrome: Chrome,
    id: QuoteId,
    case: String,
    title: String,
    code: String,
    patient: String,
    clinic: String,
    badge: Badge,
    facts: Vec<(String, String)>,
    lines: Vec<(String, String)>,
    total: String,
    commission: String,
    net: String,
    until: Html,
    archived: String,
    versions: Vec<VersionCard>,
    version: i32,
    currency: String,
    edit: Option<Form>,
    slot_date: String,
    restore: Option<Form>,
    /// A clinic's wish to step back, in its words.
    wish: Option<Wish>,
}

struct Wish {
    reason: String,
    at: Html,
    form: Form,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let found = detail(&ctx.app, &ctx.actor, id).await?;
    page(&shown(&ctx, &found, None)?)
}

pub(super) async fn edit(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let found = detail(&ctx.app, &ctx.actor, id).await?;
    let outcome = match input_of(&posted, &found) {
        Ok(input) => draft::edit(&ctx.app, &ctx.actor, id, input).await,
        Err(error) => Err(error),
    };
    answered(&ctx, id, &posted, "edit", outcome).await
}

pub(super) async fn restore(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = archive::restore(&ctx.app, &ctx.actor, id, posted.get("reason")).await.map(|_| ());
    answered(&ctx, id, &posted, "restore", outcome).await
}

pub(super) async fn resolve(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let verdict = if posted.get("decision") == "grant" { Verdict::Grant } else { Verdict::Refuse };
    let outcome = match withdrawal::resolve(&ctx.app, &ctx.actor, id, verdict, posted.get("reason")).await {
        // The form was sent twice, or somebody was faster.
        Err(error) if error.code == "withdrawal_not_requested" => Ok(()),
        other => other,
    };
    answered(&ctx, id, &posted, "resolve", outcome).await
}

async fn answered(
    ctx: &Ctx,
    id: QuoteId,
    posted: &Posted,
    act: &'static str,
    outcome: AppResult<()>,
) -> ApiResult<Response> {
    let error = match outcome {
        Ok(()) => return Ok(ctx.done(&format!("/admin/quotes/{id}"), &format!("quote-{act}"))),
        Err(error) => error,
    };
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let found = detail(&ctx.app, &ctx.actor, id).await?;
    let status = status_of(error.kind);
    let form = Form::posted(&ctx.chrome, posted).refused(&beside(error));
    let mut response = page(&shown(ctx, &found, Some((act, form)))?)?;
    *response.status_mut() = status;
    Ok(response)
}

/// The refusal with its faults beside the fields this page has.
fn beside(mut error: AppError) -> AppError {
    let mut found = FieldErrors::new();
    for (field, faults) in std::mem::take(&mut error.fields).0 {
        let own = match field.as_str() {
            name if name.starts_with("dates.") && name.contains("price") => "price",
            name if name.starts_with("dates") || name == "slot.date" => "slot_date",
            name if name.starts_with("slot") => "slot_time",
            name => name,
        };
        found.0.insert(own.to_owned(), faults);
    }
    error.fields = found;
    error
}

/// What the short form says; everything it does not show stays as it is.
fn input_of(posted: &Posted, found: &StaffDetail) -> AppResult<QuoteInput> {
    let day = posted.get("slot_date").trim().to_owned();
    let price = posted.given("price").map(str::to_owned);
    // The dates as they are; the price of the slot's day as typed.
    let known = found.content.dates.iter().map(|date| DateInput {
        date: date.date.to_string(),
        price: date.price.filter(|_| date.typed).map(|amount| Money::new(amount, found.quote.currency).into()),
    });
    let mut dates: Vec<DateInput> = known.collect();
    let slot_before = found.content.slot.map(|slot| slot.date.to_string()).unwrap_or_default();
    let day = if day.is_empty() { slot_before.clone() } else { day };
    if !dates.iter().any(|date| date.date == day) {
        dates.push(DateInput { date: day.clone(), price: None });
    }
    let stands = found.content.dates.iter().find(|date| date.date.to_string() == day).and_then(|date| date.price);
    if let Some(price) = price.filter(|price| stands.is_none() || price.parse::<Amount>().ok() != stands) {
        let currency = found.quote.currency.code();
        for date in dates.iter_mut().filter(|date| date.date == day) {
            date.price = Some(MoneyInput { amount: price.clone(), currency: currency.to_owned() });
        }
    }
    let slot = found.content.slot.map(|slot| SlotInput {
        date: day.clone(),
        time: posted.given("slot_time").map_or_else(|| slot.time.format("%H:%M").to_string(), str::to_owned),
        timezone: Some(slot.zone.name().to_owned()),
        duration_minutes: Some(slot.duration_minutes),
        day_count: Some(slot.day_count),
    });
    // The days of the plan move with the appointment.
    let moved = found.content.slot.zip(day.parse::<chrono::NaiveDate>().ok()).map(|(slot, day)| day - slot.date);
    let plan = moved.filter(|days| !days.is_zero()).map(|days| {
        let line = |entry: &crate::rules::content::PlanDay| crate::service::input::PlanInput {
            day: entry.day,
            date: (entry.date + days).to_string(),
            description: entry.description.clone(),
        };
        found.content.plan.iter().map(line).collect()
    });
    Ok(QuoteInput {
        version: Some(posted.parse("version")?),
        reason: Some(posted.get("reason").to_owned()),
        estimated_grafts: posted.maybe("estimated_grafts")?,
        dates: Some(dates),
        slot,
        plan,
        note: Some(posted.get("note").to_owned()),
        expiration_hours: posted.maybe("expiration_hours")?.filter(|hours| *hours != found.quote.expiration_hours),
        ..QuoteInput::default()
    })
}

fn shown(ctx: &Ctx, found: &StaffDetail, refused: Option<(&'static str, Form)>) -> AppResult<AdminQuotePage> {
    let chrome = &ctx.chrome;
    let quote = &found.quote;
    let money = |amount: Amount| chrome.money(Money::new(amount, quote.currency));
    let form = |act: &str| match &refused {
        Some((word, form)) if *word == act => form.clone(),
        _ => Form::new(chrome),
    };
    let archived = quote.deleted_at.is_some();
    let sent_or_draft = matches!(quote.status, QuoteStatus::Inquiry | QuoteStatus::Quote) && !archived;
    let editable = sent_or_draft && (quote.status == QuoteStatus::Inquiry || found.live);
    let can_edit = ctx.actor.can(Permission::EditQuote);
    let edit_form = match &refused {
        Some(("edit", form)) => form.clone(),
        _ => stored(chrome, found),
    };
    Ok(AdminQuotePage {
        id: quote.id,
        case: format!("/admin/cases/{}", quote.inquiry_id),
        title: found.treatment.clone(),
        code: quote.quote_code.clone().unwrap_or_default(),
        patient: found.patient.name.clone(),
        clinic: found.clinic.clone(),
        badge: states::badge(chrome, quote.status, quote.status_reason, (found.live, archived)),
        facts: facts(chrome, found),
        lines: price_lines(chrome, found),
        total: money(quote.quote_amount),
        commission: chrome.money(found.settlement.commission),
        net: chrome.money(found.settlement.provider_net),
        until: quote.expires_at.filter(|_| found.live).map(|at| chrome.when(at)).unwrap_or_default(),
        archived: quote.archive_reason.clone().filter(|_| archived).unwrap_or_default(),
        versions: changes::cards(chrome, &found.versions),
        version: quote.version,
        currency: quote.currency.code().to_owned(),
        edit: (editable && can_edit).then_some(edit_form),
        slot_date: found.content.slot.map(|slot| slot.date.to_string()).unwrap_or_default(),
        restore: (restorable(found) && can_edit).then(|| form("restore")),
        wish: quote.withdrawal_requested_at.filter(|_| quote.status == QuoteStatus::Accepted).map(|at| Wish {
            reason: quote.withdrawal_reason.clone().unwrap_or_default(),
            at: chrome.when(at),
            form: form("resolve"),
        }),
        chrome: chrome.clone(),
    })
}

/// Whether the page offers to bring it back; the service says why not.
fn restorable(found: &StaffDetail) -> bool {
    use QuoteStatusReason::{DraftLapsed, Expired, OtherAccepted, Withdrawn};
    let quote = &found.quote;
    quote.deleted_at.is_some()
        || (quote.status == QuoteStatus::Cancelled
            && matches!(quote.status_reason, Some(Expired | Withdrawn | OtherAccepted | DraftLapsed)))
}

fn stored(chrome: &Chrome, found: &StaffDetail) -> Form {
    let slot = found.content.slot;
    let at_slot = slot.and_then(|slot| found.content.dates.iter().find(|date| date.date == slot.date));
    Form::new(chrome)
        .with_some("estimated_grafts", found.quote.estimated_grafts.map(|grafts| grafts.to_string()))
        .with_some("price", at_slot.and_then(|date| date.price).map(|price| price.to_string()))
        .with_some("slot_date", slot.map(|slot| slot.date.to_string()))
        .with_some("slot_time", slot.map(|slot| slot.time.format("%H:%M").to_string()))
        .with("expiration_hours", found.quote.expiration_hours.to_string())
        .with_some("note", found.content.note.clone())
}

fn facts(chrome: &Chrome, found: &StaffDetail) -> Vec<(String, String)> {
    let quote = &found.quote;
    let at = |at: Option<Timestamp>| at.map(|at| chrome.datetime(at, chrono_tz::UTC));
    let slot = found
        .content
        .slot
        .map(|slot| format!("{}, {} ({})", chrome.date(slot.date), slot.time.format("%H:%M"), slot.zone.name()));
    let lead = found.rows.lead.as_ref().map(|lead| lead.display_name.clone());
    let rows = [
        ("pq-estimated-grafts", quote.estimated_grafts.map(|grafts| grafts.to_string())),
        ("pq-slot", slot),
        ("pq-clinician", lead),
        ("pq-stage-of-case", Some(chrome.word("stage", sea_orm::ActiveEnum::to_value(&found.stage)))),
        ("aq-submitted", at(quote.submitted_at)),
        ("aq-accepted", at(quote.accepted_at)),
        ("aq-hold", at(found.hold)),
        ("aq-lapses", Some(quote.hold_lapse_count).filter(|count| *count > 0).map(|count| count.to_string())),
        ("pq-withdraw-reason", quote.withdrawal_reason.clone()),
        ("pq-note", found.content.note.clone()),
    ];
    rows.into_iter().filter_map(|(key, text)| Some((chrome.t(key), text.filter(|text| !text.is_empty())?))).collect()
}

fn price_lines(chrome: &Chrome, found: &StaffDetail) -> Vec<(String, String)> {
    let quote = &found.quote;
    let money = |amount: Amount| chrome.money(Money::new(amount, quote.currency));
    let parts = [
        ("treatment", quote.treatment_amount),
        ("packages", quote.packages_amount),
        ("services", quote.extras_amount),
        ("fees", quote.fees_amount),
        ("discount", quote.discount_amount),
    ];
    parts
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(part, amount)| (chrome.word("pq-part", part), money(amount)))
        .collect()
}
