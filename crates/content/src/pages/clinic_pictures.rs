//! The pictures of a clinic's page, as the clinic keeps them (R-MG-12, 13).

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use directory::entity::provider_media::{
    Model, ProviderMediaCollection as Collection, ProviderMediaStatus as Status, ProviderMediaType as Kind,
};
use directory::gallery::{self, NewMedia, Step, Words};
use directory::house::{self, Place};
use kernel::ids::ProviderMediaId;
use kernel::{AppError, ErrorKind, PageQuery, Permission};
use platform::App;
use platform::files::{Purpose, signed_link};
use platform::web::routing::{get, handled, post};
use platform::web::{ApiResult, Path, status_of};
use std::time::Duration;
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, PostedFiles, Tone, page};

use super::word;

const HOME: &str = "/provider/profile/pictures";
const COLLECTIONS: [Collection; 4] =
    [Collection::Gallery, Collection::Facility, Collection::Team, Collection::Certificate];
/// What the texts of a form with a file may take.
const TEXTS: usize = 64 * 1024;
const LINK: Duration = Duration::from_secs(3600);

/// The pages, with as much room as a video needs.
pub(super) fn routes() -> Router<App> {
    let room = DefaultBodyLimit::max(Purpose::ProviderVideo.max_bytes() + TEXTS);
    Router::new()
        .route(HOME, get(show).post(handled(add)).layer(room))
        .route("/provider/profile/pictures/{place}", get(back).post(handled(put)).layer(room))
        .route("/provider/media/{media_id}", get(show_one).post(handled(save)))
        .route("/provider/media/{media_id}/step", post(step))
        .route("/provider/media/{media_id}/move", post(shift))
        .route("/provider/media/{media_id}/remove", post(remove))
}

struct House {
    /// `logo` or `cover`, as in addresses.
    place: &'static str,
    heading: String,
    hint: String,
    src: Option<String>,
    alt: String,
}

struct Line {
    id: ProviderMediaId,
    src: String,
    is_video: bool,
    alt: String,
    title: String,
    kind: String,
    state: Badge,
    reason: String,
    first: bool,
    last: bool,
    /// The word of the step that can be taken, and what its button says.
    step: Option<(&'static str, String)>,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "clinic_pictures.html")]
struct PicturesPage {
    chrome: Chrome,
    form: Form,
    houses: Vec<House>,
    lines: Vec<Line>,
    list: ListView,
    collections: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "clinic_picture.html")]
struct PicturePage {
    chrome: Chrome,
    form: Form,
    line: Line,
}

/// The badge of a picture's state.
fn state(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Published => Tone::Good,
        Status::Pending => Tone::Info,
        Status::Rejected => Tone::Bad,
        Status::Hidden => Tone::Calm,
    };
    Badge::new(tone, chrome.word("media-state", word(&status)))
}

fn line(ctx: &Ctx, row: &Model, (first, last): (bool, bool)) -> Line {
    let chrome = &ctx.chrome;
    let step = match row.status {
        Status::Published => Some(("hide", chrome.t("media-hide"))),
        Status::Hidden => Some(("offer", chrome.t("media-offer"))),
        Status::Pending | Status::Rejected => None,
    };
    Line {
        id: row.id,
        src: signed_link(&ctx.app, row.file_id, &ctx.actor, LINK),
        is_video: row.media_type == Kind::Video,
        alt: row.alt_text.clone(),
        title: row.title.clone().unwrap_or_else(|| row.alt_text.clone()),
        kind: chrome.word("media-collection", word(&row.collection)),
        state: state(chrome, row.status),
        reason: row.rejection_reason.clone().unwrap_or_default(),
        may_edit: matches!(row.status, Status::Pending | Status::Hidden),
        first,
        last,
        step,
    }
}

async fn pictures(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let (_, provider) = ctx.actor.provider()?;
    ctx.actor.require(Permission::EditProfile)?;
    let clinic = directory::clinics::load(ctx.app.db.conn(), provider).await?;
    let query = PageQuery { per_page: 30, ..ctx.page_query() };
    let found = gallery::own(&ctx.app, &ctx.actor, query).await?;
    let chrome = ctx.chrome.clone();
    let link = |stored: Option<&String>| {
        let file = stored?.parse().ok()?;
        Some(signed_link(&ctx.app, file, &ctx.actor, LINK))
    };
    let house = |place: &'static str, stored: Option<&String>| House {
        place,
        heading: chrome.t(format!("media-{place}")),
        hint: chrome.t(format!("media-{place}-hint")),
        alt: format!("{} {}", chrome.t(format!("media-{place}")), clinic.provider_name),
        src: link(stored),
    };
    let (total, before) = (usize::try_from(found.meta.total).unwrap_or(usize::MAX), query.offset());
    let before = usize::try_from(before).unwrap_or(usize::MAX);
    page(&PicturesPage {
        houses: vec![house("logo", clinic.profile_image.as_ref()), house("cover", clinic.cover_image.as_ref())],
        lines: found
            .data
            .iter()
            .enumerate()
            .map(|(place, row)| line(ctx, row, (before + place == 0, before + place + 1 == total)))
            .collect(),
        list: ListView::new(&chrome, &found.meta),
        collections: COLLECTIONS
            .iter()
            .map(|it| Choice::new(word(it), chrome.word("media-collection", word(it))))
            .collect(),
        form,
        chrome,
    })
}

