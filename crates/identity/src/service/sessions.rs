//! Sessions and their tokens: opening, renewing, ending.
//!
//! Apps get a signed token that names its row in `oauth_access_tokens`; browsers keep a cookie of 256 random bits of which
//! that table holds the SHA-256. Every request reads the row, so a revocation acts at once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernel::ids::{AnyId, AuthSessionId, OauthClientId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, Guard, Timestamp};
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

use crate::accounts;
use crate::digest::sha256;
use crate::entity::auth_sessions::AuthSessionModelType;
use crate::entity::{auth_sessions, oauth_access_tokens, oauth_clients, oauth_refresh_tokens};
use crate::install::{client_of, is_built_in};
use crate::rules::scopes::{self, ALL};
use crate::rules::sessions::{ACCESS_LIFETIME, Policy, Presented, judge, policy, refresh_until};
use crate::service::tokens::{self, Mint, unauthenticated};
use crate::service::{clients, codes, devices, personal};
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
    // Whoever opens or renews a session signs a token next, within a transaction.
    app.signing.ready(app).await?;
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
    let opening = Opening {
        holder,
        client: client_of(holder.guard),
        scopes: BTreeSet::from([ALL.to_owned()]),
        proven_at: now,
        mfa_at: with_mfa.then_some(now),
        device,
    };
    open_for(txn, app, origin, opening, (policy, carrier)).await.map(|(tokens, _)| tokens)
}

/// A session to be opened for a client.
pub(crate) struct Opening {
    pub holder: Holder,
    pub client: OauthClientId,
    pub scopes: BTreeSet<String>,
    /// When the account last proved itself: a consent is no proof.
    pub proven_at: Timestamp,
    pub mfa_at: Option<Timestamp>,
    pub device: Option<String>,
}

