//! What patients owe, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::QuoteId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};

use crate::queries::invoices::{self as queries, InvoiceFilter, InvoiceLine};
use crate::service::invoices::{self, StatusOverride};

/// Lists what patients owe: at risk first, then overdue.
#[utoipa::path(get, path = "/admin/invoices", tag = "payments", operation_id = "list_invoices",
    params(PageQuery, InvoiceFilter),
    responses((status = 200, body = Page<InvoiceLine>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_invoices(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<InvoiceFilter>,
) -> ApiResult<Json<Page<InvoiceLine>>> {
    Ok(Json(queries::list(&app, &actor, &filter, page).await?))
}

/// Reminds the patient of what is missing; at most once a day.
#[utoipa::path(post, path = "/admin/invoices/{id}/remind", tag = "payments", operation_id = "remind_of_invoice",
    params(("id" = QuoteId, Path, description = "The booking")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn remind_of_invoice(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<StatusCode> {
    invoices::remind(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets the badge of an invoice say something else; no sum changes.
#[utoipa::path(post, path = "/admin/invoices/{id}/override-status", tag = "payments",
    operation_id = "override_invoice_status", params(("id" = QuoteId, Path, description = "The booking")),
    request_body = StatusOverride,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn override_invoice_status(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<StatusOverride>,
) -> ApiResult<StatusCode> {
    invoices::override_status(&app, &actor, id, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
