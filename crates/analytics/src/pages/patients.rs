//! Patients for staff.

use askama::Template;
use axum::response::Response;
use directory::patients::{PatientSearch, list_patients, show_patient};
use directory::views::PatientRow;
use kernel::ids::PatientId;
use platform::web::{ApiResult, Path};
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, Tone, page};

use super::{stage_badge, word};
use crate::case_list::cases_of;

struct Line {
    href: String,
    name: String,
    code: String,
    email: String,
    country: String,
    stage: Option<Badge>,
    account: Option<Badge>,
    joined: Html,
    seen: Html,
}

struct CaseLine {
    href: String,
    code: String,
    stage: Badge,
    changed: Html,
}

#[derive(Template)]
#[template(path = "admin_patients.html")]
struct PatientsPage {
    chrome: Chrome,
    list: ListView,
    accounts: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "admin_patient.html")]
struct PatientPage {
    chrome: Chrome,
    line: Line,
    facts: Vec<(String, String)>,
    cases: Vec<CaseLine>,
}

fn line(chrome: &Chrome, row: PatientRow) -> Line {
    let account = row.account_state.map(|state| {
        let word = word(&state);
        let tone = match word.as_str() {
            "active" => Tone::Good,
            "suspended" | "expired" => Tone::Bad,
            _ => Tone::Calm,
        };
        Badge::new(tone, chrome.word("account", word))
    });
    Line {
        href: format!("/admin/patients/{}", row.id),
        name: format!("{} {}", row.first_name, row.last_name),
        code: row.patient_code.unwrap_or_default(),
        email: row.email,
        country: row.country_code.unwrap_or_default(),
        stage: row.status.map(|status| stage_badge(chrome.locale, &word(&status))),
        account,
        joined: chrome.when(row.created_at),
        seen: row.last_activity_at.map(|at| chrome.when(at)).unwrap_or_default(),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let given = |name: &str| Some(ctx.asked(name).trim().to_owned()).filter(|text| !text.is_empty());
    // One letter finds everybody; the service asks for two.
    let q = given("q").filter(|q| q.chars().count() > 1);
    let account = given("account").filter(|account| account == "deactivated");
    let search = PatientSearch { q, status: None, account, sort: given("sort") };
    let found = list_patients(&ctx.app, &ctx.actor, &search, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&PatientsPage {
        list: ListView::new(&chrome, &found.meta),
        accounts: vec![Choice::new("deactivated", chrome.word("account", "deactivated"))],
        lines: found.data.into_iter().map(|row| line(&chrome, row)).collect(),
        chrome,
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<PatientId>) -> ApiResult<Response> {
    let found = show_patient(&ctx.app, &ctx.actor, id).await?;
    let cases = cases_of(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome;
    let pairs = [
        ("patient-phone", found.phone_number),
        ("patient-birthday", found.birthday.map(|day| chrome.date(day))),
        ("patient-gender", found.gender.map(|gender| chrome.word("gender", word(&gender)))),
        ("patient-city", found.location),
        ("patient-verified", found.email_verified_at.map(|at| chrome.moment(at))),
        ("patient-suspended-until", found.suspended_until.map(|at| chrome.moment(at))),
    ];
    let facts = pairs.into_iter().filter_map(|(key, value)| Some((chrome.t(key), value?))).collect();
    let mine = cases.into_iter().map(|case| CaseLine {
        href: format!("/admin/cases/{}", case.inquiry_id),
        code: case.inquiry_code.unwrap_or_default(),
        stage: stage_badge(chrome.locale, &word(&case.status)),
        changed: chrome.when(case.updated_at),
    });
    page(&PatientPage { cases: mine.collect(), line: line(&chrome, found.row), facts, chrome })
}
