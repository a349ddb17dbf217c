//! Bookings over HTTP.

use axum::extract::State;
use kernel::ids::QuoteId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use quoting::entity::quotes::QuoteStatus;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::queries;
use crate::views::Booking;
use quoting::views::QuoteView;

/// All routes of this wing, below `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_bookings)).routes(routes!(show_booking))
}

/// What a list of bookings is narrowed by.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BookingQuery {
    /// Number of the page.
    page: Option<u64>,
    /// Entries per page.
    per_page: Option<u64>,
    /// One status.
    #[serde(rename = "filter[status]")]
    status: Option<QuoteStatus>,
}

/// Lists bookings: a patient's own, a clinic's own, all for staff.
#[utoipa::path(get, path = "/bookings", tag = "bookings", operation_id = "list_bookings", params(BookingQuery),
    responses((status = 200, body = Page<QuoteView<Booking>>), (status = 403, body = ProblemDocument)))]
pub async fn list_bookings(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<BookingQuery>,
) -> ApiResult<Json<Page<QuoteView<Booking>>>> {
    let default = PageQuery::default();
    let page =
        PageQuery { page: query.page.unwrap_or(default.page), per_page: query.per_page.unwrap_or(default.per_page) };
    Ok(Json(queries::list(&app, &actor, query.status, page).await?))
}

/// Shows a booking with its slot and terms, shaped by who asks.
#[utoipa::path(get, path = "/bookings/{id}", tag = "bookings", operation_id = "show_booking",
    params(("id" = QuoteId, Path)),
    responses((status = 200, body = QuoteView<Booking>), (status = 404, body = ProblemDocument)))]
pub async fn show_booking(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<QuoteView<Booking>>> {
    Ok(Json(queries::show(&app, &actor, id).await?))
}
