//! Regions, starting prices and the small lists, as staff keep them.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use kernel::ids::{AnyId, LocationId, LocationPreferenceId, LocationStartingPriceId};
use kernel::{AppError, Currency, Money, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Query, Who, files_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::treatments::Made;
use crate::destinations;
use crate::entity::location_preferences::LocationPreferenceStatus as Status;
use crate::service::lists::{self, ListEntry, ListEntryInput};
use crate::service::regions::{self, Region, RegionInput};
use crate::service::starting_prices::{
    self as prices, BulkInput, BulkLine, Filter, Import, Priced, StartingPriceInput,
};
use crate::views::DestinationView;

/// A region.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionView {
    /// Its id.
    pub id: LocationPreferenceId,
    /// Its name.
    #[schema(example = "British Isles")]
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Archived ones order nothing.
    pub status: Status,
    /// Countries whose patients it is for.
    pub audience: Vec<String>,
    /// Destinations in order.
    pub destinations: Vec<String>,
    /// How many are shown before "more".
    pub max_shown: i32,
    /// For the next edit.
    pub version: i32,
}

impl From<Region> for RegionView {
    fn from(Region { row, audience, destinations }: Region) -> Self {
        Self {
            id: row.id,
            name: row.name.unwrap_or_default(),
            description: row.description,
            status: row.status,
            audience,
            destinations,
            max_shown: row.max_shown,
            version: row.version,
        }
    }
}

/// Lists the regions by name.
#[utoipa::path(get, path = "/admin/regions", tag = "places", operation_id = "list_regions", params(PageQuery),
    responses((status = 200, body = Page<RegionView>), (status = 403, body = ProblemDocument)))]
pub async fn list_regions(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<RegionView>>> {
    Ok(Json(regions::list(&app, &actor, page).await?.map(RegionView::from)))
}

/// Adds a region (R-IQ-80, R-MG-60).
#[utoipa::path(post, path = "/admin/regions", tag = "places", operation_id = "create_region",
    request_body = RegionInput,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn create_region(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<RegionInput>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let id = regions::create(&app, &actor, input).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.any() })))
}

