//! Moderation: what waits, and one review with the decision.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ids::{ProviderId, ReviewId};
use kernel::{AppError, AppResult, ErrorKind, Permission, Timestamp};
use platform::audit::{self, Entry};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, page};

use super::words::{self, Rated};
use crate::entity::reviews::ModerationStatus;
use crate::queries;
use crate::service::{self, Decision};
use crate::views::ReviewForAdmin;

const STATES: [ModerationStatus; 5] = [
    ModerationStatus::Pending,
    ModerationStatus::Published,
    ModerationStatus::Rejected,
    ModerationStatus::Removed,
    ModerationStatus::TakenDown,
];

struct Line {
    href: String,
    author: String,
    clinic: String,
    excerpt: String,
    stars: Html,
    status: Badge,
    flagged: bool,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "review_queue.html")]
struct QueuePage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    flags: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "review_moderate.html")]
struct ModeratePage {
    chrome: Chrome,
    form: Form,
    base: String,
    author: String,
    patient_href: String,
    clinic: String,
    clinic_href: String,
    case_href: String,
    answer: Option<(String, Timestamp)>,
    status: Badge,
    ratings: Vec<Rated>,
    text: String,
    at: Timestamp,
    published_at: Option<Timestamp>,
    edit_count: i32,
    reason: Option<String>,
    note: Option<String>,
    flags: Vec<String>,
    may_decide: bool,
    may_remove: bool,
    may_take_answer: bool,
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ViewReview)?;
    let (conn, chrome) = (ctx.app.db.conn(), ctx.chrome.clone());
    let status = ModerationStatus::try_from_value(&ctx.asked("status")).ok();
    let flagged = match ctx.asked("flagged").as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let words = ctx.asked("q");
    let found = match words.trim() {
        "" => queries::queue(conn, status, flagged, ctx.page_query()).await?,
        words => {
            // Names of authors are searched, and nothing of them is shown: who looked is on record (R-ID-64).
            audit::record(conn, &ctx.app, &ctx.actor, Entry::new("patients.searched")).await?;
            queries::search(conn, words, status, flagged, ctx.page_query()).await?
        }
    };
    let clinics = queries::clinics(conn, found.data.iter().map(|row| row.review.provider_id).collect()).await?;
    let choice = |state: ModerationStatus| {
        let word = state.to_value();
        Choice::new(word.clone(), chrome.word("review-state", word))
    };
    page(&QueuePage {
        list: ListView::new(&chrome, &found.meta),
        states: STATES.into_iter().map(choice).collect(),
        flags: ["yes", "no"].map(|word| Choice::new(word, chrome.t(format!("review-flagged-{word}")))).to_vec(),
        lines: found.data.into_iter().map(|row| line(&chrome, &clinics, row)).collect(),
        chrome,
    })
}

