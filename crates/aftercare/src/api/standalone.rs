//! Aftercare bought on its own: what is on sale, requests, what becomes of them.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{
    AfterCareId, AftercarePaymentId, AftercareTemplateId, GatewayAccountId, ProviderId, StandaloneAftercareRequestId,
};
use kernel::{Money, Page, PageQuery};
use payments::queries::aftercare::ChargeView;
use payments::service::aftercare::{self as money, PayCharge};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::queries::standalone::{
    self as queries, OfferingFilter, OfferingSetting, OfferingView, RequestDetail, RequestFilter, RequestView,
};
use crate::service::standalone::{self, Activation, AskInput, OfferingChange, Stopped};

/// A charge that waits for the patient's card.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StartedChargeView {
    /// The charge.
    charge: ChargeView,
    /// Its id, once more.
    charge_id: AftercarePaymentId,
    /// The gateway's intent.
    intent_id: String,
    /// The right to confirm it; for the patient's browser only.
    client_secret: String,
    /// Which gateway confirms it: `simulator` or `stripe`.
    gateway: String,
    /// The account whose webhooks tell the outcome.
    gateway_account_id: GatewayAccountId,
}

/// To which clinic a request goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assignment {
    /// The clinic.
    provider_id: ProviderId,
    /// The version that was read.
    lock_version: i32,
}

/// Whether the clock stands still.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Hold {
    /// A clinic was asked and has not answered.
    awaiting_provider: bool,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// 1 to 500 characters.
    #[schema(example = "We do not treat this method.")]
    reason: String,
}

/// What goes back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rejected {
    /// Everything that was paid.
    refund: Option<Money>,
}

/// A plan that began.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Begun {
    /// Its case.
    case_id: AfterCareId,
}

/// Whether new prices wait.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changed {
    /// They wait for a second Super Admin.
    prices_wait: bool,
}

/// What a patient can buy for a treatment, in a currency.
#[utoipa::path(get, path = "/aftercare-offerings", tag = "aftercare", operation_id = "list_aftercare_offerings",
    params(OfferingFilter),
    responses((status = 200, body = Vec<OfferingView>), (status = 401, body = ProblemDocument)))]
pub(super) async fn list_aftercare_offerings(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<OfferingFilter>,
) -> ApiResult<Json<Vec<OfferingView>>> {
    Ok(Json(queries::offered(&app, &actor, &filter).await?))
}

/// All offerings with their prices, for staff.
#[utoipa::path(get, path = "/aftercare-templates", tag = "aftercare", operation_id = "list_aftercare_offering_settings",
    responses((status = 200, body = Vec<OfferingSetting>), (status = 403, body = ProblemDocument)))]
pub(super) async fn list_aftercare_offering_settings(
    State(app): State<App>,
    Who(actor): Who,
) -> ApiResult<Json<Vec<OfferingSetting>>> {
    Ok(Json(queries::offering_settings(&app, &actor).await?))
}

