//! The offers of a request as cards.

use std::cmp::Reverse;

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;
use kernel::ids::{InquiryId, QuoteId};
use kernel::{Page, PageQuery};
use platform::web::{ApiResult, Path};
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, page};

use super::{
    DateLine, at_clinic, credentials, dates, is_open, local_day, place, ran_out, rating, reason, state, technique,
    titled, travel,
};
use crate::offers::{self, Offer};
use crate::views::QuoteSummary;

/// The orders of the list, the first one when the address names none.
const ORDERS: [(&str, &str); 6] = [
    ("-created_at", "offer-sort-newest"),
    ("price", "offer-sort-price"),
    ("-price", "offer-sort-dearest"),
    ("date", "offer-sort-date"),
    ("-rating", "offer-sort-rating"),
    ("-grafts", "offer-sort-grafts"),
];

struct Card {
    id: QuoteId,
    href: String,
    accept: Option<String>,
    decline: Option<String>,
    clinic: String,
    place: String,
    rating: Html,
    credentials: String,
    state: Badge,
    reason: String,
    ran_out: String,
    total: String,
    estimate: String,
    per_graft: String,
    treatment: String,
    technique: String,
    grafts: String,
    when: String,
    dates: Vec<DateLine>,
    clinician: String,
    until: Html,
    included: Vec<String>,
}

#[derive(Template)]
#[template(path = "quote_patient_list.html")]
struct OffersPage {
    chrome: Chrome,
    list: ListView,
    /// Offers before the days were asked for.
    all: usize,
    orders: Vec<Choice>,
    cards: Vec<Card>,
    case: String,
    compare: String,
    can_compare: bool,
    /// The last comparison named too few or too many.
    pick_again: bool,
    waiting: i64,
    deadline: Html,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let mut found = offers::of_request(&ctx.app, &ctx.actor, id).await?;
    let all = found.offers.len();
    let (from, to) = (ctx.asked("from").parse().ok(), ctx.asked("to").parse().ok());
    found.offers.retain(|offer| is_between(&offer.summary, from, to));
    sort(&mut found.offers, &ctx.asked("sort"));
    let pick_again = !ctx.asked("pick").is_empty();
    let chrome = ctx.chrome;
    let shown = u64::try_from(found.offers.len()).unwrap_or_default();
    let whole = Page::<()>::new(Vec::new(), PageQuery { page: 1, per_page: shown.max(1) }, shown);
    page(&OffersPage {
        list: ListView::new(&chrome, &whole.meta),
        all,
        orders: ORDERS.into_iter().map(|(word, key)| Choice::new(word, chrome.t(key))).collect(),
        can_compare: found.offers.iter().filter(|offer| is_open(&offer.summary)).count() > 1,
        cards: found.offers.iter().map(|offer| card(&chrome, offer)).collect(),
        case: format!("/patient/cases/{id}"),
        compare: format!("/patient/cases/{id}/compare"),
        pick_again,
        waiting: i64::try_from(found.waiting).unwrap_or_default(),
        deadline: found.deadline.map(|at| chrome.when(at)).unwrap_or_default(),
        chrome,
    })
}

/// Whether the appointment lies within the days asked for, on the clinic's clocks.
fn is_between(quote: &QuoteSummary, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
    match local_day(quote) {
        Some(day) => from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to),
        None => from.is_none() && to.is_none(),
    }
}

/// What can still be chosen comes first; the order asked for holds within. Amounts are compared as numbers, as in the
/// lists of the API.
fn sort(offers: &mut [Offer], order: &str) {
    match order {
        "price" => offers.sort_by_key(|it| it.summary.total.amount),
        "-price" => offers.sort_by_key(|it| Reverse(it.summary.total.amount)),
        "date" => offers.sort_by_key(|it| (it.summary.slot_at.is_none(), it.summary.slot_at)),
        "-rating" => offers.sort_by_key(|it| Reverse((it.summary.clinic.rating, it.summary.clinic.review_count))),
        "-grafts" => offers.sort_by_key(|it| Reverse(it.summary.estimated_grafts)),
        _ => offers.sort_by_key(|it| Reverse(it.summary.created_at)),
    }
    offers.sort_by_key(|it| !is_open(&it.summary));
}

fn card(chrome: &Chrome, offer: &Offer) -> Card {
    let quote = &offer.summary;
    let open = is_open(quote);
    Card {
        id: quote.id,
        href: format!("/patient/quotes/{}", quote.id),
        accept: open.then(|| format!("/patient/quotes/{}/accept", quote.id)),
        decline: open.then(|| format!("/patient/quotes/{}?decline=yes#decline", quote.id)),
        clinic: quote.clinic.name.clone(),
        place: place(&quote.clinic),
        rating: rating(chrome, &quote.clinic),
        credentials: credentials(chrome, &quote.clinic).join(" · "),
        state: state(chrome, quote),
        // "It ran out" is told with its day.
        reason: Some(reason(chrome, quote)).filter(|_| ran_out(chrome, quote).is_empty()).unwrap_or_default(),
        ran_out: ran_out(chrome, quote),
        total: chrome.money(quote.total),
        estimate: offer.estimate.map(|money| chrome.money(money)).unwrap_or_default(),
        per_graft: quote.price_per_graft.map(|price| chrome.money(price)).unwrap_or_default(),
        treatment: quote.treatment_name.clone(),
        technique: technique(chrome, offer.technique.as_deref()),
        grafts: quote.estimated_grafts.map(|grafts| grafts.to_string()).unwrap_or_default(),
        when: at_clinic(chrome, quote.slot_at, quote.timezone.as_deref()),
        dates: dates(chrome, &offer.dates, quote),
        clinician: quote.clinician.as_ref().map(titled).unwrap_or_default(),
        until: quote.expires_at.filter(|_| open).map(|at| chrome.when(at)).unwrap_or_default(),
        included: included(chrome, offer),
    }
}

/// Everything the price covers, by its names.
pub(super) fn included(chrome: &Chrome, offer: &Offer) -> Vec<String> {
    let own = offer.includes.iter().chain(&offer.packages).chain(&offer.services).cloned();
    own.chain(travel(chrome, &offer.travel)).collect()
}
