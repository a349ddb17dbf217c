//! What clients find out by themselves: the keys that verify tokens.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::App;
use platform::web::ApiResult;
use serde_json::json;

/// What everybody may keep for a minute: a new key is announced before it signs.
const PUBLIC: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=60");

/// The public keys of access tokens (RFC 7517).
pub(super) async fn keys(State(app): State<App>) -> ApiResult<Response> {
    let keys = app.signing.published(&app).await?;
    Ok(([PUBLIC], Json(json!({ "keys": keys }))).into_response())
}
