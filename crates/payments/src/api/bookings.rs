//! Bookings and their payments.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::ids::{PaymentDocumentId, PaymentId, QuoteId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::locale::Locale;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};

use crate::queries::{self, BookingFilter, TransactionFilter};
use crate::service::start::{self, StartPayment, Started, Way};
use crate::service::{documents, poll};
use crate::views::{BookingView, CheckoutView, DocumentView, PaymentView, StartedView, TransactionView};

/// The bookings you may see, newest first.
#[utoipa::path(get, path = "/bookings", tag = "bookings", operation_id = "list_bookings",
    params(PageQuery, BookingFilter),
    responses((status = 200, body = Page<BookingView>), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument)))]
pub async fn list_bookings(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<BookingFilter>,
) -> ApiResult<Json<Page<BookingView>>> {
    Ok(Json(queries::list(&app, &actor, &filter, page).await?))
}

/// One booking with its payments.
#[utoipa::path(get, path = "/bookings/{id}", tag = "bookings", operation_id = "show_booking",
    params(("id" = QuoteId, Path, description = "The quote's id is the booking's")),
    responses((status = 200, body = BookingView), (status = 404, body = ProblemDocument)))]
pub async fn show_booking(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<BookingView>> {
    Ok(Json(queries::detail(&app, &actor, id).await?))
}

/// What can be paid now, and how.
#[utoipa::path(get, path = "/bookings/{id}/checkout", tag = "bookings", operation_id = "show_checkout",
    params(("id" = QuoteId, Path)),
    responses((status = 200, body = CheckoutView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn show_checkout(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<CheckoutView>> {
    Ok(Json(queries::checkout(&app, &actor, id).await?))
}

/// Starts to pay, or returns the attempt that is already open for the same choice.
#[utoipa::path(post, path = "/bookings/{id}/payments", tag = "payments", operation_id = "start_payment",
    params(("id" = QuoteId, Path)), request_body = StartPayment,
    responses((status = 200, body = StartedView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn start_payment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(ask): Json<StartPayment>,
) -> ApiResult<Json<StartedView>> {
    Ok(Json(started_view(start::start(&app, &actor, id, &ask).await?)))
}

/// An attempt with what the patient's browser needs to confirm it.
pub(super) fn started_view(started: Started) -> StartedView {
    let payment = (&started.payment).into();
    match started.way {
        Way::Card { intent, account, gateway } => StartedView {
            payment,
            intent_id: Some(intent.id),
            client_secret: Some(intent.client_secret),
            gateway: Some(gateway.to_owned()),
            gateway_account_id: Some(account),
            transfer: None,
        },
        Way::Transfer(instructions) => StartedView {
            payment,
            intent_id: None,
            client_secret: None,
            gateway: None,
            gateway_account_id: None,
            transfer: Some(instructions),
        },
    }
}

/// Invoice, receipts and credit notes of a booking.
#[utoipa::path(get, path = "/bookings/{id}/documents", tag = "bookings", operation_id = "list_booking_documents",
    params(("id" = QuoteId, Path)),
    responses((status = 200, body = Vec<DocumentView>), (status = 404, body = ProblemDocument)))]
pub async fn list_documents(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<Vec<DocumentView>>> {
    Ok(Json(queries::documents(&app, &actor, id).await?))
}

/// In which language a paper is read.
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaperQuery {
    /// `en` or `tr`; English when left out.
    lang: Option<String>,
}

/// A numbered paper as PDF.
#[utoipa::path(get, path = "/documents/{id}/file", tag = "bookings", operation_id = "read_document",
    params(("id" = PaymentDocumentId, Path), PaperQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn read_document(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PaymentDocumentId>,
    Query(query): Query<PaperQuery>,
) -> ApiResult<Response> {
    let locale = query.lang.as_deref().and_then(Locale::from_code).unwrap_or_default();
    Ok(pdf(documents::file(&app, &actor, id, locale).await?))
}

/// A PDF as an answer that browsers show and save under its name.
pub(crate) fn pdf(file: documents::File) -> Response {
    let name = format!("inline; filename=\"{}\"", file.name);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file.bytes).into_response()
}

/// One payment.
#[utoipa::path(get, path = "/payments/{id}", tag = "payments", operation_id = "show_payment",
    params(("id" = PaymentId, Path)),
    responses((status = 200, body = PaymentView), (status = 404, body = ProblemDocument)))]
pub async fn show_payment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PaymentId>,
) -> ApiResult<Json<PaymentView>> {
    Ok(Json(queries::payment(&app, &actor, id).await?))
}

/// Asks the gateway now instead of waiting for its webhook.
#[utoipa::path(post, path = "/payments/{id}/sync", tag = "payments", operation_id = "sync_payment",
    params(("id" = PaymentId, Path)),
    responses((status = 200, body = PaymentView), (status = 404, body = ProblemDocument)))]
pub async fn sync_payment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PaymentId>,
) -> ApiResult<Json<PaymentView>> {
    poll::sync(&app, &actor, id).await?;
    Ok(Json(queries::payment(&app, &actor, id).await?))
}

/// Every payment and refund, for the staff.
#[utoipa::path(get, path = "/admin/transactions", tag = "payments", operation_id = "list_transactions",
    params(PageQuery, TransactionFilter),
    responses((status = 200, body = Page<TransactionView>), (status = 403, body = ProblemDocument)))]
pub async fn list_transactions(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<TransactionFilter>,
) -> ApiResult<Json<Page<TransactionView>>> {
    Ok(Json(queries::transactions(&app, &actor, &filter, page).await?))
}
