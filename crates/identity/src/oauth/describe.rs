//! What the description of the API tells of the OAuth server.

use utoipa::OpenApi;

use super::{afterwards, authorize, metadata, personal};

/// What is posted to the token endpoint. Which members are needed depends on the grant; the client proves itself by
/// HTTP Basic or by the last two.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "read by the description alone")]
pub(super) struct GrantForm {
    /// `authorization_code`, `refresh_token`, `client_credentials`, or `password` for single clients of the house.
    #[schema(example = "authorization_code")]
    grant_type: String,
    /// With `authorization_code`: the code that came back from the consent page; it counts once.
    #[schema(example = "Zk3vQ1x8mT0bYw5nRj7cLd2sHf9aUeGp")]
    code: Option<String>,
    /// With `authorization_code`: the address the code came back to.
    #[schema(example = "https://partner.example/callback")]
    redirect_uri: Option<String>,
    /// With `authorization_code`: what the challenge was made of (PKCE, S256).
    #[schema(example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    code_verifier: Option<String>,
    /// With `refresh_token`.
    #[schema(example = "0198f2a0.Rk1xT7w0bYv5nQj3cLd8sHf2aUeGp9Zm")]
    refresh_token: Option<String>,
    /// Fewer scopes than the client may have.
    #[schema(example = "read:profile read:quotes")]
    scope: Option<String>,
    /// Who asks.
    #[schema(example = "0198f2a0-7c1e-7000-8000-5f0d4c3b2a19")]
    client_id: Option<String>,
    /// The client's secret; clients without one leave it out.
    client_secret: Option<String>,
}

/// A token the client holds; the client proves itself by HTTP Basic or by the last two members.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "read by the description alone")]
pub(super) struct TokenOfClient {
    /// The token.
    #[schema(example = "0198f2a0.Rk1xT7w0bYv5nQj3cLd8sHf2aUeGp9Zm")]
    token: String,
    /// Which kind the client believes it is.
    #[schema(example = "refresh_token")]
    token_type_hint: Option<String>,
    /// Who asks.
    #[schema(example = "0198f2a0-7c1e-7000-8000-5f0d4c3b2a19")]
    client_id: Option<String>,
    /// The client's secret.
    client_secret: Option<String>,
}

/// A refusal in the words of RFC 6749.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "read by the description alone")]
#[schema(as = OauthRefusal)]
pub(super) struct Refusal {
    /// A code of the standard.
    #[schema(example = "invalid_grant")]
    error: String,
    /// A sentence for the people who write the client.
    #[schema(example = "The code was used before.")]
    error_description: Option<String>,
}

/// The keys access tokens are verified with.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "read by the description alone")]
pub(super) struct PublicKeys {
    /// As RFC 7517 spells them; a new one stands here before it signs.
    #[schema(example = json!([{ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "2026-03", "n": "0vx7ago…", "e": "AQAB" }]))]
    keys: Vec<serde_json::Value>,
}

/// A scope.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "read by the description alone")]
#[schema(as = OauthScope)]
pub(super) struct ScopeView {
    /// Its name.
    #[schema(example = "read:quotes")]
    id: String,
    /// What it lets a program do, in the reader's language.
    #[schema(example = "Read your quotes")]
    description: String,
}

#[derive(OpenApi)]
#[openapi(paths(
    metadata::keys,
    metadata::server,
    metadata::scopes,
    authorize::show,
    afterwards::token,
    afterwards::revoke,
    afterwards::introspect,
    personal::create
))]
struct Described;

/// The description of [`endpoints`](super::endpoints), with whole paths: they stand outside of the API's prefix.
pub fn document() -> utoipa::openapi::OpenApi {
    Described::openapi()
}
