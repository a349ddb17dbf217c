//! The five pictures: one small form each, so that a slow line loses one picture at most.

use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AppError, ErrorKind};
use platform::entity::media::{MediaCollection, MediaView};
use platform::files::Purpose;
use platform::locale;
use platform::web::{ApiResult, Path, Problem, status_of};
use sea_orm::ActiveEnum;
use ui::{Chrome, Inside, Posted, PostedFiles};

use super::steps::Step;
use super::view;
use super::way::Way;
use super::wizard::draft_of;
use crate::service::media::{self, DraftUpload};

fn view_of(word: &str) -> Result<MediaView, AppError> {
    MediaView::try_from_value(&word.to_owned()).map_err(|_| AppError::not_found())
}

/// What a refused picture means, in a sentence that says what to do.
fn sentence(chrome: &Chrome, error: &AppError) -> String {
    let most = Purpose::HeadScan.max_bytes() / (1024 * 1024);
    match &*error.code {
        "media_size_exceeded" | "body_too_large" if !error.extra.contains_key("reason") => {
            chrome.tw("request-photo-too-large", "size", most.to_string())
        }
        "media_type_invalid" => chrome.t("request-photo-wrong-kind"),
        "required" => chrome.t("request-photo-choose"),
        _ => locale::error_sentence(chrome.locale, error),
    }
}

pub(super) async fn add(
    Inside(ctx): Inside,
    Path(word): Path<String>,
    sent: Result<PostedFiles, Problem>,
) -> ApiResult<Response> {
    let side = view_of(&word)?;
    let added = match sent.as_ref().map(|sent| sent.file("file")) {
        Ok(Some(file)) => {
            let upload =
                DraftUpload { collection: MediaCollection::HeadScan, view: Some(side), bytes: file.bytes.clone() };
            media::add(&ctx.app, &ctx.actor, upload).await.map(|_| ())
        }
        Ok(None) => Err(AppError::invalid("required", "Choose a picture.")),
        Err(_) => sent.map(|_| ()).map_err(|Problem(error)| error),
    };
    match added {
        Ok(()) => Ok(ctx.done(&Way::asked(&ctx).plain(Step::Photos), "photo-added")),
        // The fault belongs to the one picture, not to all of them; a body that was too large is such a fault too.
        Err(error) if matches!(error.kind, ErrorKind::Invalid | ErrorKind::TooLarge | ErrorKind::Conflict) => {
            let said = sentence(&ctx.chrome, &error);
            let mut response = view::with_fault(&ctx, Step::Photos, Some(&word), Some(said)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove(Inside(ctx): Inside, Path(word): Path<String>, _: Posted) -> ApiResult<Response> {
    let side = view_of(&word)?;
    if let Some(draft) = draft_of(&ctx).await? {
        for item in draft.media.iter().filter(|item| item.media.view == Some(side)) {
            media::remove(&ctx.app, &ctx.actor, item.media.id).await?;
        }
    }
    Ok(ctx.done(&Way::asked(&ctx).plain(Step::Photos), "photo-removed"))
}

/// The page a refused upload left in the address, loaded again.
pub(super) async fn back(Inside(ctx): Inside, Path(word): Path<String>) -> ApiResult<Response> {
    view_of(&word)?;
    Ok(Redirect::to(&format!("{}#{word}", Way::asked(&ctx).plain(Step::Photos))).into_response())
}
