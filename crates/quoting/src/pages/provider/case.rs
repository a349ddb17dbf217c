//! A case as its clinic works on it: what was asked, what must be known, what to do now.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use inquiry::entity::inquiries::InquiryStatus;
use inquiry::inbox::{self, ClinicCase};
use inquiry::rules::alert::AlertLevel;
use inquiry::service::clinic::{self, AcknowledgeInput, DeclineInput};
use inquiry::views::{ConcernView, MediaItemView, TimelineEntryView};
use kernel::error::ErrorKind;
use kernel::ids::InquiryId;
use kernel::{AppError, Permission, Timestamp};
use platform::entity::media::{MediaCollection, MediaType};
use platform::web::{ApiResult, Path};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Photo, Posted, Stage, StageLook, TimelineEntry, Tone, page};

use super::rows::{Answers, QuoteLine};
use super::words;
use crate::desk::{self, OwnQuote};
use crate::entity::quotes::QuoteStatus;

#[derive(Template)]
#[template(path = "quote_provider_case.html")]
struct CasePage {
    chrome: Chrome,
    id: InquiryId,
    name: String,
    code: String,
    state: Badge,
    pipeline: Html,
    step: Step,
    alert: AlertBox,
    concern: Vec<(String, String)>,
    details: String,
    answers: Option<Answers>,
    facts: Vec<(String, String)>,
    ranges: Vec<String>,
    head_scan: Vec<Photo>,
    evidence: Vec<Photo>,
    videos: Vec<String>,
    history: Html,
    quotes: Vec<QuoteLine>,
    may_quote: bool,
    may_decline: bool,
    may_message: bool,
    deadline: Timestamp,
    waiting: bool,
    pressing: bool,
    received: Timestamp,
    reasons: Vec<Choice>,
    decline: Form,
}

/// What to do now.
struct Step {
    title: String,
    text: String,
    href: String,
    label: String,
    until: Option<Timestamp>,
}

/// The medical alert as it is shown above everything else.
struct AlertBox {
    badge: Badge,
    critical: bool,
    must_acknowledge: bool,
    acknowledged: bool,
    revision: i32,
    conditions: Vec<(String, String)>,
    reopened: Option<Timestamp>,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let decline = Form::new(&ctx.chrome);
    render(&ctx, id, decline, StatusCode::OK).await
}

async fn render(ctx: &Ctx, id: InquiryId, decline: Form, status: StatusCode) -> ApiResult<Response> {
    let case = inbox::case(&ctx.app, &ctx.actor, id).await?;
    let quotes =
        if ctx.actor.can(Permission::ViewQuote) { desk::of_case(&ctx.app, &ctx.actor, id).await? } else { Vec::new() };
    let mut response = page(&shown(ctx, case, &quotes, decline))?;
    *response.status_mut() = status;
    Ok(response)
}

fn shown(ctx: &Ctx, case: ClinicCase, quotes: &[OwnQuote], decline: Form) -> CasePage {
    let chrome = &ctx.chrome;
    let view = &case.view;
    let own = &view.assignment;
    let may_quote = case.open && case.in_time && ctx.actor.can(Permission::CreateQuote);
    let waiting = words::is_waiting(own.status, own.response_deadline_at, chrome.now) && case.open;
    let photos = |collection: MediaCollection| -> Vec<Photo> {
        let of_kind = |item: &&MediaItemView| item.collection == collection && item.media_type == MediaType::Image;
        view.media.iter().filter(of_kind).enumerate().map(|(index, item)| photo(chrome, index, item)).collect()
    };
    CasePage {
        id: view.id,
        name: words::patient_name(chrome, &view.patient),
        code: view.inquiry_code.clone().unwrap_or_default(),
        state: words::own_badge(chrome, own.status, own.response_deadline_at),
        pipeline: pipeline(chrome, view.status, quotes),
        step: step(ctx, &case, quotes, may_quote),
        alert: alert_box(chrome, &case),
        concern: concern(chrome, &view.concern),
        details: view.concern.problem_details.clone(),
        answers: view.medical.as_ref().map(|medical| Answers::new(chrome, medical)),
        facts: facts(chrome, &case),
        ranges: view.concern.treatment_schedule.iter().map(|range| words::range(chrome, range)).collect(),
        head_scan: photos(MediaCollection::HeadScan),
        evidence: photos(MediaCollection::Evidence),
        videos: view.media.iter().filter(|m| m.media_type == MediaType::Video).map(|m| m.url.clone()).collect(),
        history: ui::timeline(&case.history.iter().map(|entry| event(chrome, entry)).collect::<Vec<_>>()),
        quotes: quotes.iter().map(|quote| QuoteLine::new(chrome, view.id, quote)).collect(),
        may_quote: may_quote && !view.alert.acknowledgment_required,
        may_decline: case.declinable && ctx.actor.can(Permission::ManageQuoteAcceptance),
        may_message: quotes.iter().any(|quote| words::is_taken(quote.status))
            && ctx.actor.can(Permission::MessagePatient),
        deadline: own.response_deadline_at,
        waiting,
        pressing: waiting && words::is_pressing(own.response_deadline_at, chrome.now),
        received: own.distributed_at,
        reasons: words::choices(chrome, "pq-decline-reason", &DECLINE_REASONS),
        decline,
        chrome: chrome.clone(),
    }
}

