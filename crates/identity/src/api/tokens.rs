//! Personal tokens over HTTP.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Serialize};

use crate::service::personal::{self, NewToken, PersonalToken};

/// Lists the caller's live personal tokens.
#[utoipa::path(get, path = "/me/tokens", tag = "identity", operation_id = "list_personal_tokens", security(("bearer" = ["account"])), params(PageQuery),
    responses((status = 200, body = Page<PersonalToken>), (status = 403, body = ProblemDocument)))]
pub async fn list_tokens(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<PersonalToken>>> {
    Ok(Json(personal::list(&app, &actor, page).await?))
}

/// A token to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "name": "Nightly export", "scopes": ["read:quotes", "read:payments"], "expires_in_days": 30 }))]
pub struct TokenBody {
    /// What its owner calls it.
    #[schema(example = "Partner manager")]
    pub name: String,
    /// What it may do, of what its owner may: `read:` or `write:` and a domain; `GET /oauth/scopes` lists them.
    pub scopes: BTreeSet<String>,
    /// Days it lives, 1 to 90.
    pub expires_in_days: i64,
}

/// A new token; the secret is shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenMade {
    /// The token.
    #[serde(flatten)]
    pub token: PersonalToken,
    /// What the script sends as `Authorization: Bearer`.
    #[schema(example = "7|5f2b...")]
    pub secret: String,
}

/// Makes an opaque token for the caller's scripts; needs a fresh proof of identity.
#[utoipa::path(post, path = "/me/tokens", tag = "identity", operation_id = "create_personal_token", security(("bearer" = ["account"])),
    request_body = TokenBody,
    responses((status = 201, body = TokenMade), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn create_token(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<TokenBody>,
) -> ApiResult<Made<TokenMade>> {
    let new = NewToken { name: body.name, scopes: body.scopes, days: body.expires_in_days };
    let new = personal::create(&app, &actor, new).await?;
    let id = new.token.id.clone();
    Ok(made("/me/tokens", id, TokenMade { token: new.token, secret: new.secret.into_inner() }))
}

/// Revokes one of the caller's tokens.
#[utoipa::path(delete, path = "/me/tokens/{id}", tag = "identity", operation_id = "revoke_personal_token", security(("bearer" = ["account"])),
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn revoke_token(State(app): State<App>, Who(actor): Who, Path(id): Path<String>) -> ApiResult<StatusCode> {
    personal::revoke(&app, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
