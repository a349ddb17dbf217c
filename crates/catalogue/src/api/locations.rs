//! Places over HTTP, for the staff who keep them.

use axum::extract::State;
use axum::http::StatusCode;
use directory::entity::locations;
use kernel::ids::LocationId;
use kernel::{Page, PageQuery, Timestamp};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::treatments::Made;
use crate::service::locations::{self as service, LocationInput};

/// A place.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationView {
    /// Its id.
    pub id: LocationId,
    /// Its name.
    #[schema(example = "Istanbul Şişli")]
    pub name: String,
    /// The lines of its address.
    pub address: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// Region or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166-1.
    #[schema(example = "TR")]
    pub country_code: Option<String>,
    /// `latitude,longitude`, or the address of a map.
    pub map_selector: Option<String>,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// For short messages.
    pub whatsapp_or_sms: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// More about it.
    pub description: String,
    /// Who runs it.
    pub legal_name: String,
    /// Tax number.
    pub tax: String,
    /// For the next edit.
    pub version: i32,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl From<locations::Model> for LocationView {
    fn from(row: locations::Model) -> Self {
        let more = [row.address2, row.address3, row.address4, row.address5];
        Self {
            id: row.id,
            name: row.name,
            address: std::iter::once(row.address).chain(more.into_iter().flatten()).collect(),
            city: row.city,
            state: row.state,
            postal_code: row.postal_code,
            country_code: row.country_code,
            map_selector: row.map_selector,
            phone: row.phone,
            email: row.email,
            whatsapp_or_sms: row.whatsapp_or_sms,
            fax: row.fax,
            description: row.description,
            legal_name: row.legal_name,
            tax: row.tax,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

/// What the list is narrowed by.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LocationQuery {
    /// A word of the name, the city or the street.
    q: Option<String>,
    /// ISO code of the country.
    #[serde(rename = "filter[country]")]
    country: Option<String>,
    /// Which page.
    #[serde(default = "first")]
    #[param(minimum = 1)]
    page: u64,
    /// How many a page holds.
    #[serde(default = "usual")]
    #[param(minimum = 1, maximum = 100)]
    per_page: u64,
}

fn first() -> u64 {
    1
}

fn usual() -> u64 {
    20
}

/// Lists the places.
#[utoipa::path(get, path = "/admin/locations", tag = "places", operation_id = "list_locations", params(LocationQuery),
    responses((status = 200, body = Page<LocationView>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_locations(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<LocationQuery>,
) -> ApiResult<Json<Page<LocationView>>> {
    let page = PageQuery { page: query.page, per_page: query.per_page };
    let found = service::list(&app, &actor, query.q.as_deref(), query.country.as_deref(), page).await?;
    Ok(Json(found.map(LocationView::from)))
}

/// Adds a place.
#[utoipa::path(post, path = "/admin/locations", tag = "places", operation_id = "create_location",
    request_body = LocationInput,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn create_location(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<LocationInput>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let id = service::create(&app, &actor, &input).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.any() })))
}

/// Shows a place.
#[utoipa::path(get, path = "/admin/locations/{id}", tag = "places", operation_id = "show_location",
    params(("id" = LocationId, Path)),
    responses((status = 200, body = LocationView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_location(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LocationId>,
) -> ApiResult<Json<LocationView>> {
    Ok(Json(service::show(&app, &actor, id).await?.into()))
}

/// Changes a place.
#[utoipa::path(put, path = "/admin/locations/{id}", tag = "places", operation_id = "change_location",
    params(("id" = LocationId, Path)), request_body = LocationInput,
    responses((status = 200, body = LocationView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn change_location(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LocationId>,
    Json(input): Json<LocationInput>,
) -> ApiResult<Json<LocationView>> {
    service::change(&app, &actor, id, &input).await?;
    Ok(Json(service::show(&app, &actor, id).await?.into()))
}

/// The version of a place that was seen.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LocationVersion {
    /// The version.
    version: i32,
}

/// Takes a place away that nothing refers to.
#[utoipa::path(delete, path = "/admin/locations/{id}", tag = "places", operation_id = "remove_location",
    params(("id" = LocationId, Path), LocationVersion),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn remove_location(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LocationId>,
    Query(seen): Query<LocationVersion>,
) -> ApiResult<StatusCode> {
    service::remove(&app, &actor, id, seen.version).await?;
    Ok(StatusCode::NO_CONTENT)
}