const DECLINE_REASONS: [&str; 5] = ["not_suitable", "no_capacity", "dates_unavailable", "medical_risk", "other"];

fn photo(chrome: &Chrome, index: usize, item: &MediaItemView) -> Photo {
    let number = i64::try_from(index + 1).unwrap_or_default();
    let caption = match item.view {
        Some(view) => chrome.word("pq-view", words::stored(&view)),
        None => chrome.tn("pq-photo", "number", number),
    };
    Photo::new(item.url.clone(), caption.clone()).caption(caption)
}

fn alert_box(chrome: &Chrome, case: &ClinicCase) -> AlertBox {
    let alert = &case.view.alert;
    let medical = case.view.medical.as_ref();
    let conditions = medical.map(|medical| {
        let details = |id: &str| {
            let answer = medical.answers.iter().find(|answer| answer.question_id == id);
            answer.and_then(|answer| answer.details.clone()).unwrap_or_default()
        };
        medical.critical_conditions.iter().map(|found| (found.label.clone(), details(&found.question_id))).collect()
    });
    AlertBox {
        badge: words::alert_badge(chrome, alert.level),
        critical: alert.level == AlertLevel::Critical,
        must_acknowledge: alert.acknowledgment_required && case.open,
        acknowledged: alert.acknowledged,
        revision: alert.revision,
        conditions: conditions.unwrap_or_default(),
        reopened: medical.and_then(|medical| medical.reopened_at),
    }
}

fn concern(chrome: &Chrome, concern: &ConcernView) -> Vec<(String, String)> {
    let severity = concern.symptom_severity.map(|severity| {
        let word = chrome.word("pq-severity", words::stored(&severity));
        match concern.symptom_severity_score {
            Some(score) => format!("{word} ({score}/10)"),
            None => word,
        }
    });
    let rows = [
        ("pq-concern-problem", Some(chrome.word("pq-problem", words::stored(&concern.problem)))),
        ("pq-concern-nature", concern.nature_of_concern.clone()),
        ("pq-concern-since", concern.duration_of_concern.map(|since| chrome.word("pq-since", words::stored(&since)))),
        ("pq-concern-severity", severity),
        ("pq-concern-tried", concern.previous_treatments.clone()),
        ("pq-concern-lifestyle", concern.lifestyle_factors.clone()),
        ("pq-concern-notes", concern.additional_notes.clone()),
    ];
    let given = |(key, text): (&str, Option<String>)| Some((chrome.t(key), text.filter(|text| !text.is_empty())?));
    rows.into_iter().filter_map(given).collect()
}

fn facts(chrome: &Chrome, case: &ClinicCase) -> Vec<(String, String)> {
    let patient = &case.view.patient;
    let person = words::person_line(chrome, patient);
    let rows = [
        ("pq-fact-code", patient.patient_code.clone()),
        ("pq-fact-person", Some(person).filter(|line| !line.is_empty())),
        ("pq-fact-country", patient.country.as_deref().map(|code| words::country(chrome, code))),
        ("pq-fact-location", patient.location.clone()),
        ("pq-fact-email", patient.email.clone()),
        ("pq-fact-phone", patient.phone_number.clone()),
        ("pq-fact-birthday", patient.birthday.map(|day| chrome.date(day))),
    ];
    rows.into_iter().filter_map(|(key, text)| Some((chrome.t(key), text?))).collect()
}

fn event(chrome: &Chrome, entry: &TimelineEntryView) -> TimelineEntry {
    let who = entry.actor_type.as_deref().map(|kind| chrome.word("pq-actor", kind.to_lowercase()));
    let tone = match entry.event.as_str() {
        "quote_accepted" | "booking_confirmed" | "treatment_completed" | "case_completed" => Tone::Good,
        "inquiry_cancelled" | "quote_cancelled" | "booking_cancelled" | "quote_rejected" => Tone::Bad,
        "quote_expired" | "inquiry_expired" | "hold_lapsed" | "quote_withdrawn" => Tone::Warn,
        _ => Tone::Calm,
    };
    TimelineEntry {
        title: chrome.word("pq-event", &entry.event),
        text: who.unwrap_or_default(),
        at: chrome.when(entry.at),
        tone,
        ahead: false,
    }
}

