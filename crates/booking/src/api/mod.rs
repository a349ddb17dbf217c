//! Bookings over HTTP. What a booking costs is told by the payment wing, which shows it whole.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::ids::QuoteId;
use platform::App;
use platform::routes;
use platform::web::{ApiResult, Lang, Path, ProblemDocument, Who};
use utoipa_axum::router::OpenApiRouter;

use crate::ics;

/// All routes of this wing, below `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_calendar))
}

/// The appointment of a confirmed booking as an iCalendar file: an entry for each day.
#[utoipa::path(get, path = "/bookings/{id}/calendar.ics", tag = "bookings", operation_id = "read_booking_calendar",
    params(("id" = QuoteId, Path)),
    responses((status = 200, body = String, content_type = "text/calendar"), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn read_calendar(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(id): Path<QuoteId>,
) -> ApiResult<Response> {
    Ok(file(&ics::calendar(&app, &actor, id, locale).await?))
}

/// A calendar as a file to keep or to open.
pub(crate) fn file(calendar: &ics::CalendarFile) -> Response {
    let named = format!("attachment; filename=\"{}\"", calendar.name);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, calendar.text.clone()).into_response()
}