fn line(chrome: &Chrome, clinics: &HashMap<ProviderId, String>, row: ReviewForAdmin) -> Line {
    Line {
        href: format!("/admin/reviews/{}", row.review.id),
        author: row.author,
        clinic: clinics.get(&row.review.provider_id).cloned().unwrap_or_default(),
        excerpt: words::excerpt(row.review.review_text.as_deref().unwrap_or_default()),
        stars: chrome.stars(f64::from(row.review.ratings.overall_rating)),
        status: words::status_badge(chrome, row.review.status),
        flagged: row.is_flagged,
        at: row.review.created_at,
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<ReviewId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    shown(&ctx, id, form, StatusCode::OK).await
}

async fn shown(ctx: &Ctx, id: ReviewId, form: Form, status: StatusCode) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ViewReview)?;
    let (conn, chrome) = (ctx.app.db.conn(), ctx.chrome.clone());
    let row = queries::one_for_admin(conn, id).await?;
    let mut clinics = queries::clinics(conn, vec![row.review.provider_id]).await?;
    let case = match ctx.actor.can(Permission::ViewInquiry) {
        true => queries::case_of(conn, row.review.quote_id).await?,
        false => None,
    };
    let (answer, _) = queries::answer(conn, id).await?;
    let decides = ctx.actor.can(Permission::ModerateReview);
    let state = row.review.status;
    let mut response = page(&ModeratePage {
        base: format!("/admin/reviews/{id}"),
        author: row.author,
        patient_href: format!("/admin/patients/{}", row.patient_id),
        clinic: clinics.remove(&row.review.provider_id).unwrap_or_default(),
        clinic_href: format!("/admin/clinics/{}", row.review.provider_id),
        case_href: case.map(|case| format!("/admin/cases/{case}")).unwrap_or_default(),
        answer: answer.map(|answer| (answer.body, answer.at)),
        status: words::status_badge(&chrome, state),
        ratings: words::rated(&chrome, &row.review.ratings),
        text: row.review.review_text.unwrap_or_default(),
        at: row.review.created_at,
        published_at: row.review.published_at,
        edit_count: row.review.edit_count,
        reason: row.review.reason,
        note: row.note,
        flags: row.flag_reasons.iter().map(|word| chrome.word("review-flag", word)).collect(),
        may_decide: decides && state == ModerationStatus::Pending,
        may_take_answer: decides,
        may_remove: decides && state == ModerationStatus::Published,
        form,
        chrome,
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn decision(posted: &Posted) -> AppResult<Decision> {
    let text = |name: &str| posted.given(name).map(str::to_owned);
    Ok(Decision { seen: posted.parse("edit_count")?, reason: text("reason"), note: text("note") })
}

async fn decided(ctx: &Ctx, id: ReviewId, posted: &Posted, outcome: AppResult<()>, done: &str) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("/admin/reviews/{id}"), done)),
        Err(error) => refused(ctx, id, posted, error).await,
    }
}

async fn refused(ctx: &Ctx, id: ReviewId, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let error = words::own_fault(error, "reason", "review_reason");
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    shown(ctx, id, form, status_of(error.kind)).await
}

pub(super) async fn approve(Inside(ctx): Inside, Path(id): Path<ReviewId>, posted: Posted) -> ApiResult<Response> {
    let outcome = match decision(&posted) {
        Ok(decision) => service::approve(&ctx.app, &ctx.actor, id, decision).await,
        Err(error) => Err(error),
    };
    decided(&ctx, id, &posted, outcome, "review-approved").await
}

pub(super) async fn reject(Inside(ctx): Inside, Path(id): Path<ReviewId>, posted: Posted) -> ApiResult<Response> {
    let outcome = match decision(&posted) {
        Ok(decision) => service::reject(&ctx.app, &ctx.actor, id, decision).await,
        Err(error) => Err(error),
    };
    decided(&ctx, id, &posted, outcome, "review-rejected").await
}

pub(super) async fn remove(Inside(ctx): Inside, Path(id): Path<ReviewId>, posted: Posted) -> ApiResult<Response> {
    let outcome = match decision(&posted) {
        Ok(decision) => service::remove(&ctx.app, &ctx.actor, id, decision).await,
        Err(error) => Err(error),
    };
    decided(&ctx, id, &posted, outcome, "review-removed").await
}

pub(super) async fn remove_answer(
    Inside(ctx): Inside,
    Path(id): Path<ReviewId>,
    posted: Posted,
) -> ApiResult<Response> {
    match service::remove_response(&ctx.app, &ctx.actor, id, posted.get("answer_reason")).await {
        Ok(()) => Ok(ctx.done(&format!("/admin/reviews/{id}"), "review-answer-removed")),
        Err(mut error) => {
            // The page holds two forms with a reason; this one names its own.
            if let Some(faults) = error.fields.0.remove("reason") {
                error.fields.0.insert("answer_reason".into(), faults);
                error = words::own_fault(error, "answer_reason", "review_answer_reason");
            }
            refused(&ctx, id, &posted, error).await
        }
    }
}