/// Opens a session of any client; answers its tokens and the id of the access token's row. Each client of an account
/// counts its own sessions: an app that signs in again and again must not end those of the portal.
pub(crate) async fn open_for(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    opening: Opening,
    (policy, carrier): (Policy, Carrier),
) -> AppResult<(Tokens, String)> {
    let now = app.now();
    let Opening { holder, client, scopes, proven_at, mfa_at, device } = opening;
    end_surplus(txn, app, (holder, client), policy.concurrent.saturating_sub(1)).await?;
    let is_new = devices::is_new(txn, holder, origin.origin.agent.as_deref()).await?;
    let session = auth_sessions::ActiveModel {
        id: Set(AuthSessionId::new()),
        guard: Set(holder.guard.into()),
        model_type: Set(holder.guard.into()),
        model_id: Set(holder.id),
        client_id: Set(Some(client)),
        impersonator_id: Set(None),
        device: Set(device.map(|device| device.chars().take(255).collect())),
        ip_address: Set(origin.origin.ip.clone()),
        user_agent: Set(origin.origin.agent.clone().map(|agent| agent.chars().take(500).collect())),
        last_activity_at: Set(now),
        last_auth_at: Set(proven_at),
        mfa_at: Set(mfa_at),
        cap_at: Set(now + policy.cap),
        revoked_at: Set(None),
        revoke_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    if is_new {
        devices::tell_new(txn, app, origin, holder, session.id).await?;
    }
    issue(txn, app, &session, (&scopes, None), (policy, carrier)).await
}

async fn end_surplus(txn: &Txn, app: &App, (holder, client): (Holder, OauthClientId), keep: usize) -> AppResult<()> {
    let live = auth_sessions::Entity::find()
        .filter(auth_sessions::Column::ClientId.eq(client))
        .filter(auth_sessions::Column::ModelType.eq(AuthSessionModelType::from(holder.guard)))
        .filter(auth_sessions::Column::ModelId.eq(holder.id))
        .filter(auth_sessions::Column::RevokedAt.is_null())
        .filter(auth_sessions::Column::CapAt.gt(app.now()))
        .filter(auth_sessions::Column::ImpersonatorId.is_null())
        .order_by_desc(auth_sessions::Column::LastActivityAt)
        .order_by_desc(auth_sessions::Column::Id)
        // Logins side by side wait here for each other, so that each counts those before it (R-ID-33).
        .lock_exclusive()
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
    (granted, narrowed): (&BTreeSet<String>, Option<&BTreeSet<String>>),
    (policy, carrier): (Policy, Carrier),
) -> AppResult<(Tokens, String)> {
    let now = app.now();
    let guard = Guard::from(session.guard);
    let client = session.client_id.unwrap_or_else(|| client_of(guard));
    let expires_at = match carrier {
        Carrier::Bearer => (now + ACCESS_LIFETIME).min(session.cap_at),
        Carrier::Cookie => session.cap_at,
    };
    let (access, access_id) = match carrier {
        Carrier::Bearer => {
            let mint = Mint {
                client,
                holder: Some((guard, session.model_id)),
                session: Some(session.id),
                granted,
                scopes: narrowed.unwrap_or(granted),
                expires_at,
                name: None,
                impersonator: session.impersonator_id,
            };
            tokens::mint(txn, app, mint).await?
        }
        Carrier::Cookie => issue_cookie(txn, app, session, client, granted).await?,
    };
    let refresh = match carrier {
        // Who looks through another account's eyes cannot renew that (R-ID-56).
        Carrier::Bearer if session.impersonator_id.is_none() => {
            Some(issue_refresh(txn, app, session, &access_id, policy).await?)
        }
        Carrier::Bearer | Carrier::Cookie => None,
    };
    let (refresh_token, refresh_expires_at) = refresh.unzip();
    let tokens = Tokens {
        access_token: access,
        token_type: "Bearer",
        expires_in: (expires_at - now).num_seconds(),
        refresh_token,
        refresh_expires_at,
        session_id: session.id,
    };
    Ok((tokens, access_id))
}

async fn issue_cookie(
    txn: &Txn,
    app: &App,
    session: &auth_sessions::Model,
    client: OauthClientId,
    granted: &BTreeSet<String>,
) -> AppResult<(String, String)> {
    let now = app.now();
    let access = format!("hl_{}", app.random.token());
    let access_id = sha256(&access);
    let row = oauth_access_tokens::ActiveModel {
        id: Set(access_id.clone()),
        user_id: Set(Some(session.model_id)),
        client_id: Set(client),
        name: Set(Some("browser".to_owned())),
        scopes: Set(Some(scopes::to_column(granted))),
        revoked: Set(false),
        created_at: Set(now),
        updated_at: Set(now),
        expires_at: Set(Some(session.cap_at)),
        session_id: Set(Some(session.id)),
        guard: Set(Some(Guard::from(session.guard).into())),
        revoked_at: Set(None),
    };
    oauth_access_tokens::Entity::insert(row).exec_without_returning(txn).await?;
    Ok((access, access_id))
}

/// The proof of a session that was written already.
pub(crate) async fn issue_for(
    txn: &Txn,
    app: &App,
    session: &auth_sessions::Model,
    carrier: Carrier,
) -> AppResult<Tokens> {
    let how = (policy(session.guard.into(), 1), carrier);
    issue(txn, app, session, (&BTreeSet::from([ALL.to_owned()]), None), how).await.map(|(tokens, _)| tokens)
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

/// Who presents a refresh token.
#[derive(Clone, Debug)]
pub(crate) struct Presenter {
    pub guard: Guard,
    pub client: OauthClientId,
    /// The scopes the next access token shall have, when fewer than were granted.
    pub narrowed: Option<BTreeSet<String>>,
}

/// What a renewal gives: the tokens, and what the access token allows.
pub(crate) type Renewed = (Tokens, BTreeSet<String>);

/// Exchanges a refresh token for a new pair; the old pair ends in the same transaction (R-ID-34).
///
/// Errors: 401 `refresh_token_rotated` for the loser of a race (R-ID-35), 401 `session_revoked` for anything else; a
/// token used long ago ends the whole session (R-ID-36).
pub async fn refresh(app: &App, origin: &Actor, guard: Guard, token: &str) -> AppResult<Tokens> {
    let presenter = Presenter { guard, client: client_of(guard), narrowed: None };
    exchange(app, origin, presenter, token).await.map(|(tokens, _)| tokens)
}

/// The same for any client. A token that comes from another client than it was given to is a stolen one.
pub(crate) async fn exchange(app: &App, origin: &Actor, presenter: Presenter, token: &str) -> AppResult<Renewed> {
    let policy = policy_of(app, presenter.guard).await?;
    let (id, secret) = token.split_once('.').unwrap_or_default();
    let ended = || unauthenticated("session_revoked", "This session has ended. Sign in again.");
    // Ending a stolen family must be committed although the caller is refused, so the refusal is the value.
    platform::write_txn!(app.db, |txn| {
        let found = oauth_refresh_tokens::Entity::find_by_id(id.to_owned()).lock_exclusive().one(txn).await?;
        let Some(row) = found.filter(|row| bool::from(row.secret_hash.as_bytes().ct_eq(sha256(secret).as_bytes())))
        else {
            return Ok(Err(ended()));
        };
        let Some(session) = auth_sessions::Entity::find_by_id(row.session_id).one(txn).await? else {
            return Ok(Err(ended()));
        };
        let now = app.now();
        if session.revoked_at.is_some() || now >= session.cap_at {
            return Ok(Err(ended()));
        }
        if session.client_id != Some(presenter.client) || Guard::from(session.guard) != presenter.guard {
            end_stolen(txn, app, origin, &session).await?;
            return Ok(Err(ended()));
        }
        match judge(row.used_at, row.revoked, row.expires_at, now) {
            // Whoever is out gets nothing new, and a clinic that comes back brings no old session with it.
            Presented::Live if is_out(txn, app, &session).await? => {
                revoke(txn, app, session.id, "standing").await?;
                Ok(Err(ended()))
            }
            Presented::Live => rotate(txn, app, &row, &session, (policy, presenter.narrowed.as_ref())).await.map(Ok),
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

/// Whether the session's account may not come in at present. A suspension lets the session stand: its end is told by every
/// request, and those who may still read do.
async fn is_out(txn: &Txn, app: &App, session: &auth_sessions::Model) -> AppResult<bool> {
    let account = accounts::by_id(txn, Guard::from(session.guard), session.model_id).await?;
    let refusal = account.standing.refusal(app.now());
    Ok(refusal.is_some_and(|refusal| refusal.code != "account_suspended"))
}

async fn rotate(
    txn: &Txn,
    app: &App,
    old: &oauth_refresh_tokens::Model,
    session: &auth_sessions::Model,
    (policy, narrowed): (Policy, Option<&BTreeSet<String>>),
) -> AppResult<Renewed> {
    let now = app.now();
    let partner = oauth_access_tokens::Entity::find_by_id(old.access_token_id.clone()).one(txn).await?;
    let granted = scopes::from_column(partner.and_then(|row| row.scopes).as_deref());
    let granted = still_open(txn, session, granted).await?;
    if narrowed.is_some_and(|asked| asked.is_empty() || scopes::covered(asked, &granted) != *asked) {
        return Err(AppError::invalid("scope_refused", "This was not granted."));
    }
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
    let (tokens, _) = issue(txn, app, session, (&granted, narrowed), (policy, Carrier::Bearer)).await?;
    let successor = tokens.refresh_token.as_deref().and_then(|token| token.split('.').next()).map(str::to_owned);
    oauth_refresh_tokens::Entity::update_many()
        .col_expr(oauth_refresh_tokens::Column::ReplacedBy, Expr::value(successor))
        .filter(oauth_refresh_tokens::Column::Id.eq(&old.id))
        .exec(txn)
        .await?;
    touch(txn, session.id, now).await?;
    Ok((tokens, narrowed.cloned().unwrap_or(granted)))
}

/// What of the scopes a session was given is open to its program today: what was taken from a program is not renewed
/// (R-ID-42). The programs of the house have all that was given.
async fn still_open(
    txn: &Txn,
    session: &auth_sessions::Model,
    granted: BTreeSet<String>,
) -> AppResult<BTreeSet<String>> {
    let Some(id) = session.client_id.filter(|id| !is_built_in(*id)) else { return Ok(granted) };
    let client = oauth_clients::Entity::find_by_id(id).one(txn).await?;
    Ok(client.map(|client| scopes::covered(&granted, &clients::open_to(&client))).unwrap_or_default())
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
    tokens::revoke_where(conn, app, oauth_access_tokens::Column::SessionId.eq(session)).await.map(drop)
}

/// Ends every session of an account, and every login that waits for its second factor: suspension, removal, password
/// reset, logout everywhere (R-ID-37).
pub async fn revoke_all(conn: &impl ConnectionTrait, app: &App, holder: Holder, reason: &str) -> AppResult<u64> {
    codes::end_logins(conn, app, holder.guard, holder.id).await?;
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

/// [`revoke_all`], and the tokens the account made for scripts: for whoever is gone, and where somebody else may have
/// held the account.
pub async fn revoke_all_and_tokens(
    conn: &impl ConnectionTrait,
    app: &App,
    holder: Holder,
    reason: &str,
) -> AppResult<u64> {
    personal::end_all(conn, app, (holder.guard, holder.id)).await?;
    revoke_all(conn, app, holder, reason).await
}

/// Ends whatever a member of Hairline's staff sees through others' eyes; answers the sessions that ran.
pub(crate) async fn end_views(
    conn: &impl ConnectionTrait,
    app: &App,
    staff: UserId,
    reason: &str,
) -> AppResult<Vec<auth_sessions::Model>> {
    let live = auth_sessions::Entity::find()
        .filter(auth_sessions::Column::ImpersonatorId.eq(staff))
        .filter(auth_sessions::Column::RevokedAt.is_null())
        .filter(auth_sessions::Column::CapAt.gt(app.now()))
        .all(conn)
        .await?;
    for session in &live {
        revoke(conn, app, session.id, reason).await?;
    }
    Ok(live)
}

/// Ends every session of an account but one: a password that its owner changed (R-ID-14). What staff see through others'
/// eyes began with the old password too.
pub(crate) async fn revoke_others(
    conn: &impl ConnectionTrait,
    app: &App,
    holder: Holder,
    keep: AuthSessionId,
    reason: &str,
) -> AppResult<()> {
    let others = auth_sessions::Entity::find()
        .filter(auth_sessions::Column::ModelType.eq(AuthSessionModelType::from(holder.guard)))
        .filter(auth_sessions::Column::ModelId.eq(holder.id))
        .filter(auth_sessions::Column::RevokedAt.is_null())
        .filter(auth_sessions::Column::Id.ne(keep))
        .all(conn)
        .await?;
    for session in &others {
        revoke(conn, app, session.id, reason).await?;
    }
    if holder.guard == Guard::Api {
        end_views(conn, app, UserId::from(holder.id), reason).await?;
    }
    Ok(())
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
        if let ActorKind::Admin(staff) = actor.kind {
            // Whoever leaves the house looks through nobody's eyes any more.
            end_views(txn, app, staff, "logout").await?;
        }
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
