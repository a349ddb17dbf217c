//! Bank transfers, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{PaymentId, QuoteId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::queries::transfers::{self, TransferFilter, TransferLine};
use crate::service::receipts::{self, BankReceipt};

/// Lists transfers that are awaited, or refunds that wait to be sent by transfer; the oldest first.
#[utoipa::path(get, path = "/admin/bank-transfers", tag = "payments", operation_id = "list_bank_transfers",
    params(PageQuery, TransferFilter),
    responses((status = 200, body = Page<TransferLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_bank_transfers(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<TransferFilter>,
) -> ApiResult<Json<Page<TransferLine>>> {
    Ok(Json(transfers::list(&app, &actor, filter, page).await?))
}

/// A transfer that was booked.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookedReceipt {
    /// The completed payment.
    pub payment_id: PaymentId,
}

/// Records what the bank received for a booking. Another amount than was asked for counts as a part.
#[utoipa::path(post, path = "/admin/bookings/{id}/bank-receipts", tag = "payments",
    operation_id = "record_bank_receipt", params(("id" = QuoteId, Path)), request_body = BankReceipt,
    responses((status = 201, body = BookedReceipt), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn record_bank_receipt(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<BankReceipt>,
) -> ApiResult<(StatusCode, Json<BookedReceipt>)> {
    let payment_id = receipts::record(&app, &actor, id, &body).await?;
    Ok((StatusCode::CREATED, Json(BookedReceipt { payment_id })))
}

/// A refund that was sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentRefund {
    /// The bank's number of it: 3 to 64 characters.
    #[schema(example = "OUT-77")]
    pub bank_reference: String,
}

/// Records that a refund was sent by transfer.
#[utoipa::path(post, path = "/admin/bank-transfers/{id}/sent", tag = "payments", operation_id = "record_sent_refund",
    params(("id" = PaymentId, Path)), request_body = SentRefund,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn record_sent_refund(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PaymentId>,
    Json(body): Json<SentRefund>,
) -> ApiResult<StatusCode> {
    receipts::sent_back(&app, &actor, id, &body.bank_reference).await?;
    Ok(StatusCode::NO_CONTENT)
}
