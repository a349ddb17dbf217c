//! A patient decides: accepts, declines, cancels.

use axum::extract::State;
use catalogue::money_input::MoneyInput;
use inquiry::case::CancelInput;
use kernel::FieldErrors;
use kernel::ids::{InquiryId, QuoteId};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::Deserialize;

use crate::queries;
use crate::rules::accept::Ask;
use crate::service::cancel::{self, Cancelled};
use crate::service::{accept, leave};
use crate::views::{QuoteDetail, QuoteView};

/// What the patient saw and ticked.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInput {
    /// Version on the screen.
    version: i32,
    /// Terms ticked.
    #[serde(default)]
    terms: bool,
    /// Total on the screen; only compared.
    expected_total: MoneyInput,
}

/// Accepts an offer and holds its slot; repeating it answers the same (Q4).
#[utoipa::path(post, path = "/quotes/{id}/accept", tag = "quotes", operation_id = "accept_quote",
    params(("id" = QuoteId, Path)), request_body = AcceptInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn accept_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<AcceptInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    let mut errors = FieldErrors::new();
    let expected = input.expected_total.read("expected_total", &mut errors);
    errors.check()?;
    if let Some(expected_total) = expected {
        let ask = Ask { version: input.version, expected_total, terms: input.terms };
        accept::accept(&app, &actor, id, ask).await?;
    }
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Why an offer is declined.
#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineOfferInput {
    /// For staff, at most 500 characters; the clinic does not read it.
    #[serde(default)]
    reason: Option<String>,
}

/// Declines an offer (Q5); a reason may be given.
#[utoipa::path(post, path = "/quotes/{id}/decline", tag = "quotes", operation_id = "decline_quote",
    params(("id" = QuoteId, Path)), request_body = Option<DeclineOfferInput>,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn decline_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<DeclineOfferInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    leave::decline(&app, &actor, id, input.reason.as_deref()).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Cancels a request with everything that hangs on it (R-IQ-60).
#[utoipa::path(post, path = "/inquiries/{id}/cancel", tag = "inquiries", operation_id = "cancel_inquiry",
    params(("id" = InquiryId, Path)), request_body = CancelInput,
    responses((status = 200, body = Cancelled), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn cancel_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<CancelInput>,
) -> ApiResult<Json<Cancelled>> {
    Ok(Json(cancel::cancel_inquiry(&app, &actor, id, &input).await?))
}
