//! One offer in full, and declining it.

use askama::Template;
use axum::response::Response;
use kernel::ids::QuoteId;
use kernel::{AppError, ErrorKind, Money};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::{
    DateLine, Revised, at_clinic, credentials, dates, is_open, is_taken, place, ran_out, rating, reason, state,
    technique, titled, travel,
};
use crate::offers::{self, text_of};
use crate::settings;
use crate::views::{LineView, PackageView, QuoteDetail};

/// Something that is part of the offer.
struct Item {
    name: String,
    text: String,
    /// What it consists of.
    parts: String,
    terms: String,
}

#[derive(Template)]
#[template(path = "quote_patient_show.html")]
struct OfferPage {
    chrome: Chrome,
    refusal: Html,
    form: Form,
    clinic: String,
    clinic_href: String,
    place: String,
    rating: Html,
    credentials: String,
    state: Badge,
    reason: String,
    ran_out: String,
    code: String,
    back: String,
    revised: Option<Revised>,
    accept: Option<String>,
    decline: Option<String>,
    /// The reader came to decline.
    declining: bool,
    booking: Option<String>,
    until: Html,
    description: String,
    facts: Vec<(String, String)>,
    clinician: String,
    clinician_note: String,
    sums: Vec<(String, String)>,
    total: String,
    estimate: String,
    per_graft: String,
    currency: String,
    deposit_percent: String,
    balance_days: i64,
    items: Vec<Item>,
    dates: Vec<DateLine>,
    days: Vec<(String, String)>,
    note: String,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    draw(&ctx, id, Html::default(), form).await
}

async fn draw(ctx: &Ctx, id: QuoteId, refusal: Html, form: Form) -> ApiResult<Response> {
    let offer = offers::show(&ctx.app, &ctx.actor, id).await?;
    let deposit = settings::DEPOSIT_PERCENT.get(&ctx.app).await?;
    let balance_days = settings::BALANCE_DUE_DAYS.get(&ctx.app).await?;
    let chrome = ctx.chrome.clone();
    let quote = &offer.quote;
    let summary = &quote.summary;
    let open = is_open(summary);
    let day_count = quote.slot.as_ref().map(|slot| chrome.tn("offer-day-count", "count", i64::from(slot.day_count)));
    let facts = [
        ("offer-treatment", summary.treatment_name.clone()),
        ("offer-technique", technique(&chrome, offer.technique.as_deref())),
        ("offer-grafts", summary.estimated_grafts.map(|n| n.to_string()).unwrap_or_default()),
        ("offer-when", at_clinic(&chrome, summary.slot_at, summary.timezone.as_deref())),
        ("offer-zone", summary.timezone.clone().unwrap_or_default()),
        ("offer-length", day_count.unwrap_or_default()),
    ];
    let clinician = summary.clinician.as_ref();
    let filled = facts.into_iter().filter(|(_, value)| !value.is_empty());
    page(&OfferPage {
        clinic: summary.clinic.name.clone(),
        clinic_href: format!("/clinics/{}", summary.clinic.id),
        place: place(&summary.clinic),
        rating: rating(&chrome, &summary.clinic),
        credentials: credentials(&chrome, &summary.clinic).join(" · "),
        state: state(&chrome, summary),
        reason: Some(reason(&chrome, summary)).filter(|_| ran_out(&chrome, summary).is_empty()).unwrap_or_default(),
        ran_out: ran_out(&chrome, summary),
        code: summary.quote_code.clone().unwrap_or_default(),
        back: format!("/patient/cases/{}/quotes", summary.inquiry_id),
        revised: offer.change.as_ref().filter(|_| open).map(|change| Revised::new(&chrome, change)),
        accept: open.then(|| format!("/patient/quotes/{id}/accept")),
        decline: open.then(|| format!("/patient/quotes/{id}/decline")),
        declining: form.is_refused() || !ctx.asked("decline").is_empty(),
        booking: is_taken(summary.status).then(|| format!("/patient/bookings/{id}")),
        until: summary.expires_at.filter(|_| open).map(|at| chrome.when(at)).unwrap_or_default(),
        description: offer.description.clone().unwrap_or_default(),
        facts: filled.map(|(key, value)| (chrome.t(key), value)).collect(),
        clinician: clinician.map(titled).unwrap_or_default(),
        clinician_note: clinician.and_then(|person| person.note.clone()).unwrap_or_default(),
        sums: sums(&chrome, quote),
        total: chrome.money(quote.price.total),
        estimate: offer.estimate.map(|money| chrome.money(money)).unwrap_or_default(),
        per_graft: quote.price.price_per_graft.map(|price| chrome.money(price)).unwrap_or_default(),
        currency: quote.price.total.currency.code().to_owned(),
        deposit_percent: deposit.normalize().to_string(),
        balance_days,
        items: items(&chrome, quote, &offer.includes),
        dates: dates(&chrome, &quote.dates, summary),
        days: quote
            .plan
            .iter()
            .map(|day| {
                let number = chrome.tn("offer-day-number", "number", i64::from(day.day));
                (format!("{number} · {}", chrome.date(day.date)), day.description.clone())
            })
            .collect(),
        note: quote.note.clone().unwrap_or_default(),
        refusal,
        form,
        chrome,
    })
}

