//! The treatment catalogue, for the staff who keep it (R-IQ-70).

use std::collections::HashMap;
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use kernel::ids::{FileId, MediaId, TreatmentId, TreatmentIncludeId};
use kernel::{AppError, AppResult, Permission};
use platform::files::signed_link;
use platform::media::Item;
use platform::web::{ApiResult, Path};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, Iterable, QueryFilter, QuerySelect};
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, PostedFiles, Tone, page};

use super::{refused, sayable, word};
use crate::entity::provider_treatment_pricing::{self as pricing, ProviderTreatmentPricingStatus};
use crate::entity::treatments::{self as rows, TreatmentStatus, TreatmentType};
use crate::service::treatment_media::{self, Place, Shown, Taken};
use crate::service::treatments::{self as keep, IncludeInput, TreatmentInput};
use crate::{treatments, views};

const BASE: &str = "/admin/treatments";

struct Line {
    href: String,
    name: String,
    technique: String,
    picture: Option<String>,
    state: Badge,
    clinics: i64,
}

#[derive(Template)]
#[template(path = "cat_treatments.html")]
struct TreatmentsPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
}

struct Include {
    id: TreatmentIncludeId,
    name: String,
    text: String,
}

struct Picture {
    id: MediaId,
    src: String,
}

/// What is there already, beside the texts.
struct Present {
    version: i32,
    active: bool,
    state: Badge,
    /// What ending it would touch.
    warning: String,
    thumbnail: Option<String>,
    pictures: Vec<Picture>,
    video: Option<Picture>,
    documents: Vec<(FileId, String, String)>,
    includes: Vec<Include>,
}

#[derive(Template)]
#[template(path = "cat_treatment.html")]
struct TreatmentPage {
    chrome: Chrome,
    form: Form,
    heading: String,
    action: String,
    techniques: Vec<Choice>,
    places: Vec<Choice>,
    present: Option<Present>,
}

fn technique(chrome: &Chrome, kind: TreatmentType) -> String {
    chrome.word("offer-technique", word(&kind).to_lowercase())
}

fn state(chrome: &Chrome, status: TreatmentStatus) -> Badge {
    let tone = if status == TreatmentStatus::Active { Tone::Good } else { Tone::Calm };
    Badge::new(tone, chrome.word("cat-treatment", word(&status)))
}

fn keeper(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ManageTreatmentCatalog)
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let conn = ctx.app.db.conn();
    let found = treatments::page(conn, true, ctx.page_query()).await?;
    let offering: Vec<(TreatmentId, i64)> = pricing::Entity::find()
        .select_only()
        .column(pricing::Column::TreatmentId)
        .column_as(pricing::Column::Id.count(), "clinics")
        .filter(pricing::Column::TreatmentId.is_in(found.data.iter().map(|row| row.id)))
        .filter(pricing::Column::Status.eq(ProviderTreatmentPricingStatus::Offered))
        .group_by(pricing::Column::TreatmentId)
        .into_tuple()
        .all(conn)
        .await?;
    let offering: HashMap<TreatmentId, i64> = offering.into_iter().collect();
    let chrome = ctx.chrome.clone();
    let line = |row: &rows::Model| Line {
        href: format!("{BASE}/{}", row.id),
        name: row.treatment_name.clone(),
        technique: technique(&chrome, row.treatment_type),
        picture: views::thumbnail(&ctx.app, row),
        state: state(&chrome, row.status),
        clinics: offering.get(&row.id).copied().unwrap_or_default(),
    };
    let lines = found.data.iter().map(line).collect();
    page(&TreatmentsPage { list: ListView::new(&chrome, &found.meta), lines, chrome })
}

fn link(ctx: &Ctx, file: FileId) -> String {
    signed_link(&ctx.app, file, &ctx.actor, Duration::from_secs(600))
}

