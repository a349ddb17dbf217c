//! One case on one page.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::InquiryId;
use kernel::{AppError, Money, Permission, Timestamp};
use platform::web::{ApiResult, Path};
use ui::{Badge, Chrome, Form, Html, Inside, Posted, Stage, StageLook, TimelineEntry, Tone, page, pipeline, timeline};

use super::{stage_badge, word};
use crate::case_file::{CaseAudit, CaseFile, CaseMoney, CasePayment, case_file};
use crate::pipeline::StageState;

struct ClinicRow {
    href: String,
    name: String,
    answer_by: Html,
    opened: Html,
    state: Badge,
}

struct QuoteRow {
    href: String,
    code: String,
    clinic: String,
    grafts: String,
    appointment: String,
    total: String,
    state: Badge,
    reason: String,
}

struct PaymentRow {
    kind: String,
    method: String,
    at: Html,
    amount: String,
    state: Badge,
}

struct MoneyView {
    reference: String,
    total: String,
    deposit: String,
    paid: String,
    due: String,
    rows: Vec<PaymentRow>,
}

struct FileRow {
    name: String,
    owner: String,
    kind: String,
    size: String,
    at: Html,
}

struct AuditRow {
    at: Html,
    action: String,
    who: String,
    subject: String,
    outcome: Badge,
}

struct ReviewView {
    href: String,
    stars: Html,
    state: Badge,
    text: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    chrome: Chrome,
    form: Form,
    export: String,
    code: String,
    patient: String,
    patient_href: String,
    patient_code: String,
    email: String,
    country: String,
    /// Where clinics and deadlines are looked after.
    manage: Option<String>,
    /// Where the request is changed.
    edit: Option<String>,
    pipeline: Html,
    clinics: Vec<ClinicRow>,
    quotes: Vec<QuoteRow>,
    money: Option<MoneyView>,
    treatment: Vec<(String, String)>,
    aftercare: Vec<(String, String)>,
    review: Option<ReviewView>,
    files: Vec<FileRow>,
    has_events: bool,
    timeline: Html,
    audit: Vec<AuditRow>,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let file = case_file(&ctx.app, &ctx.actor, id).await?;
    let can = |permission| ctx.actor.can(permission);
    let manage = can(Permission::ReassignProvider) || can(Permission::EditQuote);
    let (edit, quotes) = (can(Permission::EditQuote), can(Permission::ViewQuote));
    page(&view(ctx.chrome, &file, (manage, edit, quotes)))
}

/// The case as a file. A form asks for it, because each asking is put on record.
pub(super) async fn export(Inside(ctx): Inside, Path(id): Path<InquiryId>, _posted: Posted) -> ApiResult<Response> {
    let file = crate::case_file::export(&ctx.app, &ctx.actor, id).await?;
    let code = file.inquiry_code.as_deref().unwrap_or("case");
    let name: String = code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}.json\"")).map_err(AppError::internal)?;
    let mut response = serde_json::to_string_pretty(&file).map_err(AppError::internal)?.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Back to the case for whoever opens the address of its form.
