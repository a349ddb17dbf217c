//! The directory over HTTP.

use axum::extract::State;
use kernel::{Page, PageQuery};
use platform::App;
use platform::entity::countries;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::directory::{self, Search};
use crate::views::{ClinicCard, ClinicProfile, PlaceView};

/// Filters and order of the directory.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DirectoryQuery {
    /// Words of name or specialty, at most 50 characters.
    pub q: Option<String>,
    /// ISO country codes, repeated or joined by commas.
    #[serde(default, rename = "filter[country]")]
    #[param(rename = "filter[country]")]
    pub country: Vec<String>,
    /// A city, as `/places` or people write it.
    #[serde(default, rename = "filter[city]")]
    #[param(rename = "filter[city]")]
    pub city: Option<String>,
    /// `all`, `4` or `4.5`.
    #[serde(default, rename = "filter[rating]")]
    #[param(rename = "filter[rating]")]
    pub rating: Vec<String>,
    /// `hair`, `beard`, `both`.
    #[serde(default, rename = "filter[specialty]")]
    #[param(rename = "filter[specialty]")]
    pub specialty: Vec<String>,
    /// Codes of languages that are spoken, repeated or joined by commas.
    #[serde(default, rename = "filter[language]")]
    #[param(rename = "filter[language]")]
    pub language: Vec<String>,
    /// The least price is at most so many whole US dollars.
    #[serde(default, rename = "filter[price]")]
    #[param(rename = "filter[price]")]
    pub price: Option<String>,
    /// `recommended`, `rating`, `price`, `experience`.
    pub sort: Option<String>,
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100.
    pub per_page: Option<u64>,
}

/// Lists the accepting clinics.
#[utoipa::path(get, path = "/providers", tag = "directory", operation_id = "list_providers", security(()), params(DirectoryQuery),
    responses((status = 200, body = Page<ClinicCard>), (status = 422, body = ProblemDocument)))]
pub async fn list_clinics(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<DirectoryQuery>,
) -> ApiResult<Json<Page<ClinicCard>>> {
    let page = PageQuery { page: query.page.unwrap_or(1), per_page: query.per_page.unwrap_or(20) };
    let search = Search::parse(query.q, &query.country, &query.rating, &query.specialty, query.sort.as_deref())?
        .in_city(query.city.as_deref())
        .speaking(&query.language)
        .priced_to(query.price.as_deref())?;
    Ok(Json(directory::list_clinics(&app, &actor, &search, page).await?))
}

/// Shows a clinic by id or slug.
#[utoipa::path(get, path = "/providers/{id}", tag = "directory", operation_id = "show_provider", security(()),
    params(("id" = String, Path, description = "Id or slug")),
    responses((status = 200, body = ClinicProfile), (status = 404, body = ProblemDocument),
        (status = 410, body = ProblemDocument)))]
pub async fn show_clinic(
    State(app): State<App>,
    Who(actor): Who,
    Path(name): Path<String>,
) -> ApiResult<Json<ClinicProfile>> {
    Ok(Json(directory::show_clinic(&app, &actor, &name).await?))
}

/// What is typed to find a place.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlacesQuery {
    /// The beginning of a city's name, at most 50 characters.
    pub q: Option<String>,
}

/// Suggests cities with accepting clinics, at most ten.
#[utoipa::path(get, path = "/places", tag = "directory", operation_id = "list_places", security(()), params(PlacesQuery),
    responses((status = 200, body = Vec<PlaceView>), (status = 422, body = ProblemDocument)))]
pub async fn list_places(State(app): State<App>, Query(query): Query<PlacesQuery>) -> ApiResult<Json<Vec<PlaceView>>> {
    Ok(Json(directory::places(&app, query.q.as_deref().unwrap_or_default()).await?))
}

/// A country that may be chosen.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CountryView {
    /// ISO 3166-1.
    pub iso_code: String,
    /// Name, in English.
    pub name: String,
    /// `+44`.
    pub calling_code: String,
}

/// Lists the countries that may be chosen.
#[utoipa::path(get, path = "/countries", tag = "directory", operation_id = "list_countries", security(()),
    responses((status = 200, body = Vec<CountryView>)))]
pub async fn list_countries(State(app): State<App>) -> ApiResult<Json<Vec<CountryView>>> {
    let rows = countries::Entity::find()
        .filter(countries::Column::IsActive.eq(true))
        .order_by_asc(countries::Column::DisplayOrder)
        .order_by_asc(countries::Column::Name)
        .all(app.db.conn())
        .await?;
    let view =
        |row: countries::Model| CountryView { iso_code: row.iso_code, name: row.name, calling_code: row.calling_code };
    Ok(Json(rows.into_iter().map(view).collect()))
}
