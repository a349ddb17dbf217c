//! All requests of a patient, those that are over to read only.

use askama::Template;
use axum::response::Response;
use platform::locale;
use platform::web::ApiResult;
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Html, Inside, ListView, Tone, page};

use crate::entity::inquiries::InquiryStatus;
use crate::queries::{self, InquiryFilter, Row};
use crate::rules::stage;

struct RequestLine {
    href: String,
    code: String,
    problem: String,
    countries: String,
    clinics: String,
    sent: Html,
    badge: Badge,
}

#[derive(Template)]
#[template(path = "requests_past.html")]
struct RequestsPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<RequestLine>,
    /// Whether a new one can be begun.
    may_start: bool,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.patient()?;
    let found = queries::list(&ctx.app, &ctx.actor, &InquiryFilter::default(), ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let first_page = found.meta.current_page <= 1;
    let active = found.data.iter().any(|row| stage::is_active(row.inquiry.status));
    page(&RequestsPage {
        list: ListView::new(&chrome, &found.meta),
        lines: found.data.iter().map(|row| line(&chrome, row)).collect(),
        may_start: first_page && !active,
        chrome,
    })
}

fn line(chrome: &Chrome, row: &Row) -> RequestLine {
    let inquiry = &row.inquiry;
    let tone = match inquiry.status {
        InquiryStatus::Inquiry | InquiryStatus::Quote => Tone::Info,
        InquiryStatus::Accepted => Tone::Warn,
        InquiryStatus::Cancelled | InquiryStatus::Expired => Tone::Calm,
        _ => Tone::Good,
    };
    let countries: Vec<String> = row.destinations.iter().map(|code| locale::country(chrome.locale, code, "")).collect();
    RequestLine {
        href: format!("/patient/cases/{}", inquiry.id),
        code: inquiry.inquiry_code.clone().unwrap_or_default(),
        problem: chrome.word("request-problem", inquiry.problem.to_value()),
        countries: countries.join(", "),
        clinics: chrome.tn("past-clinics", "count", i64::try_from(row.clinics.len()).unwrap_or_default()),
        sent: inquiry.submitted_at.map(|at| chrome.when(at)).unwrap_or_default(),
        badge: Badge::new(tone, chrome.word("my-stage", inquiry.status.to_value())),
    }
}
