//! What clients find out by themselves: where everything is, the scopes, the keys that verify tokens.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::App;
use platform::locale::find_text;
use platform::web::{ApiResult, Lang};
use serde_json::json;

use super::describe::{PublicKeys, ScopeView};
use crate::rules::scopes;
use crate::service::tokens::issuer;

/// What everybody may keep for a minute: a new key is announced before it signs.
const PUBLIC: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=60");

/// The public keys of access tokens (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "oauth", operation_id = "oauth_keys", security(()),
    responses((status = 200, body = PublicKeys)))]
pub(super) async fn keys(State(app): State<App>) -> ApiResult<Response> {
    let keys = app.signing.published(&app).await?;
    Ok(([PUBLIC], Json(json!({ "keys": keys }))).into_response())
}

/// Where everything is and what is offered (RFC 8414).
///
/// The password grant is not: it is a favour to single clients.
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", tag = "oauth", operation_id = "oauth_server",
    security(()), responses((status = 200, description = "As RFC 8414 spells it", body = serde_json::Value)))]
pub(super) async fn server(State(app): State<App>) -> Response {
    let issuer = issuer(&app);
    let at = |path: &str| format!("{issuer}{path}");
    let told = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "revocation_endpoint": at("/oauth/revoke"),
        "introspection_endpoint": at("/oauth/introspect"),
        "jwks_uri": at("/.well-known/jwks.json"),
        "scopes_supported": scopes::catalogue().collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": ["en", "tr"],
        "service_documentation": at("/api/docs"),
    });
    ([PUBLIC], Json(told)).into_response()
}

/// Every scope with its meaning in the reader's language.
#[utoipa::path(get, path = "/oauth/scopes", tag = "oauth", operation_id = "oauth_scopes", security(()),
    responses((status = 200, body = Vec<ScopeView>)))]
pub(super) async fn scopes(Lang(locale): Lang) -> Response {
    let all: Vec<_> = scopes::catalogue()
        .map(|scope| {
            let text = find_text(locale, &scope_key(&scope)).unwrap_or_default();
            json!({ "id": scope, "description": text })
        })
        .collect();
    Json(all).into_response()
}

/// The key of a scope's meaning in the catalogue of texts.
pub(crate) fn scope_key(scope: &str) -> String {
    format!("scope-{}", scope.replace(':', "-").replace('*', "all"))
}
