//! Sessions and their tokens: opening, renewing, ending.
//!
//! Access tokens are opaque: 256 random bits of which the database keeps the SHA-256 as `oauth_access_tokens.id`. Every
//! request reads the row, so a revocation acts at once.

use chrono::{DateTime, Utc};
use kernel::ids::{AnyId, AuthSessionId, UserId};
use kernel::{Actor, AppError, AppResult, ErrorKind, Guard, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Cond, Expr},
};
use serde::Serialize;
use subtle::ConstantTimeEq;

use crate::digest::sha256;
use crate::entity::auth_sessions::AuthSessionModelType;
use crate::entity::{auth_sessions, oauth_access_tokens, oauth_refresh_tokens};
use crate::install::client_of;
use crate::rules::sessions::{ACCESS_LIFETIME, Policy, Presented, judge, policy, refresh_until};
use crate::settings;

/// What a client gets when a session opens or is renewed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Tokens {
    /// Send it as `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds the access token lives.
    pub expires_in: i64,
    /// Exchange it for the next pair; absent for browser sessions.
    pub refresh_token: Option<String>,
    /// When the refresh token ends if nobody uses it.
    pub refresh_expires_at: Option<DateTime<Utc>>,
    /// The session.
    pub session_id: AuthSessionId,
}

/// How the client keeps its proof of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// An app: a short access token and a refresh token.
    Bearer,
    /// A browser of the server-rendered portals: one cookie for the life of the session.
    Cookie,
}

/// The account a session is for.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Its guard.
    pub guard: Guard,
    /// Its id.
    pub id: AnyId,
}

/// The limits of a guard with the settings in force. Read it before the transaction begins.
pub async fn policy_of(app: &App, guard: Guard) -> AppResult<Policy> {
    let admin_sessions = settings::ADMIN_SESSIONS.get(app).await?;
    Ok(policy(guard, usize::try_from(admin_sessions.max(1)).unwrap_or(1)))
}

