//! One case on one page.

use askama::Template;
use axum::response::Response;
use kernel::ids::InquiryId;
use kernel::{Money, Timestamp};
use platform::locale::{self, Locale};
use platform::web::{ApiResult, Path};
use ui::{Chrome, Inside, page};

use super::{stage_badge, word};
use crate::case_file::{CaseFile, CaseMoney, case_file};
use crate::pipeline::StageState;

struct StageView {
    label: String,
    look: &'static str,
    current: bool,
}

struct Row {
    cells: Vec<String>,
    badge: String,
    look: &'static str,
}

struct Event {
    label: String,
    at: String,
    relative: String,
}

struct MoneyView {
    reference: String,
    total: String,
    deposit: String,
    paid: String,
    due: String,
    rows: Vec<Row>,
}

struct Fact {
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    chrome: Chrome,
    code: String,
    patient: String,
    patient_code: String,
    email: String,
    country: String,
    stages: Vec<StageView>,
    clinics: Vec<Row>,
    quotes: Vec<Row>,
    money: Option<MoneyView>,
    treatment: Vec<Fact>,
    aftercare: Vec<Fact>,
    review: Option<Row>,
    files: Vec<Row>,
    timeline: Vec<Event>,
    audit: Vec<Row>,
}

/// Texts and formats in the reader's language.
struct Words {
    locale: Locale,
    now: Timestamp,
}

impl Words {
    fn at(&self, at: Option<Timestamp>) -> String {
        at.map(|at| locale::datetime(self.locale, at, chrono_tz::UTC)).unwrap_or_default()
    }

    fn money(&self, money: Money) -> String {
        locale::money(self.locale, money)
    }

    /// The catalogue's text for a stored word; the word itself, made readable, where there is none.
    fn of(&self, prefix: &str, word: &str) -> String {
        locale::find_text(self.locale, &format!("{prefix}-{word}")).unwrap_or_else(|| word.replace(['_', '.'], " "))
    }

