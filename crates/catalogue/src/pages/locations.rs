//! Places, for the staff who keep them (R-MG-61).

use askama::Template;
use axum::response::Response;
use directory::entity::locations;
use kernel::ids::LocationId;
use kernel::{AppError, AppResult, Permission};
use platform::web::{ApiResult, Path};
use ui::{Choice, Chrome, Ctx, Form, Inside, ListView, Posted, page};

use super::{country_choices, refused, sayable};
use crate::service::locations::{self as service, LocationInput};

const PLACES: &str = "/admin/locations";
/// The fields of the form, in the order of the row.
const FIELDS: [&str; 18] = [
    "name",
    "address",
    "address2",
    "address3",
    "address4",
    "address5",
    "city",
    "state",
    "postal_code",
    "country_code",
    "map_selector",
    "phone",
    "email",
    "whatsapp_or_sms",
    "fax",
    "description",
    "legal_name",
    "tax",
];

fn keeper(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ManageAppData)
}

struct Line {
    href: String,
    name: String,
    place: String,
    contact: String,
}

#[derive(Template)]
#[template(path = "cat_locations.html")]
struct LocationsPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
    countries: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "cat_location.html")]
struct LocationPage {
    chrome: Chrome,
    form: Form,
    heading: String,
    action: String,
    countries: Vec<Choice>,
    present: Option<LocationId>,
    /// Why it cannot be taken away.
    held: Option<String>,
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let (word, country) = (ctx.asked("q"), ctx.asked("country"));
    let found = service::list(&ctx.app, &ctx.actor, Some(&word), Some(&country), ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let line = |row: locations::Model| {
        let country =
            chrome.country(row.country_code.as_deref().unwrap_or_default(), row.country.as_deref().unwrap_or_default());
        let parts = [row.address, row.city.unwrap_or_default(), country];
        Line {
            href: format!("{PLACES}/{}", row.id),
            name: row.name,
            place: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            contact: format!("{} · {}", row.phone, row.email),
        }
    };
    page(&LocationsPage {
        list: ListView::new(chrome, &found.meta),
        lines: found.data.into_iter().map(line).collect(),
        countries: country_choices(&ctx.app, chrome).await?,
        chrome: chrome.clone(),
    })
}

async fn form_page(ctx: &Ctx, row: Option<&locations::Model>, form: Form, held: Option<String>) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    page(&LocationPage {
        heading: row.map_or_else(|| chrome.t("cat-location-new"), |row| row.name.clone()),
        action: row.map_or_else(|| format!("{PLACES}/new"), |row| format!("{PLACES}/{}", row.id)),
        countries: country_choices(&ctx.app, chrome).await?,
        present: row.map(|row| row.id),
        held,
        form,
        chrome: chrome.clone(),
    })
}

fn form_of(chrome: &Chrome, row: &locations::Model) -> Form {
    Form::new(chrome)
        .with("version", row.version.to_string())
        .with("name", row.name.clone())
        .with("address", row.address.clone())
        .with_some("address2", row.address2.clone())
        .with_some("address3", row.address3.clone())
        .with_some("address4", row.address4.clone())
        .with_some("address5", row.address5.clone())
        .with_some("city", row.city.clone())
        .with_some("state", row.state.clone())
        .with_some("postal_code", row.postal_code.clone())
        .with_some("country_code", row.country_code.clone())
        .with_some("map_selector", row.map_selector.clone())
        .with("phone", row.phone.clone())
        .with("email", row.email.clone())
        .with_some("whatsapp_or_sms", row.whatsapp_or_sms.clone())
        .with_some("fax", row.fax.clone())
        .with("description", row.description.clone())
        .with("legal_name", row.legal_name.clone())
        .with("tax", row.tax.clone())
}

fn input(posted: &Posted) -> AppResult<LocationInput> {
    let mut given = serde_json::Map::new();
    for field in FIELDS {
        given.insert(field.to_owned(), posted.get(field).into());
    }
    let version: Option<i32> = posted.maybe("version")?;
    given.insert("version".to_owned(), version.into());
    Ok(serde_json::from_value(given.into())?)
}

pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    form_page(&ctx, None, Form::new(&ctx.chrome), None).await
}

pub(super) async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = match input(&posted) {
        Ok(input) => service::create(&ctx.app, &ctx.actor, &input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(id) => Ok(ctx.done(&format!("{PLACES}/{id}"), "cat-location-saved")),
        Err(error) => {
            let error = sayable(error)?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(refused(form_page(&ctx, None, form, None).await?, &error))
        }
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<LocationId>) -> ApiResult<Response> {
    let row = service::show(&ctx.app, &ctx.actor, id).await?;
    form_page(&ctx, Some(&row), form_of(&ctx.chrome, &row), None).await
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<LocationId>, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = match input(&posted) {
        Ok(input) => service::change(&ctx.app, &ctx.actor, id, &input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{PLACES}/{id}"), "cat-location-saved")),
        Err(error) => {
            let error = sayable(error)?;
            let row = service::show(&ctx.app, &ctx.actor, id).await?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(refused(form_page(&ctx, Some(&row), form, None).await?, &error))
        }
    }
}

pub(super) async fn remove(Inside(ctx): Inside, Path(id): Path<LocationId>, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = match posted.parse("version") {
        Ok(version) => service::remove(&ctx.app, &ctx.actor, id, version).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(PLACES, "cat-location-removed")),
        Err(error) => {
            let error: AppError = sayable(error)?;
            let row = service::show(&ctx.app, &ctx.actor, id).await?;
            let held = ctx.chrome.t(format!("error-{}", error.code));
            Ok(refused(form_page(&ctx, Some(&row), form_of(&ctx.chrome, &row), Some(held)).await?, &error))
        }
    }
}
