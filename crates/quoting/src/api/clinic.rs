//! A clinic writes, sends and takes back quotes.

use axum::extract::State;
use axum::http::StatusCode;
use catalogue::money_input::MoneyInput;
use kernel::FieldErrors;
use kernel::ids::{InquiryId, QuoteId};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::Deserialize;

use crate::queries;
use crate::service::input::QuoteInput;
use crate::service::{archive, draft, leave, submit, withdrawal};
use crate::store;
use crate::views::{PricePreview, QuoteDetail, QuoteView};

/// Starts a draft for a distributed request (Q1).
#[utoipa::path(post, path = "/inquiries/{id}/quotes", tag = "quotes", operation_id = "create_quote",
    params(("id" = InquiryId, Path)), request_body = QuoteInput,
    responses((status = 201, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn create_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<QuoteInput>,
) -> ApiResult<(StatusCode, Json<QuoteView<QuoteDetail>>)> {
    let quote = draft::create(&app, &actor, id, input).await?;
    Ok((StatusCode::CREATED, Json(queries::show(&app, &actor, quote).await?)))
}

/// Changes a draft or revises a live quote (Q3).
#[utoipa::path(patch, path = "/quotes/{id}", tag = "quotes", operation_id = "edit_quote",
    params(("id" = QuoteId, Path)), request_body = QuoteInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<QuoteInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    draft::edit(&app, &actor, id, input).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Computes the price of the given content without saving it.
#[utoipa::path(post, path = "/quotes/{id}/price-preview", tag = "quotes", operation_id = "preview_quote_price",
    params(("id" = QuoteId, Path)), request_body = QuoteInput,
    responses((status = 200, body = PricePreview), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn preview_quote_price(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<QuoteInput>,
) -> ApiResult<Json<PricePreview>> {
    let price = draft::preview(&app, &actor, id, input).await?;
    let percent = store::find(app.db.conn(), id).await?.commission;
    Ok(Json(PricePreview::new(&price, percent)))
}

/// What the clinic saw when it pressed send.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SubmitQuoteInput)]
pub struct SubmitInput {
    /// Version of the draft.
    version: i32,
    /// Total on the screen; only compared.
    expected_total: Option<MoneyInput>,
}

/// Sends a draft to the patient (Q2).
#[utoipa::path(post, path = "/quotes/{id}/submit", tag = "quotes", operation_id = "submit_quote",
    params(("id" = QuoteId, Path)), request_body = SubmitInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn submit_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<SubmitInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    let mut errors = FieldErrors::new();
    let expected = input.expected_total.and_then(|money| money.read("expected_total", &mut errors));
    errors.check()?;
    submit::submit(&app, &actor, id, input.version, expected).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Why a quote is taken back, put away or given up.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawInput {
    /// 3 to 500 characters, for staff.
    #[schema(example = "The surgeon is not available.")]
    reason: String,
}

/// Takes a sent quote back (Q9).
#[utoipa::path(post, path = "/quotes/{id}/withdraw", tag = "quotes", operation_id = "withdraw_quote",
    params(("id" = QuoteId, Path)), request_body = WithdrawInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn withdraw_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<WithdrawInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    leave::withdraw(&app, &actor, id, &input.reason).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Puts a quote away that was not accepted; one on offer is taken back first (Q9).
#[utoipa::path(post, path = "/quotes/{id}/archive", tag = "quotes", operation_id = "archive_quote",
    params(("id" = QuoteId, Path)), request_body = WithdrawInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn archive_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<WithdrawInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    archive::archive(&app, &actor, id, &input.reason).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Asks to step back from an accepted offer; staff decide (Q13).
#[utoipa::path(post, path = "/quotes/{id}/withdrawal-request", tag = "quotes", operation_id = "request_withdrawal",
    params(("id" = QuoteId, Path)), request_body = WithdrawInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn request_withdrawal(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<WithdrawInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    withdrawal::request(&app, &actor, id, &input.reason).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}