async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    pictures(&ctx, form).await
}

/// Who comes back to the address of a form finds the page it stands on.
async fn back(Inside(ctx): Inside) -> ApiResult<Response> {
    show(Inside(ctx)).await
}

/// What the sender can do something about stands on the page with what was typed.
async fn refused(ctx: &Ctx, fields: &Posted, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::Forbidden | ErrorKind::NotFound) {
        return Err(error.into());
    }
    let status = status_of(error.kind);
    let mut response = pictures(ctx, Form::posted(&ctx.chrome, fields).refused(&error)).await?;
    *response.status_mut() = status;
    Ok(response)
}

async fn add(Inside(ctx): Inside, posted: PostedFiles) -> ApiResult<Response> {
    let fields = &posted.fields;
    let text = |name: &str| fields.get(name).to_owned();
    let outcome = match (posted.file("file"), gallery::collection(fields.get("collection"))) {
        (None, _) => Err(AppError::field("file", "required", "Choose a picture.")),
        (_, Err(error)) => Err(error),
        (Some(file), Ok(collection)) => {
            let words = Words { title: text("title"), caption: text("caption"), alt_text: text("alt_text") };
            let new = NewMedia { collection, words, treatment_id: None, consent_id: None, file: file.clone() };
            gallery::add(&ctx.app, &ctx.actor, new).await
        }
    };
    match outcome {
        Ok(_) => Ok(ctx.done(HOME, "media-added")),
        Err(error) => refused(&ctx, fields, error).await,
    }
}

async fn put(Inside(ctx): Inside, Path(place): Path<String>, posted: PostedFiles) -> ApiResult<Response> {
    let place = match place.as_str() {
        "logo" => Place::Logo,
        "cover" => Place::Cover,
        _ => return Err(AppError::not_found().into()),
    };
    let outcome = match posted.file("file") {
        _ if posted.fields.ticked("remove") => house::remove(&ctx.app, &ctx.actor, place).await,
        Some(file) => house::put(&ctx.app, &ctx.actor, place, file.clone()).await,
        None => Err(AppError::field("file", "required", "Choose a picture.")),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(HOME, "media-house")),
        Err(error) => refused(&ctx, &posted.fields, error).await,
    }
}

async fn one(ctx: &Ctx, id: ProviderMediaId) -> ApiResult<Model> {
    ctx.actor.require(Permission::EditProfile)?;
    Ok(gallery::one(&ctx.app, &ctx.actor, id).await?)
}

async fn show_one(Inside(ctx): Inside, Path(id): Path<ProviderMediaId>) -> ApiResult<Response> {
    let row = one(&ctx, id).await?;
    let form = Form::new(&ctx.chrome)
        .with_some("title", row.title.clone())
        .with_some("caption", row.caption.clone())
        .with("alt_text", &row.alt_text);
    page(&PicturePage { line: line(&ctx, &row, (false, false)), form, chrome: ctx.chrome.clone() })
}

async fn save(Inside(ctx): Inside, Path(id): Path<ProviderMediaId>, posted: Posted) -> ApiResult<Response> {
    let text = |name: &str| posted.get(name).to_owned();
    let words = Words { title: text("title"), caption: text("caption"), alt_text: text("alt_text") };
    match gallery::edit(&ctx.app, &ctx.actor, id, &words).await {
        Ok(()) => Ok(ctx.done(HOME, "media-saved")),
        Err(error) if matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict) => {
            let row = one(&ctx, id).await?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let line = line(&ctx, &row, (false, false));
            let mut response = page(&PicturePage { line, form, chrome: ctx.chrome.clone() })?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn step(Inside(ctx): Inside, Path(id): Path<ProviderMediaId>, posted: Posted) -> ApiResult<Response> {
    let (step, done) = match posted.get("step") {
        "hide" => (Step::Hide, "media-hidden"),
        _ => (Step::Offer, "media-offered"),
    };
    match gallery::step(&ctx.app, &ctx.actor, id, &step).await {
        Ok(()) => Ok(ctx.done(HOME, done)),
        Err(error) => refused(&ctx, &posted, error).await,
    }
}

/// One place to the front or to the end.
async fn shift(Inside(ctx): Inside, Path(id): Path<ProviderMediaId>, posted: Posted) -> ApiResult<Response> {
    gallery::shift(&ctx.app, &ctx.actor, id, posted.get("to") == "front").await?;
    Ok(ctx.done(HOME, "media-moved"))
}

async fn remove(Inside(ctx): Inside, Path(id): Path<ProviderMediaId>, _: Posted) -> ApiResult<Response> {
    gallery::remove(&ctx.app, &ctx.actor, id).await?;
    Ok(ctx.done(HOME, "media-removed"))
}
