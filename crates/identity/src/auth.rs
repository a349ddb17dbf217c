//! Who is asking: the account behind a request's bearer token or browser cookie (R-ID-32).

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::Duration;
use kernel::actor::Origin;
use kernel::ids::{AnyId, AuthSessionId, OauthClientId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, ErrorKind, Guard, Permission, Timestamp, TokenGrant};
use platform::App;
use platform::audit::{self, Entry};
use platform::signing::Forged;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use subtle::ConstantTimeEq;

use crate::digest::sha256;
use crate::entity::oauth_access_tokens::OauthAccessTokenGuard;
use crate::entity::oauth_clients::OauthClientProvider;
use crate::entity::personal_access_tokens::PersonalAccessTokenTokenableType;
use crate::entity::{
    auth_sessions, oauth_access_tokens, oauth_clients, patients, personal_access_tokens, provider_team_members, users,
};
use crate::holder::{Holder, join_holder};
use crate::roles as held_roles;
use crate::rules::scopes::{self, Needed, needed};
use crate::rules::sessions::policy;
pub use crate::service::login::{Credentials, Entered, login};
pub use crate::service::mfa::{Factor, finish_login};
pub use crate::service::sessions::{Carrier, Tokens, logout, logout_all, revoke_all};
use crate::service::tokens::{Claims, in_time, invalid, unauthenticated};

/// The cookie of the server-rendered portals.
pub const SESSION_COOKIE: &str = "hairline_session";

/// Finds the account behind a request; nobody is [`Actor::anonymous`].
///
/// One statement, plus one when a role is new to this process and one a minute to note the activity. Nothing of an
/// account is remembered between requests: suspension and revocation act on the next one.
///
/// Errors, for bearer tokens only: 401 `token_invalid`, `token_expired`, `session_revoked`; 403 `account_suspended` and
/// the other facts of the account. A cookie that opens nothing makes the reader a visitor again.
pub async fn resolve(app: &App, headers: &HeaderMap) -> AppResult<Actor> {
    resolve_from(app, &Origin::default(), headers).await
}

/// The same, for a request from there: a forged token is recorded with where it came from.
pub async fn resolve_from(app: &App, origin: &Origin, headers: &HeaderMap) -> AppResult<Actor> {
    if let Some(token) = bearer(headers)? {
        return by_bearer(app, origin, token).await;
    }
    let Some(token) = cookie(headers, SESSION_COOKIE) else { return Ok(Actor::anonymous()) };
    match by_cookie(app, token).await {
        Err(error) if matches!(error.kind, ErrorKind::Unauthenticated | ErrorKind::Forbidden) => Ok(Actor::anonymous()),
        other => other,
    }
}

/// Refuses what the token of a program does not cover (R-ID-41); `path` is relative to the API's prefix.
///
/// Errors: 403 `insufficient_scope`.
pub fn require_scope(actor: &Actor, method: &str, path: &str) -> AppResult<()> {
    let Some(grant) = &actor.grant else { return Ok(()) };
    let refusal = || AppError::denied("insufficient_scope", "This token does not cover what was asked.");
    match needed(method, path) {
        Needed::Nothing => Ok(()),
        Needed::Scope(scope) if grant.scopes.contains(&scope) => Ok(()),
        Needed::Scope(scope) => Err(refusal().with("scope", scope)),
        Needed::Closed => Err(refusal()),
    }
}

/// Refuses an account what belongs to another kind of account (R-ID-32): the routes of clinics to everybody but clinic
/// staff, those of Hairline's staff to everybody else, and to an affiliate whatever is not its own portal's, its account's
/// or everybody's. Signing in is open to all, whoever they are already.
///
/// Errors: 401 `wrong_guard`.
pub fn require_reach(actor: &Actor, method: &str, path: &str) -> AppResult<()> {
    let Some(guard) = actor.guard() else { return Ok(()) };
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let reaches = match segments.as_slice() {
        [_, "auth", ..] => true,
        // A clinic's owner is named by Hairline alone (R-ID-51).
        ["provider", "team", _, "transfer"] => matches!(guard, Guard::Provider | Guard::Api),
        ["provider", ..] => guard == Guard::Provider,
        ["admin", ..] => guard == Guard::Api,
        ["affiliate", ..] => guard == Guard::Affiliate,
        ["me", ..] => true,
        _ => guard != Guard::Affiliate || needed(method, path) == Needed::Nothing,
    };
    if reaches { Ok(()) } else { Err(unauthenticated("wrong_guard", "This account has no access here.")) }
}

