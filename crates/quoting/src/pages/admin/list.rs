//! All quotes, grouped by their requests.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, page};

use crate::oversight::{self, CaseQuotes, StaffQuote};
use crate::pages::states;
use kernel::Money;

struct QuoteLine {
    href: String,
    clinic: String,
    code: String,
    treatment: String,
    total: String,
    when: Html,
    state: Badge,
    dead: bool,
    asks_to_leave: bool,
}

struct Group {
    href: String,
    code: String,
    patient: String,
    stage: String,
    quotes: Vec<QuoteLine>,
}

#[derive(Template)]
#[template(path = "quote_admin_list.html")]
struct AdminQuotesPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    groups: Vec<Group>,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let filter = states::filter(&ctx.asked("state"), &ctx.asked("sort"));
    // Longer than anything that could be found.
    let q: String = ctx.asked("q").chars().take(200).collect();
    let found = oversight::by_case(&ctx.app, &ctx.actor, &filter, &q, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&AdminQuotesPage {
        list: ListView::new(&chrome, &found.meta),
        states: states::choices(&chrome),
        groups: found.data.iter().map(|case| group(&chrome, case)).collect(),
        chrome,
    })
}

fn group(chrome: &Chrome, case: &CaseQuotes) -> Group {
    Group {
        href: format!("/admin/cases/{}", case.inquiry_id),
        code: case.inquiry_code.clone().unwrap_or_default(),
        patient: case.patient.name.clone(),
        stage: chrome.word("stage", case.stage.to_value()),
        quotes: case.quotes.iter().map(|quote| line(chrome, quote)).collect(),
    }
}

fn line(chrome: &Chrome, staff: &StaffQuote) -> QuoteLine {
    let quote = &staff.quote;
    let archived = quote.deleted_at.is_some();
    QuoteLine {
        href: format!("/admin/quotes/{}", quote.id),
        clinic: staff.clinic.clone(),
        code: quote.quote_code.clone().unwrap_or_default(),
        treatment: staff.treatment.clone(),
        total: quote
            .submitted_at
            .map(|_| chrome.money(Money::new(quote.quote_amount, quote.currency)))
            .unwrap_or_default(),
        when: chrome.when(quote.submitted_at.unwrap_or(quote.created_at)),
        state: states::badge(chrome, quote.status, quote.status_reason, (staff.live, archived)),
        dead: states::is_dead(quote.status, staff.live, archived),
        asks_to_leave: quote.withdrawal_requested_at.is_some(),
    }
}
