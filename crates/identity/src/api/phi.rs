//! Justified access to medical data over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::ids::PatientId;
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::{Deserialize, Serialize};

use crate::phi;

/// Why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AccessBody {
    /// 20 to 500 characters.
    #[schema(example = "The patient asked on the phone what was noted about allergies.")]
    pub justification: String,
}

/// How long the access is open.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccessView {
    /// Its end.
    pub valid_until: DateTime<Utc>,
}

/// Records why the caller opens the patient's medical data; good for 30 minutes in this session.
#[utoipa::path(post, path = "/admin/patients/{id}/medical-access", tag = "identity",
    operation_id = "grant_medical_access", params(("id" = PatientId, Path)), request_body = AccessBody,
    responses((status = 201, body = AccessView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn grant_medical_access(
    State(app): State<App>,
    Who(actor): Who,
    Path(patient): Path<PatientId>,
    Json(body): Json<AccessBody>,
) -> ApiResult<(StatusCode, Json<AccessView>)> {
    let grant = phi::grant(&app, &actor, patient, &body.justification).await?;
    Ok((StatusCode::CREATED, Json(AccessView { valid_until: grant.valid_until })))
}