fn bearer(headers: &HeaderMap) -> AppResult<Option<&str>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(invalid()),
    }
}

pub(crate) fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// The row of a session's, a client's or a personal signed token.
#[derive(FromQueryResult)]
struct Token {
    revoked: bool,
    expires_at: Option<Timestamp>,
    name: Option<String>,
    scopes: Option<String>,
    user_id: Option<AnyId>,
    guard: Option<OauthAccessTokenGuard>,
    client_id: OauthClientId,
    client_revoked: bool,
    first_party: bool,
    client_provider: Option<OauthClientProvider>,
    session_id: Option<AuthSessionId>,
    session_revoked_at: Option<Timestamp>,
    last_activity_at: Option<Timestamp>,
    cap_at: Option<Timestamp>,
    impersonator: Option<UserId>,
}

impl Token {
    fn guard(&self) -> Option<Guard> {
        let guard = Guard::from(self.guard?);
        // A client of one guard's accounts never speaks for those of another.
        self.client_provider.is_none_or(|provider| provider == guard.into()).then_some(guard)
    }

    /// Whether it is the row of a cookie. Personal tokens have names too, but no session.
    fn is_browsers(&self) -> bool {
        self.session_id.is_some() && self.name.as_deref() == Some("browser")
    }

    /// Refuses tokens whose session, client or own time is over.
    fn check(&self, guard: Option<Guard>, now: Timestamp) -> AppResult<()> {
        if self.revoked || self.client_revoked || self.session_revoked_at.is_some() {
            return Err(ended());
        }
        if let (Some(_), Some(guard)) = (self.session_id, guard) {
            let idle = policy(guard, 1).idle;
            if self.cap_at.is_none_or(|cap| now >= cap) || self.last_activity_at.is_none_or(|at| now >= at + idle) {
                return Err(ended());
            }
        }
        if self.expires_at.is_none_or(|end| now >= end) {
            return Err(unauthenticated("token_expired", "This token has ended. Renew it."));
        }
        // Staff look through the eyes of clinic staff only (R-ID-56).
        if self.impersonator.is_some() && guard != Some(Guard::Provider) {
            return Err(invalid());
        }
        Ok(())
    }
}

pub(crate) fn ended() -> AppError {
    unauthenticated("session_revoked", "This session has ended. Sign in again.")
}

async fn by_cookie(app: &App, token: &str) -> AppResult<Actor> {
    let (token, holder) = find(app, &sha256(token)).await?.ok_or_else(invalid)?;
    // An app's token is no cookie, and whoever looks through others' eyes keeps a session of their own beside it.
    if !token.is_browsers() || token.impersonator.is_some() {
        return Err(invalid());
    }
    in_session(app, &token, &holder).await
}

/// The account somebody looks through the eyes of, by the cookie of that view.
pub(crate) async fn by_view(app: &App, token: &str) -> AppResult<Actor> {
    let (token, holder) = find(app, &sha256(token)).await?.ok_or_else(invalid)?;
    if !token.is_browsers() || token.impersonator.is_none() {
        return Err(invalid());
    }
    in_session(app, &token, &holder).await
}