/// Sets what an offering is sold for.
#[utoipa::path(put, path = "/aftercare-templates/{id}", tag = "aftercare", operation_id = "change_aftercare_offering",
    params(("id" = AftercareTemplateId, Path)), request_body = OfferingChange,
    responses((status = 200, body = Changed), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(super) async fn change_aftercare_offering(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AftercareTemplateId>,
    Json(change): Json<OfferingChange>,
) -> ApiResult<Json<Changed>> {
    Ok(Json(Changed { prices_wait: standalone::change(&app, &actor, id, &change).await? }))
}

/// Puts prices in force that another Super Admin set.
#[utoipa::path(post, path = "/aftercare-templates/{id}/approve-prices", tag = "aftercare",
    operation_id = "approve_aftercare_prices", params(("id" = AftercareTemplateId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub(super) async fn approve_aftercare_prices(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AftercareTemplateId>,
) -> ApiResult<StatusCode> {
    standalone::approve_prices(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for aftercare of a treatment done elsewhere; its first charge is paid next.
#[utoipa::path(post, path = "/standalone-aftercare-requests", tag = "aftercare", operation_id = "request_aftercare",
    request_body = AskInput,
    responses((status = 201, body = RequestDetail), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(super) async fn request_aftercare(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<AskInput>,
) -> ApiResult<(StatusCode, Json<RequestDetail>)> {
    let row = standalone::ask(&app, &actor, &input).await?;
    Ok((StatusCode::CREATED, Json(queries::show(&app, &actor, row.id).await?)))
}

/// Requests of the asker: your own, those given to your clinic, all for staff.
#[utoipa::path(get, path = "/standalone-aftercare-requests", tag = "aftercare", operation_id = "list_aftercare_requests",
    params(PageQuery, RequestFilter),
    responses((status = 200, body = Page<RequestView>), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument)))]
pub(super) async fn list_aftercare_requests(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<RequestFilter>,
) -> ApiResult<Json<Page<RequestView>>> {
    Ok(Json(queries::list(&app, &actor, &filter, page).await?))
}

/// One request with its charges.
#[utoipa::path(get, path = "/standalone-aftercare-requests/{id}", tag = "aftercare", operation_id = "show_aftercare_request",
    params(("id" = StandaloneAftercareRequestId, Path)),
    responses((status = 200, body = RequestDetail), (status = 404, body = ProblemDocument)))]
pub(super) async fn show_aftercare_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
) -> ApiResult<Json<RequestDetail>> {
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Starts to pay the charge that is due, or goes on with it.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/pay", tag = "aftercare", operation_id = "pay_aftercare_request",
    params(("id" = StandaloneAftercareRequestId, Path)), request_body = PayCharge,
    responses((status = 200, body = StartedChargeView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(super) async fn pay_aftercare_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
    Json(ask): Json<PayCharge>,
) -> ApiResult<Json<StartedChargeView>> {
    let started = money::pay(&app, &actor, id, &ask).await?;
    Ok(Json(StartedChargeView {
        charge: (&started.charge).into(),
        charge_id: started.charge.id,
        intent_id: started.intent.id,
        client_secret: started.intent.client_secret,
        gateway: started.gateway.to_owned(),
        gateway_account_id: started.account,
    }))
}

/// Stops what was bought: before it began all of it goes back, a subscription ends with its current month.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/cancel-subscription", tag = "aftercare",
    operation_id = "cancel_aftercare_subscription", params(("id" = StandaloneAftercareRequestId, Path)),
    responses((status = 200, body = Stopped), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub(super) async fn cancel_aftercare_subscription(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
) -> ApiResult<Json<Stopped>> {
    Ok(Json(standalone::stop(&app, &actor, id).await?))
}

/// Gives a paid request to a clinic.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/assign", tag = "aftercare", operation_id = "assign_aftercare_request",
    params(("id" = StandaloneAftercareRequestId, Path)), request_body = Assignment,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub(super) async fn assign_aftercare_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
    Json(ask): Json<Assignment>,
) -> ApiResult<StatusCode> {
    standalone::assign(&app, &actor, id, (ask.provider_id, ask.lock_version)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops the clock of a request whose clinic was asked, or lets it run again.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/hold", tag = "aftercare", operation_id = "hold_aftercare_request",
    params(("id" = StandaloneAftercareRequestId, Path)), request_body = Hold,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub(super) async fn hold_aftercare_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
    Json(ask): Json<Hold>,
) -> ApiResult<StatusCode> {
    standalone::hold(&app, &actor, id, ask.awaiting_provider).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The clinic does not take it.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/decline", tag = "aftercare", operation_id = "decline_aftercare_request",
    params(("id" = StandaloneAftercareRequestId, Path)), request_body = Why,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(super) async fn decline_aftercare_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
    Json(ask): Json<Why>,
) -> ApiResult<StatusCode> {
    standalone::decline(&app, &actor, id, &ask.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Staff take it back from its clinic; it waits for another one.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/take-back", tag = "aftercare",
    operation_id = "take_aftercare_request_back",
    params(("id" = StandaloneAftercareRequestId, Path)), request_body = Why,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(super) async fn take_aftercare_request_back(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
    Json(ask): Json<Why>,
) -> ApiResult<StatusCode> {
    standalone::take_back(&app, &actor, id, &ask.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Staff refuse it; everything that was paid goes back.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/reject", tag = "aftercare", operation_id = "reject_aftercare_request",
    params(("id" = StandaloneAftercareRequestId, Path)), request_body = Why,
    responses((status = 200, body = Rejected), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(super) async fn reject_aftercare_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
    Json(ask): Json<Why>,
) -> ApiResult<Json<Rejected>> {
    Ok(Json(Rejected { refund: standalone::reject(&app, &actor, id, &ask.reason).await? }))
}

/// Makes the plan of a request: its clinic, or staff for it.
#[utoipa::path(post, path = "/standalone-aftercare-requests/{id}/activate", tag = "aftercare", operation_id = "activate_aftercare_request",
    params(("id" = StandaloneAftercareRequestId, Path)), request_body = Activation,
    responses((status = 201, body = Begun), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(super) async fn activate_aftercare_request(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<StandaloneAftercareRequestId>,
    Json(ask): Json<Activation>,
) -> ApiResult<(StatusCode, Json<Begun>)> {
    let case_id = standalone::activate(&app, &actor, id, ask).await?;
    Ok((StatusCode::CREATED, Json(Begun { case_id })))
}
