//! Two or three offers side by side.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::AppError;
use kernel::ids::{InquiryId, QuoteId};
use platform::web::{ApiResult, Path};
use ui::{Badge, Chrome, Html, Inside, page};

use super::list::included;
use super::{at_clinic, credentials, is_open, place, rating, state, technique, titled};
use crate::offers::{self, Offer};

struct Column {
    href: String,
    accept: Option<String>,
    clinic: String,
    place: String,
    state: Badge,
    until: Html,
}

/// What one offer says in a line: as finished HTML, or in words, one below the other.
#[derive(Default)]
struct Cell {
    html: Html,
    words: Vec<String>,
    /// Why this one is the best of the line; empty for the others.
    best: String,
}

struct Row {
    label: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "quote_patient_compare.html")]
struct ComparePage {
    chrome: Chrome,
    back: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    many_currencies: bool,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let back = format!("/patient/cases/{id}/quotes");
    let found = match offers::compare(&ctx.app, &ctx.actor, id, &asked(&ctx.chrome.query)).await {
        Ok(found) => found,
        Err(AppError { code, .. }) if code == "compare_count" => {
            return Ok(Redirect::to(&format!("{back}?pick=again")).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let chrome = ctx.chrome;
    page(&ComparePage {
        rows: rows(&chrome, &found),
        columns: found.iter().map(|offer| column(&chrome, offer)).collect(),
        many_currencies: !one_currency(&found),
        back,
        chrome,
    })
}

/// The offers an address names: boxes send the name once each, a link may name all of them at once.
fn asked(query: &str) -> Vec<QuoteId> {
    let values = query.split('&').filter_map(|pair| pair.strip_prefix("ids="));
    let words = values.flat_map(|ids| ids.replace("%2C", ",").split(',').map(str::to_owned).collect::<Vec<_>>());
    words.filter_map(|id| id.parse().ok()).collect()
}

fn column(chrome: &Chrome, offer: &Offer) -> Column {
    let quote = &offer.summary;
    let open = is_open(quote);
    Column {
        href: format!("/patient/quotes/{}", quote.id),
        accept: open.then(|| format!("/patient/quotes/{}/accept", quote.id)),
        clinic: quote.clinic.name.clone(),
        place: place(&quote.clinic),
        state: state(chrome, quote),
        until: quote.expires_at.filter(|_| open).map(|at| chrome.when(at)).unwrap_or_default(),
    }
}

fn one_currency(offers: &[Offer]) -> bool {
    offers.windows(2).all(|pair| matches!(pair, [a, b] if a.summary.total.currency == b.summary.total.currency))
}

/// The places of the best values: the smallest keys. Nothing is best where all are the same.
fn best<K: Ord>(keys: &[Option<K>]) -> Vec<bool> {
    let least = keys.iter().flatten().min();
    let marks: Vec<bool> = keys.iter().map(|key| key.is_some() && key.as_ref() == least).collect();
    if marks.iter().all(|mark| *mark) { vec![false; keys.len()] } else { marks }
}

fn rows(chrome: &Chrome, offers: &[Offer]) -> Vec<Row> {
    let comparable = one_currency(offers);
    let row = |key: &str, cell: &dyn Fn(&Offer) -> Cell| Row {
        label: chrome.t(key),
        cells: offers.iter().map(cell).collect(),
    };
    let text = |words: String| Cell { words: if words.is_empty() { vec![] } else { vec![words] }, ..Cell::default() };
    let marked = |mut row: Row, marks: Vec<bool>, key: &str| {
        for (cell, _) in row.cells.iter_mut().zip(marks).filter(|(_, mark)| *mark) {
            cell.best = chrome.t(key);
        }
        row
    };
    let totals: Vec<_> = offers.iter().map(|it| comparable.then_some(it.summary.total.amount)).collect();
    let per_graft: Vec<_> =
        offers.iter().map(|it| it.summary.price_per_graft.filter(|_| comparable).map(|price| price.amount)).collect();
    let dates: Vec<_> = offers.iter().map(|it| it.summary.slot_at).collect();
    let ratings: Vec<_> = offers.iter().map(|it| it.summary.clinic.rating.map(std::cmp::Reverse)).collect();
    // The price before a discount stands beside what is left of it (R-IQ-47), where there is one.
    let reduced = offers.iter().any(|offer| !offer.summary.discount.amount.is_zero());
    let before = |offer: &Offer| Some(offer.summary.list).filter(|_| !offer.summary.discount.amount.is_zero());
    let off = |offer: &Offer| before(offer).map(|_| format!("− {}", chrome.money(offer.summary.discount)));
    let discount = [
        row("offer-sum-list", &|it| text(before(it).map(|money| chrome.money(money)).unwrap_or_default())),
        row("offer-sum-discount", &|it| text(off(it).unwrap_or_default())),
    ];
    let mut rows: Vec<Row> = discount.into_iter().filter(|_| reduced).collect();
    rows.extend([
        marked(row("offer-total", &|it| text(chrome.money(it.summary.total))), best(&totals), "offer-best-price"),
        row("offer-estimate", &|it| {
            text(it.estimate.map(|money| format!("≈ {}", chrome.money(money))).unwrap_or_default())
        }),
        marked(
            row("offer-per-graft", &|it| {
                text(it.summary.price_per_graft.map(|price| chrome.money(price)).unwrap_or_default())
            }),
            best(&per_graft),
            "offer-best-price",
        ),
        row("offer-grafts", &|it| text(it.summary.estimated_grafts.map(|n| n.to_string()).unwrap_or_default())),
        row("offer-treatment", &|it| text(it.summary.treatment_name.clone())),
        row("offer-technique", &|it| text(technique(chrome, it.technique.as_deref()))),
        row("offer-included", &|it| Cell { words: included(chrome, it), ..Cell::default() }),
        marked(
            row("offer-when", &|it| text(at_clinic(chrome, it.summary.slot_at, it.summary.timezone.as_deref()))),
            best(&dates),
            "offer-best-date",
        ),
        row("offer-length", &|it| text(chrome.tn("offer-day-count", "count", i64::from(it.days)))),
        row("offer-clinician", &|it| text(it.summary.clinician.as_ref().map(titled).unwrap_or_default())),
        marked(
            row("offer-rating", &|it| match it.summary.clinic.rating {
                Some(_) => Cell { html: rating(chrome, &it.summary.clinic), ..Cell::default() },
                None => text(chrome.t("offer-unrated")),
            }),
            best(&ratings),
            "offer-best-rating",
        ),
        row("offer-credentials", &|it| Cell { words: credentials(chrome, &it.summary.clinic), ..Cell::default() }),
    ]);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_out_is_best() {
        assert_eq!(best(&[Some(3), Some(2), None]), [false, true, false]);
        assert_eq!(best(&[Some(2), Some(2), Some(5)]), [true, true, false]);
        assert_eq!(best(&[Some(2), Some(2)]), [false, false]);
        assert_eq!(best::<i32>(&[None, None]), [false, false]);
    }

    #[test]
    fn boxes_and_links_name_the_same_offers() {
        let (a, b) = (QuoteId::new(), QuoteId::new());
        for query in [format!("ids={a}&ids={b}"), format!("ids={a},{b}"), format!("x=1&ids={a}%2C{b}")] {
            assert_eq!(asked(&query), [a, b], "{query}");
        }
        assert!(asked("ids=nonsense&ids=").is_empty());
    }
}