async fn present(ctx: &Ctx, row: &rows::Model) -> AppResult<Present> {
    let conn = ctx.app.db.conn();
    let chrome = &ctx.chrome;
    let Shown { images, video, documents } = treatment_media::of(conn, row.id).await?;
    let includes = treatments::includes(conn, &[row.id]).await?;
    let reach = keep::reach(&ctx.app, &ctx.actor, row.id).await?;
    let count = |key: &str, many: u64| chrome.tn(key, "count", i64::try_from(many).unwrap_or_default());
    let picture = |item: &Item| Picture { id: item.media.id, src: link(ctx, item.file_id()) };
    Ok(Present {
        version: row.version,
        active: row.status == TreatmentStatus::Active,
        state: state(chrome, row.status),
        warning: format!(
            "{} {}",
            count("cat-reach-clinics", reach.clinics),
            count("cat-reach-quotes", reach.live_quotes)
        ),
        thumbnail: views::thumbnail(&ctx.app, row),
        pictures: images.iter().map(picture).collect(),
        video: video.as_ref().map(picture),
        documents: documents.into_iter().map(|file| (file.id, file.file_name, link(ctx, file.id))).collect(),
        includes: includes
            .into_iter()
            .map(|row| Include {
                id: row.id,
                name: row.include_name,
                text: row.include_description.unwrap_or_default(),
            })
            .collect(),
    })
}

async fn treatment_page(ctx: &Ctx, row: Option<&rows::Model>, form: Form) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let places = ["thumbnail", "image", "video", "document"];
    page(&TreatmentPage {
        heading: row.map_or_else(|| chrome.t("cat-treatment-new"), |row| row.treatment_name.clone()),
        action: row.map_or_else(|| format!("{BASE}/new"), |row| format!("{BASE}/{}", row.id)),
        techniques: TreatmentType::iter().map(|it| Choice::new(word(&it), technique(chrome, it))).collect(),
        places: places.map(|place| Choice::new(place, chrome.word("cat-place", place))).into(),
        present: match row {
            Some(row) => Some(present(ctx, row).await?),
            None => None,
        },
        form,
        chrome: ctx.chrome.clone(),
    })
}

fn form_of(chrome: &Chrome, row: &rows::Model) -> Form {
    Form::new(chrome)
        .with("version", row.version.to_string())
        .with("name", row.treatment_name.clone())
        .with("type", word(&row.treatment_type))
        .with("description", row.treatment_description.clone())
        .with_some("technique_specifications", row.technique_specifications.clone())
        .with_some("recovery_time", row.recovery_time.clone())
        .with_some("duration_hours", row.duration_hours.map(|hours| hours.normalize().to_string()))
        .with("place", "image")
}

fn input_of(posted: &Posted) -> AppResult<TreatmentInput> {
    let text = |name: &str| Some(posted.get(name).to_owned());
    let hours = posted.given("duration_hours").map(|text| text.replace(',', "."));
    let hours = hours
        .map(|text| text.parse().map_err(|_| AppError::field("duration_hours", "invalid", "Enter hours such as 7.5.")));
    Ok(TreatmentInput {
        name: text("name"),
        kind: TreatmentType::try_from_value(&posted.get("type").to_owned()).ok(),
        description: text("description"),
        technique_specifications: text("technique_specifications"),
        recovery_time: text("recovery_time"),
        duration_hours: hours.transpose()?,
    })
}

pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome).with("type", "FUE");
    treatment_page(&ctx, None, form).await
}

pub(super) async fn create(Inside(ctx): Inside, posted: PostedFiles) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = match input_of(&posted.fields) {
        Ok(input) => keep::create(&ctx.app, &ctx.actor, input, posted.file("thumbnail").cloned()).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(id) => Ok(ctx.done(&format!("{BASE}/{id}"), "cat-treatment-saved")),
        Err(error) => {
            let error = sayable(error)?;
            let form = Form::posted(&ctx.chrome, &posted.fields).refused(&error);
            Ok(refused(treatment_page(&ctx, None, form).await?, &error))
        }
    }
}

