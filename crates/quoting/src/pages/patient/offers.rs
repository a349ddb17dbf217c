//! Offers as cards, and two or three of them side by side.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{InquiryId, QuoteId};
use kernel::{AppError, PageQuery};
use platform::web::{ApiResult, Path};
use rust_decimal::Decimal;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, page};

use super::{at_clinic, own, state};
use crate::entity::quotes::QuoteStatus;
use crate::queries::{self, Filter, Sort};
use crate::views::QuoteSummary;

struct Card {
    id: QuoteId,
    href: String,
    accept: Option<String>,
    clinic: String,
    place: String,
    stars: Html,
    reviews: i32,
    state: Badge,
    total: String,
    per_graft: String,
    grafts: String,
    treatment: String,
    when: String,
    clinician: String,
    until: Html,
    live: bool,
}

#[derive(Template)]
#[template(path = "quote_patient_list.html")]
struct OffersPage {
    chrome: Chrome,
    list: ListView,
    sorts: Vec<Choice>,
    cards: Vec<Card>,
    case: String,
    compare: String,
    can_compare: bool,
}

/// One line of the comparison; the best value is marked.
struct Row {
    label: String,
    cells: Vec<(String, bool)>,
}

#[derive(Template)]
#[template(path = "quote_patient_compare.html")]
struct ComparePage {
    chrome: Chrome,
    back: String,
    cards: Vec<Card>,
    rows: Vec<Row>,
}

fn card(chrome: &Chrome, quote: &QuoteSummary) -> Card {
    let rating: Option<f64> = quote.clinic.rating.and_then(|rating| rating.to_string().parse().ok());
    let open = quote.status == QuoteStatus::Quote && quote.live;
    Card {
        id: quote.id,
        href: format!("/patient/quotes/{}", quote.id),
        accept: open.then(|| format!("/patient/quotes/{}/accept", quote.id)),
        clinic: quote.clinic.name.clone(),
        place: format!("{}, {}", quote.clinic.city, quote.clinic.country),
        stars: rating.map(|rating| chrome.stars(rating)).unwrap_or_default(),
        reviews: quote.clinic.review_count,
        state: state(chrome, quote),
        total: chrome.money(quote.total),
        per_graft: quote.price_per_graft.map(|price| chrome.money(price)).unwrap_or_default(),
        grafts: quote.estimated_grafts.map(|grafts| grafts.to_string()).unwrap_or_default(),
        treatment: quote.treatment_name.clone(),
        when: at_clinic(chrome, quote.slot_at, quote.timezone.as_deref()),
        clinician: quote.clinician.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
        until: quote.expires_at.filter(|_| open).map(|at| chrome.when(at)).unwrap_or_default(),
        live: open,
    }
}

pub(super) async fn list(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    // The case must be the patient's own, also while it has no offers.
    inquiry::queries::find(&ctx.app, &ctx.actor, id).await?;
    let sort = Sort::from_word(&ctx.asked("sort")).unwrap_or(Sort::PriceUp);
    let all = PageQuery { page: ctx.page_query().page, per_page: 20 };
    let filter = Filter { inquiry: Some(id), status: None, sort };
    let found = queries::list(&ctx.app, &ctx.actor, filter, all).await?;
    let chrome = ctx.chrome;
    let meta = found.meta;
    let mut quotes: Vec<QuoteSummary> = found.data.into_iter().filter_map(own).collect();
    // What can still be chosen comes first; the order asked for holds within.
    quotes.sort_by_key(|quote| !quote.live);
    let cards: Vec<Card> = quotes.iter().map(|quote| card(&chrome, quote)).collect();
    page(&OffersPage {
        list: ListView::new(&chrome, &meta),
        sorts: [
            ("price", "offer-sort-price"),
            ("-price", "offer-sort-dearest"),
            ("-grafts", "offer-sort-grafts"),
            ("-created_at", "offer-sort-newest"),
        ]
        .into_iter()
        .map(|(word, key)| Choice::new(word, chrome.t(key)))
        .collect(),
        can_compare: cards.iter().filter(|card| card.live).count() > 1,
        cards,
        case: format!("/patient/cases/{id}"),
        compare: format!("/patient/cases/{id}/compare"),
        chrome,
    })
}

pub(super) async fn compare(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let offers = format!("/patient/cases/{id}/quotes");
    // Boxes send the name once each; a link may name all of them at once.
    let asked: Vec<String> = ctx
        .chrome
        .query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("ids="))
        .flat_map(|ids| ids.replace("%2C", ",").split(',').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let ids: Vec<QuoteId> = asked.iter().filter_map(|id| id.parse().ok()).collect();
    let quotes = match queries::compare(&ctx.app, &ctx.actor, id, &ids).await {
        Ok(quotes) => quotes,
        Err(AppError { code, .. }) if code == "compare_count" => {
            return Ok(Redirect::to(&format!("{offers}?done=compare-count")).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let chrome = ctx.chrome;
    page(&ComparePage {
        rows: rows(&chrome, &quotes),
        cards: quotes.iter().map(|quote| card(&chrome, quote)).collect(),
        back: offers,
        chrome,
    })
}

/// The facts side by side. Only what can be compared as a number in one currency has a best value.
fn rows(chrome: &Chrome, quotes: &[QuoteSummary]) -> Vec<Row> {
    let one_currency = quotes.windows(2).all(|pair| matches!(pair, [a, b] if a.total.currency == b.total.currency));
    let best = |values: Vec<Option<Decimal>>, smallest: bool| -> Vec<bool> {
        let known = values.iter().flatten().copied();
        let best = if smallest { known.min() } else { known.max() };
        values.iter().map(|value| value.is_some() && *value == best).collect()
    };
    let row = |key: &str, texts: Vec<String>, marks: Vec<bool>| Row {
        label: chrome.t(key),
        cells: texts.into_iter().zip(marks).collect(),
    };
    let none = || vec![false; quotes.len()];
    let texts = |of: &dyn Fn(&QuoteSummary) -> String| quotes.iter().map(of).collect::<Vec<_>>();
    let totals = quotes.iter().map(|it| one_currency.then(|| it.total.amount.get())).collect();
    let per_graft =
        quotes.iter().map(|it| it.price_per_graft.filter(|_| one_currency).map(|price| price.amount.get())).collect();
    let ratings = quotes.iter().map(|it| it.clinic.rating).collect();
    let mut out = vec![
        row("offer-total", texts(&|it| chrome.money(it.total)), best(totals, true)),
        row(
            "offer-per-graft",
            texts(&|it| it.price_per_graft.map(|price| chrome.money(price)).unwrap_or_default()),
            best(per_graft, true),
        ),
        row("offer-grafts", texts(&|it| it.estimated_grafts.map(|n| n.to_string()).unwrap_or_default()), none()),
        row("offer-treatment", texts(&|it| it.treatment_name.clone()), none()),
        row("offer-when", texts(&|it| at_clinic(chrome, it.slot_at, it.timezone.as_deref())), none()),
        row(
            "offer-clinician",
            texts(&|it| it.clinician.as_ref().map(|lead| lead.name.clone()).unwrap_or_default()),
            none(),
        ),
        row(
            "offer-rating",
            texts(&|it| match it.clinic.rating {
                Some(rating) => format!("{rating} ({})", it.clinic.review_count),
                None => chrome.t("offer-unrated"),
            }),
            best(ratings, false),
        ),
        row("offer-place", texts(&|it| format!("{}, {}", it.clinic.city, it.clinic.country)), none()),
    ];
    if !one_currency {
        out.push(row("offer-currencies", texts(&|it| it.total.currency.code().to_owned()), none()));
    }
    out
}
