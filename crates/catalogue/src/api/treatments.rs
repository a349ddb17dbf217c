//! The catalogue's treatments, as staff keep them.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{AnyId, FileId, MediaId, TreatmentId, TreatmentIncludeId};
use kernel::{AppError, Permission};
use platform::App;
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Who, files_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::entity::treatments::{TreatmentStatus, TreatmentType};
use crate::service::treatment_media::{self, Place, Taken};
use crate::service::treatments::{self, IncludeInput, Reach, TreatmentInput};
use crate::views::{IncludeView, TreatmentView};

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Made {
    /// Its id.
    pub id: AnyId,
}

/// The version that was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// As it was read.
    #[schema(example = 3)]
    pub version: i32,
}

/// The form of a new treatment.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct NewTreatmentForm {
    /// At most 100 characters.
    name: String,
    /// Its technique.
    r#type: TreatmentType,
    /// At most 5000 characters.
    description: String,
    /// At most 5000 characters.
    technique_specifications: Option<String>,
    /// At most 50 characters.
    recovery_time: Option<String>,
    /// 0.5 to 12.
    duration_hours: Option<String>,
    /// JPEG or PNG, at most 5 MB.
    #[schema(value_type = String, format = Binary)]
    thumbnail: Vec<u8>,
}

/// The form of a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct TreatmentFileForm {
    /// thumbnail, image, video or document.
    place: String,
    /// The version of the treatment that was seen.
    version: i32,
    /// JPEG or PNG (5 MB), MP4 (50 MB) or PDF (10 MB).
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Reads a word of a form as one of a type's values.
fn known<T: serde::de::DeserializeOwned>(field: &str, word: &str) -> Result<T, AppError> {
    serde_json::from_value(word.into())
        .map_err(|_| AppError::field(field, "unknown_value", "This is none of the known values."))
}

/// Adds a treatment with its picture (R-IQ-70).
#[utoipa::path(post, path = "/treatments", tag = "treatments", operation_id = "create_treatment",
    request_body(content = NewTreatmentForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn create_treatment(
    State(app): State<App>,
    Who(actor): Who,
    form: Multipart,
) -> ApiResult<(StatusCode, Json<Made>)> {
    actor.admin()?;
    actor.require(Permission::ManageTreatmentCatalog)?;
    let (mut files, mut texts) = files_of(form).await?;
    let kind = texts.remove("type").map(|word| known("type", &word)).transpose()?;
    let hours = |text: String| {
        text.parse().map_err(|_| AppError::field("duration_hours", "invalid", "Enter hours such as 7.5."))
    };
    let input = TreatmentInput {
        name: texts.remove("name"),
        kind,
        description: texts.remove("description"),
        technique_specifications: texts.remove("technique_specifications"),
        recovery_time: texts.remove("recovery_time"),
        duration_hours: texts.remove("duration_hours").filter(|text| !text.is_empty()).map(hours).transpose()?,
    };
    let thumbnail = files.iter().position(|file| file.field == "thumbnail").map(|at| files.swap_remove(at));
    let id = treatments::create(&app, &actor, input, thumbnail).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.any() })))
}

/// What of a treatment changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TreatmentChange {
    /// The version that was seen.
    #[schema(example = 3)]
    pub version: i32,
    /// The texts.
    #[serde(flatten)]
    pub texts: ChangedTexts,
}

/// The texts of a treatment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangedTexts {
    /// At most 100 characters.
    pub name: Option<String>,
    /// Its technique.
    #[serde(rename = "type")]
    pub kind: Option<TreatmentType>,
    /// At most 5000 characters.
    pub description: Option<String>,
    /// At most 5000 characters.
    pub technique_specifications: Option<String>,
    /// At most 50 characters.
    pub recovery_time: Option<String>,
    /// 0.5 to 12.
    #[schema(value_type = Option<String>, example = "7.5")]
    pub duration_hours: Option<rust_decimal::Decimal>,
}

