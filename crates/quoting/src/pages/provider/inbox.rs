//! The requests a clinic received, those that wait for its answer first.

use askama::Template;
use axum::response::Response;
use inquiry::entity::inquiries::InquiryProblem;
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use inquiry::inbox::{self, Figures, InboxOrder};
use inquiry::queries::InquiryFilter;
use inquiry::rules::alert::AlertLevel;
use inquiry::views::ClinicLine;
use kernel::{Permission, Timestamp};
use platform::web::ApiResult;
use ui::{Badge, Choice, Chrome, Ctx, Inside, ListView, Tone, page};

use super::words;

#[derive(Template)]
#[template(path = "quote_provider_inbox.html")]
struct InboxPage {
    chrome: Chrome,
    list: ListView,
    figures: Figures,
    lines: Vec<Line>,
    states: Vec<Choice>,
    alerts: Vec<Choice>,
    problems: Vec<Choice>,
    countries: Vec<Choice>,
}

/// A request as a line.
struct Line {
    href: String,
    name: String,
    code: String,
    person: String,
    country: String,
    problem: String,
    dates: String,
    more_dates: i64,
    alert: Badge,
    state: Badge,
    /// Set while the clinic can answer.
    deadline: Option<Timestamp>,
    pressing: bool,
    received: Timestamp,
    /// Where an offer is written, while one can be.
    write: Option<String>,
}

impl Line {
    fn new(chrome: &Chrome, line: ClinicLine, may_quote: bool) -> Self {
        let own = line.assignment;
        let waiting = words::is_waiting(own.status, own.response_deadline_at, chrome.now);
        let mut ranges = line.treatment_schedule.iter();
        Self {
            href: format!("/provider/cases/{}", line.id),
            name: words::patient_name(chrome, &line.patient),
            code: line.inquiry_code.unwrap_or_default(),
            person: words::person_line(chrome, &line.patient),
            country: line.patient.country.as_deref().map(|code| words::country(chrome, code)).unwrap_or_default(),
            problem: chrome.word("pq-problem", words::stored(&line.problem)),
            dates: ranges.next().map(|range| words::range(chrome, range)).unwrap_or_default(),
            more_dates: i64::try_from(ranges.len()).unwrap_or_default(),
            alert: match line.alert_level {
                Some(level) => words::alert_badge(chrome, level),
                None => Badge::new(Tone::Bad, chrome.t("pq-alert-unreadable")),
            },
            state: words::own_badge(chrome, own.status, own.response_deadline_at),
            deadline: waiting.then_some(own.response_deadline_at),
            pressing: waiting && words::is_pressing(own.response_deadline_at, chrome.now),
            received: own.distributed_at,
            write: (waiting && may_quote).then(|| format!("/provider/cases/{}/quote", line.id)),
        }
    }
}

const STATES: [&str; 6] = ["distributed", "viewed", "quoted", "declined", "lapsed", "closed"];
const ALERTS: [&str; 3] = ["critical", "standard", "none"];
const PROBLEMS: [&str; 3] = ["hair_transplant", "beard_transplant", "both"];

fn filter_of(ctx: &Ctx) -> InquiryFilter {
    let given = |name: &str| Some(ctx.asked(name)).filter(|value| !value.trim().is_empty());
    InquiryFilter {
        country: given("country"),
        alert_level: given("alert").and_then(|word| AlertLevel::from_name(&word)),
        problem: given("problem").and_then(|word| words::read::<InquiryProblem>(&word)),
        age_from: given("age_from").and_then(|age| age.trim().parse().ok()),
        age_to: given("age_to").and_then(|age| age.trim().parse().ok()),
        dates_from: given("from").and_then(|day| day.parse().ok()),
        dates_to: given("to").and_then(|day| day.parse().ok()),
        // Longer than any code: nothing would be found anyway.
        code: given("q").map(|text| text.chars().take(100).collect()),
        ..InquiryFilter::default()
    }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let own = words::read::<InquiryProviderStatus>(&ctx.asked("state"));
    let order = InboxOrder::from_word(&ctx.asked("sort"));
    let found = inbox::list(&ctx.app, &ctx.actor, &filter_of(&ctx), own, order, ctx.page_query()).await?;
    let may_quote = ctx.actor.can(Permission::CreateQuote);
    let figures = inbox::figures(&ctx.app, &ctx.actor).await?;
    let mut countries: Vec<Choice> = catalogue::rules::world::COUNTRIES
        .iter()
        .map(|country| Choice::new(country.code, words::country(chrome, country.code)))
        .collect();
    countries.sort_by(|a, b| a.label.cmp(&b.label));
    page(&InboxPage {
        list: ListView::new(chrome, &found.meta),
        lines: found.data.into_iter().map(|line| Line::new(chrome, line, may_quote)).collect(),
        states: words::choices(chrome, "pq-state", &STATES),
        alerts: words::choices(chrome, "pq-alert", &ALERTS),
        problems: words::choices(chrome, "pq-problem", &PROBLEMS),
        countries,
        figures,
        chrome: ctx.chrome.clone(),
    })
}
