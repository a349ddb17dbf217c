//! A request that goes on after its time, and what staff do to requests.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{InquiryId, MediaId, ProviderId};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::extend::{self, ExtendInput};
use crate::service::oversight::{self, ActInput, AddInput, DeadlineInput};
use crate::service::show;
use crate::views::{InquiryView, MediaItemView};

/// How many clinics were asked.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Asked {
    /// Clinics that received the inquiry by this.
    pub asked: usize,
}

/// Asks more clinics; an inquiry that ended without an offer opens again (R-IQ-28).
#[utoipa::path(post, path = "/inquiries/{id}/extend", tag = "inquiries", operation_id = "extend_inquiry",
    params(("id" = InquiryId, Path)), request_body = ExtendInput,
    responses((status = 200, body = Asked), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn extend_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<ExtendInput>,
) -> ApiResult<Json<Asked>> {
    Ok(Json(Asked { asked: extend::extend(&app, &actor, id, &input).await? }))
}

/// Fills free places with the best clinics not asked before (R-IQ-25, R-IQ-28).
#[utoipa::path(post, path = "/inquiries/{id}/distribute", tag = "inquiries", operation_id = "distribute_inquiry",
    params(("id" = InquiryId, Path)), request_body = ActInput,
    responses((status = 200, body = Asked), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn distribute_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<ActInput>,
) -> ApiResult<Json<Asked>> {
    Ok(Json(Asked { asked: oversight::redistribute(&app, &actor, id, &input).await? }))
}

/// Gives the inquiry to clinics of staff's choice; more than the cap only on purpose (R-IQ-28).
#[utoipa::path(post, path = "/inquiries/{id}/providers", tag = "inquiries", operation_id = "add_inquiry_providers",
    params(("id" = InquiryId, Path)), request_body = AddInput,
    responses((status = 200, body = InquiryView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn add_providers(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<AddInput>,
) -> ApiResult<Json<InquiryView>> {
    oversight::add_clinics(&app, &actor, id, &input).await?;
    Ok(Json(show::inquiry(&app, &actor, id).await?))
}

/// Takes the inquiry from a clinic that has not answered (R-IQ-28, R-IQ-29).
#[utoipa::path(delete, path = "/inquiries/{id}/providers/{pid}", tag = "inquiries",
    operation_id = "remove_inquiry_provider", params(("id" = InquiryId, Path), ("pid" = ProviderId, Path)),
    request_body = ActInput,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn remove_provider(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, clinic)): Path<(InquiryId, ProviderId)>,
    Json(input): Json<ActInput>,
) -> ApiResult<StatusCode> {
    oversight::remove_clinic(&app, &actor, id, clinic, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves the time to answer of one clinic or of all that have not answered.
#[utoipa::path(post, path = "/inquiries/{id}/deadline", tag = "inquiries", operation_id = "set_inquiry_deadline",
    params(("id" = InquiryId, Path)), request_body = DeadlineInput,
    responses((status = 200, body = InquiryView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn set_deadline(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<DeadlineInput>,
) -> ApiResult<Json<InquiryView>> {
    oversight::set_deadline(&app, &actor, id, &input).await?;
    Ok(Json(show::inquiry(&app, &actor, id).await?))
}

/// Puts away an inquiry that is cancelled, expired or completed.
#[utoipa::path(post, path = "/inquiries/{id}/archive", tag = "inquiries", operation_id = "archive_inquiry",
    params(("id" = InquiryId, Path)), request_body = ActInput,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn archive_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<ActInput>,
) -> ApiResult<StatusCode> {
    oversight::archive(&app, &actor, id, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A link to one picture or video of a case or a draft, for the next minutes (R-IQ-93).
#[utoipa::path(get, path = "/media/{id}/link", tag = "inquiries", operation_id = "link_media",
    params(("id" = MediaId, Path)),
    responses((status = 200, body = MediaItemView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn link_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<MediaId>,
) -> ApiResult<Json<MediaItemView>> {
    Ok(Json(show::media_link(&app, &actor, id).await?))
}
