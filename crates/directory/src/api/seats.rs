//! A clinic's seats over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use identity::service::team::seats::SeatState;
use kernel::ids::ProviderId;
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::Deserialize;

use crate::seats::{self, NewLimit};

/// Shows how many accounts a clinic has and may have, and how many it asked for.
#[utoipa::path(get, path = "/admin/providers/{id}/seats", tag = "staff", operation_id = "show_clinic_seats",
    params(("id" = ProviderId, Path, description = "The clinic")),
    responses((status = 200, body = SeatState), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn show_seats(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderId>,
) -> ApiResult<Json<SeatState>> {
    Ok(Json(seats::show(&app, &actor, id).await?))
}

/// A new limit.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "seat_limit": 120, "reason": "The clinic opened a second house." }))]
pub struct SeatLimitBody {
    /// 1 to 500.
    pub seat_limit: u64,
    /// 20 to 500 characters.
    #[serde(default)]
    pub reason: String,
    /// Needed for a limit below what is taken.
    #[serde(default)]
    pub confirm_below_use: bool,
}

/// Sets how many accounts a clinic may have; needs a fresh proof of identity.
#[utoipa::path(put, path = "/admin/providers/{id}/seats", tag = "staff", operation_id = "set_clinic_seats",
    params(("id" = ProviderId, Path, description = "The clinic")), request_body = SeatLimitBody,
    responses((status = 204, description = "In force"), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn set_seats(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderId>,
    Json(body): Json<SeatLimitBody>,
) -> ApiResult<StatusCode> {
    let new = NewLimit { limit: body.seat_limit, reason: body.reason, below_use: body.confirm_below_use };
    seats::set(&app, &actor, id, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}