/// Opens a session; the least recently used one ends when the account has too many (R-ID-33).
pub async fn open(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    holder: Holder,
    (policy, carrier): (Policy, Carrier),
    with_mfa: bool,
    device: Option<String>,
) -> AppResult<Tokens> {
    let now = app.now();
    end_surplus(txn, app, holder, policy.concurrent.saturating_sub(1)).await?;
    let session = auth_sessions::ActiveModel {
        id: Set(AuthSessionId::new()),
        guard: Set(holder.guard.into()),
        model_type: Set(holder.guard.into()),
        model_id: Set(holder.id),
        client_id: Set(Some(client_of(holder.guard))),
        impersonator_id: Set(None),
        device: Set(device.map(|device| device.chars().take(255).collect())),
        ip_address: Set(origin.origin.ip.clone()),
        user_agent: Set(origin.origin.agent.clone().map(|agent| agent.chars().take(500).collect())),
        last_activity_at: Set(now),
        last_auth_at: Set(now),
        mfa_at: Set(with_mfa.then_some(now)),
        cap_at: Set(now + policy.cap),
        revoked_at: Set(None),
        revoke_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    issue(txn, app, &session, policy, carrier).await
}

async fn end_surplus(txn: &Txn, app: &App, holder: Holder, keep: usize) -> AppResult<()> {
    let live = auth_sessions::Entity::find()
        .filter(auth_sessions::Column::ModelType.eq(AuthSessionModelType::from(holder.guard)))
        .filter(auth_sessions::Column::ModelId.eq(holder.id))
        .filter(auth_sessions::Column::RevokedAt.is_null())
        .filter(auth_sessions::Column::CapAt.gt(app.now()))
        .filter(auth_sessions::Column::ImpersonatorId.is_null())
        .order_by_desc(auth_sessions::Column::LastActivityAt)
        .order_by_desc(auth_sessions::Column::Id)
        .all(txn)
        .await?;
    for surplus in live.iter().skip(keep) {
        revoke(txn, app, surplus.id, "limit").await?;
    }
    Ok(())
}

async fn issue(
    txn: &Txn,
    app: &App,
    session: &auth_sessions::Model,
    policy: Policy,
    carrier: Carrier,
) -> AppResult<Tokens> {
    let now = app.now();
    let access = format!("hl_{}", app.random.token());
    let access_id = sha256(&access);
    let expires_at = match carrier {
        Carrier::Bearer => (now + ACCESS_LIFETIME).min(session.cap_at),
        Carrier::Cookie => session.cap_at,
    };
    let access_row = oauth_access_tokens::ActiveModel {
        id: Set(access_id.clone()),
        user_id: Set(Some(session.model_id)),
        client_id: Set(client_of(session.guard.into())),
        name: Set((carrier == Carrier::Cookie).then(|| "browser".to_owned())),
        scopes: Set(Some(r#"["*"]"#.to_owned())),
        revoked: Set(false),
        created_at: Set(now),
        updated_at: Set(now),
        expires_at: Set(Some(expires_at)),
        session_id: Set(Some(session.id)),
        guard: Set(Some(Guard::from(session.guard).into())),
        revoked_at: Set(None),
    };
    oauth_access_tokens::Entity::insert(access_row).exec_without_returning(txn).await?;
    let refresh = match carrier {
        Carrier::Bearer => Some(issue_refresh(txn, app, session, &access_id, policy).await?),
        Carrier::Cookie => None,
    };
    let (refresh_token, refresh_expires_at) = refresh.unzip();
    Ok(Tokens {
        access_token: access,
        token_type: "Bearer",
        expires_in: (expires_at - now).num_seconds(),
        refresh_token,
        refresh_expires_at,
        session_id: session.id,
    })
}

/// An access token alone: who looks through another account's eyes cannot renew it.
pub(crate) async fn issue_without_refresh(
    txn: &Txn,
    app: &App,
    session: &auth_sessions::Model,
    carrier: Carrier,
) -> AppResult<Tokens> {
    let tokens = issue(txn, app, session, policy(session.guard.into(), 1), carrier).await?;
    oauth_refresh_tokens::Entity::update_many()
        .col_expr(oauth_refresh_tokens::Column::Revoked, Expr::value(true))
        .filter(oauth_refresh_tokens::Column::SessionId.eq(session.id))
        .exec(txn)
        .await?;
    Ok(Tokens { refresh_token: None, refresh_expires_at: None, ..tokens })
}

async fn issue_refresh(
    txn: &Txn,
    app: &App,
    session: &auth_sessions::Model,
    access_id: &str,
    policy: Policy,
) -> AppResult<(String, Timestamp)> {
    let now = app.now();
    let (id, secret) = (app.random.hex(40), app.random.token());
    let expires_at = refresh_until(policy, now, session.cap_at);
    let row = oauth_refresh_tokens::ActiveModel {
        id: Set(id.clone()),
        access_token_id: Set(access_id.to_owned()),
        session_id: Set(session.id),
        secret_hash: Set(sha256(&secret)),
        revoked: Set(false),
        used_at: Set(None),
        replaced_by: Set(None),
        expires_at: Set(expires_at),
        created_at: Set(now),
        updated_at: Set(now),
    };
    oauth_refresh_tokens::Entity::insert(row).exec_without_returning(txn).await?;
    Ok((format!("{id}.{secret}"), expires_at))
}

fn unauthenticated(code: &'static str, detail: &'static str) -> AppError {
    AppError::new(ErrorKind::Unauthenticated, code, detail)
}

/// Exchanges a refresh token for a new pair; the old pair ends in the same transaction (R-ID-34).
///
/// Errors: 401 `refresh_token_rotated` for the loser of a race (R-ID-35), 401 `session_revoked` for anything else; a
/// token used long ago ends the whole session (R-ID-36).
pub async fn refresh(app: &App, origin: &Actor, guard: Guard, token: &str) -> AppResult<Tokens> {
    let policy = policy_of(app, guard).await?;
    let (id, secret) = token.split_once('.').unwrap_or_default();
    let ended = || unauthenticated("session_revoked", "This session has ended. Sign in again.");
    // Ending a stolen family must be committed although the caller is refused, so the refusal is the value.
    platform::write_txn!(app.db, |txn| {
        let found = oauth_refresh_tokens::Entity::find_by_id(id.to_owned()).lock_exclusive().one(txn).await?;
        let Some(row) = found.filter(|row| bool::from(row.secret_hash.as_bytes().ct_eq(sha256(secret).as_bytes())))
        else {
            return Ok(Err(ended()));
        };
        let session = auth_sessions::Entity::find_by_id(row.session_id).one(txn).await?;
        let Some(session) = session.filter(|session| Guard::from(session.guard) == guard) else {
            return Ok(Err(ended()));
        };
        let now = app.now();
        if session.revoked_at.is_some() || now >= session.cap_at {
            return Ok(Err(ended()));
        }
        match judge(row.used_at, row.revoked, row.expires_at, now) {
            Presented::Live => rotate(txn, app, &row, &session, policy).await.map(Ok),
            Presented::JustRotated => {
                Ok(Err(unauthenticated("refresh_token_rotated", "This token was just exchanged.")))
            }
            Presented::Reused => {
                end_stolen(txn, app, origin, &session).await?;
                Ok(Err(ended()))
            }
            Presented::Dead => Ok(Err(ended())),
        }
    })?
}

async fn rotate(
    txn: &Txn,
    app: &App,
    old: &oauth_refresh_tokens::Model,
    session: &auth_sessions::Model,
    policy: Policy,
) -> AppResult<Tokens> {
    let now = app.now();
    // The row was read under a lock; the condition is the guarantee where locks are not (R-ID-35).
    let won = oauth_refresh_tokens::Entity::update_many()
        .col_expr(oauth_refresh_tokens::Column::UsedAt, Expr::value(now))
        .col_expr(oauth_refresh_tokens::Column::Revoked, Expr::value(true))
        .col_expr(oauth_refresh_tokens::Column::UpdatedAt, Expr::value(now))
        .filter(oauth_refresh_tokens::Column::Id.eq(&old.id))
        .filter(oauth_refresh_tokens::Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    if won.rows_affected != 1 {
        return Err(unauthenticated("refresh_token_rotated", "This token was just exchanged."));
    }
    revoke_access(txn, app, session.id).await?;
    let tokens = issue(txn, app, session, policy, Carrier::Bearer).await?;
    let successor = tokens.refresh_token.as_deref().and_then(|token| token.split('.').next()).map(str::to_owned);
    oauth_refresh_tokens::Entity::update_many()
        .col_expr(oauth_refresh_tokens::Column::ReplacedBy, Expr::value(successor))
        .filter(oauth_refresh_tokens::Column::Id.eq(&old.id))
        .exec(txn)
        .await?;
    touch(txn, session.id, now).await?;
    Ok(tokens)
}

async fn end_stolen(txn: &Txn, app: &App, origin: &Actor, session: &auth_sessions::Model) -> AppResult<()> {
    revoke(txn, app, session.id, "token_reuse").await?;
    let entry = Entry::new("session.token_reused").subject("AuthSession", session.id).denied();
    audit::record(txn, app, origin, entry).await?;
    let guard = Guard::from(session.guard);
    let event = Event::new("security.token_reuse", guard.model_type(), session.model_id)
        .occurrence(session.id)
        .with("session_id", session.id);
    outbox::emit(txn, app, origin, event).await
}

/// Ends a session with its tokens; they are refused from the next request on.
pub async fn revoke(conn: &impl ConnectionTrait, app: &App, session: AuthSessionId, reason: &str) -> AppResult<()> {
    let now = app.now();
    auth_sessions::Entity::update_many()
        .col_expr(auth_sessions::Column::RevokedAt, Expr::value(now))
        .col_expr(auth_sessions::Column::RevokeReason, Expr::value(reason))
        .col_expr(auth_sessions::Column::UpdatedAt, Expr::value(now))
        .filter(auth_sessions::Column::Id.eq(session))
        .filter(auth_sessions::Column::RevokedAt.is_null())
        .exec(conn)
        .await?;
    revoke_access(conn, app, session).await?;
    oauth_refresh_tokens::Entity::update_many()
        .col_expr(oauth_refresh_tokens::Column::Revoked, Expr::value(true))
        .col_expr(oauth_refresh_tokens::Column::UpdatedAt, Expr::value(now))
        .filter(oauth_refresh_tokens::Column::SessionId.eq(session))
        .filter(oauth_refresh_tokens::Column::Revoked.eq(false))
        .exec(conn)
        .await?;
    Ok(())
}

async fn revoke_access(conn: &impl ConnectionTrait, app: &App, session: AuthSessionId) -> AppResult<()> {
    let now = app.now();
    oauth_access_tokens::Entity::update_many()
        .col_expr(oauth_access_tokens::Column::Revoked, Expr::value(true))
        .col_expr(oauth_access_tokens::Column::RevokedAt, Expr::value(now))
        .col_expr(oauth_access_tokens::Column::UpdatedAt, Expr::value(now))
        .filter(oauth_access_tokens::Column::SessionId.eq(session))
        .filter(oauth_access_tokens::Column::Revoked.eq(false))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends every session of an account: suspension, removal, password reset, logout everywhere (R-ID-37).
pub async fn revoke_all(conn: &impl ConnectionTrait, app: &App, holder: Holder, reason: &str) -> AppResult<u64> {
    let mut whose = Cond::any().add(
        Cond::all()
            .add(auth_sessions::Column::ModelType.eq(AuthSessionModelType::from(holder.guard)))
            .add(auth_sessions::Column::ModelId.eq(holder.id)),
    );
    if holder.guard == Guard::Api {
        // Whoever may no longer come in themselves does not look through others' eyes either.
        whose = whose.add(auth_sessions::Column::ImpersonatorId.eq(UserId::from(holder.id)));
    }
    let live = auth_sessions::Entity::find()
        .filter(whose)
        .filter(auth_sessions::Column::RevokedAt.is_null())
        .all(conn)
        .await?;
    for session in &live {
        revoke(conn, app, session.id, reason).await?;
    }
    Ok(live.len() as u64)
}

/// Notes that the session was used; the idle clock starts anew.
pub(crate) async fn touch(conn: &impl ConnectionTrait, session: AuthSessionId, now: Timestamp) -> AppResult<()> {
    auth_sessions::Entity::update_many()
        .col_expr(auth_sessions::Column::LastActivityAt, Expr::value(now))
        .filter(auth_sessions::Column::Id.eq(session))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends the asker's session (R-ID-37). Asking again changes nothing.
pub async fn logout(app: &App, actor: &Actor) -> AppResult<()> {
    let Some(session) = actor.session else { return Err(AppError::unauthenticated()) };
    platform::write_txn!(app.db, |txn| {
        revoke(txn, app, session, "logout").await?;
        audit::record(txn, app, actor, Entry::new("session.logged_out").subject("AuthSession", session)).await
    })
}

/// Ends every session of the asker (R-ID-37).
pub async fn logout_all(app: &App, actor: &Actor) -> AppResult<()> {
    let (Some(guard), (_, Some(id))) = (actor.guard(), actor.reference()) else {
        return Err(AppError::unauthenticated());
    };
    platform::write_txn!(app.db, |txn| {
        revoke_all(txn, app, Holder { guard, id }, "logout_all").await?;
        audit::record(txn, app, actor, Entry::new("session.logged_out_everywhere").subject(guard.model_type(), id))
            .await
    })
}
