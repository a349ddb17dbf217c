//! A clinic's own reviews: the public ones, as everybody reads them, and its answers.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ids::ReviewId;
use kernel::{AppError, ErrorKind, Permission, Timestamp};
use platform::web::{ApiResult, Path, status_of};
use ui::{Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, meter, page};

use super::words::{self, Rated};
use crate::queries::{self, ClinicFilter, Sort};
use crate::service;
use crate::views::PublicReview;

const SORTS: [&str; 3] = ["oldest", "highest", "lowest"];

struct Line {
    href: String,
    author: String,
    excerpt: String,
    stars: Html,
    at: Option<Timestamp>,
    answered: bool,
}

struct Share {
    stars: i32,
    bar: Html,
    count: i64,
}

#[derive(Template)]
#[template(path = "review_clinic.html")]
struct ClinicReviewsPage {
    chrome: Chrome,
    list: ListView,
    ratings: Vec<Choice>,
    answers: Vec<Choice>,
    sorts: Vec<Choice>,
    average: String,
    stars: Html,
    count: i64,
    shares: Vec<Share>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "review_answer.html")]
struct AnswerPage {
    chrome: Chrome,
    form: Form,
    action: String,
    draft: String,
    author: String,
    ratings: Vec<Rated>,
    text: String,
    at: Option<Timestamp>,
    edited_at: Option<Timestamp>,
    answer: Option<(String, Timestamp)>,
    may_answer: bool,
    clinic_href: String,
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let (_, provider) = ctx.actor.provider()?;
    ctx.actor.require(Permission::ViewProfile)?;
    let (conn, chrome) = (ctx.app.db.conn(), ctx.chrome.clone());
    // A word the list does not know shows everything, as an empty choice does.
    let filter = ClinicFilter {
        rating: ctx.asked("rating").parse().ok().filter(|rating| (1..=5).contains(rating)),
        answered: match ctx.asked("answered").as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    };
    let sort = match ctx.asked("sort").as_str() {
        "oldest" => Sort::Oldest,
        "highest" => Sort::Highest,
        "lowest" => Sort::Lowest,
        _ => Sort::Newest,
    };
    let found = queries::of_clinic(conn, provider, filter, sort, ctx.page_query()).await?;
    let summary = queries::summary(conn, provider).await?;
    let average = summary.average.unwrap_or_default();
    let stars = |stars: i32| chrome.tn("review-stars", "count", i64::from(stars));
    let share = |share: &crate::rules::Distribution| Share {
        stars: share.rating,
        bar: meter(u32::try_from(share.percent).unwrap_or_default(), stars(share.rating)),
        count: share.count,
    };
    page(&ClinicReviewsPage {
        list: ListView::new(&chrome, &found.meta),
        ratings: (1..=5).rev().map(|rating| Choice::new(rating.to_string(), stars(rating))).collect(),
        answers: ["no", "yes"].map(|word| Choice::new(word, chrome.word("review-answered", word))).to_vec(),
        sorts: SORTS.map(|word| Choice::new(word, chrome.word("review-sort", word))).to_vec(),
        stars: average.parse::<f64>().map(|average| chrome.stars(average)).unwrap_or_default(),
        average,
        count: summary.count,
        shares: summary.distribution.iter().map(share).collect(),
        lines: found.data.iter().map(|review| line(&chrome, review)).collect(),
        chrome,
    })
}

fn line(chrome: &Chrome, review: &PublicReview) -> Line {
    Line {
        href: path(review.id),
        author: review.author.clone(),
        excerpt: words::excerpt(review.review_text.as_deref().unwrap_or_default()),
        stars: chrome.stars(f64::from(review.ratings.overall_rating)),
        at: review.published_at,
        answered: review.response.is_some(),
    }
}

fn path(id: ReviewId) -> String {
    format!("/provider/reviews/{id}")
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<ReviewId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    shown(&ctx, id, form, StatusCode::OK).await
}

async fn shown(ctx: &Ctx, id: ReviewId, form: Form, status: StatusCode) -> ApiResult<Response> {
    let (_, provider) = ctx.actor.provider()?;
    ctx.actor.require(Permission::ViewProfile)?;
    let chrome = ctx.chrome.clone();
    let review = queries::one_of_clinic(ctx.app.db.conn(), provider, id).await?;
    let mut response = page(&AnswerPage {
        action: path(id),
        draft: format!("answer-{id}"),
        author: review.author,
        ratings: words::rated(&chrome, &review.ratings),
        text: review.review_text.unwrap_or_default(),
        at: review.published_at,
        edited_at: review.edited_at,
        may_answer: review.response.is_none() && ctx.actor.can(Permission::RespondReview),
        answer: review.response.map(|answer| (answer.body, answer.at)),
        clinic_href: format!("/clinics/{provider}"),
        form,
        chrome,
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn answer(Inside(ctx): Inside, Path(id): Path<ReviewId>, posted: Posted) -> ApiResult<Response> {
    match service::respond(&ctx.app, &ctx.actor, id, posted.get("body")).await {
        Ok(()) => Ok(ctx.done(&path(id), "review-answered")),
        Err(error) => refused(&ctx, id, &posted, error).await,
    }
}

async fn refused(ctx: &Ctx, id: ReviewId, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    shown(ctx, id, form, status_of(error.kind)).await
}