/// Shows a region.
#[utoipa::path(get, path = "/admin/regions/{id}", tag = "places", operation_id = "show_region",
    params(("id" = LocationPreferenceId, Path)),
    responses((status = 200, body = RegionView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_region(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LocationPreferenceId>,
) -> ApiResult<Json<RegionView>> {
    Ok(Json(regions::show(&app, &actor, id).await?.into()))
}

/// Changes a region.
#[utoipa::path(patch, path = "/admin/regions/{id}", tag = "places", operation_id = "change_region",
    params(("id" = LocationPreferenceId, Path)), request_body = RegionInput,
    responses((status = 200, body = RegionView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn change_region(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LocationPreferenceId>,
    Json(input): Json<RegionInput>,
) -> ApiResult<Json<RegionView>> {
    regions::change(&app, &actor, id, input).await?;
    Ok(Json(regions::show(&app, &actor, id).await?.into()))
}

/// Archiving or opening a region.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionSwitch {
    /// Archived or open.
    pub status: Status,
    /// The version that was seen.
    pub version: i32,
    /// Why: 10 to 500 characters.
    #[schema(example = "No clinics left in these countries.")]
    pub reason: String,
}

/// Archives a region or opens it again.
#[utoipa::path(put, path = "/admin/regions/{id}/status", tag = "places", operation_id = "switch_region",
    params(("id" = LocationPreferenceId, Path)), request_body = RegionSwitch,
    responses((status = 200, body = RegionView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn switch_region(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LocationPreferenceId>,
    Json(body): Json<RegionSwitch>,
) -> ApiResult<Json<RegionView>> {
    regions::switch(&app, &actor, id, body.version, body.status, &body.reason).await?;
    Ok(Json(regions::show(&app, &actor, id).await?.into()))
}

/// Whose view of the destinations is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// The patient's country; somebody of no known country when left out.
    country: Option<String>,
    /// Currency of the prices; US dollars when left out.
    currency: Option<String>,
}

/// Shows the destinations as a patient of a country sees them.
#[utoipa::path(get, path = "/admin/regions/preview", tag = "places", operation_id = "preview_regions",
    params(PreviewQuery),
    responses((status = 200, body = Vec<DestinationView>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn preview_regions(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<PreviewQuery>,
) -> ApiResult<Json<Vec<DestinationView>>> {
    actor.admin()?;
    actor.require(kernel::Permission::ManageAppData)?;
    let currency = super::public::currency_of(query.currency.as_deref())?;
    let home = query.country.map(|code| code.to_ascii_uppercase());
    let found = destinations::list(app.db.conn(), home.as_deref(), currency, app.now().date_naive()).await?;
    Ok(Json(found.into_iter().map(|destination| DestinationView::new(destination, currency)).collect()))
}

/// A "from" price.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartingPriceView {
    /// Its id.
    pub id: LocationStartingPriceId,
    /// The place it is of; a whole country when there is none.
    pub location_id: Option<LocationId>,
    /// Where: a country, or a city with its country.
    #[schema(example = "Türkiye")]
    pub place: String,
    /// The price.
    pub price: Money,
    /// Whether it stands in where the reader's currency has none.
    pub is_fallback: bool,
    /// First day; since ever when there is none.
    pub effective_from: Option<NaiveDate>,
    /// Last day; until further notice when there is none.
    pub effective_to: Option<NaiveDate>,
    /// More about it.
    pub description: Option<String>,
}

impl From<Priced> for StartingPriceView {
    fn from(Priced { row, place }: Priced) -> Self {
        Self {
            id: row.id,
            location_id: row.location_id,
            place,
            price: Money::new(row.starting_price, row.currency),
            is_fallback: row.is_fallback,
            effective_from: row.effective_from,
            effective_to: row.effective_to,
            description: row.description,
        }
    }
}

/// The reader's wishes for a list of prices.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StartingPriceQuery {
    /// Number of the page.
    page: Option<u64>,
    /// Entries per page.
    per_page: Option<u64>,
    /// Only of this country, by its name.
    #[serde(rename = "filter[country]")]
    country: Option<String>,
    /// Only in this currency.
    #[serde(rename = "filter[currency]")]
    currency: Option<Currency>,
    /// Only prices that have not ended.
    #[serde(rename = "filter[current]", default)]
    is_current: bool,
}

/// Lists all prices, those that ended too.
#[utoipa::path(get, path = "/admin/starting-prices", tag = "places", operation_id = "list_all_starting_prices",
    params(StartingPriceQuery),
    responses((status = 200, body = Page<StartingPriceView>), (status = 403, body = ProblemDocument)))]
pub async fn list_all_starting_prices(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<StartingPriceQuery>,
) -> ApiResult<Json<Page<StartingPriceView>>> {
    let default = PageQuery::default();
    let page =
        PageQuery { page: query.page.unwrap_or(default.page), per_page: query.per_page.unwrap_or(default.per_page) };
    let filter = Filter { country: query.country, currency: query.currency, is_current: query.is_current };
    Ok(Json(prices::list(&app, &actor, &filter, page).await?.map(StartingPriceView::from)))
}

/// Sets a price from a day on; what stood ends the day before (R-IQ-81).
#[utoipa::path(post, path = "/admin/starting-prices", tag = "places", operation_id = "set_starting_price",
    request_body = StartingPriceInput,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn set_starting_price(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<StartingPriceInput>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let id = prices::set(&app, &actor, &input).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.any() })))
}

