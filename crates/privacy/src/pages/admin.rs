//! The staff's queue of requests to be erased.

use askama::Template;
use axum::response::Response;
use identity::confirm;
use identity::entity::deletion_requests::DeletionRequestStatus;
use kernel::ids::DeletionRequestId;
use kernel::{AppResult, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::status_badge;
use crate::rules::{is_open, may_decide};
use crate::service::requests::{self, StaffRequest};

struct Line {
    href: String,
    reference: String,
    patient: String,
    status: Badge,
    submitted: Html,
    due: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "admin_privacy.html")]
struct QueuePage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "admin_privacy_request.html")]
struct RequestPage {
    chrome: Chrome,
    line: Line,
    patient_href: String,
    data_href: String,
    reason: String,
    reason_text: String,
    note: String,
    obstacles: Vec<Badge>,
    kept: Vec<(String, String)>,
    decidable: bool,
    fresh: bool,
    form: Form,
    action: String,
}

fn line(chrome: &Chrome, row: &StaffRequest) -> Line {
    Line {
        href: format!("/admin/privacy/{}", row.id),
        reference: row.reference.clone(),
        patient: row.patient_code.clone().unwrap_or_default(),
        status: status_badge(chrome, row.status),
        submitted: chrome.when(row.submitted_at),
        due: chrome.day(row.due_at),
        late: is_open(row.status) && row.due_at < chrome.now,
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let open = ctx.asked("status") != "all";
    let found = requests::list(&ctx.app, &ctx.actor, open, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&QueuePage {
        list: ListView::new(&chrome, &found.meta),
        states: vec![Choice::new("all", chrome.t("dsr-all"))],
        lines: found.data.iter().map(|row| line(&chrome, row)).collect(),
        chrome,
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<DeletionRequestId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    request_page(&ctx, id, form).await
}

async fn request_page(ctx: &Ctx, id: DeletionRequestId, form: Form) -> ApiResult<Response> {
    let (row, found) = requests::show(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome.clone();
    let facts = [
        ("active_care", found.active_care),
        ("payment_in_progress", found.payment_in_progress),
        ("confirmed_booking", found.confirmed_booking),
        ("legal_hold", found.legal_hold),
    ];
    let obstacles = facts.into_iter().filter(|(_, there)| *there);
    let kept = row.retained_categories.as_ref().and_then(|kept| kept.as_array().cloned()).unwrap_or_default();
    let text = |value: &serde_json::Value, name: &str| value.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    page(&RequestPage {
        line: line(&chrome, &row),
        patient_href: format!("/admin/patients/{}", row.patient_id),
        data_href: format!("/admin/privacy/patients/{}", row.patient_id),
        reason: row
            .reason_code
            .map(|code| {
                let key = format!("deletion-reason-{}", code.replace('_', "-"));
                platform::locale::find_text(chrome.locale, &key).unwrap_or(code)
            })
            .unwrap_or_default(),
        reason_text: row.reason_text.unwrap_or_default(),
        note: row.note.unwrap_or_default(),
        obstacles: obstacles.map(|(word, _)| Badge::new(Tone::Warn, chrome.word("dsr-obstacle", word))).collect(),
        kept: kept
            .iter()
            .map(|item| {
                let until = text(item, "until").and_then(|day| day.parse().ok());
                let end = until.map_or_else(|| chrome.t("dsr-kept-proof"), |day: chrono::NaiveDate| chrome.date(day));
                (chrome.word("dsr-class", text(item, "class").unwrap_or_default()), end)
            })
            .collect(),
        decidable: may_decide(row.status),
        fresh: row.status == DeletionRequestStatus::Submitted,
        form: form.with("version", row.version.to_string()),
        action: format!("/admin/privacy/{id}"),
        chrome,
    })
}

pub(super) async fn begin_review(
    Inside(ctx): Inside,
    Path(id): Path<DeletionRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    let version = posted.get("version").parse().ok();
    let outcome = requests::begin_review(&ctx.app, &ctx.actor, id, version).await;
    answer(&ctx, id, &posted, outcome, "deletion-taken-up").await
}

/// What staff can decide about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Approve,
    Deny,
    RequireVerification,
}

pub(super) async fn approve(inside: Inside, id: Path<DeletionRequestId>, posted: Posted) -> ApiResult<Response> {
    decide(inside, id, posted, Decision::Approve).await
}

pub(super) async fn deny(inside: Inside, id: Path<DeletionRequestId>, posted: Posted) -> ApiResult<Response> {
    decide(inside, id, posted, Decision::Deny).await
}

pub(super) async fn ask_proof(inside: Inside, id: Path<DeletionRequestId>, posted: Posted) -> ApiResult<Response> {
    decide(inside, id, posted, Decision::RequireVerification).await
}

async fn decide(
    Inside(ctx): Inside,
    Path(id): Path<DeletionRequestId>,
    posted: Posted,
    decision: Decision,
) -> ApiResult<Response> {
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/privacy/{id}")).await? {
        return Ok(question);
    }
    let (app, actor) = (&ctx.app, &ctx.actor);
    let (version, why) = (posted.get("version").parse().ok(), posted.get("justification"));
    let (outcome, done) = match decision {
        Decision::Approve => (requests::approve(app, actor, id, version, why).await, "deletion-approved"),
        Decision::Deny => (requests::deny(app, actor, id, version, why).await, "deletion-denied"),
        Decision::RequireVerification => {
            (requests::require_verification(app, actor, id, version, why).await, "deletion-proof-asked")
        }
    };
    answer(&ctx, id, &posted, outcome, done).await
}

async fn answer(
    ctx: &Ctx,
    id: DeletionRequestId,
    posted: &Posted,
    outcome: AppResult<()>,
    done: &str,
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("/admin/privacy/{id}"), done)),
        Err(error) if error.kind != ErrorKind::Internal && error.kind != ErrorKind::NotFound => {
            let form = Form::new(&ctx.chrome).with("justification", posted.get("justification")).refused(&error);
            let mut response = request_page(ctx, id, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
