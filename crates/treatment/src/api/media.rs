//! Pictures of a treatment.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::QuoteId;
use kernel::{AppError, AppResult};
use platform::App;
use platform::entity::media::MediaPhase;
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Who, files_of};

use crate::queries;
use crate::service::photos::{self, Picture, Pictures};
use crate::views::PhotoView;

/// The form of an upload. A scan set has one file for each view, in fields of the view's name; treatment photos come in
/// any fields.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read field by field")]
pub(super) struct PictureForm {
    /// `head_scan_before`, `head_scan_after` or `treatment_photo`.
    #[schema(example = "head_scan_before")]
    collection: String,
    /// `before`, `during` or `after`, for treatment photos.
    phase: Option<String>,
    /// Why Hairline does it instead of the clinic.
    reason: Option<String>,
    /// JPEG or PNG, at most 10 MB.
    #[schema(value_type = Option<String>, format = Binary)]
    front: Option<()>,
    /// JPEG or PNG, at most 10 MB.
    #[schema(value_type = Option<String>, format = Binary)]
    top: Option<()>,
    /// JPEG or PNG, at most 10 MB.
    #[schema(value_type = Option<String>, format = Binary)]
    left: Option<()>,
    /// JPEG or PNG, at most 10 MB.
    #[schema(value_type = Option<String>, format = Binary)]
    right: Option<()>,
    /// JPEG or PNG, at most 10 MB.
    #[schema(value_type = Option<String>, format = Binary)]
    back: Option<()>,
}

/// The pictures of a treatment the reader may see.
#[utoipa::path(
    get, path = "/treatment-cases/{quote_id}/media", tag = "treatment", operation_id = "list_treatment_media",
    params(("quote_id" = QuoteId, Path, description = "The booking")),
    responses((status = 200, body = Vec<PhotoView>), (status = 404, body = ProblemDocument))
)]
pub(super) async fn list_treatment_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<Vec<PhotoView>>> {
    Ok(Json(queries::photos(&app, &actor, id).await?))
}

/// Adds pictures: views of the standard set at either end, or photos of the work.
#[utoipa::path(
    post, path = "/treatment-cases/{quote_id}/media", tag = "treatment", operation_id = "add_treatment_media",
    params(("quote_id" = QuoteId, Path, description = "The booking")),
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = Vec<PhotoView>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`invalid_status`, `already_completed`, `image_limit`"),
        (status = 422, body = ProblemDocument, description = "`validation_failed`, `media_type_invalid`, \
            `media_size_exceeded`, `media_unreadable`")
    )
)]
pub(super) async fn add_treatment_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    form: Multipart,
) -> ApiResult<(StatusCode, Json<Vec<PhotoView>>)> {
    let pictures = pictures(form).await?;
    let made = photos::upload(&app, &actor, id, pictures).await?;
    let mut views = queries::photos(&app, &actor, id).await?;
    views.retain(|view| made.contains(&view.id));
    Ok((StatusCode::CREATED, Json(views)))
}

async fn pictures(form: Multipart) -> AppResult<Pictures> {
    let (files, mut texts) = files_of(form).await?;
    let collection = texts.remove("collection").unwrap_or_default().parse()?;
    let phase = texts.remove("phase").map(|word| phase(&word)).transpose()?;
    let files = files
        .into_iter()
        .map(|file| Picture { field: file.field, file_name: file.file_name, bytes: file.bytes })
        .collect();
    Ok(Pictures { collection, phase, reason: texts.remove("reason"), files })
}

fn phase(word: &str) -> AppResult<MediaPhase> {
    match word {
        "before" => Ok(MediaPhase::Before),
        "during" => Ok(MediaPhase::During),
        "after" => Ok(MediaPhase::After),
        _ => Err(AppError::field("phase", "unknown_value", "This is none of the known values.")),
    }
}
