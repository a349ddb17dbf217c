//! The prices in effect as a grid of places and currencies.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::response::Response;
use kernel::Currency;
use platform::web::ApiResult;
use ui::{Chrome, Inside, ListView, page};

use crate::service::starting_prices::{GridRow, grid};

struct Cell {
    currency: String,
    price: Option<String>,
    is_fallback: bool,
}

struct Line {
    place: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "cat_price_grid.html")]
struct PriceGridPage {
    chrome: Chrome,
    list: ListView,
    currencies: Vec<String>,
    lines: Vec<Line>,
}

fn line(chrome: &Chrome, row: &GridRow, currencies: &BTreeSet<Currency>, countries: &HashMap<&str, &str>) -> Line {
    let cell = |currency: &Currency| {
        let found = row.prices.get(currency);
        Cell {
            currency: currency.to_string(),
            price: found.map(|(money, _)| chrome.money(*money)),
            is_fallback: found.is_some_and(|(_, is_fallback)| *is_fallback),
        }
    };
    let local = countries.get(row.place.as_str()).filter(|_| row.is_country);
    Line {
        place: local.map_or_else(|| row.place.clone(), |code| chrome.country(code, &row.place)),
        cells: currencies.iter().map(cell).collect(),
    }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = grid(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let countries = super::active_countries(&ctx.app).await?;
    let codes: HashMap<&str, &str> = countries.iter().map(|row| (row.name.as_str(), row.iso_code.as_str())).collect();
    let currencies: BTreeSet<Currency> = found.data.iter().flat_map(|row| row.prices.keys().copied()).collect();
    page(&PriceGridPage {
        list: ListView::new(&ctx.chrome, &found.meta),
        lines: found.data.iter().map(|row| line(&ctx.chrome, row, &currencies, &codes)).collect(),
        currencies: currencies.iter().map(Currency::to_string).collect(),
        chrome: ctx.chrome.clone(),
    })
}
