//! The patient sends a set of pictures.

use askama::Template;
use axum::response::Response;
use kernel::ids::AfterCareId;
use kernel::{AppError, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Html, Inside, PostedFiles, page};

use super::guide::silhouette;
use crate::queries::page::{self as query, ScanSlot};
use crate::service::scan::{self, Picture, ScanSet, VIEWS};

/// A view to photograph.
struct View {
    field: &'static str,
    label: String,
    hint: String,
    guide: Html,
}

#[derive(Template)]
#[template(path = "care_scan.html")]
struct ScanPage {
    chrome: Chrome,
    form: Form,
    action: String,
    views: Vec<View>,
    due: Option<String>,
    due_value: Option<String>,
}

const DONE: &str = "/patient/aftercare";

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<AfterCareId>) -> ApiResult<Response> {
    let slot = query::scan_slot(&ctx.app, &ctx.actor, id).await?;
    let form = Form::new(&ctx.chrome);
    shown(&ctx, id, Some(slot), form)
}

fn shown(ctx: &Ctx, id: AfterCareId, slot: Option<ScanSlot>, form: Form) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let due = slot.and_then(|slot| slot.due);
    let view = |(field, view)| View {
        field,
        label: super::words::view_name(chrome, view),
        hint: chrome.t(format!("care-scan-hint-{field}")),
        guide: silhouette(field),
    };
    page(&ScanPage {
        action: format!("/patient/aftercare/{id}/scan"),
        views: VIEWS.into_iter().map(view).collect(),
        due: due.map(|due| chrome.tw("care-scan-for", "date", chrome.date(due))),
        due_value: due.map(|due| due.to_string()),
        form,
        chrome: chrome.clone(),
    })
}

pub(super) async fn send(Inside(ctx): Inside, Path(id): Path<AfterCareId>, sent: PostedFiles) -> ApiResult<Response> {
    let due_date = sent.fields.maybe("due_date");
    let error = match due_date {
        Ok(due_date) => {
            let picture = |file: &platform::web::UploadedFile| Picture {
                field: file.field.clone(),
                file_name: file.file_name.clone(),
                bytes: file.bytes.clone(),
            };
            let set = ScanSet { due_date, files: sent.files.iter().map(picture).collect() };
            match scan::upload(&ctx.app, &ctx.actor, id, set).await {
                Ok(_) => return Ok(ctx.done(DONE, "care-scan")),
                // Sent twice: the pictures of that day are there.
                Err(error) if error.code == "slot_already_done" => return Ok(ctx.done(DONE, "care-scan")),
                Err(error) => error,
            }
        }
        Err(error) => error,
    };
    refused(&ctx, id, &sent, error).await
}

async fn refused(ctx: &Ctx, id: AfterCareId, sent: &PostedFiles, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let slot = query::scan_slot(&ctx.app, &ctx.actor, id).await.ok();
    let form = Form::posted(&ctx.chrome, &sent.fields).refused(&error);
    let mut response = shown(ctx, id, slot, form)?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}