pub(super) async fn back(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Redirect> {
    ctx.actor.require(Permission::ViewInquiry)?;
    Ok(Redirect::to(&format!("/admin/cases/{id}")))
}

/// `may` tells whether the reader manages the request, changes it and reads quotes.
fn view(chrome: Chrome, file: &CaseFile, may: (bool, bool, bool)) -> CasePage {
    let stages: Vec<Stage> = file
        .pipeline
        .iter()
        .map(|stage| Stage {
            label: stage_badge(chrome.locale, &word(&stage.stage)).label,
            look: match stage.state {
                StageState::Done => StageLook::Done,
                StageState::Now => StageLook::Now,
                StageState::Ahead => StageLook::Ahead,
                StageState::Ended => StageLook::Ended,
            },
        })
        .collect();
    let clinics = file.clinics.iter().map(|clinic| ClinicRow {
        href: format!("/admin/clinics/{}", clinic.provider_id),
        name: clinic.name.clone(),
        answer_by: chrome.when(clinic.response_deadline_at),
        opened: clinic.viewed_at.map(|at| chrome.when(at)).unwrap_or_default(),
        state: Badge::new(Tone::Calm, chrome.word("clinic", word(&clinic.status))),
    });
    let entries: Vec<TimelineEntry> = file
        .timeline
        .iter()
        .map(|event| TimelineEntry {
            title: chrome.word("event", &event.event),
            text: String::new(),
            at: chrome.when(event.at),
            tone: tone_of(&event.event),
            ahead: false,
        })
        .collect();
    let here = format!("/admin/cases/{}", file.inquiry_id);
    CasePage {
        form: Form::new(&chrome),
        export: format!("{here}/export"),
        manage: may.0.then(|| format!("{here}/manage")),
        edit: may.1.then(|| format!("{here}/edit")),
        code: file.inquiry_code.clone().unwrap_or_default(),
        patient: file.patient.name.clone(),
        patient_href: format!("/admin/patients/{}", file.patient.id),
        patient_code: file.patient.code.clone().unwrap_or_default(),
        email: file.patient.email.clone(),
        country: file.patient.country_code.as_deref().map(|code| chrome.country(code, "")).unwrap_or_default(),
        pipeline: pipeline(chrome.t("case-pipeline"), &stages),
        clinics: clinics.collect(),
        quotes: file.quotes.iter().map(|quote| quote_row(&chrome, quote, may.2)).collect(),
        money: file.money.as_ref().map(|money| money_view(&chrome, money)),
        treatment: treatment_facts(&chrome, file),
        aftercare: aftercare_facts(&chrome, file),
        review: file.review.as_ref().map(|review| ReviewView {
            href: format!("/admin/reviews/{}", review.id),
            stars: chrome.stars(f64::from(review.rating)),
            state: Badge::new(Tone::Calm, chrome.word("review", word(&review.status))),
            text: review.text.clone().unwrap_or_default(),
        }),
        files: file
            .files
            .iter()
            .map(|stored| FileRow {
                name: stored.name.clone(),
                owner: chrome.word("case-file-of", stored.owner.to_lowercase()),
                kind: stored.kind.clone(),
                size: format!("{} KB", (stored.bytes + 1023) / 1024),
                at: chrome.when(stored.created_at),
            })
            .collect(),
        has_events: !entries.is_empty(),
        timeline: timeline(&entries),
        audit: file.audit.iter().flatten().map(|row| audit_row(&chrome, row)).collect(),
        chrome,
    }
}

fn tone_of(event: &str) -> Tone {
    match event {
        "booking_confirmed" | "payment_received" | "treatment_completed" | "review_published" => Tone::Good,
        event if event.contains("cancelled") || event.contains("expired") || event.contains("failed") => Tone::Bad,
        _ => Tone::Calm,
    }
}

fn quote_row(chrome: &Chrome, quote: &crate::case_file::CaseQuote, linked: bool) -> QuoteRow {
    QuoteRow {
        href: if linked { format!("/admin/quotes/{}", quote.id) } else { String::new() },
        code: quote.code.clone().unwrap_or_default(),
        clinic: quote.clinic.clone(),
        grafts: quote.grafts.map(|grafts| grafts.to_string()).unwrap_or_default(),
        appointment: at(chrome, quote.appointment_at),
        total: chrome.money(quote.total),
        state: stage_badge(chrome.locale, &format!("quote-{}", word(&quote.status))),
        reason: quote.reason.map(|reason| chrome.word("reason", word(&reason))).unwrap_or_default(),
    }
}

fn audit_row(chrome: &Chrome, row: &CaseAudit) -> AuditRow {
    let outcome = word(&row.outcome);
    let tone = if outcome == "success" { Tone::Calm } else { Tone::Bad };
    AuditRow {
        at: chrome.when(row.at),
        action: chrome.deed(&row.action),
        who: row.actor_role.clone().unwrap_or_else(|| word(&row.actor_type)),
        // Its kind; the id behind it says nothing to readers.
        subject: chrome.thing(row.subject.as_deref().and_then(|subject| subject.split(' ').next())),
        outcome: Badge::new(tone, chrome.word("audit-outcome", &outcome)),
    }
}

fn money_view(chrome: &Chrome, money: &CaseMoney) -> MoneyView {
    let in_currency = |amount| chrome.money(Money::new(amount, money.total.currency));
    let row = |payment: &CasePayment| {
        let status = word(&payment.status);
        let tone = match status.as_str() {
            "completed" => Tone::Good,
            "failed" => Tone::Bad,
            _ => Tone::Warn,
        };
        PaymentRow {
            kind: chrome.word("payment-kind", word(&payment.kind)),
            method: chrome.word("method", word(&payment.method)),
            at: chrome.when(payment.paid_at.unwrap_or(payment.created_at)),
            amount: chrome.money(payment.amount),
            state: Badge::new(tone, chrome.word("payment", status)),
        }
    };
    MoneyView {
        reference: money.booking_reference.clone(),
        total: chrome.money(money.total),
        deposit: in_currency(money.deposit),
        paid: in_currency(money.paid),
        due: in_currency(money.due),
        rows: money.payments.iter().map(row).collect(),
    }
}

fn at(chrome: &Chrome, at: Option<Timestamp>) -> String {
    at.map(|at| chrome.moment(at)).unwrap_or_default()
}

/// The facts that are known, with their labels.
fn known<const N: usize>(chrome: &Chrome, facts: [(&str, String); N]) -> Vec<(String, String)> {
    facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (chrome.t(key), value)).collect()
}

fn treatment_facts(chrome: &Chrome, file: &CaseFile) -> Vec<(String, String)> {
    let Some(treatment) = &file.treatment else { return Vec::new() };
    let number = |grafts: Option<i32>| grafts.map(|grafts| grafts.to_string()).unwrap_or_default();
    known(
        chrome,
        [
            ("case-appointment", at(chrome, treatment.starts_at)),
            ("case-zone", treatment.timezone.clone().unwrap_or_default()),
            ("case-hold-until", at(chrome, treatment.hold_expires_at)),
            ("case-checked-in", at(chrome, treatment.checked_in_at)),
            ("case-completed", at(chrome, treatment.completed_at)),
            ("case-grafts-planned", number(treatment.estimated_grafts)),
            ("case-grafts-done", number(treatment.actual_grafts)),
        ],
    )
}

fn aftercare_facts(chrome: &Chrome, file: &CaseFile) -> Vec<(String, String)> {
    let Some(plan) = &file.aftercare else { return Vec::new() };
    known(
        chrome,
        [
            ("case-plan", plan.code.clone().unwrap_or_default()),
            ("case-plan-stage", plan.stage.clone()),
            ("case-plan-status", chrome.word("plan", word(&plan.status))),
            ("case-plan-progress", format!("{} %", plan.percent)),
        ],
    )
}
