//! Signed personal tokens, as Laravel Passport makes them.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use platform::App;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ask::Caller;
use super::describe::Refusal;
use super::error::OauthResult;
use crate::service::personal::{self, NewToken};

/// A token to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = SignedTokenBody)]
pub(super) struct Body {
    /// What it is for.
    #[schema(example = "Nightly report")]
    name: String,
    /// What it may do; nothing beyond the account's own rights.
    #[serde(default)]
    #[schema(example = json!(["read:quotes"]))]
    scopes: BTreeSet<String>,
    /// Days until it ends.
    #[serde(default = "longest")]
    #[schema(example = 30)]
    expires_in_days: i64,
}

fn longest() -> i64 {
    personal::MOST_DAYS
}

/// Makes a signed token for the account behind the bearer token.
#[utoipa::path(post, path = "/oauth/personal-access-tokens", tag = "oauth", operation_id = "oauth_personal_token",
    security(("bearer" = ["account"])), request_body = Body,
    responses((status = 201, description = "The secret, shown this once, and the token's entry", body = serde_json::Value),
        (status = 401, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(origin): Caller,
    headers: HeaderMap,
    platform::web::Json(body): platform::web::Json<Body>,
) -> OauthResult<(StatusCode, Json<Value>)> {
    let mut bearer = HeaderMap::new();
    if let Some(value) = headers.get(axum::http::header::AUTHORIZATION) {
        bearer.insert(axum::http::header::AUTHORIZATION, value.clone());
    }
    let actor = crate::auth::resolve_from(&app, &origin.origin, &bearer).await?.from_origin(origin.origin.clone());
    let new = NewToken { name: body.name, scopes: body.scopes, days: body.expires_in_days };
    let made = personal::create_signed(&app, &actor, new).await?;
    let answer = json!({ "accessToken": made.secret.expose(), "token": made.token });
    Ok((StatusCode::CREATED, Json(answer)))
}
