//! The author's side.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::ids::{QuoteId, ReviewId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};

use crate::queries;
use crate::rules::{Content, Eligibility};
use crate::service;
use crate::views::OwnReview;

/// What a patient says about a clinic.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct ReviewContent {
    /// Overall, 1 to 5.
    #[schema(example = 5, minimum = 1, maximum = 5)]
    overall_rating: i32,
    /// The rooms.
    #[schema(example = 5, minimum = 1, maximum = 5)]
    facility_rating: i32,
    /// The people.
    #[schema(example = 5, minimum = 1, maximum = 5)]
    staff_rating: i32,
    /// The result.
    #[schema(example = 4, minimum = 1, maximum = 5)]
    results_rating: i32,
    /// The value for the price.
    #[schema(example = 4, minimum = 1, maximum = 5)]
    value_rating: i32,
    /// 100 to 2000 characters.
    #[schema(
        min_length = 100,
        max_length = 2000,
        example = "From the first message to the last check everything was explained, on time and calm. I would do it the same way again."
    )]
    review_text: String,
}

impl From<ReviewContent> for Content {
    fn from(asked: ReviewContent) -> Self {
        Self {
            overall: asked.overall_rating,
            facility: asked.facility_rating,
            staff: asked.staff_rating,
            results: asked.results_rating,
            value: asked.value_rating,
            text: asked.review_text,
        }
    }
}

/// A new review.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct SubmitReview {
    /// The booking.
    quote_id: QuoteId,
    #[serde(flatten)]
    content: ReviewContent,
}

/// A changed review.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct EditReview {
    /// The `edit_count` the change was made on.
    edit_count: i32,
    #[serde(flatten)]
    content: ReviewContent,
}

/// Whether a booking may be reviewed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EligibilityView {
    /// Now.
    eligible: bool,
    /// From when, when the wait is not over.
    eligible_from: Option<DateTime<Utc>>,
}

/// The booking asked about.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfQuote {
    /// The booking.
    quote_id: QuoteId,
}

/// The reviews the patient wrote.
#[utoipa::path(
    get, path = "/me/reviews", tag = "reviews", operation_id = "list_own_reviews", params(PageQuery),
    responses((status = 200, body = Page<OwnReview>), (status = 401, body = ProblemDocument))
)]
pub(super) async fn list_own_reviews(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<OwnReview>>> {
    Ok(Json(queries::written_by(app.db.conn(), actor.patient()?, page.checked()?).await?))
}

/// Whether a booking may be reviewed now, and from when.
#[utoipa::path(
    get, path = "/me/review-eligibility", tag = "reviews", operation_id = "show_review_eligibility", params(OfQuote),
    responses((status = 200, body = EligibilityView), (status = 404, body = ProblemDocument))
)]
pub(super) async fn show_review_eligibility(
    State(app): State<App>,
    Who(actor): Who,
    Query(of): Query<OfQuote>,
) -> ApiResult<Json<EligibilityView>> {
    let eligibility = service::eligibility(&app, &actor, of.quote_id).await?;
    let eligible_from = match eligibility {
        Eligibility::From(from) => Some(from),
        Eligibility::Now | Eligibility::Unfinished => None,
    };
    Ok(Json(EligibilityView { eligible: eligibility == Eligibility::Now, eligible_from }))
}

/// Writes the one review of a booking.
#[utoipa::path(
    post, path = "/me/reviews", tag = "reviews", operation_id = "submit_review", request_body = SubmitReview,
    responses(
        (status = 201, body = OwnReview),
        (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`review_exists`"),
        (status = 422, body = ProblemDocument, description = "`review_too_early`, `procedure_not_completed`, fields")
    )
)]
pub(super) async fn submit_review(
    State(app): State<App>,
    Who(actor): Who,
    Json(ask): Json<SubmitReview>,
) -> ApiResult<(StatusCode, Json<OwnReview>)> {
    let row = service::submit(&app, &actor, ask.quote_id, ask.content.into()).await?;
    Ok((StatusCode::CREATED, Json(OwnReview::from(&row))))
}

/// Changes a review; a public one waits for approval again.
#[utoipa::path(
    patch, path = "/me/reviews/{id}", tag = "reviews", operation_id = "edit_review", request_body = EditReview,
    params(("id" = ReviewId, Path, description = "The review")),
    responses(
        (status = 200, body = OwnReview),
        (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`stale_version`, `review_not_editable`")
    )
)]
pub(super) async fn edit_review(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReviewId>,
    Json(ask): Json<EditReview>,
) -> ApiResult<Json<OwnReview>> {
    let row = service::edit(&app, &actor, id, ask.edit_count, ask.content.into()).await?;
    Ok(Json(OwnReview::from(&row)))
}
