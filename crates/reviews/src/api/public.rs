//! What everybody may read.

use axum::extract::State;
use kernel::ids::ProviderId;
use kernel::{AppError, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query};
use serde::Deserialize;

use crate::queries::{self, Sort};
use crate::views::{PublicReview, RatingSummary};

/// Filters of a clinic's public reviews.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PublicFilter {
    /// Only this overall rating, 1 to 5.
    #[serde(rename = "filter[rating]")]
    rating: Option<i32>,
    /// `newest` (default), `highest` or `lowest`.
    sort: Option<String>,
}

/// Published reviews of a clinic.
#[utoipa::path(
    get, path = "/providers/{id}/reviews", tag = "reviews", operation_id = "list_provider_reviews", security(()),
    params(("id" = ProviderId, Path, description = "The clinic"), PublicFilter, PageQuery),
    responses((status = 200, body = Page<PublicReview>), (status = 422, body = ProblemDocument))
)]
pub(super) async fn list_provider_reviews(
    State(app): State<App>,
    Path(provider): Path<ProviderId>,
    Query(filter): Query<PublicFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<PublicReview>>> {
    let sort = match filter.sort.as_deref() {
        None | Some("newest") => Sort::Newest,
        Some("highest") => Sort::Highest,
        Some("lowest") => Sort::Lowest,
        Some(_) => return Err(AppError::field("sort", "unknown_value", "Sort by newest, highest or lowest.").into()),
    };
    let page = queries::published(app.db.conn(), provider, filter.rating, sort, page.checked()?).await?;
    Ok(Json(page))
}

/// A clinic's rating at a glance.
#[utoipa::path(
    get, path = "/providers/{id}/reviews/summary", tag = "reviews", operation_id = "show_review_summary", security(()),
    params(("id" = ProviderId, Path, description = "The clinic")),
    responses((status = 200, body = RatingSummary))
)]
pub(super) async fn show_review_summary(
    State(app): State<App>,
    Path(provider): Path<ProviderId>,
) -> ApiResult<Json<RatingSummary>> {
    Ok(Json(queries::summary(app.db.conn(), provider).await?))
}