/// Changes what a treatment says (R-IQ-70, R-IQ-73).
#[utoipa::path(patch, path = "/treatments/{id}", tag = "treatments", operation_id = "change_treatment",
    params(("id" = TreatmentId, Path)), request_body = TreatmentChange,
    responses((status = 200, body = TreatmentView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn change_treatment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
    Json(body): Json<TreatmentChange>,
) -> ApiResult<Json<TreatmentView>> {
    let texts = body.texts;
    let input = TreatmentInput {
        name: texts.name,
        kind: texts.kind,
        description: texts.description,
        technique_specifications: texts.technique_specifications,
        recovery_time: texts.recovery_time,
        duration_hours: texts.duration_hours,
    };
    treatments::change(&app, &actor, id, body.version, input).await?;
    shown(&app, id).await
}

async fn shown(app: &App, id: TreatmentId) -> ApiResult<Json<TreatmentView>> {
    let conn = app.db.conn();
    let row = crate::treatments::load(conn, id).await?;
    let includes = crate::treatments::includes(conn, &[id]).await?;
    Ok(Json(TreatmentView::new(app, row, &includes)))
}

/// Opens a treatment that was ended.
#[utoipa::path(post, path = "/treatments/{id}/activate", tag = "treatments", operation_id = "activate_treatment",
    params(("id" = TreatmentId, Path)), request_body = Seen,
    responses((status = 200, body = TreatmentView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn activate_treatment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
    Json(seen): Json<Seen>,
) -> ApiResult<Json<TreatmentView>> {
    treatments::switch(&app, &actor, id, seen.version, TreatmentStatus::Active).await?;
    shown(&app, id).await
}

/// Ends a treatment; sent quotes keep it. Ask `/reach` first for what it touches.
#[utoipa::path(post, path = "/treatments/{id}/deactivate", tag = "treatments", operation_id = "deactivate_treatment",
    params(("id" = TreatmentId, Path)), request_body = Seen,
    responses((status = 200, body = TreatmentView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn deactivate_treatment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
    Json(seen): Json<Seen>,
) -> ApiResult<Json<TreatmentView>> {
    treatments::switch(&app, &actor, id, seen.version, TreatmentStatus::Inactive).await?;
    shown(&app, id).await
}

/// Counts the clinics and the waiting quotes a treatment touches.
#[utoipa::path(get, path = "/treatments/{id}/reach", tag = "treatments", operation_id = "show_treatment_reach",
    params(("id" = TreatmentId, Path)),
    responses((status = 200, body = Reach), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_treatment_reach(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
) -> ApiResult<Json<Reach>> {
    actor.admin()?;
    actor.require(Permission::ManageTreatmentCatalog)?;
    crate::treatments::load(app.db.conn(), id).await?;
    Ok(Json(treatments::reach(&app, &actor, id).await?))
}

/// Adds a picture, the video or a document, or replaces the picture cards show.
#[utoipa::path(post, path = "/treatments/{id}/media", tag = "treatments", operation_id = "add_catalogue_media",
    params(("id" = TreatmentId, Path)),
    request_body(content = TreatmentFileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = TreatmentView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 413, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn add_treatment_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
    form: Multipart,
) -> ApiResult<Json<TreatmentView>> {
    actor.admin()?;
    actor.require(Permission::ManageTreatmentCatalog)?;
    let (mut files, texts) = files_of(form).await?;
    let place = Place::read(texts.get("place").map(String::as_str).unwrap_or_default())?;
    let version = texts.get("version").and_then(|text| text.parse().ok());
    let version = version.ok_or_else(|| AppError::field("version", "required", "Send the version you saw."))?;
    let (Some(file), true) = (files.pop(), files.is_empty()) else {
        return Err(AppError::field("file", "required", "Send exactly one file.").into());
    };
    treatment_media::add(&app, &actor, id, version, place, file).await?;
    shown(&app, id).await
}

/// Takes a picture or the video out of a treatment.
#[utoipa::path(delete, path = "/treatments/{id}/media/{media_id}", tag = "treatments",
    operation_id = "remove_catalogue_media", params(("id" = TreatmentId, Path), ("media_id" = MediaId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn remove_treatment_media(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, media)): Path<(TreatmentId, MediaId)>,
) -> ApiResult<StatusCode> {
    treatment_media::remove(&app, &actor, id, Taken::Media(media)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a document out of a treatment.
#[utoipa::path(delete, path = "/treatments/{id}/documents/{file_id}", tag = "treatments",
    operation_id = "remove_treatment_document", params(("id" = TreatmentId, Path), ("file_id" = FileId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn remove_treatment_document(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, file)): Path<(TreatmentId, FileId)>,
) -> ApiResult<StatusCode> {
    treatment_media::remove(&app, &actor, id, Taken::Document(file)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists what is always part of a treatment.
#[utoipa::path(get, path = "/treatments/{id}/includes", tag = "treatments", operation_id = "list_treatment_includes",
    security(()), params(("id" = TreatmentId, Path)),
    responses((status = 200, body = Vec<IncludeView>), (status = 404, body = ProblemDocument)))]
pub async fn list_treatment_includes(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
) -> ApiResult<Json<Vec<IncludeView>>> {
    let row = crate::treatments::load(app.db.conn(), id).await?;
    if row.status != TreatmentStatus::Active && !super::public::sees_all(&actor) {
        return Err(AppError::not_found().into());
    }
    let includes = crate::treatments::includes(app.db.conn(), &[id]).await?;
    Ok(Json(includes.iter().map(IncludeView::from).collect()))
}

/// Adds something that is always part of a treatment.
#[utoipa::path(post, path = "/treatments/{id}/includes", tag = "treatments", operation_id = "add_treatment_include",
    params(("id" = TreatmentId, Path)), request_body = IncludeInput,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn add_treatment_include(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<TreatmentId>,
    Json(input): Json<IncludeInput>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let made = treatments::put_include(&app, &actor, id, None, input).await?;
    Ok((StatusCode::CREATED, Json(Made { id: made.any() })))
}

/// Changes something that is always part of a treatment.
#[utoipa::path(patch, path = "/treatments/{id}/includes/{include_id}", tag = "treatments",
    operation_id = "change_treatment_include",
    params(("id" = TreatmentId, Path), ("include_id" = TreatmentIncludeId, Path)), request_body = IncludeInput,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn change_treatment_include(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, include)): Path<(TreatmentId, TreatmentIncludeId)>,
    Json(input): Json<IncludeInput>,
) -> ApiResult<StatusCode> {
    treatments::put_include(&app, &actor, id, Some(include), input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes something out of what is always part of a treatment.
#[utoipa::path(delete, path = "/treatments/{id}/includes/{include_id}", tag = "treatments",
    operation_id = "remove_treatment_include",
    params(("id" = TreatmentId, Path), ("include_id" = TreatmentIncludeId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn remove_treatment_include(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, include)): Path<(TreatmentId, TreatmentIncludeId)>,
) -> ApiResult<StatusCode> {
    treatments::remove_include(&app, &actor, id, include).await?;
    Ok(StatusCode::NO_CONTENT)
}
