//! Clinics' pictures that wait for Hairline's staff.

use askama::Template;
use axum::response::Response;
use directory::entity::provider_media::{ProviderMediaStatus as Status, ProviderMediaType as Kind};
use directory::gallery::{self, Step};
use kernel::ErrorKind;
use kernel::ids::ProviderMediaId;
use platform::files::signed_link;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use std::time::Duration;
use ui::{Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, page};

use super::word;

const HOME: &str = "/admin/clinic-pictures";
const STATES: [Status; 4] = [Status::Pending, Status::Published, Status::Rejected, Status::Hidden];

struct Card {
    id: ProviderMediaId,
    src: String,
    is_video: bool,
    alt: String,
    title: String,
    caption: String,
    kind: String,
    clinic: String,
    href: String,
    since: Html,
    reason: String,
    with_patient: bool,
    /// Its last change, as it is shown here.
    seen: String,
    /// What was typed and refused.
    typed: String,
}

#[derive(Template)]
#[template(path = "admin_clinic_pictures.html")]
struct PicturesPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    states: Vec<Choice>,
    status: String,
    cards: Vec<Card>,
}

async fn pictures(ctx: &Ctx, form: Form, refused: Option<ProviderMediaId>) -> ApiResult<Response> {
    let status = Status::try_from_value(&ctx.asked("status")).unwrap_or(Status::Pending);
    let found = gallery::all(&ctx.app, &ctx.actor, status, ctx.page_query()).await?;
    let chrome = ctx.chrome.clone();
    let cards: Vec<Card> = found
        .data
        .iter()
        .map(|waiting| {
            let row = &waiting.media;
            Card {
                id: row.id,
                src: signed_link(&ctx.app, row.file_id, &ctx.actor, Duration::from_secs(3600)),
                is_video: row.media_type == Kind::Video,
                alt: row.alt_text.clone(),
                title: row.title.clone().unwrap_or_else(|| row.alt_text.clone()),
                caption: row.caption.clone().unwrap_or_default(),
                kind: chrome.word("media-collection", word(&row.collection)),
                clinic: waiting.clinic.clone(),
                href: format!("/admin/clinics/{}", row.provider_id),
                since: chrome.when(row.created_at),
                reason: row.rejection_reason.clone().unwrap_or_default(),
                with_patient: row.consent_id.is_some(),
                seen: row.updated_at.to_rfc3339(),
                typed: if refused == Some(row.id) { form.value("reason").to_owned() } else { String::new() },
            }
        })
        .collect();
    page(&PicturesPage {
        cards,
        states: STATES.iter().map(|it| Choice::new(word(it), chrome.word("media-state", word(it)))).collect(),
        status: word(&status),
        list: ListView::new(&chrome, &found.meta),
        form,
        chrome,
    })
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    pictures(&ctx, form, None).await
}

/// Publishes, refuses or takes down, as the button says.
pub(super) async fn step(Inside(ctx): Inside, Path(id): Path<ProviderMediaId>, posted: Posted) -> ApiResult<Response> {
    let (step, done) = match posted.get("step") {
        "publish" => (Step::Publish(posted.parse("seen")?), "media-published"),
        "hide" => (Step::TakeDown, "media-hidden"),
        _ => (Step::Reject(posted.get("reason").to_owned()), "media-rejected"),
    };
    match gallery::step(&ctx.app, &ctx.actor, id, &step).await {
        Ok(()) => Ok(ctx.done_in(HOME, &posted, done)),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let status = status_of(error.kind);
            let mut response = pictures(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error), Some(id)).await?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
