//! What came in, went out and is owed, in charts.

use askama::Template;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use kernel::{Amount, Currency, Money, Page, PageQuery};
use platform::web::ApiResult;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use ui::{Choice, Chrome, Html, Inside, ListView, Point, Series, bar_chart, donut, line_chart, page};

use crate::queries::revenue::{self, Revenue, RevenueShare, RevenueSums};

#[derive(Template)]
#[template(path = "fin_revenue.html")]
struct RevenuePage {
    chrome: Chrome,
    list: ListView,
    currencies: Vec<Choice>,
    figures: Vec<(String, String)>,
    months: Html,
    kept: Html,
    countries: Html,
    treatments: Html,
    is_empty: bool,
}

fn said(chrome: &Chrome, amount: Decimal, currency: Currency) -> String {
    // Beyond what one payment can be it is still a number people read.
    Amount::new(amount)
        .map_or_else(|| format!("{} {amount}", currency.code()), |amount| chrome.money(Money::new(amount, currency)))
}

fn short_month(chrome: &Chrome, first: NaiveDate) -> String {
    let name: String = chrome.t(format!("month-{}", first.month())).chars().take(3).collect();
    if first.month() == 1 { format!("{name} {}", first.year()) } else { name }
}

fn series(chrome: &Chrome, found: &Revenue, key: &str, of: fn(&RevenueSums) -> Decimal) -> Series {
    let point = |month: &revenue::RevenueMonth| {
        let value = of(&month.sums);
        Point::new(
            short_month(chrome, month.first),
            value.to_f64().unwrap_or_default(),
            said(chrome, value, found.currency),
        )
    };
    Series { name: chrome.t(key), points: found.months.iter().map(point).collect() }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let wanted = ctx.asked("currency").parse().ok();
    let found = revenue::revenue(&ctx.app, &ctx.actor, wanted).await?;
    let chrome = ctx.chrome.clone();
    let money = |amount| said(&chrome, amount, found.currency);
    let share = |name: fn(&Chrome, &RevenueShare) -> String| {
        let chrome = &chrome;
        let currency = found.currency;
        move |row: &RevenueShare| {
            let value = row.received.to_f64().unwrap_or_default();
            Point::new(name(chrome, row), value, said(chrome, row.received, currency))
        }
    };
    let country = share(|chrome, row| chrome.country(&row.name, row.label.as_deref().unwrap_or(&row.name)));
    let treatment = share(|_, row| row.name.clone());
    let of = |key: &str, points: Vec<Point>| Series { name: chrome.t(key), points };
    let moved = [
        series(&chrome, &found, "revenue-received", |sums| sums.received),
        series(&chrome, &found, "revenue-refunded", |sums| sums.refunded),
        series(&chrome, &found, "revenue-paid-out", |sums| sums.paid_out),
    ];
    page(&RevenuePage {
        figures: vec![
            (chrome.t("revenue-received"), money(found.total.received)),
            (chrome.t("revenue-earned"), money(found.total.earned)),
            (chrome.t("revenue-paid-out"), money(found.total.paid_out)),
            (chrome.t("revenue-refunded"), money(found.total.refunded)),
            (chrome.t("revenue-outstanding"), money(found.outstanding)),
        ],
        months: line_chart(&chrome, &chrome.t("revenue-months"), &moved),
        kept: bar_chart(
            &chrome,
            &chrome.t("revenue-earned"),
            &series(&chrome, &found, "revenue-earned", |sums| sums.earned),
        ),
        countries: donut(
            &chrome,
            &chrome.t("revenue-countries"),
            &of("revenue-countries", found.countries.iter().map(country).collect()),
        ),
        treatments: donut(
            &chrome,
            &chrome.t("revenue-treatments"),
            &of("revenue-treatments", found.treatments.iter().map(treatment).collect()),
        ),
        currencies: found.currencies.iter().map(|code| Choice::new(code.code(), code.code())).collect(),
        is_empty: found.total == RevenueSums::default(),
        list: ListView::new(&chrome, &Page::new(Vec::<()>::new(), PageQuery::default(), 0_u64).meta),
        chrome,
    })
}
