//! The patient's review of a booking: written once, changed later.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ids::QuoteId;
use kernel::{AppError, AppResult, ErrorKind, Timestamp};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Posted, page};

use super::words::{self, RATINGS, Rated};
use crate::entity::reviews::ModerationStatus;
use crate::queries;
use crate::rules::{Content, Eligibility};
use crate::service;
use crate::views::{OwnReview, PublicResponse};

/// The review as it was written.
struct Written {
    status: Badge,
    explanation: String,
    reason: Option<String>,
    ratings: Vec<Rated>,
    text: String,
    at: Timestamp,
    edit_count: i32,
    may_edit: bool,
    /// What the clinic answered, while the review is public.
    answer: Option<(String, Timestamp)>,
}

#[derive(Template)]
#[template(path = "review_own.html")]
struct ReviewPage {
    chrome: Chrome,
    action: String,
    booking_href: String,
    clinic: String,
    form: Form,
    fields: Vec<Html>,
    draft: String,
    written: Option<Written>,
    may_write: bool,
    not_yet: Option<String>,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    shown(&ctx, id, None, StatusCode::OK).await
}

async fn shown(ctx: &Ctx, id: QuoteId, sent: Option<Form>, status: StatusCode) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let eligibility = service::eligibility(&ctx.app, &ctx.actor, id).await?;
    let (review, clinic) = queries::of_booking(ctx.app.db.conn(), ctx.actor.patient()?, id).await?;
    let answer = match &review {
        Some(review) if review.status == ModerationStatus::Published => {
            queries::answer(ctx.app.db.conn(), review.id).await?.0
        }
        _ => None,
    };
    let form = match (sent, &review) {
        (Some(form), _) => form,
        (None, Some(review)) => held(chrome, review),
        (None, None) => Form::new(chrome),
    };
    let steps: Vec<Choice> = (1..=5).map(|step: u8| Choice::new(step.to_string(), step.to_string())).collect();
    let field = |name: &str| Html::of(&form.radios(name, words::label(chrome, name), &steps).required());
    let not_yet = match eligibility {
        Eligibility::Now => None,
        Eligibility::From(from) => Some(chrome.tw("review-from", "date", chrome.day(from))),
        Eligibility::Unfinished => Some(chrome.t("review-unfinished")),
    };
    let mut response = page(&ReviewPage {
        action: path(id),
        booking_href: format!("/patient/bookings/{id}"),
        draft: format!("review-{id}"),
        clinic,
        fields: RATINGS.into_iter().map(field).collect(),
        may_write: review.is_none() && not_yet.is_none(),
        not_yet,
        written: review.map(|review| written(chrome, review, answer)),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn path(id: QuoteId) -> String {
    format!("/patient/bookings/{id}/review")
}

/// The form with what was written.
fn held(chrome: &Chrome, review: &OwnReview) -> Form {
    let number = |value: Option<i32>| value.map(|value| value.to_string());
    Form::new(chrome)
        .with("overall_rating", review.ratings.overall_rating.to_string())
        .with_some("facility_rating", number(review.ratings.facility_rating))
        .with_some("staff_rating", number(review.ratings.staff_rating))
        .with_some("results_rating", number(review.ratings.results_rating))
        .with_some("value_rating", number(review.ratings.value_rating))
        .with_some("review_text", review.review_text.clone())
}

fn written(chrome: &Chrome, review: OwnReview, answer: Option<PublicResponse>) -> Written {
    let key = match review.status {
        ModerationStatus::Pending => "review-told-pending",
        ModerationStatus::Published => "review-told-published",
        ModerationStatus::Rejected => "review-told-rejected",
        ModerationStatus::Removed | ModerationStatus::TakenDown => "review-told-removed",
    };
    Written {
        status: words::status_badge(chrome, review.status),
        explanation: chrome.t(key),
        reason: review.reason.filter(|_| review.status != ModerationStatus::Published),
        ratings: words::rated(chrome, &review.ratings),
        text: review.review_text.unwrap_or_default(),
        at: review.created_at,
        edit_count: review.edit_count,
        answer: answer.map(|answer| (answer.body, answer.at)),
        may_edit: !matches!(review.status, ModerationStatus::Removed | ModerationStatus::TakenDown),
    }
}

pub(super) async fn send(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    match save(&ctx, id, &posted).await {
        Ok(()) => Ok(ctx.done(&path(id), "review-sent")),
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) => {
            Err(error.into())
        }
        Err(error) => {
            let error = words::own_fault(error, "review_text", "review_text_length");
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            shown(&ctx, id, Some(form), status_of(error.kind)).await
        }
    }
}

async fn save(ctx: &Ctx, id: QuoteId, posted: &Posted) -> AppResult<()> {
    let content = content(posted)?;
    let Some(seen) = posted.maybe::<i32>("edit_count")? else {
        return match service::submit(&ctx.app, &ctx.actor, id, content).await {
            // Sent twice: it is written.
            Err(error) if error.code == "review_exists" => Ok(()),
            other => other.map(drop),
        };
    };
    let (review, _) = queries::of_booking(ctx.app.db.conn(), ctx.actor.patient()?, id).await?;
    let review = review.ok_or_else(AppError::not_found)?;
    if is_same(&review, &content) {
        return Ok(());
    }
    service::edit(&ctx.app, &ctx.actor, review.id, seen, content).await.map(drop)
}

/// Whether it is as it is wanted: nothing was changed, or the form was sent twice.
fn is_same(review: &OwnReview, content: &Content) -> bool {
    let held = &review.ratings;
    held.overall_rating == content.overall
        && held.facility_rating == Some(content.facility)
        && held.staff_rating == Some(content.staff)
        && held.results_rating == Some(content.results)
        && held.value_rating == Some(content.value)
        && review.review_text.as_deref() == Some(content.text.trim())
}

/// What was sent; ratings that were not given are none, which the rule refuses by name.
fn content(posted: &Posted) -> AppResult<Content> {
    let rating = |name: &str| posted.maybe::<i32>(name).map(Option::unwrap_or_default);
    Ok(Content {
        overall: rating("overall_rating")?,
        facility: rating("facility_rating")?,
        staff: rating("staff_rating")?,
        results: rating("results_rating")?,
        value: rating("value_rating")?,
        // Browsers send two characters for a line's end, people count one.
        text: posted.get("review_text").replace("\r\n", "\n"),
    })
}
