//! A patient's first page: what to do next, and the case at a glance.

use askama::Template;
use axum::Router;
use axum::response::Response;
use inquiry::entity::inquiries::InquiryStatus;
use kernel::ids::InquiryId;
use platform::App;
use platform::locale;
use platform::web::ApiResult;
use platform::web::routing::get;
use ui::{Badge, Chrome, Html, Inside, Stage, StageLook, Tone, page};

use super::{patient_case, provider_home, word};
use crate::patient_view::{self, Booked, Next, PatientCase};
use crate::pipeline::{self, StageState};

/// The pages of patients and clinics.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/patient", get(show))
        .route("/patient/cases/{inquiry_id}", get(patient_case::show))
        .route("/provider", get(provider_home::show))
}

/// What to do now, as the page says it.
pub(super) struct NextCard {
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    /// `Ends: in 2 days`; both empty when there is no end.
    pub(super) until_label: String,
    pub(super) until: Html,
    pub(super) href: String,
    pub(super) label: String,
}

struct Fact {
    label: String,
    value: String,
}

struct CaseCard {
    href: String,
    code: String,
    badge: Badge,
    pipeline: Html,
    facts: Vec<Fact>,
    plan: Option<PlanCard>,
}

pub(super) struct PlanCard {
    pub(super) ring: Html,
    pub(super) stage: String,
    pub(super) text: String,
}

struct Earlier {
    href: String,
    code: String,
    badge: Badge,
}

#[derive(Template)]
#[template(path = "home_patient_page.html")]
struct HomePage {
    chrome: Chrome,
    next: NextCard,
    case: Option<CaseCard>,
    unread: i64,
    earlier: Vec<Earlier>,
}

async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let home = patient_view::home(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome;
    let inquiry = home.case.as_ref().map(|case| case.inquiry);
    page(&HomePage {
        next: next_card(&chrome, &home.next, inquiry),
        case: home.case.as_ref().map(|case| case_card(&chrome, case)),
        unread: i64::try_from(home.unread).unwrap_or(i64::MAX),
        earlier: home
            .earlier
            .into_iter()
            .map(|(id, code, status)| Earlier {
                href: address(id),
                code: code.unwrap_or_default(),
                badge: stage_badge(&chrome, status),
            })
            .collect(),
        chrome,
    })
}

pub(super) fn address(id: InquiryId) -> String {
    format!("/patient/cases/{id}")
}

pub(super) fn stage_badge(chrome: &Chrome, status: InquiryStatus) -> Badge {
    let tone = match status {
        InquiryStatus::Inquiry | InquiryStatus::Quote => Tone::Info,
        InquiryStatus::Accepted => Tone::Warn,
        InquiryStatus::Cancelled | InquiryStatus::Expired => Tone::Calm,
        _ => Tone::Good,
    };
    Badge::new(tone, chrome.word("my-stage", word(&status)))
}

pub(super) fn pipeline_of(chrome: &Chrome, status: InquiryStatus) -> Html {
    let stages: Vec<Stage> = pipeline::pipeline(status)
        .into_iter()
        .map(|stage| Stage {
            label: chrome.word("my-stage", word(&stage.stage)),
            look: match stage.state {
                StageState::Done => StageLook::Done,
                StageState::Now => StageLook::Now,
                StageState::Ahead => StageLook::Ahead,
                StageState::Ended => StageLook::Ended,
            },
        })
        .collect();
    ui::pipeline(chrome.t("my-pipeline"), &stages)
}

fn case_card(chrome: &Chrome, case: &PatientCase) -> CaseCard {
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push(Fact { label: chrome.t(key), value });
        }
    };
    if let Some((asked, answered)) = case.clinics {
        let args = [("answered", answered.into()), ("asked", asked.into())];
        fact("my-answers", locale::tr(chrome.locale, "my-answers-of", &args));
        fact("my-offers-open", case.offers.iter().filter(|offer| offer.is_live).count().to_string());
    }
    if let Some(booking) = &case.booking {
        let clinic = case.offers.iter().find(|offer| offer.id == booking.quote);
        fact("my-clinic", clinic.map(|offer| format!("{}, {}", offer.clinic, offer.city)).unwrap_or_default());
        fact("my-appointment", appointment(chrome, booking));
        fact("my-paid", booking.paid.map(|money| chrome.money(money)).unwrap_or_default());
        let due = booking.due.filter(|money| money.amount.is_positive());
        fact("my-due", due.map(|money| chrome.money(money)).unwrap_or_default());
    }
    CaseCard {
        href: address(case.inquiry),
        code: case.code.clone().unwrap_or_default(),
        badge: stage_badge(chrome, case.status),
        pipeline: pipeline_of(chrome, case.status),
        facts,
        plan: plan_card(chrome, case),
    }
}

