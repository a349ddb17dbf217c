//! All quotes of a clinic in one list, dead ones in grey.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, page};

use super::words;
use crate::desk::{self, ListedQuote};
use crate::pages::states;

struct Line {
    href: String,
    patient: String,
    case: String,
    title: String,
    code: String,
    total: String,
    appointment: String,
    until: Html,
    changed: Html,
    state: Badge,
    dead: bool,
    asks_to_leave: bool,
}

#[derive(Template)]
#[template(path = "quote_provider_list.html")]
struct QuoteListPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    orders: Vec<Choice>,
    lines: Vec<Line>,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let mut filter = states::filter(&ctx.asked("state"), &ctx.asked("sort"));
    // Longer than any code: nothing would be found anyway.
    filter.code = Some(ctx.asked("q").chars().take(100).collect());
    let found = desk::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&QuoteListPage {
        list: ListView::new(&chrome, &found.meta),
        states: states::choices(&chrome),
        orders: states::orders(&chrome),
        lines: found.data.iter().map(|listed| line(&chrome, listed)).collect(),
        chrome,
    })
}

fn line(chrome: &Chrome, listed: &ListedQuote) -> Line {
    let quote = &listed.quote;
    let title = match quote.grafts {
        Some(grafts) => format!("{} · {}", quote.treatment, chrome.tn("pq-grafts", "count", i64::from(grafts))),
        None => quote.treatment.clone(),
    };
    let zone: chrono_tz::Tz = listed.zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    Line {
        href: format!("/provider/quotes/{}", quote.id),
        patient: words::patient_name(chrome, &listed.patient),
        case: listed.inquiry_code.clone().unwrap_or_default(),
        title,
        code: quote.code.clone().unwrap_or_default(),
        total: quote.submitted_at.map(|_| chrome.money(quote.total)).unwrap_or_default(),
        appointment: listed.slot_at.map(|at| chrome.datetime(at, zone)).unwrap_or_default(),
        until: quote.expires_at.filter(|_| quote.live).map(|at| chrome.when(at)).unwrap_or_default(),
        changed: chrome.when(quote.updated_at),
        state: states::badge(chrome, quote.status, quote.reason, (quote.live, quote.archived)),
        dead: states::is_dead(quote.status, quote.live, quote.archived),
        asks_to_leave: listed.asks_to_leave,
    }
}