/// Shows what a change of all prices of a place would make of them (R-MG-61).
#[utoipa::path(post, path = "/admin/starting-prices/bulk-preview", tag = "places",
    operation_id = "preview_starting_prices", request_body = BulkInput,
    responses((status = 200, body = Vec<BulkLine>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn preview_starting_prices(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<BulkInput>,
) -> ApiResult<Json<Vec<BulkLine>>> {
    Ok(Json(prices::bulk_preview(&app, &actor, &input).await?))
}

/// Changes all prices of a place, all or none (R-MG-61).
#[utoipa::path(post, path = "/admin/starting-prices/bulk", tag = "places", operation_id = "change_starting_prices",
    request_body = BulkInput,
    responses((status = 200, body = Vec<BulkLine>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn change_starting_prices(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<BulkInput>,
) -> ApiResult<Json<Vec<BulkLine>>> {
    Ok(Json(prices::bulk(&app, &actor, &input).await?))
}

/// The form of a file of prices.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the API; the parts are read one by one")]
pub struct PricesFileForm {
    /// CSV: country_code,price,currency,is_fallback,effective_from,effective_to
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Why: 10 to 500 characters.
    reason: String,
    /// `true` saves; anything else only tells what is wrong.
    save: Option<String>,
}

/// Reads prices from a file: a trial, or all of them or none (R-MG-61).
#[utoipa::path(post, path = "/admin/starting-prices/import", tag = "places", operation_id = "import_starting_prices",
    request_body(content = PricesFileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Import), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn import_starting_prices(
    State(app): State<App>,
    Who(actor): Who,
    form: Multipart,
) -> ApiResult<Json<Import>> {
    actor.admin()?;
    actor.require(kernel::Permission::ManageAppData)?;
    let (mut files, texts) = files_of(form).await?;
    let (Some(file), true) = (files.pop(), files.is_empty()) else {
        return Err(AppError::field("file", "required", "Send exactly one file.").into());
    };
    let text = std::str::from_utf8(&file.bytes)
        .map_err(|_| AppError::field("file", "media_unreadable", "The file is not text in UTF-8."))?;
    let said = |name: &str| texts.get(name).map(String::as_str).unwrap_or_default();
    Ok(Json(prices::import(&app, &actor, text, said("reason"), said("save") == "true").await?))
}

/// Lists the prices in effect today.
#[utoipa::path(get, path = "/starting-prices", tag = "places", operation_id = "list_starting_prices", security(()),
    params(PageQuery), responses((status = 200, body = Page<StartingPriceView>)))]
pub async fn list_starting_prices(
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<StartingPriceView>>> {
    Ok(Json(prices::public(&app, page).await?.map(StartingPriceView::from)))
}

/// Names the lists people choose from.
#[utoipa::path(get, path = "/admin/lists", tag = "lists", operation_id = "list_lists",
    responses((status = 200, body = Vec<String>), (status = 403, body = ProblemDocument)))]
pub async fn list_lists(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Vec<String>>> {
    Ok(Json(lists::names(&app, &actor).await?))
}

/// Shows a list (R-MG-62).
#[utoipa::path(get, path = "/admin/lists/{list}", tag = "lists", operation_id = "show_list",
    params(("list" = String, Path, example = "inquiry_cancellation_reasons"), PageQuery),
    responses((status = 200, body = Page<ListEntry>), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_list(
    State(app): State<App>,
    Who(actor): Who,
    Path(list): Path<String>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ListEntry>>> {
    Ok(Json(lists::show(&app, &actor, &list, page).await?))
}

/// Adds an entry to a list.
#[utoipa::path(post, path = "/admin/lists/{list}", tag = "lists", operation_id = "add_list_entry",
    params(("list" = String, Path, example = "inquiry_cancellation_reasons")), request_body = ListEntryInput,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn add_list_entry(
    State(app): State<App>,
    Who(actor): Who,
    Path(list): Path<String>,
    Json(input): Json<ListEntryInput>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    Ok((StatusCode::CREATED, Json(Made { id: lists::add(&app, &actor, &list, input).await? })))
}

/// Changes an entry of a list, or switches it off.
#[utoipa::path(patch, path = "/admin/lists/{list}/{id}", tag = "lists", operation_id = "change_list_entry",
    params(("list" = String, Path, example = "inquiry_cancellation_reasons"), ("id" = AnyId, Path)),
    request_body = ListEntryInput,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn change_list_entry(
    State(app): State<App>,
    Who(actor): Who,
    Path((list, id)): Path<(String, AnyId)>,
    Json(input): Json<ListEntryInput>,
) -> ApiResult<StatusCode> {
    lists::change(&app, &actor, &list, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The order of a list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// The entries in the order they are to have; others follow behind.
    pub ids: Vec<AnyId>,
}

/// Puts the entries of a list in order.
#[utoipa::path(put, path = "/admin/lists/{list}/order", tag = "lists", operation_id = "order_list",
    params(("list" = String, Path, example = "inquiry_cancellation_reasons")), request_body = OrderBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn order_list(
    State(app): State<App>,
    Who(actor): Who,
    Path(list): Path<String>,
    Json(body): Json<OrderBody>,
) -> ApiResult<StatusCode> {
    lists::order(&app, &actor, &list, &body.ids).await?;
    Ok(StatusCode::NO_CONTENT)
}
