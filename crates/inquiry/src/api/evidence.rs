//! Evidence of a request that was sent.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::AppError;
use kernel::ids::{InquiryId, MediaId};
use platform::App;
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Who, files_of};
use utoipa::ToSchema;

use crate::service::{draft, evidence};
use crate::views::MediaItemView;

/// The form of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct EvidenceForm {
    /// JPEG or PNG of at most 2 MB, or MP4 of at most 20 MB and 30 seconds.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Adds a piece of evidence to an inquiry before the first quote (R-IQ-06, R-IQ-11).
#[utoipa::path(post, path = "/inquiries/{id}/media", tag = "inquiries", operation_id = "add_inquiry_evidence",
    params(("id" = InquiryId, Path)),
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, body = MediaItemView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 413, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn add_evidence(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    form: Multipart,
) -> ApiResult<(StatusCode, Json<MediaItemView>)> {
    draft::author(&actor)?;
    let (mut files, _) = files_of(form).await?;
    let (Some(file), true) = (files.pop(), files.is_empty()) else {
        return Err(AppError::field("file", "required", "Send exactly one file.").into());
    };
    let item = evidence::add(&app, &actor, id, file.bytes).await?;
    Ok((StatusCode::CREATED, Json(MediaItemView::new(&app, &actor, &item))))
}

/// Takes a piece of evidence out of an inquiry before the first quote (R-IQ-11).
#[utoipa::path(delete, path = "/inquiries/{id}/media/{media_id}", tag = "inquiries",
    operation_id = "remove_inquiry_evidence", params(("id" = InquiryId, Path), ("media_id" = MediaId, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn remove_evidence(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, media)): Path<(InquiryId, MediaId)>,
) -> ApiResult<StatusCode> {
    evidence::remove(&app, &actor, id, media).await?;
    Ok(StatusCode::NO_CONTENT)
}
