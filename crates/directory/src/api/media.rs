//! Pictures and videos of clinics over HTTP.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use kernel::ids::{ProviderId, ProviderMediaId, TreatmentId};
use kernel::{Actor, AppError, AppResult, Page, PageQuery, Timestamp};
use platform::App;
use platform::files::Purpose;
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Query, UploadedFile, Who, files_of};
use serde::{Deserialize, Serialize};

use crate::directory::file_link;
use crate::entity::provider_media::{
    Model, ProviderMediaCollection, ProviderMediaStatus as Status, ProviderMediaType as Kind,
};
use crate::gallery::{self, NewMedia, Step, Words};
use crate::house::{self, Place};

/// What the texts of a form with a file may take.
const TEXTS: usize = 64 * 1024;

/// What a form with a video may weigh.
pub(super) fn video_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(Purpose::ProviderVideo.max_bytes() + TEXTS)
}

/// What a form with a logo or cover may weigh.
pub(super) fn picture_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(Purpose::ClinicCover.max_bytes() + TEXTS)
}

/// A published picture or video of a clinic.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ClinicMediaPublic)]
pub struct PublicMedia {
    /// Its id.
    pub id: ProviderMediaId,
    /// Where it belongs.
    pub collection: ProviderMediaCollection,
    /// Picture or video.
    pub media_type: Kind,
    /// Where it is fetched for the next hour.
    pub url: String,
    /// Title.
    pub title: Option<String>,
    /// A line about it.
    pub caption: Option<String>,
    /// What is seen.
    pub alt_text: String,
    /// The treatment it shows.
    pub treatment_id: Option<TreatmentId>,
    /// Pixels.
    pub width: Option<i32>,
    /// Pixels.
    pub height: Option<i32>,
    /// Of videos.
    pub duration_seconds: Option<i32>,
}

impl PublicMedia {
    fn of(app: &App, reader: &Actor, row: Model) -> Self {
        Self {
            id: row.id,
            collection: row.collection,
            media_type: row.media_type,
            url: file_link(app, reader, row.file_id),
            title: row.title,
            caption: row.caption,
            alt_text: row.alt_text,
            treatment_id: row.treatment_id,
            width: row.width,
            height: row.height,
            duration_seconds: row.duration_seconds,
        }
    }
}

/// The same as the clinic and staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ClinicMedia)]
pub struct OwnMedia {
    /// What the public would see.
    #[serde(flatten)]
    pub shown: PublicMedia,
    /// Its clinic.
    pub provider_id: ProviderId,
    /// Whether it is published.
    pub status: Status,
    /// Why it was refused.
    pub rejection_reason: Option<String>,
    /// Its last change; give it back to publish it.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl OwnMedia {
    fn of(app: &App, reader: &Actor, row: Model) -> Self {
        let (provider_id, status, rejection_reason) = (row.provider_id, row.status, row.rejection_reason.clone());
        let updated_at = row.updated_at;
        Self { shown: PublicMedia::of(app, reader, row), provider_id, status, rejection_reason, updated_at }
    }
}

/// Page of a list.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MediaPageQuery {
    /// From 1.
    page: Option<u64>,
    /// 1 to 100.
    per_page: Option<u64>,
}

impl MediaPageQuery {
    fn page(self) -> PageQuery {
        PageQuery { page: self.page.unwrap_or(1), per_page: self.per_page.unwrap_or(20) }
    }
}

/// Which pictures staff look at.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MediaStateQuery {
    /// `pending` where nothing is said.
    #[serde(default)]
    status: Option<Status>,
    /// From 1.
    page: Option<u64>,
    /// 1 to 100.
    per_page: Option<u64>,
}

/// Lists what a clinic shows, by its id or slug (R-MG-23).
#[utoipa::path(get, path = "/providers/{id}/media", tag = "directory", operation_id = "list_public_clinic_media",
    security(()), params(("id" = String, Path, description = "Id or slug"), MediaPageQuery),
    responses((status = 200, body = Page<PublicMedia>), (status = 404, body = ProblemDocument),
        (status = 410, body = ProblemDocument)))]
pub async fn list_public_media(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<MediaPageQuery>,
) -> ApiResult<Json<Page<PublicMedia>>> {
    let found = gallery::of_live(&app, &name, query.page()).await?;
    Ok(Json(found.map(|row| PublicMedia::of(&app, &Actor::anonymous(), row))))
}

/// The form of a logo or cover.
#[derive(utoipa::ToSchema)]
#[schema(as = ClinicPictureForm)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct PictureForm {
    /// JPEG or PNG; a logo at most 5 MB and at least 200 pixels on each side, a cover at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

