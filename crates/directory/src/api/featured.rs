//! Clinics that are put first, over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::ProviderId;
use platform::App;
use platform::web::{ApiResult, Path, ProblemDocument, Who};

use crate::featured;

/// Puts a clinic first; ten at most.
#[utoipa::path(post, path = "/admin/providers/{id}/feature", tag = "clinics", operation_id = "feature_clinic",
    params(("id" = ProviderId, Path, description = "The clinic")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn feature_clinic(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderId>,
) -> ApiResult<StatusCode> {
    featured::set(&app, &actor, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a clinic among the others again.
#[utoipa::path(post, path = "/admin/providers/{id}/unfeature", tag = "clinics", operation_id = "unfeature_clinic",
    params(("id" = ProviderId, Path, description = "The clinic")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn unfeature_clinic(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderId>,
) -> ApiResult<StatusCode> {
    featured::set(&app, &actor, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
