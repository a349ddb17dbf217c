//! Access tokens: what they say, and the row that vouches for each of them (R-ID-31).

use std::collections::BTreeSet;

use kernel::ids::{AnyId, AuthSessionId, OauthClientId, UserId};
use kernel::{AppError, AppResult, Guard, Timestamp};
use platform::App;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};

use crate::entity::oauth_access_tokens;
use crate::rules::scopes;

/// The claims of an access token. Roles and permissions are never among them: they are read on every request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// This installation.
    pub iss: String,
    /// The client it was issued to.
    pub aud: OauthClientId,
    /// `oauth_access_tokens.id`: 80 hex digits.
    pub jti: String,
    /// The account, or the client when it speaks for nobody.
    pub sub: AnyId,
    /// Issued at.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Ends.
    pub exp: i64,
    /// What it allows.
    pub scopes: BTreeSet<String>,
    /// The guard of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grd: Option<String>,
    /// The session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<AuthSessionId>,
    /// Who really sits there, when it is not the account itself (RFC 8693, R-ID-56).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Acting>,
}

/// The party behind a token of another account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// The member of Hairline's staff.
    pub sub: UserId,
}

/// The issuer named in tokens and metadata.
pub fn issuer(app: &App) -> &str {
    &app.config.http.public_url
}

/// A token to be made.
pub(crate) struct Mint<'a> {
    pub client: OauthClientId,
    /// The account; `None` for a client that speaks for nobody.
    pub holder: Option<(Guard, AnyId)>,
    pub session: Option<AuthSessionId>,
    /// What the row allows.
    pub granted: &'a BTreeSet<String>,
    /// What this token allows of that.
    pub scopes: &'a BTreeSet<String>,
    pub expires_at: Timestamp,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Who looks through the account's eyes.
    pub impersonator: Option<UserId>,
}

/// Makes a token and its row; answers both the token and its `jti`. The signing keys must be ready.
pub(crate) async fn mint(conn: &impl ConnectionTrait, app: &App, mint: Mint<'_>) -> AppResult<(String, String)> {
    let now = app.now();
    let jti = app.random.hex(40);
    let row = oauth_access_tokens::ActiveModel {
        id: Set(jti.clone()),
        user_id: Set(mint.holder.map(|(_, id)| id)),
        client_id: Set(mint.client),
        name: Set(mint.name),
        scopes: Set(Some(scopes::to_column(mint.granted))),
        revoked: Set(false),
        created_at: Set(now),
        updated_at: Set(now),
        expires_at: Set(Some(mint.expires_at)),
        session_id: Set(mint.session),
        guard: Set(mint.holder.map(|(guard, _)| guard.into())),
        revoked_at: Set(None),
    };
    oauth_access_tokens::Entity::insert(row).exec_without_returning(conn).await?;
    let claims = Claims {
        iss: issuer(app).to_owned(),
        aud: mint.client,
        jti: jti.clone(),
        sub: mint.holder.map_or(mint.client.any(), |(_, id)| id),
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: mint.expires_at.timestamp(),
        scopes: mint.scopes.clone(),
        grd: mint.holder.map(|(guard, _)| guard.name().to_owned()),
        sid: mint.session,
        act: mint.impersonator.map(|sub| Acting { sub }),
    };
    Ok((app.signing.sign(&claims, now)?, jti))
}

/// Ends tokens by a condition; whether the session behind them ends too is the caller's to decide.
pub(crate) async fn revoke_where(
    conn: &impl ConnectionTrait,
    app: &App,
    which: sea_orm::sea_query::SimpleExpr,
) -> AppResult<u64> {
    let now = app.now();
    let done = oauth_access_tokens::Entity::update_many()
        .col_expr(oauth_access_tokens::Column::Revoked, Expr::value(true))
        .col_expr(oauth_access_tokens::Column::RevokedAt, Expr::value(now))
        .col_expr(oauth_access_tokens::Column::UpdatedAt, Expr::value(now))
        .filter(which)
        .filter(oauth_access_tokens::Column::Revoked.eq(false))
        .exec(conn)
        .await?;
    Ok(done.rows_affected)
}

/// A token that one of our keys signed and whose time is now.
///
/// Errors (the inner ones): 401 `token_invalid`, `token_expired`.
pub(crate) fn in_time(app: &App, claims: &Claims) -> AppResult<()> {
    let now = app.now().timestamp();
    if claims.iss != issuer(app) || now < claims.nbf {
        return Err(invalid());
    }
    if now >= claims.exp {
        return Err(unauthenticated("token_expired", "This token has ended. Renew it."));
    }
    Ok(())
}

pub(crate) fn invalid() -> AppError {
    unauthenticated("token_invalid", "This token opens nothing.")
}

pub(crate) fn unauthenticated(code: &'static str, detail: &'static str) -> AppError {
    AppError::new(kernel::ErrorKind::Unauthenticated, code, detail)
}