async fn one_file(form: Multipart) -> AppResult<(UploadedFile, std::collections::HashMap<String, String>)> {
    let (mut files, texts) = files_of(form).await?;
    match (files.pop(), files.is_empty()) {
        (Some(file), true) => Ok((file, texts)),
        _ => Err(AppError::field("file", "required", "Send exactly one file.")),
    }
}

/// Replaces the clinic's logo.
#[utoipa::path(put, path = "/provider/profile/logo", tag = "clinics", operation_id = "put_clinic_logo",
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 413, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn put_logo(State(app): State<App>, Who(actor): Who, form: Multipart) -> ApiResult<StatusCode> {
    house::editor(&actor)?;
    house::put(&app, &actor, Place::Logo, one_file(form).await?.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the clinic's logo away.
#[utoipa::path(delete, path = "/provider/profile/logo", tag = "clinics", operation_id = "remove_clinic_logo",
    responses((status = 204), (status = 403, body = ProblemDocument)))]
pub async fn remove_logo(State(app): State<App>, Who(actor): Who) -> ApiResult<StatusCode> {
    house::remove(&app, &actor, Place::Logo).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the picture above the clinic's page.
#[utoipa::path(put, path = "/provider/profile/cover", tag = "clinics", operation_id = "put_clinic_cover",
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 413, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn put_cover(State(app): State<App>, Who(actor): Who, form: Multipart) -> ApiResult<StatusCode> {
    house::editor(&actor)?;
    house::put(&app, &actor, Place::Cover, one_file(form).await?.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the picture above the clinic's page away.
#[utoipa::path(delete, path = "/provider/profile/cover", tag = "clinics", operation_id = "remove_clinic_cover",
    responses((status = 204), (status = 403, body = ProblemDocument)))]
pub async fn remove_cover(State(app): State<App>, Who(actor): Who) -> ApiResult<StatusCode> {
    house::remove(&app, &actor, Place::Cover).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the clinic's pictures and videos in their order.
#[utoipa::path(get, path = "/provider/media", tag = "clinics", operation_id = "list_clinic_media",
    params(MediaPageQuery),
    responses((status = 200, body = Page<OwnMedia>), (status = 403, body = ProblemDocument)))]
pub async fn list_media(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<MediaPageQuery>,
) -> ApiResult<Json<Page<OwnMedia>>> {
    let found = gallery::own(&app, &actor, query.page()).await?;
    Ok(Json(found.map(|row| OwnMedia::of(&app, &actor, row))))
}

/// The form of a picture or video.
#[derive(utoipa::ToSchema)]
#[schema(as = ClinicMediaForm)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct MediaForm {
    /// JPEG or PNG of at most 10 MB, or MP4 of at most 100 MB and two minutes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `gallery`, `facility`, `team`, `before_after` or `certificate`.
    #[schema(example = "facility")]
    collection: ProviderMediaCollection,
    /// What is seen, for those who cannot see it.
    #[schema(example = "An operating room with a chair, a lamp and a monitor")]
    alt_text: String,
    /// At most 100 characters.
    #[schema(example = "Operating room")]
    title: Option<String>,
    /// At most 300 characters.
    #[schema(example = "One of two.")]
    caption: Option<String>,
    /// The treatment it shows.
    treatment_id: Option<TreatmentId>,
    /// The patient's consent to publication; needed for `before_after`.
    consent_id: Option<kernel::ids::PatientConsentId>,
}

/// What was made.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ClinicMediaMade)]
pub struct Made {
    /// Its id.
    pub id: ProviderMediaId,
}

fn read<T: std::str::FromStr>(texts: &std::collections::HashMap<String, String>, name: &str) -> AppResult<Option<T>> {
    match texts.get(name).map(|text| text.trim()).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            let unknown = |_| AppError::field(name, "unknown_value", "This is none of the allowed values.");
            text.parse().map(Some).map_err(unknown)
        }
    }
}

