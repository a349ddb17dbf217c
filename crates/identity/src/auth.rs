//! Who is asking: the account behind a request's bearer token or browser cookie (R-ID-32).

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::Duration;
use kernel::ids::{AnyId, AuthSessionId, PatientId, ProviderId, ProviderUserId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, ErrorKind, Guard, Timestamp};
use platform::App;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

use crate::digest::sha256;
use crate::entity::account_states::AccountState;
use crate::entity::auth_sessions::AuthSessionGuard;
use crate::entity::provider_users::ProviderUserStatus;
use crate::entity::{
    account_states, auth_sessions, model_has_permissions, model_has_roles, oauth_access_tokens, patients, permissions,
    provider_team_members, provider_users, role_assignments, roles,
};
use crate::projection::providers;
use crate::roles::{self as held_roles, RoleKey, permissions_of};
use crate::rules::login::{Membership, Standing};
use crate::rules::sessions::policy;
pub use crate::service::login::{Credentials, Entered, login};
pub use crate::service::mfa::{Factor, finish_login};
pub use crate::service::sessions::{Carrier, Tokens, logout, logout_all, revoke_all};

/// The cookie of the server-rendered portals.
pub const SESSION_COOKIE: &str = "hairline_session";

/// Finds the account behind a request; nobody is [`Actor::anonymous`].
///
/// One statement, plus one when a role is new to this process and one a minute to note the activity. Nothing of an
/// account is remembered between requests: suspension and revocation act on the next one, and so does a role whose time
/// has come (R-ID-49).
///
/// Errors, for bearer tokens only: 401 `token_invalid`, `token_expired`, `session_revoked`; 403 `account_suspended` and
/// the other facts of the account. A cookie that opens nothing makes the reader a visitor again.
pub async fn resolve(app: &App, headers: &HeaderMap) -> AppResult<Actor> {
    if let Some(token) = bearer(headers)? {
        return by_token(app, token, Carrier::Bearer).await;
    }
    let Some(token) = cookie(headers) else { return Ok(Actor::anonymous()) };
    match by_token(app, token, Carrier::Cookie).await {
        Err(error) if matches!(error.kind, ErrorKind::Unauthenticated | ErrorKind::Forbidden) => Ok(Actor::anonymous()),
        other => other,
    }
}

fn bearer(headers: &HeaderMap) -> AppResult<Option<&str>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(unauthenticated("token_invalid", "This token opens nothing.")),
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value)
}

fn unauthenticated(code: &'static str, detail: &'static str) -> AppError {
    AppError::new(ErrorKind::Unauthenticated, code, detail)
}

#[derive(FromQueryResult)]
struct Found {
    token_revoked: bool,
    token_expires_at: Option<Timestamp>,
    token_name: Option<String>,
    session_id: AuthSessionId,
    guard: AuthSessionGuard,
    model_id: AnyId,
    revoked_at: Option<Timestamp>,
    last_activity_at: Timestamp,
    cap_at: Timestamp,
    impersonator: Option<UserId>,
    granted_directly: Option<String>,
    role_is_due: bool,
    role_id: i64,
    role_name: String,
    role_guard: String,
    role_version: i32,
    role_updated_at: Timestamp,
    state: Option<AccountState>,
    until: Option<Timestamp>,
    member_status: Option<ProviderUserStatus>,
    member_deleted_at: Option<Timestamp>,
    can_login: Option<bool>,
    provider_id: Option<ProviderId>,
    clinic_status: Option<String>,
    clinic_deleted_at: Option<Timestamp>,
}

impl Found {
    fn membership(&self) -> Membership {
        if Guard::from(self.guard) != Guard::Provider {
            return Membership::Fine;
        }
        match self.member_status {
            _ if self.member_deleted_at.is_some() || self.can_login != Some(true) => Membership::Removed,
            Some(ProviderUserStatus::Suspended) => Membership::Suspended,
            Some(ProviderUserStatus::Active) => match self.clinic_status.as_deref() {
                Some("active" | "suspended") if self.clinic_deleted_at.is_none() => Membership::Fine,
                _ => Membership::ClinicInactive,
            },
            _ => Membership::Removed,
        }
    }

    /// The account facts again, on every request (R-ID-32).
    fn standing(&self) -> Standing {
        Standing { verified: true, state: self.state, until: self.until, membership: self.membership() }
    }

    fn kind(&self) -> Option<ActorKind> {
        match Guard::from(self.guard) {
            Guard::Patient => Some(ActorKind::Patient(PatientId::from(self.model_id))),
            Guard::Provider => self
                .provider_id
                .map(|provider| ActorKind::Provider { user: ProviderUserId::from(self.model_id), provider }),
            Guard::Api => Some(ActorKind::Admin(UserId::from(self.model_id))),
            Guard::Affiliate => None,
        }
    }
}