/// The price in its parts: every package, service and fee by its name.
fn sums(chrome: &Chrome, quote: &QuoteDetail) -> Vec<(String, String)> {
    let price = &quote.price;
    let mut sums = vec![(chrome.t("offer-sum-treatment"), price.treatment)];
    sums.extend(quote.package_lines.iter().map(|package| (package_name(chrome, package), package.price)));
    sums.extend(quote.services.iter().chain(&quote.fees).map(|line| (line.name.clone(), line.price)));
    let written = |(name, money): (String, Money)| (name, chrome.money(money));
    let mut lines: Vec<(String, String)> = sums.into_iter().map(written).collect();
    if !price.discount.amount.is_zero() {
        lines.push((chrome.t("offer-sum-list"), chrome.money(price.list)));
        lines.push((chrome.t("offer-sum-discount"), format!("− {}", chrome.money(price.discount))));
    }
    lines
}

fn package_name(chrome: &Chrome, package: &PackageView) -> String {
    let name = package.content.as_ref().and_then(|content| text_of(content, "name"));
    name.unwrap_or_else(|| chrome.t("offer-package"))
}

/// Everything the price covers beside the treatment itself.
fn items(chrome: &Chrome, quote: &QuoteDetail, includes: &[String]) -> Vec<Item> {
    let package = |package: &PackageView| {
        let text = |name| package.content.as_ref().and_then(|content| text_of(content, name)).unwrap_or_default();
        let parts = package.content.as_ref().and_then(|content| content.get("items")?.as_array());
        let part = |part: &serde_json::Value| match (text_of(part, "name"), text_of(part, "value")) {
            (Some(name), Some(value)) => Some(format!("{name}: {value}")),
            (name, value) => name.or(value),
        };
        Item {
            name: package_name(chrome, package),
            text: text("description"),
            parts: parts.into_iter().flatten().filter_map(part).collect::<Vec<_>>().join(" · "),
            terms: text("terms"),
        }
    };
    let plain = |name: String, text: Option<String>| Item {
        name,
        text: text.unwrap_or_default(),
        parts: String::new(),
        terms: String::new(),
    };
    let line = |line: &LineView| plain(line.name.clone(), line.description.clone());
    let mut items: Vec<Item> = includes.iter().map(|name| plain(name.clone(), None)).collect();
    items.extend(quote.package_lines.iter().map(package));
    items.extend(quote.services.iter().chain(&quote.inclusions).map(line));
    items.extend(travel(chrome, &quote.included_services).into_iter().map(|name| plain(name, None)));
    items
}

pub(super) async fn decline(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    match crate::service::leave::decline(&ctx.app, &ctx.actor, id, posted.given("reason")).await {
        Ok(()) => {
            let offer = offers::show(&ctx.app, &ctx.actor, id).await?;
            Ok(ctx.done(&format!("/patient/cases/{}/quotes", offer.quote.summary.inquiry_id), "offer-declined"))
        }
        Err(error) if error.kind == ErrorKind::Invalid => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = draw(&ctx, id, Html::default(), form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) if error.kind == ErrorKind::Conflict => refused(&ctx, id, &error).await,
        Err(error) => Err(error.into()),
    }
}

/// The offer as it is now, with the reason why nothing was done above it.
async fn refused(ctx: &Ctx, id: QuoteId, error: &AppError) -> ApiResult<Response> {
    let sentence = platform::locale::error_sentence(ctx.locale(), error);
    let mut response = draw(ctx, id, ui::alert(Tone::Bad, sentence, ""), Form::new(&ctx.chrome)).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}
