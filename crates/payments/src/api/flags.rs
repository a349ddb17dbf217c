//! Flags of bookings.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{BookingFlagId, QuoteId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::flags::{self, FlagInput, FlagView};

/// What is said with a flag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagNote {
    /// 20 to 500 characters.
    #[schema(example = "The patient missed the flight and comes in a week.")]
    pub note: String,
}

/// A flag that was raised.
#[derive(Debug, Serialize, ToSchema)]
pub struct RaisedFlag {
    /// Its id; that of the open one where it was raised with the same words before.
    pub id: BookingFlagId,
}

/// Lists the flags of a booking, newest first.
#[utoipa::path(get, path = "/admin/bookings/{id}/flags", tag = "bookings", operation_id = "list_booking_flags",
    params(("id" = QuoteId, Path), PageQuery),
    responses((status = 200, body = Page<FlagView>), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn list_booking_flags(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<FlagView>>> {
    Ok(Json(flags::list(&app, &actor, id, page).await?))
}

/// Raises a flag of a booking: somebody has to look at it.
#[utoipa::path(post, path = "/admin/bookings/{id}/flags", tag = "bookings", operation_id = "flag_booking",
    params(("id" = QuoteId, Path)), request_body = FlagInput,
    responses((status = 201, body = RaisedFlag), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn flag_booking(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<FlagInput>,
) -> ApiResult<(StatusCode, Json<RaisedFlag>)> {
    let id = flags::add(&app, &actor, id, &body).await?;
    Ok((StatusCode::CREATED, Json(RaisedFlag { id })))
}

/// Closes a flag with what came of it.
#[utoipa::path(post, path = "/admin/bookings/{id}/flags/{flag_id}/close", tag = "bookings",
    operation_id = "close_booking_flag", params(("id" = QuoteId, Path), ("flag_id" = BookingFlagId, Path)),
    request_body = FlagNote,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn close_booking_flag(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, flag)): Path<(QuoteId, BookingFlagId)>,
    Json(body): Json<FlagNote>,
) -> ApiResult<StatusCode> {
    flags::end(&app, &actor, id, flag, &body.note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The clinic reports that its patient did not come; staff decide what follows.
#[utoipa::path(post, path = "/bookings/{id}/no-show", tag = "bookings", operation_id = "report_no_show",
    params(("id" = QuoteId, Path)), request_body = FlagNote,
    responses((status = 201, body = RaisedFlag), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn report_no_show(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<FlagNote>,
) -> ApiResult<(StatusCode, Json<RaisedFlag>)> {
    let id = flags::no_show(&app, &actor, id, &body.note).await?;
    Ok((StatusCode::CREATED, Json(RaisedFlag { id })))
}