/// Refuses a view whose viewer may no longer have it: the account closed, the right withdrawn (R-ID-37, 56).
async fn require_viewer(app: &App, staff: UserId) -> AppResult<()> {
    let mut query = Query::select();
    query
        .expr_as(Expr::val(1), "one")
        .from(users::Entity)
        .and_where(Expr::col((users::Entity, users::Column::Id)).eq(staff));
    join_holder(&mut query, Expr::value(Guard::Api.model_type()), Expr::value(staff.any()), app.now());
    let row = app.db.conn().query_one(&query).await?.ok_or_else(ended)?;
    let viewer = match Holder::from_query_result(&row, "")?.actor(app, Guard::Api, staff.any()).await {
        Err(error) if matches!(error.kind, ErrorKind::Unauthenticated | ErrorKind::Forbidden) => return Err(ended()),
        other => other?,
    };
    if viewer.can(Permission::ImpersonateProviderUser) { Ok(()) } else { Err(ended()) }
}

async fn by_bearer(app: &App, origin: &Origin, text: &str) -> AppResult<Actor> {
    if let Some((id, plain)) = text.split_once('|') {
        return by_personal(app, id, plain).await;
    }
    let verified = match app.signing.verify::<Claims>(app, text).await? {
        Ok(verified) => verified,
        Err(Forged::Unreadable) => return Err(invalid()),
        Err(how) => return Err(forged(app, origin, how).await?),
    };
    let claims = verified.claims;
    in_time(app, &claims)?;
    let (token, holder) = find(app, &claims.jti).await?.ok_or_else(invalid)?;
    let guard = token.guard();
    // The row vouches for the token, so both must tell the same; a browser's row belongs to its cookie.
    let agrees = token.client_id == claims.aud
        && token.session_id == claims.sid
        && guard.map(Guard::name) == claims.grd.as_deref()
        && token.user_id.unwrap_or(claims.aud.any()) == claims.sub
        && token.impersonator == claims.act.as_ref().map(|act| act.sub)
        && !token.is_browsers();
    let personal = token.session_id.is_none() && token.user_id.is_some();
    if !agrees || (verified.retired && !personal) {
        return Err(invalid());
    }
    let granted = scopes::from_column(token.scopes.as_deref());
    let mut scopes = scopes::covered(&claims.scopes, &granted);
    let full = scopes.remove(scopes::ALL) && token.first_party;
    let grant = TokenGrant { client: Some(token.client_id), scopes, personal };
    let actor = match (guard, token.user_id, token.session_id) {
        (_, _, Some(_)) => in_session(app, &token, &holder).await?,
        (Some(guard), Some(id), None) => {
            token.check(Some(guard), app.now())?;
            holder.actor(app, guard, id).await?
        }
        (_, None, None) => {
            token.check(None, app.now())?;
            Actor::anonymous()
        }
        _ => return Err(invalid()),
    };
    Ok(if full { actor } else { actor.limited_to(grant) })
}

/// The account behind a session's token.
async fn in_session(app: &App, token: &Token, holder: &Holder) -> AppResult<Actor> {
    let (Some(guard), Some(id), Some(session)) = (token.guard(), token.user_id, token.session_id) else {
        return Err(invalid());
    };
    token.check(Some(guard), app.now())?;
    let actor = holder.actor(app, guard, id).await?.in_session(session);
    if let Some(staff) = token.impersonator {
        require_viewer(app, staff).await?;
        return Ok(actor.seen_by(staff).without(Permission::ViewPatientMedical));
    }
    note_activity(app, session, token.last_activity_at, actor.kind).await;
    Ok(actor)
}

/// Records an attempt to pass off a token: somebody is trying, so those who watch should see it.
async fn forged(app: &App, origin: &Origin, how: Forged) -> AppResult<AppError> {
    tracing::warn!(?how, "a forged token was presented");
    let actor = Actor::anonymous().from_origin(origin.clone());
    let what = if how == Forged::Algorithm { "algorithm" } else { "signature" };
    let entry = Entry::new("token.forged").change(None, Some(serde_json::json!({ "wrong": what }))).denied();
    audit::record(app.db.conn(), app, &actor, entry).await?;
    Ok(invalid())
}

