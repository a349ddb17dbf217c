//! The list of cases.

use askama::Template;
use axum::response::Response;
use kernel::PageQuery;
use platform::locale;
use platform::web::{ApiResult, Query};
use serde::Deserialize;
use ui::{Chrome, Inside, page};

use super::{stage_badge, word};
use crate::case_list::{Filter, cases};

/// What the list shows.
#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    q: String,
    #[serde(default)]
    status: String,
    #[serde(default = "first")]
    page: u64,
}

fn first() -> u64 {
    1
}

struct Line {
    href: String,
    code: String,
    patient: String,
    patient_code: String,
    country: String,
    stage: String,
    look: &'static str,
    quotes: i64,
    total: String,
    changed: String,
    changed_exact: String,
}

struct StageOption {
    word: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    chrome: Chrome,
    q: String,
    stages: Vec<StageOption>,
    total: u64,
    lines: Vec<Line>,
    prev: Option<String>,
    next: Option<String>,
}

const STAGES: [&str; 9] =
    ["inquiry", "quote", "accepted", "confirmed", "inprogress", "aftercare", "completed", "cancelled", "expired"];

pub(super) async fn show(Inside(ctx): Inside, Query(shown): Query<Shown>) -> ApiResult<Response> {
    let (chrome, lang) = (ctx.chrome.clone(), ctx.locale());
    // A word the list does not know shows everything, as an empty choice does.
    let status = serde_json::from_value(serde_json::Value::String(shown.status.clone())).ok();
    let query = PageQuery { page: shown.page.max(1), per_page: 20 };
    let found = cases(&ctx.app, &ctx.actor, Filter { status, q: Some(shown.q.clone()) }, query).await?;
    let now = ctx.now();
    let utc = chrono_tz::UTC;
    let lines = found.data.into_iter().map(|case| {
        let (stage, look) = stage_badge(lang, &word(&case.status));
        Line {
            href: format!("/admin/cases/{}", case.inquiry_id),
            code: case.inquiry_code.unwrap_or_default(),
            patient: case.patient_name,
            patient_code: case.patient_code.unwrap_or_default(),
            country: case.country_code.unwrap_or_default(),
            stage,
            look,
            quotes: case.quotes,
            total: case.total.map(|total| locale::money(lang, total)).unwrap_or_default(),
            changed: locale::relative(lang, case.updated_at, now),
            changed_exact: locale::datetime(lang, case.updated_at, utc),
        }
    });
    let address = |page: u64| {
        let pairs = [("q", shown.q.clone()), ("status", shown.status.clone()), ("page", page.to_string())];
        serde_html_form::to_string(pairs).map(|query| format!("?{query}")).unwrap_or_default()
    };
    let listed = CasesPage {
        lines: lines.collect(),
        stages: STAGES
            .iter()
            .map(|word| StageOption { word, label: stage_badge(lang, word).0, chosen: *word == shown.status })
            .collect(),
        total: found.meta.total,
        prev: (query.page > 1).then(|| address(query.page - 1)),
        next: (query.page < found.meta.last_page).then(|| address(query.page + 1)),
        q: shown.q.clone(),
        chrome,
    };
    page(&listed)
}