/// The appointment on the clinic's clocks.
pub(super) fn appointment(chrome: &Chrome, booking: &Booked) -> String {
    let zone = booking.zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    match (booking.starts_at, booking.starts_on) {
        (Some(at), _) => chrome.datetime(at, zone),
        (None, Some(day)) => chrome.date(day),
        (None, None) => String::new(),
    }
}

pub(super) fn plan_card(chrome: &Chrome, case: &PatientCase) -> Option<PlanCard> {
    let plan = case.plan.as_ref()?;
    let text = match (plan.tasks.waiting, plan.tasks.next_on) {
        (waiting, _) if waiting > 0 => chrome.tn("my-plan-waiting", "count", waiting),
        (_, Some(day)) => chrome.tw("my-plan-next", "date", chrome.date(day)),
        _ => chrome.t("my-plan-nothing"),
    };
    Some(PlanCard { ring: ui::ring(plan.percent, chrome.t("my-plan-progress")), stage: plan.stage.clone(), text })
}

/// The words and the way for what is to be done.
pub(super) fn next_card(chrome: &Chrome, next: &Next, inquiry: Option<InquiryId>) -> NextCard {
    let case = |rest: &str| inquiry.map_or("/patient/request".to_owned(), |id| format!("/patient/cases/{id}{rest}"));
    let ends = |until: &Option<kernel::Timestamp>| until.map(|at| ("my-ends", chrome.when(at)));
    let (key, icon, href, until) = match next {
        Next::Start => ("start", "sparkle", "/patient/request".to_owned(), None),
        Next::Continue { until } => {
            ("continue", "edit", "/patient/request".to_owned(), Some(("my-kept", chrome.when(until))))
        }
        Next::Wait { until } => {
            ("wait", "clock", case("/quotes"), until.map(|at| ("my-answers-until", chrome.when(at))))
        }
        Next::NoAnswers => ("no-answers", "refresh", case("/extend"), None),
        Next::Extend => ("extend", "refresh", case("/extend"), None),
        Next::Look { offer, until } => ("look", "file", format!("/patient/quotes/{offer}"), ends(until)),
        Next::Compare { until, .. } => ("compare", "compare", case("/quotes"), ends(until)),
        Next::Pay { quote, until } => ("pay", "card", format!("/patient/bookings/{quote}/pay"), ends(until)),
        Next::Balance { quote, late, .. } => {
            let key = if *late { "balance-late" } else { "balance" };
            (key, "card", format!("/patient/bookings/{quote}/pay"), None)
        }
        Next::Prepare { quote, .. } => ("prepare", "plane", format!("/patient/bookings/{quote}"), None),
        Next::Arrive { quote } => ("arrive", "pin", format!("/patient/bookings/{quote}"), None),
        Next::Treatment { quote } => ("treatment", "heart", format!("/patient/bookings/{quote}"), None),
        Next::Tasks { late, .. } => {
            let key = if *late > 0 { "tasks-late" } else { "tasks" };
            (key, "check-circle", "/patient/aftercare".to_owned(), None)
        }
        Next::Recover { .. } => ("recover", "leaf", "/patient/aftercare".to_owned(), None),
        Next::Review { quote } => ("review", "star", format!("/patient/bookings/{quote}/review"), None),
        Next::Done => ("done", "award", "/patient/aftercare".to_owned(), None),
        Next::Again => ("again", "refresh", "/patient/request".to_owned(), None),
    };
    let (until_label, until) = until.map(|(label, at)| (chrome.t(label), at)).unwrap_or_default();
    NextCard {
        icon,
        title: chrome.t(format!("my-next-{key}-title")),
        text: next_text(chrome, next, &format!("my-next-{key}-text")),
        until_label,
        until,
        href,
        label: chrome.t(format!("my-next-{key}-label")),
    }
}

fn next_text(chrome: &Chrome, next: &Next, key: &str) -> String {
    let day = |day: &Option<chrono::NaiveDate>| day.map(|day| chrome.date(day));
    match next {
        Next::Compare { count, .. } => chrome.tn(key, "count", count),
        Next::Balance { due, on, .. } => {
            let on = day(on).unwrap_or_else(|| chrome.t("my-soon"));
            locale::tr(chrome.locale, key, &[("money", chrome.money(due).into()), ("date", on.into())])
        }
        Next::Prepare { on, .. } => match day(on) {
            Some(on) => chrome.tw(key, "date", on),
            None => chrome.t("my-next-prepare-soon"),
        },
        Next::Tasks { waiting, late } => chrome.tn(key, "count", if *late > 0 { late } else { waiting }),
        Next::Recover { on } => match day(on) {
            Some(on) => chrome.tw(key, "date", on),
            None => chrome.t("my-next-recover-quiet"),
        },
        _ => chrome.t(key),
    }
}