async fn load(ctx: &Ctx, id: TreatmentId) -> AppResult<rows::Model> {
    keeper(ctx)?;
    treatments::load(ctx.app.db.conn(), id).await
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<TreatmentId>) -> ApiResult<Response> {
    let row = load(&ctx, id).await?;
    let form = form_of(&ctx.chrome, &row);
    treatment_page(&ctx, Some(&row), form).await
}

/// Where a form of the page leads: back with a word, or the page again with what is wrong.
async fn answer(
    ctx: &Ctx,
    id: TreatmentId,
    outcome: AppResult<()>,
    done: &str,
    typed: impl FnOnce(Form) -> Form,
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{BASE}/{id}"), done)),
        Err(error) => {
            let error = sayable(error)?;
            let row = load(ctx, id).await?;
            let form = typed(form_of(&ctx.chrome, &row)).refused(&error);
            Ok(refused(treatment_page(ctx, Some(&row), form).await?, &error))
        }
    }
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<TreatmentId>, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = match (input_of(&posted), posted.parse("version")) {
        (Ok(input), Ok(version)) => keep::change(&ctx.app, &ctx.actor, id, version, input).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    let typed = Form::posted(&ctx.chrome, &posted);
    answer(&ctx, id, outcome, "cat-treatment-saved", |_| typed).await
}

pub(super) async fn switch(Inside(ctx): Inside, Path(id): Path<TreatmentId>, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let to = if posted.ticked("active") { TreatmentStatus::Active } else { TreatmentStatus::Inactive };
    let outcome = match posted.parse("version") {
        Ok(version) => keep::switch(&ctx.app, &ctx.actor, id, version, to).await,
        Err(error) => Err(error),
    };
    answer(&ctx, id, outcome, "cat-treatment-switched", |form| form).await
}

pub(super) async fn put_include(
    Inside(ctx): Inside,
    Path(id): Path<TreatmentId>,
    posted: Posted,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = async {
        let input = IncludeInput {
            name: posted.get("include_name").to_owned(),
            description: posted.given("include_text").map(str::to_owned),
            order: None,
            version: posted.parse("version")?,
        };
        keep::put_include(&ctx.app, &ctx.actor, id, posted.maybe("include")?, input).await.map(|_| ())
    };
    let outcome = outcome.await.map_err(|mut error| {
        for (named, shown) in [("name", "include_name"), ("description", "include_text")] {
            if let Some(faults) = error.fields.0.remove(named) {
                error.fields.0.insert(shown.to_owned(), faults);
            }
        }
        error
    });
    let typed = |form: Form| {
        form.with("include_name", posted.get("include_name")).with("include_text", posted.get("include_text"))
    };
    answer(&ctx, id, outcome, "cat-includes-saved", typed).await
}

pub(super) async fn remove_include(
    Inside(ctx): Inside,
    Path(id): Path<TreatmentId>,
    posted: Posted,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    keep::remove_include(&ctx.app, &ctx.actor, id, posted.parse("include")?).await?;
    Ok(ctx.done(&format!("{BASE}/{id}"), "cat-includes-saved"))
}

pub(super) async fn add_media(
    Inside(ctx): Inside,
    Path(id): Path<TreatmentId>,
    posted: PostedFiles,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = async {
        let place = Place::read(posted.fields.get("place"))?;
        let version = posted.fields.parse("version")?;
        let file = posted.file("file").ok_or_else(|| AppError::field("file", "required", "Choose a file."))?;
        treatment_media::add(&ctx.app, &ctx.actor, id, version, place, file.clone()).await
    };
    let outcome = outcome.await;
    answer(&ctx, id, outcome, "cat-media-saved", |form| form).await
}

pub(super) async fn remove_media(
    Inside(ctx): Inside,
    Path(id): Path<TreatmentId>,
    posted: Posted,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    let taken = match posted.maybe::<MediaId>("media")? {
        Some(media) => Taken::Media(media),
        None => Taken::Document(posted.parse("document")?),
    };
    treatment_media::remove(&ctx.app, &ctx.actor, id, taken).await?;
    Ok(ctx.done(&format!("{BASE}/{id}"), "cat-media-saved"))
}
