//! Pictures and videos beyond the head scan: a list with its small forms, in the wizard and on a sent request.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::MediaId;
use kernel::{AppError, ErrorKind};
use platform::App;
use platform::entity::media::{MediaCollection, MediaType};
use platform::files::Purpose;
use platform::locale;
use platform::web::routing::{get, handled};
use platform::web::{ApiResult, Path, Problem, status_of};
use ui::{Chrome, Inside, Posted, PostedFiles};

use super::steps::Step;
use super::view;
use super::way::Way;
use crate::service::media::{self, DraftUpload};
use crate::views::MediaItemView;

/// Room for the form around a file, and for files that are a little too large: those come back with a sentence.
const MARGIN: usize = 4 * 1024 * 1024;

/// The largest upload that is read.
pub(super) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(Purpose::EvidenceVideo.max_bytes() + MARGIN)
}

/// The small forms of the wizard's step.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/patient/request/evidence/add", get(back).post(handled(add)).layer(body_limit()))
        .route("/patient/request/evidence/{media_id}/remove", get(back_from_file).post(handled(remove)))
}

/// One piece of evidence with the way to take it out.
pub(super) struct EvidenceItem {
    pub title: String,
    pub href: String,
    pub is_picture: bool,
    /// Where the form that takes it out is sent; none once the request is closed.
    pub remove: Option<String>,
}

/// All of them, and the way to add one.
pub(super) struct EvidenceList {
    pub items: Vec<EvidenceItem>,
    pub count: String,
    /// Where the form that adds one is sent; none when there is no room or the request is closed.
    pub add: Option<String>,
    pub error: Option<String>,
}

impl EvidenceList {
    /// The evidence among these files; the small forms are sent below `base`.
    pub fn new(
        chrome: &Chrome,
        files: &[MediaItemView],
        base: &str,
        (open, most): (bool, usize),
        error: Option<String>,
    ) -> Self {
        // Whoever came from the review goes back there in the end.
        let from = if chrome.query.split('&').any(|pair| pair == "from=review") { "?from=review" } else { "" };
        let evidence = files.iter().filter(|item| item.collection == MediaCollection::Evidence);
        let items: Vec<EvidenceItem> = evidence
            .zip(1i64..)
            .map(|(item, number)| {
                let is_picture = item.media_type == MediaType::Image;
                let word = if is_picture { "evidence-picture" } else { "evidence-video" };
                EvidenceItem {
                    title: chrome.tn(word, "number", number),
                    href: item.url.clone(),
                    is_picture,
                    remove: open.then(|| format!("{base}/{}/remove{from}", item.id)),
                }
            })
            .collect();
        Self {
            count: locale::tr(
                chrome.locale,
                "evidence-count",
                &[("count", items.len().to_string().into()), ("most", most.to_string().into())],
            ),
            add: (open && items.len() < most).then(|| format!("{base}/add{from}")),
            items,
            error,
        }
    }
}

/// What a refused file means, in a sentence that names the limit.
pub(super) fn sentence(chrome: &Chrome, error: &AppError) -> String {
    match &*error.code {
        "media_size_exceeded" | "body_too_large" => chrome.t("evidence-too-large"),
        "media_type_invalid" => chrome.t("evidence-wrong-kind"),
        "media_too_long" => chrome.t("evidence-too-long"),
        "too_many_files" => chrome.t("evidence-too-many"),
        "required" => chrome.t("evidence-choose"),
        _ => locale::error_sentence(chrome.locale, error),
    }
}

/// The one file of an upload form. A body that is too large is a refusal like any other, not a broken page.
pub(super) fn file_of(sent: Result<PostedFiles, Problem>) -> Result<axum::body::Bytes, AppError> {
    let sent = sent.map_err(|Problem(error)| error)?;
    match sent.file("file") {
        Some(file) => Ok(file.bytes.clone()),
        None => Err(AppError::invalid("required", "Choose a file.")),
    }
}

/// Whether a refusal belongs beside the field; anything else is an answer of its own.
pub(super) fn is_fault(error: &AppError) -> bool {
    matches!(error.kind, ErrorKind::Invalid | ErrorKind::TooLarge | ErrorKind::Conflict)
        || error.code == "consent_required"
}

async fn add(Inside(ctx): Inside, sent: Result<PostedFiles, Problem>) -> ApiResult<Response> {
    let added = async {
        let upload = DraftUpload { collection: MediaCollection::Evidence, view: None, bytes: file_of(sent)? };
        media::add(&ctx.app, &ctx.actor, upload).await.map(|_| ())
    };
    match added.await {
        Ok(()) => Ok(ctx.done(&Way::asked(&ctx).plain(Step::Evidence), "evidence-added")),
        Err(error) if is_fault(&error) => {
            let said = sentence(&ctx.chrome, &error);
            let mut response = view::with_fault(&ctx, Step::Evidence, None, Some(said)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(Inside(ctx): Inside, Path(id): Path<MediaId>, _: Posted) -> ApiResult<Response> {
    media::remove(&ctx.app, &ctx.actor, id).await?;
    Ok(ctx.done(&Way::asked(&ctx).plain(Step::Evidence), "evidence-removed"))
}

/// The page a refused upload left in the address, loaded again.
async fn back(Inside(ctx): Inside) -> Response {
    Redirect::to(&Way::asked(&ctx).plain(Step::Evidence)).into_response()
}

async fn back_from_file(ctx: Inside, _: Path<MediaId>) -> Response {
    back(ctx).await
}