/// Adds a picture or video; it is shown once staff published it.
#[utoipa::path(post, path = "/provider/media", tag = "clinics", operation_id = "add_clinic_media",
    request_body(content = MediaForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 413, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn add_media(
    State(app): State<App>,
    Who(actor): Who,
    form: Multipart,
) -> ApiResult<(StatusCode, Json<Made>)> {
    house::editor(&actor)?;
    let (file, texts) = one_file(form).await?;
    let text = |name: &str| texts.get(name).cloned().unwrap_or_default();
    let new = NewMedia {
        collection: gallery::collection(&text("collection"))?,
        words: Words { title: text("title"), caption: text("caption"), alt_text: text("alt_text") },
        treatment_id: read(&texts, "treatment_id")?,
        consent_id: read(&texts, "consent_id")?,
        file,
    };
    let id = gallery::add(&app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// Says something else of a picture that is not published.
#[utoipa::path(patch, path = "/provider/media/{id}", tag = "clinics", operation_id = "edit_clinic_media",
    params(("id" = ProviderMediaId, Path, description = "The picture")), request_body = Words,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderMediaId>,
    Json(words): Json<Words>,
) -> ApiResult<StatusCode> {
    gallery::edit(&app, &actor, id, &words).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a picture out.
#[utoipa::path(delete, path = "/provider/media/{id}", tag = "clinics", operation_id = "remove_clinic_media",
    params(("id" = ProviderMediaId, Path, description = "The picture")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn remove_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderMediaId>,
) -> ApiResult<StatusCode> {
    gallery::remove(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An order of pictures.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClinicMediaOrder)]
pub struct Ordered {
    /// Those that come first, in this order.
    pub ids: Vec<ProviderMediaId>,
}

/// Puts pictures in an order; those not named follow.
#[utoipa::path(put, path = "/provider/media/order", tag = "clinics", operation_id = "order_clinic_media",
    request_body = Ordered,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn order_media(
    State(app): State<App>,
    Who(actor): Who,
    Json(ordered): Json<Ordered>,
) -> ApiResult<StatusCode> {
    gallery::order(&app, &actor, &ordered.ids).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows a published picture no longer.
#[utoipa::path(post, path = "/provider/media/{id}/hide", tag = "clinics", operation_id = "hide_clinic_media",
    params(("id" = ProviderMediaId, Path, description = "The picture")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn hide_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderMediaId>,
) -> ApiResult<StatusCode> {
    gallery::step(&app, &actor, id, &Step::Hide).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Offers a hidden picture again; staff look at it once more.
#[utoipa::path(post, path = "/provider/media/{id}/offer", tag = "clinics", operation_id = "offer_clinic_media",
    params(("id" = ProviderMediaId, Path, description = "The picture")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn offer_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderMediaId>,
) -> ApiResult<StatusCode> {
    gallery::step(&app, &actor, id, &Step::Offer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the pictures of all clinics in a state, those that wait longest first.
#[utoipa::path(get, path = "/admin/provider-media", tag = "clinics", operation_id = "list_all_clinic_media",
    params(MediaStateQuery),
    responses((status = 200, body = Page<OwnMedia>), (status = 403, body = ProblemDocument)))]
pub async fn list_all_media(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<MediaStateQuery>,
) -> ApiResult<Json<Page<OwnMedia>>> {
    let page = MediaPageQuery { page: query.page, per_page: query.per_page }.page();
    let found = gallery::all(&app, &actor, query.status.unwrap_or(Status::Pending), page).await?;
    Ok(Json(found.map(|row| OwnMedia::of(&app, &actor, row.media))))
}

/// A picture as it was seen.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClinicMediaSeen)]
pub struct Seen {
    /// Its last change when somebody looked at it.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Publishes a picture as it was seen.
#[utoipa::path(post, path = "/admin/provider-media/{id}/publish", tag = "clinics",
    operation_id = "publish_clinic_media", params(("id" = ProviderMediaId, Path, description = "The picture")),
    request_body = Seen,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn publish_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderMediaId>,
    Json(seen): Json<Seen>,
) -> ApiResult<StatusCode> {
    gallery::step(&app, &actor, id, &Step::Publish(seen.updated_at)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a picture is refused.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClinicMediaRefusal)]
pub struct Refusal {
    /// 20 to 500 characters, shown to the clinic.
    #[schema(example = "A patient can be recognised behind the desk.")]
    pub reason: String,
}

/// Refuses a picture.
#[utoipa::path(post, path = "/admin/provider-media/{id}/reject", tag = "clinics",
    operation_id = "reject_clinic_media", params(("id" = ProviderMediaId, Path, description = "The picture")),
    request_body = Refusal,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn reject_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderMediaId>,
    Json(refusal): Json<Refusal>,
) -> ApiResult<StatusCode> {
    gallery::step(&app, &actor, id, &Step::Reject(refusal.reason)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a published picture off the clinic's page.
#[utoipa::path(post, path = "/admin/provider-media/{id}/hide", tag = "clinics",
    operation_id = "take_down_clinic_media", params(("id" = ProviderMediaId, Path, description = "The picture")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn take_down_media(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderMediaId>,
) -> ApiResult<StatusCode> {
    gallery::step(&app, &actor, id, &Step::TakeDown).await?;
    Ok(StatusCode::NO_CONTENT)
}