#[derive(FromQueryResult)]
struct Personal {
    token: String,
    model_type: PersonalAccessTokenTokenableType,
    model_id: AnyId,
    abilities: Option<String>,
    last_used_at: Option<Timestamp>,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// The account behind an opaque personal token, `id|plain` (R-ID-43).
async fn by_personal(app: &App, id: &str, plain: &str) -> AppResult<Actor> {
    use personal_access_tokens as p;
    let number: i64 = id.parse().map_err(|_| invalid())?;
    let now = app.now();
    let mut query = Query::select();
    query
        .expr_as(Expr::col((p::Entity, p::Column::Token)), "token")
        .expr_as(Expr::col((p::Entity, p::Column::TokenableType)), "model_type")
        .expr_as(Expr::col((p::Entity, p::Column::TokenableId)), "model_id")
        .expr_as(Expr::col((p::Entity, p::Column::Abilities)), "abilities")
        .expr_as(Expr::col((p::Entity, p::Column::LastUsedAt)), "last_used_at")
        .expr_as(Expr::col((p::Entity, p::Column::ExpiresAt)), "expires_at")
        .expr_as(Expr::col((p::Entity, p::Column::RevokedAt)), "revoked_at")
        .from(p::Entity)
        .and_where(Expr::col((p::Entity, p::Column::Id)).eq(number));
    let kind = Expr::col((p::Entity, p::Column::TokenableType));
    join_holder(&mut query, kind, Expr::col((p::Entity, p::Column::TokenableId)), now);
    let conn = app.db.conn();
    let row = conn.query_one(&query).await?.ok_or_else(invalid)?;
    let (found, holder) = (Personal::from_query_result(&row, "")?, Holder::from_query_result(&row, "")?);
    if !bool::from(found.token.as_bytes().ct_eq(sha256(plain).as_bytes())) {
        return Err(invalid());
    }
    if found.revoked_at.is_some() {
        return Err(ended());
    }
    if now >= found.expires_at {
        return Err(unauthenticated("token_expired", "This token has ended. Renew it."));
    }
    let guard = match found.model_type {
        PersonalAccessTokenTokenableType::User => Guard::Api,
        PersonalAccessTokenTokenableType::ProviderUser => Guard::Provider,
    };
    if holder.role_is_due {
        held_roles::apply_due(app, guard, found.model_id).await?;
        return Box::pin(by_personal(app, id, plain)).await;
    }
    let actor = holder.actor(app, guard, found.model_id).await?;
    if found.last_used_at.is_none_or(|at| now - at >= Duration::minutes(1)) {
        p::Entity::update_many()
            .col_expr(p::Column::LastUsedAt, Expr::value(now))
            .filter(p::Column::Id.eq(number))
            .exec(conn)
            .await?;
    }
    let mut scopes = scopes::from_column(found.abilities.as_deref());
    scopes.remove(scopes::ALL);
    Ok(actor.limited_to(TokenGrant { client: None, scopes, personal: true }))
}

async fn find(app: &App, id: &str) -> AppResult<Option<(Token, Holder)>> {
    let found = read(app, id).await?;
    if let Some((token, holder)) = &found
        && holder.role_is_due
        && let (Some(guard), Some(account)) = (token.guard(), token.user_id)
    {
        held_roles::apply_due(app, guard, account).await?;
        return read(app, id).await;
    }
    Ok(found)
}

async fn read(app: &App, id: &str) -> AppResult<Option<(Token, Holder)>> {
    use {auth_sessions as s, oauth_access_tokens as t, oauth_clients as c};
    let mut query = Query::select();
    query
        .expr_as(Expr::col((t::Entity, t::Column::Revoked)), "revoked")
        .expr_as(Expr::col((t::Entity, t::Column::ExpiresAt)), "expires_at")
        .expr_as(Expr::col((t::Entity, t::Column::Name)), "name")
        .expr_as(Expr::col((t::Entity, t::Column::Scopes)), "scopes")
        .expr_as(Expr::col((t::Entity, t::Column::UserId)), "user_id")
        .expr_as(Expr::col((t::Entity, t::Column::Guard)), "guard")
        .expr_as(Expr::col((t::Entity, t::Column::ClientId)), "client_id")
        .expr_as(Expr::col((c::Entity, c::Column::Revoked)), "client_revoked")
        .expr_as(Expr::col((c::Entity, c::Column::FirstParty)), "first_party")
        .expr_as(Expr::col((c::Entity, c::Column::Provider)), "client_provider")
        .expr_as(Expr::col((s::Entity, s::Column::Id)), "session_id")
        .expr_as(Expr::col((s::Entity, s::Column::RevokedAt)), "session_revoked_at")
        .expr_as(Expr::col((s::Entity, s::Column::LastActivityAt)), "last_activity_at")
        .expr_as(Expr::col((s::Entity, s::Column::CapAt)), "cap_at")
        .expr_as(Expr::col((s::Entity, s::Column::ImpersonatorId)), "impersonator")
        .from(t::Entity)
        .inner_join(c::Entity, Expr::col((c::Entity, c::Column::Id)).equals((t::Entity, t::Column::ClientId)))
        .left_join(s::Entity, Expr::col((s::Entity, s::Column::Id)).equals((t::Entity, t::Column::SessionId)))
        .and_where(Expr::col((t::Entity, t::Column::Id)).eq(id));
    let guard = || Expr::col((t::Entity, t::Column::Guard));
    let mut kind = CaseStatement::new();
    for each in [Guard::Api, Guard::Provider, Guard::Patient, Guard::Affiliate] {
        kind = kind.case(guard().eq(each.name()), each.model_type());
    }
    join_holder(&mut query, kind.into(), Expr::col((t::Entity, t::Column::UserId)), app.now());
    match app.db.conn().query_one(&query).await? {
        Some(row) => Ok(Some((Token::from_query_result(&row, "")?, Holder::from_query_result(&row, "")?))),
        None => Ok(None),
    }
}

/// Notes the activity at most once a minute; a failure to note it refuses nobody.
async fn note_activity(app: &App, session: AuthSessionId, last: Option<Timestamp>, kind: ActorKind) {
    let now = app.now();
    if last.is_some_and(|at| now - at < Duration::minutes(1)) {
        return;
    }
    if let Err(error) = write_activity(app, session, kind, now).await {
        tracing::warn!(%error, "activity could not be noted");
    }
}

async fn write_activity(app: &App, session: AuthSessionId, kind: ActorKind, now: Timestamp) -> AppResult<()> {
    let conn = app.db.conn();
    crate::service::sessions::touch(conn, session, now).await?;
    match kind {
        ActorKind::Patient(id) => {
            patients::Entity::update_many()
                .col_expr(patients::Column::LastActivityAt, Expr::value(now))
                .filter(patients::Column::Id.eq(id))
                .exec(conn)
                .await?;
        }
        ActorKind::Provider { user, .. } => {
            provider_team_members::Entity::update_many()
                .col_expr(provider_team_members::Column::LastActiveAt, Expr::value(now))
                .filter(provider_team_members::Column::ProviderUserId.eq(user))
                .filter(provider_team_members::Column::RemovedAt.is_null())
                .exec(conn)
                .await?;
        }
        _ => {}
    }
    Ok(())
}

/// The `Set-Cookie` of a browser that signed in: unreadable for scripts, not sent with requests from other sites.
pub fn session_cookie(app: &App, tokens: &Tokens) -> AppResult<HeaderValue> {
    set_cookie(app, SESSION_COOKIE, &tokens.access_token, tokens.expires_in)
}

/// The `Set-Cookie` of a browser that signed out.
pub fn cleared_cookie() -> HeaderValue {
    HeaderValue::from_static("hairline_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

pub(crate) fn set_cookie(app: &App, name: &str, value: &str, seconds: i64) -> AppResult<HeaderValue> {
    let secure = if app.config.http.secure_cookies { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).map_err(AppError::internal)
}

/// Signs a browser in: [`login`] with a cookie session. Set [`session_cookie`] when it answers a session.
pub async fn browser_login(app: &App, origin: &Actor, guard: Guard, credentials: Credentials) -> AppResult<Entered> {
    login(app, origin, guard, credentials, Carrier::Cookie).await
}
