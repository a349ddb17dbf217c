//! A quote for the clinic that wrote it: where it stands, what it says, what it brings.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::error::ErrorKind;
use kernel::ids::QuoteId;
use kernel::{Amount, AppResult, Money, Permission, Timestamp};
use platform::web::{ApiResult, Path};
use serde_json::Value;
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Posted, page};

use super::words;
use crate::desk::{self, OwnQuoteDetail};
use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};
use crate::entity::treatment_customizes::QuoteLineKind;
use crate::pages::changes::{self, VersionCard};
use crate::service::{archive, leave, withdrawal};

#[derive(Template)]
#[template(path = "quote_provider_quote.html")]
struct QuotePage {
    chrome: Chrome,
    form: Form,
    id: QuoteId,
    title: String,
    code: String,
    patient: String,
    case_href: Option<String>,
    badge: Badge,
    state: Html,
    /// End of the validity while it is on offer, of the hold while it waits for the payment.
    until: Option<Timestamp>,
    until_label: String,
    facts: Vec<(String, String)>,
    lines: Vec<(String, String)>,
    discount: Option<Money>,
    total: Money,
    per_graft: Option<Money>,
    percent: i64,
    commission: Money,
    net: Money,
    plan: Vec<PlanRow>,
    dates: Vec<(String, String)>,
    inclusions: Vec<String>,
    note: String,
    versions: Vec<VersionCard>,
    /// Which part is shown: offer, patient, request or history.
    view: &'static str,
    tabs: Vec<Tab>,
    person: Vec<(String, String)>,
    request: Vec<(String, String)>,
    archive: Form,
    leave: Form,
    may_archive: bool,
    /// The clinic may ask to step back from the accepted offer.
    may_leave: bool,
    /// It has asked and waits for an answer.
    asked_at: Option<Timestamp>,
    archived: bool,
    revise_href: Option<String>,
    may_withdraw: bool,
    treatment_href: Option<String>,
    may_message: bool,
}

struct Tab {
    href: String,
    label: String,
    here: bool,
}

struct PlanRow {
    day: String,
    text: String,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let quote = desk::quote(&ctx.app, &ctx.actor, id).await?;
    let is_open_draft =
        ctx.asked("view").is_empty() && quote.quote.status == QuoteStatus::Inquiry && quote.quote.deleted_at.is_none();
    if is_open_draft && ctx.actor.can(Permission::EditQuote) {
        return Ok(Redirect::to(&editor(&quote)).into_response());
    }
    page(&shown(&ctx, &quote, None))
}

fn editor(quote: &OwnQuoteDetail) -> String {
    format!("/provider/cases/{}/quote?quote={}", quote.quote.inquiry_id, quote.quote.id)
}

pub(super) async fn withdraw(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = leave::withdraw(&ctx.app, &ctx.actor, id, posted.get("reason")).await;
    answered(&ctx, id, &posted, ("withdraw", "pq-withdrawn"), outcome).await
}

pub(super) async fn archive(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = archive::archive(&ctx.app, &ctx.actor, id, posted.get("reason")).await;
    answered(&ctx, id, &posted, ("archive", "pq-archived"), outcome).await
}

pub(super) async fn ask_to_leave(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = withdrawal::request(&ctx.app, &ctx.actor, id, posted.get("reason")).await;
    answered(&ctx, id, &posted, ("leave", "pq-asked-to-leave"), outcome).await
}