    fn fact(&self, key: &str, value: String) -> Option<Fact> {
        (!value.is_empty()).then(|| Fact { label: locale::t(self.locale, key), value })
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let file = case_file(&ctx.app, &ctx.actor, id).await?;
    let words = Words { locale: ctx.locale(), now: ctx.now() };
    page(&view(ctx.chrome, file, &words))
}

fn view(chrome: Chrome, file: CaseFile, words: &Words) -> CasePage {
    let stages = file.pipeline.iter().map(|stage| StageView {
        label: stage_badge(words.locale, &word(&stage.stage)).0,
        look: match stage.state {
            StageState::Done => "done",
            StageState::Now => "now",
            StageState::Ahead => "",
            StageState::Ended => "ended",
        },
        current: matches!(stage.state, StageState::Now | StageState::Ended),
    });
    let quotes = file.quotes.iter().map(|quote| {
        let (badge, look) = stage_badge(words.locale, &format!("quote-{}", word(&quote.status)));
        let reason = quote.reason.map(|reason| words.of("reason", &word(&reason))).unwrap_or_default();
        let grafts = quote.grafts.map(|grafts| grafts.to_string()).unwrap_or_default();
        Row {
            cells: vec![
                quote.code.clone().unwrap_or_default(),
                quote.clinic.clone(),
                grafts,
                words.at(quote.appointment_at),
                words.money(quote.total),
            ],
            badge: if reason.is_empty() { badge } else { format!("{badge} · {reason}") },
            look,
        }
    });
    let clinics = file.clinics.iter().map(|clinic| Row {
        cells: vec![clinic.name.clone(), words.at(Some(clinic.response_deadline_at)), words.at(clinic.viewed_at)],
        badge: words.of("clinic", &word(&clinic.status)),
        look: "calm",
    });
    let files = file.files.iter().map(|stored| Row {
        cells: vec![
            stored.name.clone(),
            stored.owner.clone(),
            format!("{} KB", (stored.bytes + 1023) / 1024),
            words.at(Some(stored.created_at)),
        ],
        badge: stored.kind.clone(),
        look: "calm",
    });
    let timeline = file.timeline.iter().map(|event| Event {
        label: words.of("event", &event.event),
        at: words.at(Some(event.at)),
        relative: locale::relative(words.locale, event.at, words.now),
    });
    let audit = file.audit.iter().flatten().map(|row| Row {
        cells: vec![
            words.at(Some(row.at)),
            row.action.clone(),
            row.actor_role.clone().unwrap_or_else(|| word(&row.actor_type)),
            row.subject.clone().unwrap_or_default(),
        ],
        badge: word(&row.outcome),
        look: if word(&row.outcome) == "success" { "calm" } else { "bad" },
    });
    CasePage {
        code: file.inquiry_code.clone().unwrap_or_default(),
        patient: file.patient.name.clone(),
        patient_code: file.patient.code.clone().unwrap_or_default(),
        email: file.patient.email.clone(),
        country: file.patient.country_code.clone().unwrap_or_default(),
        stages: stages.collect(),
        clinics: clinics.collect(),
        quotes: quotes.collect(),
        money: file.money.as_ref().map(|money| money_view(money, words)),
        treatment: treatment_facts(&file, words),
        aftercare: aftercare_facts(&file, words),
        review: file.review.as_ref().map(|review| Row {
            cells: vec!["★".repeat(review.rating.clamp(0, 5) as usize), review.text.clone().unwrap_or_default()],
            badge: words.of("review", &word(&review.status)),
            look: "calm",
        }),
        files: files.collect(),
        timeline: timeline.collect(),
        audit: audit.collect(),
        chrome,
    }
}

fn money_view(money: &CaseMoney, words: &Words) -> MoneyView {
    let in_currency = |amount| words.money(Money::new(amount, money.total.currency));
    let rows = money.payments.iter().map(|payment| {
        let status = word(&payment.status);
        Row {
            cells: vec![
                words.of("payment-kind", &word(&payment.kind)),
                words.of("method", &word(&payment.method)),
                words.at(Some(payment.paid_at.unwrap_or(payment.created_at))),
                words.money(payment.amount),
            ],
            look: match status.as_str() {
                "completed" => "good",
                "failed" => "bad",
                _ => "warn",
            },
            badge: words.of("payment", &status),
        }
    });
    MoneyView {
        reference: money.booking_reference.clone(),
        total: words.money(money.total),
        deposit: in_currency(money.deposit),
        paid: in_currency(money.paid),
        due: in_currency(money.due),
        rows: rows.collect(),
    }
}

fn treatment_facts(file: &CaseFile, words: &Words) -> Vec<Fact> {
    let Some(treatment) = &file.treatment else { return Vec::new() };
    let number = |grafts: Option<i32>| grafts.map(|grafts| grafts.to_string()).unwrap_or_default();
    let facts = [
        words.fact("case-appointment", words.at(treatment.starts_at)),
        words.fact("case-zone", treatment.timezone.clone().unwrap_or_default()),
        words.fact("case-hold-until", words.at(treatment.hold_expires_at)),
        words.fact("case-checked-in", words.at(treatment.checked_in_at)),
        words.fact("case-completed", words.at(treatment.completed_at)),
        words.fact("case-grafts-planned", number(treatment.estimated_grafts)),
        words.fact("case-grafts-done", number(treatment.actual_grafts)),
    ];
    facts.into_iter().flatten().collect()
}

fn aftercare_facts(file: &CaseFile, words: &Words) -> Vec<Fact> {
    let Some(plan) = &file.aftercare else { return Vec::new() };
    let facts = [
        words.fact("case-plan", plan.code.clone().unwrap_or_default()),
        words.fact("case-plan-stage", plan.stage.clone()),
        words.fact("case-plan-status", words.of("plan", &word(&plan.status))),
        words.fact("case-plan-progress", format!("{} %", plan.percent)),
    ];
    facts.into_iter().flatten().collect()
}
