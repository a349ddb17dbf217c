//! The list of cases.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, Tone, page};

use super::{stage_badge, word};
use crate::case_list::{Filter, cases};

struct Line {
    href: String,
    code: String,
    patient: String,
    patient_code: String,
    country: String,
    stage: Badge,
    quotes: i64,
    clinics: i64,
    total: String,
    paid: Option<Badge>,
    changed: Html,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    chrome: Chrome,
    list: ListView,
    stages: Vec<Choice>,
    countries: Vec<Choice>,
    payments: Vec<Choice>,
    archived: Vec<Choice>,
    lines: Vec<Line>,
}

const STAGES: [&str; 9] =
    ["inquiry", "quote", "accepted", "confirmed", "inprogress", "aftercare", "completed", "cancelled", "expired"];

/// Countries by their names.
fn countries(chrome: &Chrome) -> Vec<Choice> {
    let mut all: Vec<Choice> = catalogue::rules::world::COUNTRIES
        .iter()
        .map(|country| Choice::new(country.code, chrome.country(country.code, country.name)))
        .collect();
    all.sort_by(|a, b| a.label.cmp(&b.label));
    all
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    // A word the list does not know shows everything, as an empty choice does.
    let status = serde_json::from_value(serde_json::Value::String(ctx.asked("status"))).ok();
    let day = |name: &str| ctx.asked(name).parse().ok();
    let paid = match ctx.asked("paid").as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let filter = Filter {
        status,
        q: Some(ctx.asked("q").chars().take(200).collect()),
        country: Some(ctx.asked("country")),
        provider_country: Some(ctx.asked("at")),
        paid,
        from: day("from"),
        to: day("to"),
        archived: ctx.asked("archived") == "yes",
    };
    let found = cases(&ctx.app, &ctx.actor, filter, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let lines = found.data.into_iter().map(|case| Line {
        href: format!("/admin/cases/{}", case.inquiry_id),
        code: case.inquiry_code.unwrap_or_default(),
        patient: case.patient_name,
        patient_code: case.patient_code.unwrap_or_default(),
        country: case.country_code.unwrap_or_default(),
        stage: stage_badge(chrome.locale, &word(&case.status)),
        quotes: case.quotes,
        clinics: case.clinics,
        paid: case.paid.map(|paid| {
            let (tone, word) = if paid { (Tone::Good, "yes") } else { (Tone::Warn, "no") };
            Badge::new(tone, chrome.word("cases-paid", word))
        }),
        total: case.total.map(|total| chrome.money(total)).unwrap_or_default(),
        changed: chrome.when(case.updated_at),
    });
    let stages = STAGES.iter().map(|stage| Choice::new(*stage, stage_badge(chrome.locale, stage).label));
    let listed = CasesPage {
        lines: lines.collect(),
        countries: countries(&chrome),
        payments: ["yes", "no"].iter().map(|word| Choice::new(*word, chrome.word("cases-paid", word))).collect(),
        archived: vec![Choice::new("yes", chrome.t("cases-archived"))],
        stages: stages.collect(),
        list: ListView::new(&chrome, &found.meta),
        chrome,
    };
    page(&listed)
}
