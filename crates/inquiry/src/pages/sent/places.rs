//! Other countries and other clinics for a sent request, while nobody has quoted (R-IQ-03, R-IQ-05, R-IQ-11).

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{InquiryId, ProviderId};
use kernel::{AppError, AppResult, ErrorKind, FieldErrors};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Inside, Posted, page};

use super::address;
use super::parts::is_open;
use crate::entity::inquiries;
use crate::limits::Limits;
use crate::pages::clinics::{self, ClinicList};
use crate::pages::destinations::{self, PlaceList};
use crate::pages::steps::{Step, orders, take, turns_page};
use crate::pages::way::Way;
use crate::rules::submission::DraftPayload;
use crate::service::edit::{self, EditInput};
use crate::service::places::chosen;
use crate::service::show::own_row;

#[derive(Template)]
#[template(path = "sent_places.html")]
struct PlacesPage {
    chrome: Chrome,
    title: String,
    hint: String,
    back: String,
    action: String,
    form: Form,
    /// The version the form was made from: another one is refused.
    version: i32,
    places: Option<PlaceList>,
    clinics: Option<ClinicList>,
    /// Where the countries are changed.
    elsewhere: String,
}

/// The request with the countries and the ticked clinics it has now.
struct Stored {
    row: inquiries::Model,
    payload: DraftPayload,
}

impl Stored {
    async fn load(ctx: &Ctx, id: InquiryId) -> AppResult<Self> {
        let row = own_row(&ctx.app, &ctx.actor, id).await?;
        let (destinations, provider_ids) = chosen(ctx.app.db.conn(), id).await?;
        Ok(Self { row, payload: DraftPayload { destinations, provider_ids, ..DraftPayload::default() } })
    }
}

pub(super) async fn show_destinations(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    show(&ctx, id, Step::Destinations).await
}

pub(super) async fn show_clinics(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    show(&ctx, id, Step::Clinics).await
}

pub(super) async fn save_destinations(
    Inside(ctx): Inside,
    Path(id): Path<InquiryId>,
    posted: Posted,
) -> ApiResult<Response> {
    save(&ctx, id, Step::Destinations, &posted).await
}

pub(super) async fn save_clinics(
    Inside(ctx): Inside,
    Path(id): Path<InquiryId>,
    posted: Posted,
) -> ApiResult<Response> {
    save(&ctx, id, Step::Clinics, &posted).await
}

async fn show(ctx: &Ctx, id: InquiryId, step: Step) -> ApiResult<Response> {
    let stored = Stored::load(ctx, id).await?;
    if !is_open(&stored.row) {
        // The page of the request says why.
        return Ok(Redirect::to(&address(id)).into_response());
    }
    places_page(ctx, step, &stored.row, Form::new(&ctx.chrome), &stored.payload, &Way::asked(ctx)).await
}

async fn save(ctx: &Ctx, id: InquiryId, step: Step, posted: &Posted) -> ApiResult<Response> {
    let stored = Stored::load(ctx, id).await?;
    let mut typed = stored.payload.clone();
    let taken = take(step, posted, &mut typed, None);
    let way = Way::posted(posted);
    // Ordering countries and turning pages of clinics shows the form again: clinics hear of the result, not of each step.
    let looks = if step == Step::Destinations { orders(posted) } else { turns_page(posted) };
    if taken.is_ok() && looks {
        let way = if step == Step::Clinics { way.turned(posted.get("op")) } else { way };
        return places_page(ctx, step, &stored.row, Form::new(&ctx.chrome), &typed, &way).await;
    }
    let saved = match taken {
        Ok(()) => store(ctx, id, step, posted, &stored, &typed).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(ctx.done(&address(id), "request-changed")),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => {
            let status = status_of(error.kind);
            let row = own_row(&ctx.app, &ctx.actor, id).await?;
            let form = Form::posted(&ctx.chrome, posted).refused(&shown(error));
            let mut response = places_page(ctx, step, &row, form, &typed, &way).await?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Stores what differs; a form sent twice changes nothing the second time.
async fn store(
    ctx: &Ctx,
    id: InquiryId,
    step: Step,
    posted: &Posted,
    stored: &Stored,
    typed: &DraftPayload,
) -> AppResult<()> {
    let version: i32 = posted.parse("version")?;
    if *typed == stored.payload {
        return Ok(());
    }
    let input = if step == Step::Destinations {
        // A clinic in none of the countries loses the request.
        let provider_ids = within(ctx, &typed.provider_ids, &typed.destinations).await?;
        if provider_ids.is_empty() {
            return Err(AppError::field(
                "destinations",
                "clinics_elsewhere",
                "Keep the country of one of your clinics, or choose other clinics first.",
            ));
        }
        EditInput {
            version,
            destinations: Some(typed.destinations.clone()),
            provider_ids: Some(provider_ids),
            ..EditInput::default()
        }
    } else {
        EditInput { version, provider_ids: Some(typed.provider_ids.clone()), ..EditInput::default() }
    };
    edit::edit(&ctx.app, &ctx.actor, id, &input).await
}

/// The clinics in one of the countries.
async fn within(ctx: &Ctx, clinics: &[ProviderId], countries: &[String]) -> AppResult<Vec<ProviderId>> {
    let rows = directory::clinics::load_many(ctx.app.db.conn(), clinics).await?;
    let inside = |id: &ProviderId| {
        let code = rows.iter().find(|clinic| clinic.id == *id).and_then(|clinic| clinic.country_code.as_ref());
        code.is_some_and(|code| countries.contains(code))
    };
    Ok(clinics.iter().copied().filter(inside).collect())
}

/// The refusal with its faults beside the list this page has: entries of a list have no place of their own.
fn shown(mut error: AppError) -> AppError {
    let mut found = FieldErrors::new();
    for (field, faults) in std::mem::take(&mut error.fields).0 {
        let list = field.split('.').next().unwrap_or_default().to_owned();
        found.0.entry(list).or_insert(faults);
    }
    error.fields = found;
    error
}

async fn places_page(
    ctx: &Ctx,
    step: Step,
    row: &inquiries::Model,
    form: Form,
    typed: &DraftPayload,
    way: &Way,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let home = address(row.id);
    let limits = Limits::load(&ctx.app).await?;
    let (places, clinics) = match step {
        Step::Destinations => (Some(destinations::list(ctx, typed, limits.max_countries).await?), None),
        _ => (None, Some(clinics::list(ctx, typed, way, limits.max_selected).await?)),
    };
    page(&PlacesPage {
        title: chrome.t(format!("request-{}-title", step.word())),
        hint: chrome.t(format!("sent-edit-{}-hint", step.word())),
        action: format!("{home}/{}", step.word()),
        elsewhere: format!("{home}/destinations"),
        back: home,
        version: row.version,
        places,
        clinics,
        form,
        chrome: chrome.clone(),
    })
}
