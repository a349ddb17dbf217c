//! Reading a sent request, and its evidence.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::rules::questions::spoken;
use kernel::ids::{InquiryId, MediaId};
use kernel::{AppError, ErrorKind};
use platform::entity::media::MediaCollection;
use platform::locale;
use platform::web::{ApiResult, Path, Problem, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Ctx, Inside, Posted, PostedFiles, Tone, page};

use super::address;
use super::parts::{Answered, PARTS, answers, is_open, may_change, payload_of, why_closed};
use crate::entity::inquiry_providers::InquiryProviderStatus;
use crate::limits::Limits;
use crate::pages::evidence::{self, EvidenceList};
use crate::pages::steps::Step;
use crate::rules::submission::DraftPayload;
use crate::service::evidence as service;
use crate::service::show::{OwnInquiry, own};
use crate::views::MedicalView;

struct Part {
    title: String,
    lines: Vec<Answered>,
    /// Where it is changed; none once it is closed.
    edit: Option<String>,
}

struct ClinicLine {
    name: String,
    badge: Badge,
}

struct AnswerLine {
    question: String,
    answer: String,
    details: String,
}

#[derive(Template)]
#[template(path = "sent_request.html")]
struct SentPage {
    chrome: Chrome,
    case: String,
    home: String,
    code: String,
    open: bool,
    closed_title: String,
    closed_text: String,
    /// Where the medical answers are given again, when staff asked for it.
    asked_again: Option<String>,
    parts: Vec<Part>,
    countries: String,
    clinics: Vec<ClinicLine>,
    photos: Vec<ui::Photo>,
    evidence: EvidenceList,
    health: Option<String>,
    yes_count: String,
    yes: Vec<AnswerLine>,
    answers: Vec<AnswerLine>,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let found = own(&ctx.app, &ctx.actor, id).await?;
    sent_page(&ctx, &found, None).await
}

async fn sent_page(ctx: &Ctx, found: &OwnInquiry, fault: Option<String>) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let row = &found.inquiry;
    let most = Limits::load(&ctx.app).await?.max_evidence;
    let home = address(row.id);
    let open = is_open(row);
    let reopened = found.medical.reopened_at.is_some();
    let payload = DraftPayload {
        smoking_status: found.medical.smoking_status.clone(),
        alcohol_consumption: found.medical.alcohol_consumption.clone(),
        family_history: found.medical.family_history.clone(),
        ..payload_of(row)?
    };
    let edit_of = |part: Step| may_change(part, row, reopened).then(|| format!("{home}/{}", part.word()));
    let part = |part: Step| Part {
        title: chrome.t(format!("request-{}-short", part.word())),
        lines: answers(chrome, part, &payload),
        edit: edit_of(part),
    };
    let why = why_closed(row.status);
    let health = edit_of(Step::Health);
    let all = answer_lines(chrome, &found.medical, false);
    let yes = answer_lines(chrome, &found.medical, true);
    let photo = |item: &crate::views::MediaItemView| {
        let side = item.view.map(|side| chrome.word("request-view", side.to_value())).unwrap_or_default();
        ui::Photo::new(item.url.clone(), side.clone()).caption(side)
    };
    let scan = found.media.iter().filter(|item| item.collection == MediaCollection::HeadScan);
    let countries: Vec<String> =
        found.destinations.iter().map(|code| locale::country(chrome.locale, code, "")).collect();
    page(&SentPage {
        case: format!("/patient/cases/{}", row.id),
        code: row.inquiry_code.clone().unwrap_or_default(),
        closed_title: chrome.t(format!("sent-closed-{why}")),
        closed_text: chrome.t(format!("sent-closed-{why}-text")),
        asked_again: health.clone().filter(|_| reopened),
        parts: PARTS.into_iter().filter(|part| *part != Step::Health).map(part).collect(),
        countries: countries.join(", "),
        clinics: found.clinics.iter().map(|clinic| clinic_line(chrome, clinic.status, &clinic.provider_name)).collect(),
        photos: scan.map(photo).collect(),
        evidence: EvidenceList::new(chrome, &found.media, &format!("{home}/evidence"), (open, most), fault),
        yes_count: chrome.tn("request-yes-count", "count", i64::try_from(yes.len()).unwrap_or(0)),
        answers: all,
        open,
        health,
        yes,
        home,
        chrome: chrome.clone(),
    })
}

fn answer_lines(chrome: &Chrome, medical: &MedicalView, only_yes: bool) -> Vec<AnswerLine> {
    let shown = medical.answers.iter().filter(|answer| answer.answer || !only_yes);
    shown
        .map(|answer| AnswerLine {
            question: spoken(chrome.locale, &answer.question_id, &answer.question_text),
            answer: chrome.t(if answer.answer { "request-yes" } else { "request-no" }),
            details: answer.details.clone().unwrap_or_default(),
        })
        .collect()
}

fn clinic_line(chrome: &Chrome, status: InquiryProviderStatus, name: &str) -> ClinicLine {
    let (tone, word) = match status {
        InquiryProviderStatus::Distributed => (Tone::Calm, "sent-clinic-waiting"),
        InquiryProviderStatus::Viewed => (Tone::Info, "sent-clinic-reading"),
        InquiryProviderStatus::Quoted => (Tone::Good, "sent-clinic-answered"),
        InquiryProviderStatus::Declined => (Tone::Calm, "sent-clinic-declined"),
        InquiryProviderStatus::Lapsed => (Tone::Calm, "sent-clinic-lapsed"),
        InquiryProviderStatus::Removed | InquiryProviderStatus::Closed => (Tone::Calm, "sent-clinic-closed"),
    };
    ClinicLine { name: name.to_owned(), badge: Badge::new(tone, chrome.t(word)) }
}

pub(super) async fn add(
    Inside(ctx): Inside,
    Path(id): Path<InquiryId>,
    sent: Result<PostedFiles, Problem>,
) -> ApiResult<Response> {
    let added = async {
        let bytes = evidence::file_of(sent)?;
        service::add(&ctx.app, &ctx.actor, id, bytes).await.map(|_| ())
    };
    match added.await {
        Ok(()) => Ok(ctx.done(&address(id), "evidence-added")),
        Err(error) if evidence::is_fault(&error) => {
            // Whose it is comes first, also for a file that could not even be read.
            let found = own(&ctx.app, &ctx.actor, id).await?;
            let mut response = sent_page(&ctx, &found, Some(evidence::sentence(&ctx.chrome, &error))).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove(
    Inside(ctx): Inside,
    Path((id, media)): Path<(InquiryId, MediaId)>,
    _: Posted,
) -> ApiResult<Response> {
    match service::remove(&ctx.app, &ctx.actor, id, media).await {
        Ok(()) => Ok(ctx.done(&address(id), "evidence-removed")),
        Err(error) if error.kind == ErrorKind::Conflict => closed(&ctx, id, &error).await,
        Err(error) => Err(error.into()),
    }
}

async fn closed(ctx: &Ctx, id: InquiryId, error: &AppError) -> ApiResult<Response> {
    let found = own(&ctx.app, &ctx.actor, id).await?;
    let mut response = sent_page(ctx, &found, Some(evidence::sentence(&ctx.chrome, error))).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

/// A page that followed a form, loaded again.
pub(super) async fn back(_: Inside, Path(id): Path<InquiryId>) -> Response {
    Redirect::to(&address(id)).into_response()
}

pub(super) async fn back_from_file(_: Inside, Path((id, _)): Path<(InquiryId, MediaId)>) -> Response {
    Redirect::to(&address(id)).into_response()
}
