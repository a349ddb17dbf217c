//! What clients do with tokens they have: end them (RFC 7009), ask what they are (RFC 7662).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{Guard, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ColumnTrait, EntityTrait};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::ask::{Ask, Caller};
use super::describe::{GrantForm, Refusal, TokenOfClient};
use super::error::{OauthError, OauthResult};
use super::grants::joined;
use crate::digest::sha256;
use crate::entity::{auth_sessions, oauth_access_tokens, oauth_clients, oauth_refresh_tokens};
use crate::service::sessions;
use crate::service::tokens::{self, Claims, issuer};

/// A token of ours, whatever has become of it.
enum Known {
    Access(Claims, oauth_access_tokens::Model),
    Refresh(oauth_refresh_tokens::Model, auth_sessions::Model),
}

impl Known {
    fn is_of(&self, client: &oauth_clients::Model) -> bool {
        match self {
            Self::Access(_, row) => row.client_id == client.id,
            Self::Refresh(_, session) => session.client_id == Some(client.id),
        }
    }
}

/// The hint which kind it is may be wrong, so the token's own shape decides.
async fn known(app: &App, token: &str) -> OauthResult<Option<Known>> {
    let conn = app.db.conn();
    if token.matches('.').count() == 2 {
        let Ok(verified) = app.signing.verify::<Claims>(app, token).await? else { return Ok(None) };
        let row = oauth_access_tokens::Entity::find_by_id(verified.claims.jti.clone()).one(conn).await?;
        return Ok(row.map(|row| Known::Access(verified.claims, row)));
    }
    let Some((id, secret)) = token.split_once('.') else { return Ok(None) };
    let row = oauth_refresh_tokens::Entity::find_by_id(id.to_owned()).one(conn).await?;
    let Some(row) = row.filter(|row| bool::from(row.secret_hash.as_bytes().ct_eq(sha256(secret).as_bytes()))) else {
        return Ok(None);
    };
    let session = auth_sessions::Entity::find_by_id(row.session_id).one(conn).await?;
    Ok(session.map(|session| Known::Refresh(row, session)))
}

/// Ends a token (RFC 7009). What is unknown has ended already, so that is no error.
#[utoipa::path(post, path = "/oauth/revoke", tag = "oauth", operation_id = "oauth_revoke", security(()),
    request_body(content = TokenOfClient, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200), (status = 400, body = Refusal), (status = 401, body = Refusal)))]
pub(super) async fn revoke(State(app): State<App>, Caller(origin): Caller, ask: Ask) -> OauthResult<StatusCode> {
    let client = ask.client(&app, &origin).await?;
    let Some(token) = known(&app, ask.parameters.need("token")?).await? else { return Ok(StatusCode::OK) };
    if !token.is_of(&client) {
        return Err(OauthError::invalid_grant("The token was issued to another client."));
    }
    platform::write_txn!(app.db, |txn| {
        match &token {
            Known::Access(claims, _) => {
                tokens::revoke_where(txn, &app, oauth_access_tokens::Column::Id.eq(&claims.jti)).await?;
            }
            // Without its refresh token the session is over, and the access tokens made from it go with it.
            Known::Refresh(_, session) => sessions::revoke(txn, &app, session.id, "client").await?,
        }
        audit::record(txn, &app, &origin, Entry::new("oauth_token.revoked").subject("OauthClient", client.id)).await
    })?;
    Ok(StatusCode::OK)
}

/// Tells what a token is (RFC 7662).
///
/// A client learns of its own tokens; those of others are told to first-party clients only, and to everybody else they
/// look like tokens that ended.
#[utoipa::path(post, path = "/oauth/introspect", tag = "oauth", operation_id = "oauth_introspect", security(()),
    request_body(content = TokenOfClient, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "As RFC 7662 spells it; `{\"active\":false}` for what has ended", body = serde_json::Value),
        (status = 400, body = Refusal), (status = 401, body = Refusal)))]
pub(super) async fn introspect(State(app): State<App>, Caller(origin): Caller, ask: Ask) -> OauthResult<Json<Value>> {
    let client = ask.client(&app, &origin).await?;
    if client.secret.is_none() {
        return Err(OauthError::invalid_client(false));
    }
    let text = ask.parameters.need("token")?;
    let told = match known(&app, text).await? {
        Some(token) if client.first_party || token.is_of(&client) => tell(&app, text, &token).await?,
        _ => None,
    };
    Ok(Json(told.unwrap_or_else(|| json!({ "active": false }))))
}

async fn tell(app: &App, text: &str, token: &Known) -> OauthResult<Option<Value>> {
    match token {
        Known::Access(claims, _) => {
            // The way every request goes: what would be refused there is not active here.
            let mut headers = HeaderMap::new();
            let Ok(value) = HeaderValue::from_str(&format!("Bearer {text}")) else { return Ok(None) };
            headers.insert(header::AUTHORIZATION, value);
            let Ok(actor) = crate::auth::resolve(app, &headers).await else { return Ok(None) };
            let scopes = match &actor.grant {
                Some(grant) => grant.scopes.clone(),
                None => claims.scopes.clone(),
            };
            let mut told = json!({
                "active": true,
                "token_type": "Bearer",
                "scope": joined(&scopes),
                "client_id": claims.aud,
                "aud": claims.aud,
                "iss": claims.iss,
                "jti": claims.jti,
                "sub": claims.sub,
                "iat": claims.iat,
                "nbf": claims.nbf,
                "exp": claims.exp,
                "grd": claims.grd,
            });
            if let (Some(act), Some(members)) = (&claims.act, told.as_object_mut()) {
                members.insert("act".into(), json!(act));
            }
            Ok(Some(told))
        }
        Known::Refresh(row, session) => {
            let now = app.now();
            let live = !row.revoked && row.used_at.is_none() && now < row.expires_at && alive(session, now);
            if !live || !holder_stands(app, session).await? {
                return Ok(None);
            }
            Ok(Some(json!({
                "active": true,
                "token_type": "refresh_token",
                "client_id": session.client_id,
                "iss": issuer(app),
                "sub": session.model_id,
                "iat": row.created_at.timestamp(),
                "exp": row.expires_at.timestamp(),
                "grd": Guard::from(session.guard).name(),
            })))
        }
    }
}

fn alive(session: &auth_sessions::Model, now: Timestamp) -> bool {
    session.revoked_at.is_none() && now < session.cap_at
}

async fn holder_stands(app: &App, session: &auth_sessions::Model) -> OauthResult<bool> {
    let account = crate::accounts::by_id(app.db.conn(), session.guard.into(), session.model_id).await;
    Ok(account.is_ok_and(|account| account.standing.refusal(app.now()).is_none()))
}

/// Exchanges what a client holds for a token (RFC 6749).
#[utoipa::path(post, path = "/oauth/token", tag = "oauth", operation_id = "oauth_token", security(()),
    request_body(content = GrantForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = super::grants::Granted), (status = 400, body = Refusal), (status = 401, body = Refusal)))]
pub(super) async fn token(
    State(app): State<App>,
    Caller(origin): Caller,
    ask: Ask,
) -> OauthResult<([(header::HeaderName, &'static str); 2], Json<super::grants::Granted>)> {
    let granted = super::grants::grant(&app, &origin, &ask).await?;
    // Tokens are kept by nobody on the way (RFC 6749, 5.1).
    Ok(([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(granted)))
}
