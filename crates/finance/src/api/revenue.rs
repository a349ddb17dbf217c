//! What came in, went out and is owed, for staff.

use axum::extract::State;
use kernel::Currency;
use platform::App;
use platform::web::{ApiResult, Json, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::queries::revenue::{self, Revenue};

/// Which money.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevenueQuery {
    /// US dollars where nothing is said and money moved in them.
    currency: Option<Currency>,
}

/// Shows the money of the last twelve months in one currency.
#[utoipa::path(get, path = "/admin/revenue", tag = "payouts", operation_id = "show_revenue", params(RevenueQuery),
    responses((status = 200, body = Revenue), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn show_revenue(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<RevenueQuery>,
) -> ApiResult<Json<Revenue>> {
    Ok(Json(revenue::revenue(&app, &actor, query.currency).await?))
}
