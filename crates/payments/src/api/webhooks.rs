//! Where gateways tell what happened.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use kernel::ids::GatewayAccountId;
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument};
use serde::{Deserialize, Serialize};

use crate::service::webhook;

/// Header of the signature: `t=...,v1=...`.
pub const SIGNATURE: &str = "stripe-signature";

/// The answer to a stored event.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Received {
    /// Always true.
    pub received: bool,
}

/// Takes a signed event. The work comes after the answer; a repetition changes nothing.
#[utoipa::path(post, path = "/webhooks/gateway/{account_id}", tag = "webhooks", operation_id = "receive_gateway_event", security(()),
    params(("account_id" = GatewayAccountId, Path), ("stripe-signature" = String, Header)),
    request_body(content = String, content_type = "application/json"),
    responses((status = 200, body = Received), (status = 400, body = ProblemDocument)))]
pub async fn receive_gateway_event(
    State(app): State<App>,
    Path(account): Path<GatewayAccountId>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Json<Received>> {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    webhook::receive(&app, account, signature, &body).await?;
    Ok(Json(Received { received: true }))
}
