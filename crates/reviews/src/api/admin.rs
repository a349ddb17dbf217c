//! The moderators' side.

use axum::extract::State;
use kernel::ids::ReviewId;
use kernel::permission::Permission;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::entity::reviews::ModerationStatus;
use crate::queries;
use crate::service::{self, Decision};
use crate::views::ReviewForAdmin;

/// Filters of the moderators' list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueFilter {
    /// Only reviews in this state.
    #[serde(rename = "filter[status]")]
    #[param(inline)]
    status: Option<ModerationStatus>,
    /// Only reviews that look suspicious, or only the others.
    #[serde(rename = "filter[flagged]")]
    flagged: Option<bool>,
}

/// What a moderator saw and says.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideReview {
    /// The `edit_count` of the text that was read.
    edit_count: i32,
    /// For the patient: required where the review does not go public.
    #[serde(default)]
    #[schema(min_length = 10, max_length = 255)]
    reason: Option<String>,
    /// For colleagues.
    #[serde(default)]
    #[schema(max_length = 1000)]
    note: Option<String>,
}

impl From<DecideReview> for Decision {
    fn from(ask: DecideReview) -> Self {
        Self { seen: ask.edit_count, reason: ask.reason, note: ask.note }
    }
}

/// All reviews: what waits first, oldest first.
#[utoipa::path(
    get, path = "/admin/reviews", tag = "reviews", operation_id = "list_reviews", params(QueueFilter, PageQuery),
    responses((status = 200, body = Page<ReviewForAdmin>), (status = 403, body = ProblemDocument))
)]
pub(super) async fn list_reviews(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<QueueFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ReviewForAdmin>>> {
    actor.admin()?;
    actor.require(Permission::ViewReview)?;
    Ok(Json(queries::queue(app.db.conn(), filter.status, filter.flagged, page.checked()?).await?))
}

/// One review with what makes it suspicious.
#[utoipa::path(
    get, path = "/admin/reviews/{id}", tag = "reviews", operation_id = "show_review",
    params(("id" = ReviewId, Path, description = "The review")),
    responses((status = 200, body = ReviewForAdmin), (status = 404, body = ProblemDocument))
)]
pub(super) async fn show_review(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReviewId>,
) -> ApiResult<Json<ReviewForAdmin>> {
    actor.admin()?;
    actor.require(Permission::ViewReview)?;
    Ok(Json(queries::one_for_admin(app.db.conn(), id).await?))
}

/// Publishes a review; the clinic's rating changes with it.
#[utoipa::path(
    post, path = "/admin/reviews/{id}/approve", tag = "reviews", operation_id = "approve_review",
    params(("id" = ReviewId, Path, description = "The review")), request_body = DecideReview,
    responses((status = 200, body = ReviewForAdmin), (status = 409, body = ProblemDocument, description = "`stale_state`"))
)]
pub(super) async fn approve_review(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReviewId>,
    Json(ask): Json<DecideReview>,
) -> ApiResult<Json<ReviewForAdmin>> {
    service::approve(&app, &actor, id, ask.into()).await?;
    Ok(Json(queries::one_for_admin(app.db.conn(), id).await?))
}

/// Refuses a review with a reason its author reads.
#[utoipa::path(
    post, path = "/admin/reviews/{id}/reject", tag = "reviews", operation_id = "reject_review",
    params(("id" = ReviewId, Path, description = "The review")), request_body = DecideReview,
    responses((status = 200, body = ReviewForAdmin), (status = 409, body = ProblemDocument, description = "`stale_state`"))
)]
pub(super) async fn reject_review(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReviewId>,
    Json(ask): Json<DecideReview>,
) -> ApiResult<Json<ReviewForAdmin>> {
    service::reject(&app, &actor, id, ask.into()).await?;
    Ok(Json(queries::one_for_admin(app.db.conn(), id).await?))
}

/// Takes a public review off with a reason its author reads.
#[utoipa::path(
    post, path = "/admin/reviews/{id}/remove", tag = "reviews", operation_id = "remove_review",
    params(("id" = ReviewId, Path, description = "The review")), request_body = DecideReview,
    responses((status = 200, body = ReviewForAdmin), (status = 409, body = ProblemDocument, description = "`stale_state`"))
)]
pub(super) async fn remove_review(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReviewId>,
    Json(ask): Json<DecideReview>,
) -> ApiResult<Json<ReviewForAdmin>> {
    service::remove(&app, &actor, id, ask.into()).await?;
    Ok(Json(queries::one_for_admin(app.db.conn(), id).await?))
}

/// Why an answer is taken off.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveResponse {
    /// For the clinic.
    #[schema(min_length = 10, max_length = 255)]
    reason: String,
}

/// Takes a clinic's answer off a review; the clinic may answer once more.
#[utoipa::path(
    post, path = "/admin/reviews/{id}/remove-response", tag = "reviews", operation_id = "remove_review_response",
    params(("id" = ReviewId, Path, description = "The review")), request_body = RemoveResponse,
    responses((status = 200, body = ReviewForAdmin), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument))
)]
pub(super) async fn remove_review_response(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ReviewId>,
    Json(ask): Json<RemoveResponse>,
) -> ApiResult<Json<ReviewForAdmin>> {
    service::remove_response(&app, &actor, id, &ask.reason).await?;
    Ok(Json(queries::one_for_admin(app.db.conn(), id).await?))
}
