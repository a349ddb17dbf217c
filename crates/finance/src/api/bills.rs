//! Statements, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::ProviderBillId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::queries::{self, BillFilter};
use crate::service::decide::{self, BatchApproval, SeenBill};
use crate::views::{BillDetail, BillLine};

/// Lists statements: overdue ones first, then failed ones, then by payout date.
#[utoipa::path(get, path = "/admin/bills", tag = "payouts", operation_id = "list_bills",
    params(PageQuery, BillFilter),
    responses((status = 200, body = Page<BillLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_bills(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<BillFilter>,
) -> ApiResult<Json<Page<BillLine>>> {
    Ok(Json(queries::list(&app, &actor, &filter, page).await?))
}

/// Shows a statement with its lines.
#[utoipa::path(get, path = "/admin/bills/{id}", tag = "payouts", operation_id = "show_bill",
    params(("id" = ProviderBillId, Path)),
    responses((status = 200, body = BillDetail), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_bill(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderBillId>,
) -> ApiResult<Json<BillDetail>> {
    Ok(Json(queries::detail(&app, &actor, id).await?))
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveBill {
    /// The version that was seen.
    pub version: i32,
    /// Why a statement is right that is far above the usual: 20 to 500 characters.
    #[schema(example = "The clinic treated twice as many patients in May.")]
    pub review_reason: Option<String>,
}

/// Approves a statement. It is paid on its payout day, or at once where that has come.
#[utoipa::path(post, path = "/admin/bills/{id}/approve", tag = "payouts", operation_id = "approve_bill",
    params(("id" = ProviderBillId, Path)), request_body = ApproveBill,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn approve_bill(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderBillId>,
    Json(body): Json<ApproveBill>,
) -> ApiResult<StatusCode> {
    decide::approve(&app, &actor, id, body.version, body.review_reason.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Statements to approve together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchApproveBills {
    /// 1 to 100 statements, each as it was seen.
    pub bills: Vec<SeenBill>,
}

/// Approves many statements, each by itself; the answer lists what was approved and what was not, and why.
#[utoipa::path(post, path = "/admin/bills/batch-approve", tag = "payouts", operation_id = "batch_approve_bills",
    request_body = BatchApproveBills,
    responses((status = 200, body = BatchApproval), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn batch_approve_bills(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<BatchApproveBills>,
) -> ApiResult<Json<BatchApproval>> {
    Ok(Json(decide::batch_approve(&app, &actor, &body.bills).await?))
}

/// A step back, or off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonedBill {
    /// The version that was seen.
    pub version: i32,
    /// Why: 20 to 500 characters.
    #[schema(example = "A refund of the same week is still to be booked.")]
    pub reason: String,
}

/// Takes an approval back, before the payout day.
#[utoipa::path(post, path = "/admin/bills/{id}/unapprove", tag = "payouts", operation_id = "unapprove_bill",
    params(("id" = ProviderBillId, Path)), request_body = ReasonedBill,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn unapprove_bill(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderBillId>,
    Json(body): Json<ReasonedBill>,
) -> ApiResult<StatusCode> {
    decide::unapprove(&app, &actor, id, body.version, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drops a statement: what stands on it goes onto the next one.
#[utoipa::path(post, path = "/admin/bills/{id}/void", tag = "payouts", operation_id = "void_bill",
    params(("id" = ProviderBillId, Path)), request_body = ReasonedBill,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn void_bill(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderBillId>,
    Json(body): Json<ReasonedBill>,
) -> ApiResult<StatusCode> {
    decide::void(&app, &actor, id, body.version, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A statement as it was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryBill {
    /// The version that was seen.
    pub version: i32,
}

/// Sends a statement again whose money the bank refused.
#[utoipa::path(post, path = "/admin/bills/{id}/retry", tag = "payouts", operation_id = "retry_bill",
    params(("id" = ProviderBillId, Path)), request_body = RetryBill,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn retry_bill(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderBillId>,
    Json(body): Json<RetryBill>,
) -> ApiResult<StatusCode> {
    decide::retry(&app, &actor, id, body.version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteBill {
    /// 1 to 500 characters. Clinics never see it.
    #[schema(example = "Called the clinic about its new account.")]
    pub note: String,
}

/// Adds a note that only staff see.
#[utoipa::path(post, path = "/admin/bills/{id}/notes", tag = "payouts", operation_id = "note_bill",
    params(("id" = ProviderBillId, Path)), request_body = NoteBill,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn note_bill(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderBillId>,
    Json(body): Json<NoteBill>,
) -> ApiResult<StatusCode> {
    decide::add_note(&app, &actor, id, &body.note).await?;
    Ok(StatusCode::NO_CONTENT)
}
