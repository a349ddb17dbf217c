//! The five pictures: one small form each, so that a slow line loses one picture at most.

use axum::response::Response;
use kernel::{AppError, ErrorKind};
use platform::entity::media::{MediaCollection, MediaView};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Form, Inside, Posted, PostedFiles};

use super::steps::Step;
use super::view;
use super::wizard::draft_of;
use crate::service::media::{self, DraftUpload};

fn view_of(word: &str) -> Result<MediaView, AppError> {
    MediaView::try_from_value(&word.to_owned()).map_err(|_| AppError::not_found())
}

pub(super) async fn add(Inside(ctx): Inside, Path(word): Path<String>, posted: PostedFiles) -> ApiResult<Response> {
    let side = view_of(&word)?;
    let added = match posted.file("file") {
        Some(file) => {
            let upload =
                DraftUpload { collection: MediaCollection::HeadScan, view: Some(side), bytes: file.bytes.clone() };
            media::add(&ctx.app, &ctx.actor, upload).await.map(|_| ())
        }
        None => Err(AppError::field("file", "required", "Choose a picture.")),
    };
    match added {
        Ok(()) => Ok(ctx.done(&Step::Photos.href(), "photo-added")),
        Err(error) if error.kind != ErrorKind::Internal => {
            // The fault belongs to the one picture, not to all of them.
            let mut fault = AppError::new(error.kind, error.code.clone(), error.detail.clone());
            fault.fields.add(word, error.code.clone(), error.detail.clone());
            let draft = draft_of(&ctx).await?;
            let payload = draft.as_ref().map(|draft| draft.payload.clone()).unwrap_or_default();
            let form = Form::new(&ctx.chrome).refused(&fault);
            let mut response = view::step(&ctx, Step::Photos, form, &payload, draft.as_ref()).await?;
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
    Ok(ctx.done(&Step::Photos.href(), "photo-removed"))
}