async fn by_token(app: &App, token: &str, carrier: Carrier) -> AppResult<Actor> {
    let conn = app.db.conn();
    let now = app.now();
    let invalid = || unauthenticated("token_invalid", "This token opens nothing.");
    let mut found = find(conn, token, now).await?.ok_or_else(invalid)?;
    if found.role_is_due {
        held_roles::apply_due(app, Guard::from(found.guard), found.model_id).await?;
        found = find(conn, token, now).await?.ok_or_else(invalid)?;
    }
    // A browser's token is no bearer token and the other way round.
    if (carrier == Carrier::Cookie) != (found.token_name.as_deref() == Some("browser")) {
        return Err(invalid());
    }
    let guard = Guard::from(found.guard);
    let idle = policy(guard, 1).idle;
    let ended = found.token_revoked || found.revoked_at.is_some() || now >= found.cap_at;
    if ended || now >= found.last_activity_at + idle || found.role_guard != guard.name() {
        return Err(unauthenticated("session_revoked", "This session has ended. Sign in again."));
    }
    if found.token_expires_at.is_none_or(|end| now >= end) {
        return Err(unauthenticated("token_expired", "This token has ended. Renew it."));
    }
    // Staff look through the eyes of clinic staff only (R-ID-56).
    if found.impersonator.is_some() && guard != Guard::Provider {
        return Err(invalid());
    }
    if let Some(refusal) = found.standing().refusal(now) {
        return Err(refusal);
    }
    let kind = found.kind().ok_or_else(invalid)?;
    let key = RoleKey {
        id: found.role_id,
        name: found.role_name.clone(),
        version: found.role_version,
        updated_at: found.role_updated_at,
    };
    let mut permissions = (*permissions_of(conn, key).await?).clone();
    permissions.extend(held_roles::direct_permissions(guard, found.granted_directly.as_deref()));
    let actor = Actor::new(kind, Some(&found.role_name), permissions).in_session(found.session_id);
    if let Some(staff) = found.impersonator {
        return Ok(actor.seen_by(staff));
    }
    note_activity(app, &found, kind).await;
    Ok(actor)
}

/// The names of what was granted to the account itself (R-ID-50), in the same statement: most accounts have none.
fn granted_directly() -> SimpleExpr {
    use {auth_sessions as s, model_has_permissions as d, permissions as p};
    let names = Query::select()
        .expr(Expr::cust_with_expr("GROUP_CONCAT(?)", Expr::col((p::Entity, p::Column::Name))))
        .from(d::Entity)
        .inner_join(p::Entity, Expr::col((p::Entity, p::Column::Id)).equals((d::Entity, d::Column::PermissionId)))
        .and_where(Expr::col((d::Entity, d::Column::ModelType)).equals((s::Entity, s::Column::ModelType)))
        .and_where(Expr::col((d::Entity, d::Column::ModelId)).equals((s::Entity, s::Column::ModelId)))
        .to_owned();
    SimpleExpr::SubQuery(None, Box::new(names.into()))
}

/// Whether a planned role of the account should be in force by now.
fn role_is_due(now: Timestamp) -> SimpleExpr {
    use {auth_sessions as s, role_assignments as a};
    let due = Query::select()
        .expr(Expr::val(1))
        .from(a::Entity)
        .and_where(Expr::col((a::Entity, a::Column::ModelType)).equals((s::Entity, s::Column::ModelType)))
        .and_where(Expr::col((a::Entity, a::Column::ModelId)).equals((s::Entity, s::Column::ModelId)))
        .and_where(Expr::col((a::Entity, a::Column::EffectiveFrom)).lte(now))
        .and_where(Expr::col((a::Entity, a::Column::AppliedAt)).is_null())
        .and_where(Expr::col((a::Entity, a::Column::EffectiveTo)).is_null())
        .to_owned();
    Expr::exists(due)
}