async fn answered(
    ctx: &Ctx,
    id: QuoteId,
    posted: &Posted,
    (act, done): (&'static str, &str),
    outcome: AppResult<()>,
) -> ApiResult<Response> {
    let here = format!("/provider/quotes/{id}?view=offer");
    let error = match outcome {
        Ok(()) => return Ok(ctx.done(&here, done)),
        Err(error) => error,
    };
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let quote = desk::quote(&ctx.app, &ctx.actor, id).await?;
    if act == "withdraw" && quote.quote.status_reason == Some(QuoteStatusReason::Withdrawn) {
        // The form was sent twice.
        return Ok(ctx.done(&here, done));
    }
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    let status: StatusCode = platform::web::status_of(error.kind);
    let mut response = page(&shown(ctx, &quote, Some((act, form))))?;
    *response.status_mut() = status;
    Ok(response)
}

fn shown(ctx: &Ctx, own: &OwnQuoteDetail, refused: Option<(&'static str, Form)>) -> QuotePage {
    let chrome = &ctx.chrome;
    let (quote, content) = (&own.quote, &own.content);
    let money = |amount: Amount| Money::new(amount, quote.currency);
    let word = words::quote_word(quote.status, quote.status_reason, own.live);
    let taken = words::is_taken(quote.status);
    let booked = taken && quote.status != QuoteStatus::Accepted;
    let (until, until_key) = match own.hold {
        Some(hold) => (Some(hold), "pq-hold-until"),
        None => (quote.expires_at.filter(|_| own.live), "pq-valid-until"),
    };
    let grafts = quote.estimated_grafts;
    let may_change = own.live && ctx.actor.can(Permission::EditQuote);
    let form = |act: &str| match &refused {
        Some((word, form)) if *word == act => form.clone(),
        _ => Form::new(chrome),
    };
    let archived = quote.deleted_at.is_some();
    let view = VIEWS.into_iter().find(|view| *view == ctx.asked("view")).unwrap_or("offer");
    let before_acceptance = !taken && quote.status_reason != Some(QuoteStatusReason::BookingCancelled);
    let unpaid = quote.status == QuoteStatus::Accepted && ctx.actor.can(Permission::ManageQuoteAcceptance);
    let free = own.rows.lines.iter().filter(|line| line.kind == QuoteLineKind::Inclusion);
    QuotePage {
        id: quote.id,
        title: own.treatment.clone(),
        code: quote.quote_code.clone().unwrap_or_default(),
        patient: words::patient_name(chrome, &own.patient),
        case_href: ctx.actor.can(Permission::ViewInquiry).then(|| format!("/provider/cases/{}", quote.inquiry_id)),
        badge: Badge::new(words::quote_tone(quote.status, own.live), chrome.word("pq-quote", &word)),
        state: ui::alert(
            words::quote_tone(quote.status, own.live),
            chrome.word("pq-quote-state", &word),
            chrome.word("pq-quote-text", &word),
        ),
        until,
        until_label: chrome.t(until_key),
        facts: facts(chrome, own),
        lines: price_lines(chrome, own),
        discount: Some(quote.discount_amount).filter(|amount| !amount.is_zero()).map(money),
        total: money(quote.quote_amount),
        per_graft: grafts.and_then(|n| crate::rules::price::per_graft(quote.quote_amount, n)).map(money),
        percent: i64::from(own.settlement.commission_percent),
        commission: own.settlement.commission,
        net: own.settlement.provider_net,
        plan: content
            .plan
            .iter()
            .map(|day| PlanRow {
                day: format!("{} · {}", chrome.tn("pq-plan-day", "number", i64::from(day.day)), chrome.date(day.date)),
                text: day.description.clone(),
            })
            .collect(),
        dates: content
            .dates
            .iter()
            .map(|date| {
                let price = date.price.map(|price| chrome.money(money(price))).unwrap_or_default();
                (chrome.date(date.date), price)
            })
            .collect(),
        inclusions: free.map(|line| line.name.clone()).collect(),
        note: content.note.clone().unwrap_or_default(),
        versions: changes::cards(chrome, &own.versions),
        tabs: VIEWS
            .into_iter()
            .map(|tab| Tab {
                href: format!("/provider/quotes/{}?view={tab}", quote.id),
                label: chrome.word("pq-tab", tab),
                here: tab == view,
            })
            .collect(),
        person: person(chrome, own),
        request: request(chrome, own),
        archive: form("archive"),
        leave: form("leave"),
        may_archive: before_acceptance && !archived && ctx.actor.can(Permission::EditQuote),
        may_leave: unpaid && quote.withdrawal_requested_at.is_none(),
        asked_at: quote.withdrawal_requested_at.filter(|_| quote.status == QuoteStatus::Accepted),
        view,
        archived,
        revise_href: may_change.then(|| editor(own)),
        may_withdraw: may_change,
        treatment_href: booked.then(|| format!("/provider/treatments/{}", quote.id)),
        may_message: taken && ctx.actor.can(Permission::MessagePatient),
        form: form("withdraw"),
        chrome: chrome.clone(),
    }
}

/// What the clinic may know of the patient.
fn person(chrome: &Chrome, own: &OwnQuoteDetail) -> Vec<(String, String)> {
    let patient = &own.patient;
    let rows = [
        ("pq-fact-code", patient.patient_code.clone()),
        ("pq-fact-person", Some(words::person_line(chrome, patient)).filter(|text| !text.is_empty())),
        ("pq-fact-country", patient.country.as_deref().map(|code| words::country(chrome, code))),
        ("pq-fact-location", patient.location.clone()),
        ("pq-fact-email", patient.email.clone()),
        ("pq-fact-phone", patient.phone_number.clone()),
        ("pq-fact-birthday", patient.birthday.map(|day| chrome.date(day))),
    ];
    rows.into_iter().filter_map(|(key, text)| Some((chrome.t(key), text?))).collect()
}

/// The request in a few lines; the whole of it is on the page of the case.
fn request(chrome: &Chrome, own: &OwnQuoteDetail) -> Vec<(String, String)> {
    let ranges: Vec<String> = own.ranges.iter().map(|range| words::range(chrome, range)).collect();
    let rows = [
        ("pq-request-code", own.inquiry_code.clone()),
        ("pq-concern-problem", Some(chrome.word("pq-problem", words::stored(&own.problem)))),
        ("pq-wanted-title", Some(ranges.join(", "))),
        ("pq-stage-of-case", Some(chrome.word("pq-stage", words::stored(&own.stage)))),
    ];
    rows.into_iter().filter_map(|(key, text)| Some((chrome.t(key), text?))).collect()
}

/// The parts of the page.
const VIEWS: [&str; 4] = ["offer", "patient", "request", "history"];

fn facts(chrome: &Chrome, own: &OwnQuoteDetail) -> Vec<(String, String)> {
    let content = &own.content;
    let slot = content.slot.map(|slot| {
        let days = chrome.tn("pq-days", "count", i64::from(slot.day_count));
        format!("{}, {} ({}) · {days}", chrome.date(slot.date), slot.time.format("%H:%M"), slot.zone.name())
    });
    let lead = own.rows.lead.as_ref();
    let clinician = lead.map(|lead| match lead.display_title.as_deref().filter(|title| !title.is_empty()) {
        Some(title) => format!("{title} {}", lead.display_name),
        None => lead.display_name.clone(),
    });
    let included: Vec<String> =
        content.included.iter().map(|service| chrome.word("pq-included", words::stored(service))).collect();
    let rows = [
        ("pq-estimated-grafts", own.quote.estimated_grafts.map(|grafts| grafts.to_string())),
        ("pq-slot", slot),
        ("pq-clinician", clinician),
        ("pq-clinician-note", content.clinician_note.clone()),
        ("pq-included-title", Some(included.join(", ")).filter(|text| !text.is_empty())),
        ("pq-stage-of-case", Some(chrome.word("pq-stage", words::stored(&own.stage)))),
        ("pq-withdraw-reason", own.quote.withdrawal_reason.clone()),
    ];
    rows.into_iter().filter_map(|(key, text)| Some((chrome.t(key), text?))).collect()
}

fn price_lines(chrome: &Chrome, own: &OwnQuoteDetail) -> Vec<(String, String)> {
    let money = |amount: Amount| chrome.money(Money::new(amount, own.quote.currency));
    let mut lines = vec![(chrome.t("pq-price-day"), money(own.quote.treatment_amount))];
    for row in &own.rows.packages {
        let name = row.package_snapshot.as_ref().and_then(|snapshot| snapshot.get("name").and_then(Value::as_str));
        lines.push((name.map_or_else(|| chrome.t("pq-package-gone"), str::to_owned), money(row.price)));
    }
    let priced = own.rows.lines.iter().filter(|line| line.kind != QuoteLineKind::Inclusion);
    lines.extend(priced.map(|line| (line.name.clone(), money(line.price))));
    lines
}
