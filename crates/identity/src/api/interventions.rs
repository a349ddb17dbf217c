//! What Hairline's staff may do to a patient's account, over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use kernel::ids::PatientId;
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::entity::patients::PatientGender;
use crate::service::identity_hold;
use crate::service::interventions::{self, Term};
use crate::service::profile::{self, ProfileChange};

/// Why, and for how long.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "term": "30d", "reason": "Offensive messages to two clinics in the same week." }))]
pub struct SuspendBody {
    /// `30d`, `90d` or `permanent`.
    pub term: Term,
    /// 20 to 500 characters.
    #[schema(example = "Offensive messages to two clinics in the same week.")]
    pub reason: String,
}

/// Suspends a patient; every session ends at once.
#[utoipa::path(post, path = "/admin/patients/{id}/suspend", tag = "identity", operation_id = "suspend_patient",
    params(("id" = PatientId, Path)), request_body = SuspendBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn suspend_patient(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
    Json(body): Json<SuspendBody>,
) -> ApiResult<StatusCode> {
    interventions::suspend(&app, &actor, id, body.term, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hides from every clinic who the patient is, until the hold is lifted; for super admins (R-ID-58).
#[utoipa::path(post, path = "/admin/patients/{id}/identity-hold", tag = "identity", operation_id = "hold_patient_identity",
    params(("id" = PatientId, Path)), request_body = ReasonBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn hold_identity(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
    Json(body): Json<ReasonBody>,
) -> ApiResult<StatusCode> {
    identity_hold::place(&app, &actor, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the hold over who the patient is.
#[utoipa::path(post, path = "/admin/patients/{id}/identity-hold/lift", tag = "identity",
    operation_id = "lift_patient_identity_hold", params(("id" = PatientId, Path)), request_body = ReasonBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn lift_identity_hold(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
    Json(body): Json<ReasonBody>,
) -> ApiResult<StatusCode> {
    identity_hold::lift(&app, &actor, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "reason": "The complaint was settled by both sides last week." }))]
pub struct ReasonBody {
    /// 20 to 500 characters.
    #[schema(example = "The complaint was settled by both sides last week.")]
    pub reason: String,
}

/// Lets a suspended patient in again; a closed account only by a super admin.
#[utoipa::path(post, path = "/admin/patients/{id}/reactivate", tag = "identity", operation_id = "reactivate_patient",
    params(("id" = PatientId, Path)), request_body = ReasonBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn reactivate_patient(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
    Json(body): Json<ReasonBody>,
) -> ApiResult<StatusCode> {
    interventions::reactivate(&app, &actor, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes a patient's account.
#[utoipa::path(post, path = "/admin/patients/{id}/deactivate", tag = "identity", operation_id = "deactivate_patient",
    params(("id" = PatientId, Path)), request_body = ReasonBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn deactivate_patient(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
    Json(body): Json<ReasonBody>,
) -> ApiResult<StatusCode> {
    interventions::deactivate(&app, &actor, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the lock of a patient's login.
#[utoipa::path(post, path = "/admin/patients/{id}/unlock", tag = "identity", operation_id = "unlock_patient",
    params(("id" = PatientId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn unlock_patient(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
) -> ApiResult<StatusCode> {
    interventions::unlock(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What staff may correct; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "last_name": "Peterson", "reason": "Misspelt by the patient, who asked by phone" }))]
pub struct CorrectBody {
    /// First name.
    #[schema(example = "Elif")]
    pub first_name: Option<String>,
    /// Last name.
    #[schema(example = "Demir")]
    pub last_name: Option<String>,
    /// Gender.
    pub gender: Option<PatientGender>,
    /// Birthday.
    pub birthday: Option<NaiveDate>,
    /// E.164.
    pub phone_number: Option<String>,
    /// Home country, ISO 3166-1.
    pub country_code: Option<String>,
    /// City.
    pub location: Option<String>,
    /// 20 to 500 characters.
    #[schema(example = "The passport shows another spelling of the name.")]
    pub reason: String,
    /// Members that nobody may set are refused, others ignored.
    #[serde(flatten)]
    #[schema(ignore)]
    pub other: Map<String, Value>,
}

/// Corrects a patient's profile; the patient is told.
#[utoipa::path(patch, path = "/admin/patients/{id}", tag = "identity", operation_id = "correct_patient",
    params(("id" = PatientId, Path)), request_body = CorrectBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn correct_patient(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientId>,
    Json(body): Json<CorrectBody>,
) -> ApiResult<StatusCode> {
    profile::refuse_protected(&body.other)?;
    let change = ProfileChange {
        first_name: body.first_name,
        last_name: body.last_name,
        gender: body.gender,
        birthday: body.birthday,
        phone_number: body.phone_number,
        country_code: body.country_code,
        location: body.location,
        ..ProfileChange::default()
    };
    interventions::correct(&app, &actor, id, change, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