async fn find(conn: &impl ConnectionTrait, token: &str, now: Timestamp) -> AppResult<Option<Found>> {
    use {auth_sessions as s, oauth_access_tokens as t, provider_users as m};
    let same_account = |kind, id| {
        Cond::all()
            .add(Expr::col(kind).equals((s::Entity, s::Column::ModelType)))
            .add(Expr::col(id).equals((s::Entity, s::Column::ModelId)))
    };
    let query = Query::select()
        .expr_as(Expr::col((t::Entity, t::Column::Revoked)), "token_revoked")
        .expr_as(Expr::col((t::Entity, t::Column::ExpiresAt)), "token_expires_at")
        .expr_as(Expr::col((t::Entity, t::Column::Name)), "token_name")
        .expr_as(Expr::col((s::Entity, s::Column::Id)), "session_id")
        .expr_as(Expr::col((s::Entity, s::Column::Guard)), "guard")
        .expr_as(Expr::col((s::Entity, s::Column::ModelId)), "model_id")
        .expr_as(Expr::col((s::Entity, s::Column::RevokedAt)), "revoked_at")
        .expr_as(Expr::col((s::Entity, s::Column::LastActivityAt)), "last_activity_at")
        .expr_as(Expr::col((s::Entity, s::Column::CapAt)), "cap_at")
        .expr_as(Expr::col((s::Entity, s::Column::ImpersonatorId)), "impersonator")
        .expr_as(granted_directly(), "granted_directly")
        .expr_as(role_is_due(now), "role_is_due")
        .expr_as(Expr::col((roles::Entity, roles::Column::Id)), "role_id")
        .expr_as(Expr::col((roles::Entity, roles::Column::Name)), "role_name")
        .expr_as(Expr::col((roles::Entity, roles::Column::GuardName)), "role_guard")
        .expr_as(Expr::col((roles::Entity, roles::Column::Version)), "role_version")
        .expr_as(Expr::col((roles::Entity, roles::Column::UpdatedAt)), "role_updated_at")
        .expr_as(Expr::col((account_states::Entity, account_states::Column::State)), "state")
        .expr_as(Expr::col((account_states::Entity, account_states::Column::Until)), "until")
        .expr_as(Expr::col((m::Entity, m::Column::Status)), "member_status")
        .expr_as(Expr::col((m::Entity, m::Column::DeletedAt)), "member_deleted_at")
        .expr_as(Expr::col((m::Entity, m::Column::CanLogin)), "can_login")
        .expr_as(Expr::col((m::Entity, m::Column::ProviderId)), "provider_id")
        .expr_as(Expr::col((providers::Entity, providers::Column::Status)), "clinic_status")
        .expr_as(Expr::col((providers::Entity, providers::Column::DeletedAt)), "clinic_deleted_at")
        .from(t::Entity)
        .inner_join(s::Entity, Expr::col((s::Entity, s::Column::Id)).equals((t::Entity, t::Column::SessionId)))
        .inner_join(
            model_has_roles::Entity,
            same_account(
                (model_has_roles::Entity, model_has_roles::Column::ModelType),
                (model_has_roles::Entity, model_has_roles::Column::ModelId),
            ),
        )
        .inner_join(
            roles::Entity,
            Expr::col((roles::Entity, roles::Column::Id))
                .equals((model_has_roles::Entity, model_has_roles::Column::RoleId)),
        )
        .left_join(
            account_states::Entity,
            Cond::all()
                .add(
                    Expr::col((account_states::Entity, account_states::Column::ModelType))
                        .equals((s::Entity, s::Column::ModelType)),
                )
                .add(
                    Expr::col((account_states::Entity, account_states::Column::ModelId))
                        .equals((s::Entity, s::Column::ModelId)),
                ),
        )
        .left_join(
            m::Entity,
            Cond::all()
                .add(Expr::col((m::Entity, m::Column::Id)).equals((s::Entity, s::Column::ModelId)))
                .add(Expr::col((s::Entity, s::Column::Guard)).eq(Guard::Provider.name())),
        )
        .left_join(
            providers::Entity,
            Expr::col((providers::Entity, providers::Column::Id)).equals((m::Entity, m::Column::ProviderId)),
        )
        .and_where(Expr::col((t::Entity, t::Column::Id)).eq(sha256(token)))
        .to_owned();
    Ok(Found::find_by_statement(conn.get_database_backend().build(&query)).one(conn).await?)
}

/// Notes the activity at most once a minute; a failure to note it refuses nobody.
async fn note_activity(app: &App, found: &Found, kind: ActorKind) {
    let now = app.now();
    if now - found.last_activity_at < Duration::minutes(1) {
        return;
    }
    if let Err(error) = write_activity(app, found.session_id, kind, now).await {
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
    let secure = if app.config.http.secure_cookies { "; Secure" } else { "" };
    let text = format!(
        "{SESSION_COOKIE}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        tokens.access_token, tokens.expires_in
    );
    HeaderValue::from_str(&text).map_err(AppError::internal)
}

/// The `Set-Cookie` of a browser that signed out.
pub fn cleared_cookie() -> HeaderValue {
    HeaderValue::from_static("hairline_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Signs a browser in: [`login`] with a cookie session. Set [`session_cookie`] when it answers a session.
pub async fn browser_login(app: &App, origin: &Actor, guard: Guard, credentials: Credentials) -> AppResult<Entered> {
    login(app, origin, guard, credentials, Carrier::Cookie).await
}
