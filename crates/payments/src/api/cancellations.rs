//! Cancelling a booking, and what staff decide about the refund.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{CancellationRequestId, PaymentId, QuoteId};
use kernel::{Amount, AppError, Money, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Multipart, Path, ProblemDocument, Query, Who, files_of};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::queries::refunds::{self, CancellationView, RefundDetail, RefundFilter, RefundLine};
use crate::service::cancellation::{
    self, CancelInput, Decision, Discretion, MOST_FILES, PartialRefund, PartiallyRefunded,
};

/// Five documents of ten megabytes and the text around them.
pub(super) const MOST_BYTES: usize = MOST_FILES * 10 * 1024 * 1024 + 64 * 1024;

/// What a cancellation now would bring back.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancellationPreview {
    /// `BKG-2603-00001`.
    pub booking_reference: String,
    /// Whether it can be cancelled here now.
    pub is_possible: bool,
    /// Today on the clinic's calendar.
    pub clinic_date: Option<chrono::NaiveDate>,
    /// Days from it to the treatment.
    pub days_before: Option<i64>,
    /// Percent of the policy for that day.
    #[schema(value_type = Option<String>, example = "90")]
    pub percent: Option<Decimal>,
    /// What is there of the booking's money.
    pub paid: Option<Money>,
    /// What comes back.
    pub refund: Option<Money>,
    /// What stays.
    pub kept: Option<Money>,
    /// What an accepted medical reason is proposed to bring back.
    pub refund_with_exception: Option<Money>,
    /// The newest request about the booking.
    pub request: Option<CancellationView>,
}

