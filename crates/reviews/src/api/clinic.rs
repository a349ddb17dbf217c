//! The reviewed clinic's side.

use axum::extract::State;
use kernel::ids::ReviewId;
use kernel::permission::Permission;
use kernel::{AppError, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::queries::{self, ClinicFilter, Sort};
use crate::service;
use crate::views::PublicReview;

/// Filters of a clinic's own list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OwnFilter {
    /// Only this overall rating, 1 to 5.
    #[serde(rename = "filter[rating]")]
    rating: Option<i32>,
    /// Only those with an answer, or without.
    #[serde(rename = "filter[answered]")]
    answered: Option<bool>,
    /// `newest` (default), `oldest`, `highest` or `lowest`.
    sort: Option<String>,
}

/// What a clinic answers.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RespondToReview {
    /// 50 to 1000 characters; public, and not changed afterwards.
    #[schema(
        min_length = 50,
        max_length = 1000,
        example = "Thank you for these kind words. The whole team was glad to look after you."
    )]
    body: String,
}

/// The public reviews of the own clinic.
#[utoipa::path(
    get, path = "/provider/reviews", tag = "reviews", operation_id = "list_clinic_reviews", params(OwnFilter, PageQuery),
    responses((status = 200, body = Page<PublicReview>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument))
)]
pub(super) async fn list_clinic_reviews(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<OwnFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<PublicReview>>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewProfile)?;
    let sort = match filter.sort.as_deref() {
        None | Some("newest") => Sort::Newest,
        Some("oldest") => Sort::Oldest,
        Some("highest") => Sort::Highest,
        Some("lowest") => Sort::Lowest,
        Some(_) => {
            let detail = "Sort by newest, oldest, highest or lowest.";
            return Err(AppError::field("sort", "unknown_value", detail).into());
        }
    };
    let wanted = ClinicFilter { rating: filter.rating, answered: filter.answered };
    Ok(Json(queries::of_clinic(app.db.conn(), provider, wanted, sort, page.checked()?).await?))
}

/// Answers a public review; it is public at once and stays as it is.
#[utoipa::path(
    post, path = "/provider/reviews/{id}/responses", tag = "reviews", operation_id = "respond_to_review",
    params(("id" = ReviewId, Path, description = "The review")), request_body = RespondToReview,
    responses((status = 200, body = PublicReview), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`review_not_published`, `response_exists`"),
        (status = 422, body = ProblemDocument))
)]
pub(super) async fn respond_to_review(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReviewId>,
    Json(ask): Json<RespondToReview>,
) -> ApiResult<Json<PublicReview>> {
    service::respond(&app, &actor, id, &ask.body).await?;
    let (_, provider) = actor.provider()?;
    Ok(Json(queries::one_of_clinic(app.db.conn(), provider, id).await?))
}