const STAGES: [InquiryStatus; 7] = [
    InquiryStatus::Inquiry,
    InquiryStatus::Quote,
    InquiryStatus::Accepted,
    InquiryStatus::Confirmed,
    InquiryStatus::Inprogress,
    InquiryStatus::Aftercare,
    InquiryStatus::Completed,
];

/// The stages as they are for this clinic: a case another clinic won ends where the patient decided.
fn pipeline(chrome: &Chrome, stage: InquiryStatus, quotes: &[OwnQuote]) -> Html {
    let taken = quotes.iter().any(|quote| words::is_taken(quote.status));
    let reached = STAGES.iter().position(|known| *known == stage);
    let lost = match reached {
        Some(at) => at >= 2 && !taken,
        None => true,
    };
    let at = match reached {
        Some(at) if !lost => at,
        Some(_) => 2,
        None => usize::from(!quotes.is_empty()),
    };
    let stages: Vec<Stage> = STAGES
        .iter()
        .enumerate()
        .map(|(index, known)| Stage {
            label: chrome.word("pq-stage", words::stored(known)),
            look: match index.cmp(&at) {
                std::cmp::Ordering::Less => StageLook::Done,
                std::cmp::Ordering::Equal if lost => StageLook::Ended,
                std::cmp::Ordering::Equal => StageLook::Now,
                std::cmp::Ordering::Greater => StageLook::Ahead,
            },
        })
        .collect();
    ui::pipeline(chrome.t("pq-pipeline"), &stages)
}

/// The one thing to do, or what the clinic is waiting for.
fn step(ctx: &Ctx, case: &ClinicCase, quotes: &[OwnQuote], may_quote: bool) -> Step {
    let chrome = &ctx.chrome;
    let view = &case.view;
    let editor = format!("/provider/cases/{}/quote", view.id);
    let make = |key: &str, href: String, until: Option<Timestamp>| Step {
        title: chrome.t(format!("pq-step-{key}-title")),
        text: chrome.t(format!("pq-step-{key}-text")),
        label: if href.is_empty() { String::new() } else { chrome.t(format!("pq-step-{key}-action")) },
        href,
        until,
    };
    let deadline = Some(view.assignment.response_deadline_at);
    if let Some(quote) = quotes.iter().find(|quote| words::is_taken(quote.status)) {
        let href = if quote.status == QuoteStatus::Accepted {
            format!("/provider/quotes/{}", quote.id)
        } else {
            format!("/provider/treatments/{}", quote.id)
        };
        let key = if quote.status == QuoteStatus::Accepted { "accepted" } else { "booked" };
        return make(key, href, None);
    }
    if may_quote && view.alert.acknowledgment_required {
        return make("acknowledge", "#alert".to_owned(), deadline);
    }
    if may_quote && quotes.iter().any(|quote| quote.status == QuoteStatus::Inquiry && !quote.archived) {
        return make("draft", editor, deadline);
    }
    if let Some(quote) = quotes.iter().find(|quote| quote.live) {
        return make("live", format!("/provider/quotes/{}", quote.id), quote.expires_at);
    }
    if may_quote {
        return make("write", editor, deadline);
    }
    if case.open && case.in_time {
        // Somebody whose role does not write quotes.
        return make("read", String::new(), deadline);
    }
    let key = match (view.status, words::stored(&view.assignment.status).as_str()) {
        (InquiryStatus::Cancelled, _) => "cancelled",
        (InquiryStatus::Expired, _) => "expired",
        (_, "declined") => "declined",
        (InquiryStatus::Inquiry | InquiryStatus::Quote, _) => "lapsed",
        _ => "lost",
    };
    make(key, String::new(), None)
}

pub(super) async fn acknowledge(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let input = AcknowledgeInput { revision: posted.maybe("revision")? };
    clinic::acknowledge_alert(&ctx.app, &ctx.actor, id, &input).await?;
    Ok(ctx.done(&format!("/provider/cases/{id}"), "pq-acknowledged"))
}

pub(super) async fn decline(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let note = posted.given("note").map(str::to_owned);
    let input = DeclineInput { reason: posted.get("reason").to_owned(), note };
    match clinic::decline(&ctx.app, &ctx.actor, id, &input).await {
        Ok(()) => Ok(ctx.done("/provider/inquiries", "pq-declined")),
        Err(error) => refused(&ctx, id, &posted, error).await,
    }
}

async fn refused(ctx: &Ctx, id: InquiryId, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    render(ctx, id, form, platform::web::status_of(error.kind)).await
}