/// Computes what cancelling the booking now would bring back; nothing happens.
#[utoipa::path(get, path = "/bookings/{id}/cancellation-preview", tag = "bookings",
    operation_id = "preview_cancellation", params(("id" = QuoteId, Path)),
    responses((status = 200, body = CancellationPreview), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn preview_cancellation(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<CancellationPreview>> {
    let seen = cancellation::preview(&app, &actor, id).await?;
    let figures = seen.figures;
    let money = |amount: fn(&cancellation::Figures) -> Amount| {
        figures.as_ref().map(|figures| Money::new(amount(figures), figures.currency))
    };
    Ok(Json(CancellationPreview {
        is_possible: figures.is_some(),
        clinic_date: figures.map(|figures| figures.clinic_date),
        days_before: figures.map(|figures| figures.days_before),
        percent: figures.map(|figures| figures.percent.normalize()),
        paid: money(|figures| figures.paid),
        refund: money(|figures| figures.back),
        kept: money(cancellation::Figures::kept),
        refund_with_exception: money(|figures| figures.with_exception),
        request: seen.request.map(|row| CancellationView::new(&row, &seen.reference)),
        booking_reference: seen.reference,
    }))
}

/// The form of a cancellation.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
pub struct CancellationForm {
    /// Why: 10 to 1000 characters.
    reason: String,
    /// `medical` claims a medical exception; it needs a document.
    exception: Option<String>,
    /// The refund that was shown: `486.88`. Compared where it is given.
    expected_amount: Option<String>,
    /// Its currency.
    expected_currency: Option<String>,
    /// At most five PDF, JPEG or PNG files of 10 MB.
    #[schema(value_type = Vec<String>, format = Binary)]
    documents: Vec<u8>,
}

/// What became of a cancellation.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancellationAnswer {
    /// The request about the refund; none where nothing had been paid.
    pub request_id: Option<CancellationRequestId>,
    /// Whether the booking has ended. A clinic's wish waits for staff.
    pub is_cancelled: bool,
}

/// Cancels a booking: at once for its patient and for staff, as a wish for its clinic.
#[utoipa::path(post, path = "/bookings/{id}/cancellation", tag = "bookings", operation_id = "cancel_booking",
    params(("id" = QuoteId, Path)),
    request_body(content = CancellationForm, content_type = "multipart/form-data"),
    responses((status = 200, body = CancellationAnswer), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn cancel_booking(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    form: Multipart,
) -> ApiResult<Json<CancellationAnswer>> {
    // Whose it is comes before what was sent.
    cancellation::preview(&app, &actor, id).await?;
    let (files, texts) = files_of(form).await?;
    let said = |name: &str| texts.get(name).map(String::as_str).unwrap_or_default();
    let expected = match (said("expected_amount"), said("expected_currency")) {
        ("", _) => None,
        (amount, currency) => {
            let wrong = || AppError::field("expected_amount", "invalid", "Give an amount and its currency.");
            let amount: Amount = amount.parse().map_err(|_| wrong())?;
            Some(Money::new(amount, currency.parse().map_err(|_| wrong())?))
        }
    };
    let input = CancelInput {
        reason: said("reason").to_owned(),
        medical: said("exception") == "medical",
        expected,
        documents: files.into_iter().map(|file| (file.file_name, file.bytes)).collect(),
    };
    let done = cancellation::cancel(&app, &actor, id, &input).await?;
    Ok(Json(CancellationAnswer { request_id: done.request, is_cancelled: done.ended }))
}

/// Lists cancellations and their refunds, the oldest first.
#[utoipa::path(get, path = "/admin/refunds", tag = "refunds", operation_id = "list_refunds",
    params(PageQuery, RefundFilter),
    responses((status = 200, body = Page<RefundLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_refunds(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<RefundFilter>,
) -> ApiResult<Json<Page<RefundLine>>> {
    Ok(Json(refunds::list(&app, &actor, &filter, page).await?))
}

/// Shows a cancellation with its documents and the booking's money.
#[utoipa::path(get, path = "/admin/refunds/{id}", tag = "refunds", operation_id = "show_refund",
    params(("id" = CancellationRequestId, Path)),
    responses((status = 200, body = RefundDetail), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_refund(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<CancellationRequestId>,
) -> ApiResult<Json<RefundDetail>> {
    Ok(Json(refunds::detail(&app, &actor, id).await?))
}

/// What staff grant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRefund {
    /// The version that was seen.
    pub version: i32,
    /// Why: 20 to 500 characters.
    #[schema(example = "The policy for 31 days before the treatment.")]
    pub reason: String,
    /// Percent of what was paid, for a medical reason; 90 where nothing is said.
    #[schema(value_type = Option<String>, example = "90")]
    pub percent: Option<Decimal>,
    /// Another amount than the computed one.
    pub amount: Option<Amount>,
    /// Why it is another amount: 20 to 500 characters.
    pub adjustment_reason: Option<String>,
    /// The amount once more; needed above 1,000 US dollars.
    pub confirm_amount: Option<Amount>,
}

/// Grants a refund, and with it a clinic's wish to step back.
#[utoipa::path(post, path = "/admin/refunds/{id}/approve", tag = "refunds", operation_id = "approve_refund",
    params(("id" = CancellationRequestId, Path)), request_body = ApproveRefund,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn approve_refund(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<CancellationRequestId>,
    Json(body): Json<ApproveRefund>,
) -> ApiResult<StatusCode> {
    let decision = Decision {
        version: body.version,
        reason: body.reason,
        percent: body.percent,
        amount: body.amount,
        adjustment_reason: body.adjustment_reason,
        typed: body.confirm_amount,
    };
    cancellation::approve(&app, &actor, id, &decision).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What staff refuse.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DenyRefund {
    /// The version that was seen.
    pub version: i32,
    /// Why: 20 to 500 characters.
    #[schema(example = "The document does not name the patient.")]
    pub reason: String,
}

/// Refuses a clinic's wish, or a medical reason: then the tier of the policy holds.
#[utoipa::path(post, path = "/admin/refunds/{id}/deny", tag = "refunds", operation_id = "deny_refund",
    params(("id" = CancellationRequestId, Path)), request_body = DenyRefund,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn deny_refund(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<CancellationRequestId>,
    Json(body): Json<DenyRefund>,
) -> ApiResult<StatusCode> {
    cancellation::deny(&app, &actor, id, body.version, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends what is missing of an approved refund once more.
#[utoipa::path(post, path = "/admin/refunds/{id}/retry", tag = "refunds", operation_id = "retry_refund",
    params(("id" = CancellationRequestId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn retry_refund(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<CancellationRequestId>,
) -> ApiResult<StatusCode> {
    cancellation::retry(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refunds that were written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenRefunds {
    /// One for each payment the money comes from.
    pub payment_ids: Vec<PaymentId>,
}

/// Gives a part of a treated booking's money back although no policy asks for it. The clinic bears its share.
#[utoipa::path(post, path = "/admin/bookings/{id}/refund", tag = "refunds", operation_id = "give_refund",
    params(("id" = QuoteId, Path)), request_body = Discretion,
    responses((status = 201, body = GivenRefunds), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn give_refund(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<Discretion>,
) -> ApiResult<(StatusCode, Json<GivenRefunds>)> {
    let payment_ids = cancellation::give_back(&app, &actor, id, &body).await?;
    Ok((StatusCode::CREATED, Json(GivenRefunds { payment_ids })))
}

/// Takes add-ons out of a confirmed booking. What was paid above the new price goes back.
#[utoipa::path(post, path = "/admin/bookings/{id}/partial-refund", tag = "refunds", operation_id = "refund_add_ons",
    params(("id" = QuoteId, Path)), request_body = PartialRefund,
    responses((status = 201, body = PartiallyRefunded), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn refund_add_ons(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<PartialRefund>,
) -> ApiResult<(StatusCode, Json<PartiallyRefunded>)> {
    let done = cancellation::take_out(&app, &actor, id, &body).await?;
    Ok((StatusCode::CREATED, Json(done)))
}
