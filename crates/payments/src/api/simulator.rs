//! The simulator's own front, standing in for a gateway's script in the payer's browser. Absent with a real gateway.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{AppError, AppResult};
use platform::App;
use platform::config::Gateway;
use platform::web::{ApiResult, Json, Path, ProblemDocument};
use serde::Deserialize;
use serde_json::json;

use crate::gateway::simulator::{self, CardInput, Confirmation};

/// A card for an intent.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The right to confirm, from the answer that started the payment.
    pub client_secret: String,
    /// The card: one of the simulator's test numbers.
    pub card: CardInput,
}

/// The cardholder's answer.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Authenticate {
    /// The right to confirm, from the answer that started the payment.
    pub client_secret: String,
    /// Whether the cardholder approves.
    pub approve: bool,
}

/// SIMULATOR: confirms an intent with a test card, as the gateway's script would. The outcome follows by webhook.
#[utoipa::path(post, path = "/simulator/payment-intents/{intent}/confirm", tag = "simulator",
    operation_id = "simulator_confirm_intent", security(()), params(("intent" = String, Path)), request_body = Confirm,
    responses((status = 200, body = Confirmation), (status = 402, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn confirm_intent(
    State(app): State<App>,
    Path(intent): Path<String>,
    Json(ask): Json<Confirm>,
) -> ApiResult<Response> {
    present(&app)?;
    let outcome = simulator::confirm(&app, &intent, &ask.client_secret, &ask.card).await?;
    Ok(answer(outcome))
}

/// SIMULATOR: ends the authentication of the cardholder.
#[utoipa::path(post, path = "/simulator/payment-intents/{intent}/authenticate", tag = "simulator",
    operation_id = "simulator_authenticate_intent", security(()), params(("intent" = String, Path)), request_body = Authenticate,
    responses((status = 200, body = Confirmation), (status = 402, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn authenticate_intent(
    State(app): State<App>,
    Path(intent): Path<String>,
    Json(ask): Json<Authenticate>,
) -> ApiResult<Response> {
    present(&app)?;
    let outcome = simulator::authenticate(&app, &intent, &ask.client_secret, ask.approve).await?;
    Ok(answer(outcome))
}

fn present(app: &App) -> AppResult<()> {
    match app.config.payments.gateway {
        Gateway::Simulator => Ok(()),
        Gateway::Stripe(_) => Err(AppError::not_found()),
    }
}

/// 402 `card_declined` as gateways answer it, else the state of the intent.
fn answer(outcome: Confirmation) -> Response {
    let Some(code) = &outcome.decline_code else { return Json(outcome).into_response() };
    let body = json!({
        "type": "about:blank",
        "title": "Payment Required",
        "status": 402,
        "detail": "The card was declined.",
        "code": "card_declined",
        "decline_code": code,
    });
    let mut response = (StatusCode::PAYMENT_REQUIRED, Json(body)).into_response();
    let kind = axum::http::HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    response
}
