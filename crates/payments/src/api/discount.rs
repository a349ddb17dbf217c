//! Codes at checkout.

use axum::extract::State;
use kernel::ids::QuoteId;
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::queries;
use crate::service::discount;
use crate::views::CheckoutView;

/// A code the patient typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyCode {
    /// 1 to 64 letters, digits, dashes and underscores; case does not matter.
    #[schema(example = "SPRING-26")]
    pub code: String,
    /// Another discount applies, and this one is to take its place.
    #[serde(default)]
    pub confirm_replace: bool,
}

/// Takes a code's discount off, before anything is paid. The answer is the checkout as it is now.
#[utoipa::path(put, path = "/bookings/{id}/discount", tag = "payments", operation_id = "apply_discount_code",
    params(("id" = QuoteId, Path)), request_body = ApplyCode,
    responses((status = 200, body = CheckoutView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn apply_discount_code(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<ApplyCode>,
) -> ApiResult<Json<CheckoutView>> {
    discount::apply(&app, &actor, id, &body.code, body.confirm_replace).await?;
    Ok(Json(queries::checkout(&app, &actor, id).await?))
}

/// Takes a typed code off again.
#[utoipa::path(delete, path = "/bookings/{id}/discount", tag = "payments", operation_id = "remove_discount_code",
    params(("id" = QuoteId, Path)),
    responses((status = 200, body = CheckoutView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn remove_discount_code(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<CheckoutView>> {
    discount::remove(&app, &actor, id).await?;
    Ok(Json(queries::checkout(&app, &actor, id).await?))
}
