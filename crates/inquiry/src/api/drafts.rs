//! A patient's draft.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::AppError;
use kernel::ids::MediaId;
use platform::App;
use platform::entity::media::{MediaCollection, MediaView};
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Who, files_of};
use sea_orm::ActiveEnum;
use utoipa::ToSchema;

use crate::service::draft::{self, SaveDraft};
use crate::service::media::{self, DraftUpload};
use crate::views::{DraftView, MediaItemView};

/// Shows the draft to resume (R-IQ-10).
#[utoipa::path(get, path = "/inquiry-draft", tag = "inquiries", operation_id = "show_inquiry_draft",
    responses((status = 200, body = DraftView), (status = 404, body = ProblemDocument)))]
pub async fn show_draft(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<DraftView>> {
    let found = draft::show(&app, &actor).await?;
    Ok(Json(DraftView::new(&app, &actor, found)))
}

/// Saves a step of the draft.
#[utoipa::path(put, path = "/inquiry-draft", tag = "inquiries", operation_id = "save_inquiry_draft",
    request_body = SaveDraft,
    responses((status = 200, body = DraftView), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn save_draft(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<SaveDraft>,
) -> ApiResult<Json<DraftView>> {
    let saved = draft::save(&app, &actor, &input).await?;
    Ok(Json(DraftView::new(&app, &actor, saved)))
}

/// Gives the draft up.
#[utoipa::path(delete, path = "/inquiry-draft", tag = "inquiries", operation_id = "discard_inquiry_draft",
    responses((status = 204)))]
pub async fn discard_draft(State(app): State<App>, Who(actor): Who) -> ApiResult<StatusCode> {
    draft::discard(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The form of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct DraftMediaForm {
    /// `head_scan` or `evidence`.
    collection: String,
    /// `front`, `top`, `left`, `right` or `back`, of a head scan.
    view: Option<String>,
    /// JPEG or PNG, or MP4 as evidence.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Adds a head-scan view or a piece of evidence to the draft (R-IQ-06, R-IQ-07).
#[utoipa::path(post, path = "/inquiry-draft/media", tag = "inquiries", operation_id = "add_inquiry_draft_media",
    request_body(content = DraftMediaForm, content_type = "multipart/form-data"),
    responses((status = 201, body = MediaItemView), (status = 413, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn add_draft_media(
    State(app): State<App>,
    Who(actor): Who,
    form: Multipart,
) -> ApiResult<(StatusCode, Json<MediaItemView>)> {
    draft::author(&actor)?;
    let (mut files, texts) = files_of(form).await?;
    let unknown = |field: &str| AppError::field(field, "unknown_value", "This is none of the known values.");
    let word = texts.get("collection").cloned().unwrap_or_default();
    let collection = MediaCollection::try_from_value(&word).map_err(|_| unknown("collection"))?;
    let view =
        texts.get("view").map(|word| MediaView::try_from_value(word).map_err(|_| unknown("view"))).transpose()?;
    let (Some(file), true) = (files.pop(), files.is_empty()) else {
        return Err(AppError::field("file", "required", "Send exactly one file.").into());
    };
    let item = media::add(&app, &actor, DraftUpload { collection, view, bytes: file.bytes }).await?;
    Ok((StatusCode::CREATED, Json(MediaItemView::new(&app, &actor, &item))))
}

/// Takes a picture or video out of the draft.
#[utoipa::path(delete, path = "/inquiry-draft/media/{id}", tag = "inquiries",
    operation_id = "remove_inquiry_draft_media", params(("id" = MediaId, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn remove_draft_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<MediaId>,
) -> ApiResult<StatusCode> {
    media::remove(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
