//! Plans, their parts, and the cards they are charged to.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{CancellationRequestId, InstallmentPaymentPlanId, PatientPaymentMethodId, PaymentId, QuoteId};
use kernel::{Money, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bookings::started_view;
use crate::entity::payments::PaymentMethod;
use crate::gateway::simulator::CardInput;
use crate::queries::plans::{self as query, MethodView, PlanFilter, PlanLine, PlanView};
use crate::rules::checkout::PaymentOption;
use crate::service::start::{self, StartPayment};
use crate::service::{methods, plans};
use crate::views::StartedView;

/// Shows the plan of a booking.
#[utoipa::path(get, path = "/bookings/{id}/installments", tag = "installments", operation_id = "show_installments",
    params(("id" = QuoteId, Path)),
    responses((status = 200, body = PlanView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_installments(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<PlanView>> {
    Ok(Json((&query::of_booking(&app, &actor, id).await?).into()))
}

/// What was shown to be paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PayPart {
    /// The amount the patient saw; the server's own must be the same.
    pub expected_amount: Money,
}

/// Starts to pay everything that is open of a plan at once.
#[utoipa::path(post, path = "/bookings/{id}/installments/pay-off", tag = "installments",
    operation_id = "pay_off_installments", params(("id" = QuoteId, Path)), request_body = PayPart,
    responses((status = 200, body = StartedView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn pay_off_installments(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<PayPart>,
) -> ApiResult<Json<StartedView>> {
    actor.patient()?;
    query::of_booking(&app, &actor, id).await?;
    let ask = StartPayment {
        option: PaymentOption::Balance,
        method: PaymentMethod::Card,
        installments: None,
        accept_automatic_charges: false,
        expected_amount: body.expected_amount,
        accept_cancellation_policy: true,
        accept_terms: true,
    };
    Ok(Json(started_view(start::start(&app, &actor, id, &ask).await?)))
}

/// Starts to pay one part of a plan: the one that is overdue, or the next.
#[utoipa::path(post, path = "/bookings/{id}/installments/items/{number}/pay", tag = "installments",
    operation_id = "pay_installment", params(("id" = QuoteId, Path), ("number" = i32, Path)), request_body = PayPart,
    responses((status = 200, body = StartedView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn pay_installment(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, number)): Path<(QuoteId, i32)>,
    Json(body): Json<PayPart>,
) -> ApiResult<Json<StartedView>> {
    Ok(Json(started_view(start::start_item(&app, &actor, id, number, body.expected_amount).await?)))
}

/// The cards the patient left, the one that is charged first.
#[utoipa::path(get, path = "/payment-methods", tag = "installments", operation_id = "list_payment_methods",
    responses((status = 200, body = Vec<MethodView>), (status = 403, body = ProblemDocument)))]
pub async fn list_payment_methods(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Vec<MethodView>>> {
    Ok(Json(methods::list(&app, &actor).await?.iter().map(MethodView::from).collect()))
}

/// A card for later payments: only where the simulator stands in for a gateway.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMethod {
    /// One of the simulator's test numbers.
    pub card: CardInput,
    /// Later payments are charged to it.
    #[serde(default)]
    pub consent: bool,
}

/// The new card.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedMethod {
    /// Its id.
    pub id: PatientPaymentMethodId,
}

/// Adds a card; later payments are charged to it from now on.
#[utoipa::path(post, path = "/payment-methods", tag = "installments", operation_id = "add_payment_method",
    request_body = AddMethod,
    responses((status = 201, body = AddedMethod), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn add_payment_method(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<AddMethod>,
) -> ApiResult<(StatusCode, Json<AddedMethod>)> {
    let id = methods::add(&app, &actor, &body.card, body.consent).await?;
    Ok((StatusCode::CREATED, Json(AddedMethod { id })))
}

/// Forgets a card.
#[utoipa::path(delete, path = "/payment-methods/{id}", tag = "installments", operation_id = "remove_payment_method",
    params(("id" = PatientPaymentMethodId, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn remove_payment_method(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PatientPaymentMethodId>,
) -> ApiResult<StatusCode> {
    methods::remove(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the plans, those in default first.
#[utoipa::path(get, path = "/admin/installment-plans", tag = "installments", operation_id = "list_installment_plans",
    params(PageQuery, PlanFilter),
    responses((status = 200, body = Page<PlanLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_installment_plans(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<PlanFilter>,
) -> ApiResult<Json<Page<PlanLine>>> {
    Ok(Json(query::list(&app, &actor, &filter, page).await?))
}

/// Why staff act on a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanReason {
    /// 20 to 500 characters.
    #[schema(example = "The patient renewed the card this morning.")]
    pub reason: String,
}

/// How many payments went through.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retried {
    /// Paid now.
    pub paid: u64,
}

/// Charges the failed payments of a plan once more.
#[utoipa::path(post, path = "/admin/installment-plans/{id}/retry", tag = "installments",
    operation_id = "retry_installment_plan", params(("id" = InstallmentPaymentPlanId, Path)),
    request_body = PlanReason,
    responses((status = 200, body = Retried), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn retry_installment_plan(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InstallmentPaymentPlanId>,
    Json(body): Json<PlanReason>,
) -> ApiResult<Json<Retried>> {
    Ok(Json(Retried { paid: plans::retry(&app, &actor, id, &body.reason).await? }))
}

/// A payment that arrived another way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolvePlan {
    /// A completed payment of the same booking.
    pub payment_id: PaymentId,
    /// 20 to 500 characters.
    #[schema(example = "Paid by bank transfer, reference A2.")]
    pub reason: String,
}

/// Takes a payment that arrived another way for what is open of a plan.
#[utoipa::path(post, path = "/admin/installment-plans/{id}/resolve", tag = "installments",
    operation_id = "resolve_installment_plan", params(("id" = InstallmentPaymentPlanId, Path)),
    request_body = ResolvePlan,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn resolve_installment_plan(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InstallmentPaymentPlanId>,
    Json(body): Json<ResolvePlan>,
) -> ApiResult<StatusCode> {
    plans::resolve(&app, &actor, id, body.payment_id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What became of the booking.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancelledPlan {
    /// The request its refund waits as; none where nothing had been paid.
    pub cancellation_request_id: Option<CancellationRequestId>,
}

/// Ends a plan in default and its booking; the refund follows the policy and waits for its decision.
#[utoipa::path(post, path = "/admin/installment-plans/{id}/cancel", tag = "installments",
    operation_id = "cancel_installment_plan", params(("id" = InstallmentPaymentPlanId, Path)),
    request_body = PlanReason,
    responses((status = 200, body = CancelledPlan), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn cancel_installment_plan(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InstallmentPaymentPlanId>,
    Json(body): Json<PlanReason>,
) -> ApiResult<Json<CancelledPlan>> {
    let done = plans::cancel_booking(&app, &actor, id, &body.reason).await?;
    Ok(Json(CancelledPlan { cancellation_request_id: done.request }))
}
