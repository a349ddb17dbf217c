//! The commission over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::ProviderId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::commission::{
    self, AgreementLine, ClinicCommission, ClinicTermsChange, Example, GroupTermsChange, PlatformCommission,
    PlatformRateChange,
};

/// Shows the platform's rate with its history.
#[utoipa::path(get, path = "/admin/settings/commission", tag = "settings", operation_id = "show_commission",
    params(PageQuery),
    responses((status = 200, body = PlatformCommission), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn show_commission(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<PlatformCommission>> {
    Ok(Json(commission::platform(&app, &actor, page).await?))
}

/// A rate that is thought of.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommissionPreview {
    /// Whole percent, 15 to 25.
    #[schema(example = 22)]
    pub percent: i32,
}

/// Computes what a rate would mean on an example; nothing is saved.
#[utoipa::path(post, path = "/admin/settings/commission/preview", tag = "settings",
    operation_id = "preview_commission", request_body = CommissionPreview,
    responses((status = 200, body = Example), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn preview_commission(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<CommissionPreview>,
) -> ApiResult<Json<Example>> {
    Ok(Json(commission::preview_platform(&app, &actor, body.percent).await?))
}

/// Sets the platform's rate; needs a fresh proof of identity. New bookings only.
#[utoipa::path(post, path = "/admin/settings/commission", tag = "settings", operation_id = "set_commission",
    request_body = PlatformRateChange,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn set_commission(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<PlatformRateChange>,
) -> ApiResult<StatusCode> {
    commission::set_platform(&app, &actor, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the clinics whose own terms are in force.
#[utoipa::path(get, path = "/admin/settings/commission/clinics", tag = "settings",
    operation_id = "list_commission_agreements", params(PageQuery),
    responses((status = 200, body = Page<AgreementLine>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_commission_agreements(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<AgreementLine>>> {
    Ok(Json(commission::agreements(&app, &actor, page).await?))
}

/// Sets the terms of several clinics at once: all of them or none.
#[utoipa::path(post, path = "/admin/settings/commission/clinics", tag = "settings",
    operation_id = "set_commission_of_clinics", request_body = GroupTermsChange,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn set_commission_of_clinics(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<GroupTermsChange>,
) -> ApiResult<StatusCode> {
    commission::set_group(&app, &actor, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows what a clinic is charged, with the history.
#[utoipa::path(get, path = "/admin/providers/{id}/commission", tag = "settings",
    operation_id = "show_clinic_commission", params(("id" = ProviderId, Path), PageQuery),
    responses((status = 200, body = ClinicCommission), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn show_clinic_commission(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<ClinicCommission>> {
    Ok(Json(commission::clinic(&app, &actor, id, page).await?))
}

/// Computes what terms of a clinic would mean on an example; nothing is saved.
#[utoipa::path(post, path = "/admin/providers/{id}/commission/preview", tag = "settings",
    operation_id = "preview_clinic_commission", params(("id" = ProviderId, Path)), request_body = ClinicTermsChange,
    responses((status = 200, body = Example), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn preview_clinic_commission(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderId>,
    Json(body): Json<ClinicTermsChange>,
) -> ApiResult<Json<Example>> {
    Ok(Json(commission::preview_clinic(&app, &actor, id, &body).await?))
}

/// Sets the terms of a clinic from a day on; needs a fresh proof of identity. New bookings only.
#[utoipa::path(post, path = "/admin/providers/{id}/commission", tag = "settings",
    operation_id = "set_clinic_commission", params(("id" = ProviderId, Path)), request_body = ClinicTermsChange,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn set_clinic_commission(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderId>,
    Json(body): Json<ClinicTermsChange>,
) -> ApiResult<StatusCode> {
    commission::set_clinic(&app, &actor, id, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows what the asking clinic is charged and how it is paid.
#[utoipa::path(get, path = "/provider/commission", tag = "finance", operation_id = "show_own_commission",
    params(PageQuery),
    responses((status = 200, body = ClinicCommission), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn show_own_commission(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<ClinicCommission>> {
    Ok(Json(commission::own(&app, &actor, page).await?))
}
