//! Looking through the eyes of a clinic's member: reading only, a quarter of an hour, every view on record (R-ID-56).

use axum::http::{HeaderMap, HeaderValue, Method};
use chrono::{DateTime, Duration, Utc};
use kernel::ids::{AuthSessionId, ProviderUserId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, ErrorKind, FieldErrors, Guard, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveModelTrait, ConnectionTrait, FromQueryResult, Set};
use serde::Serialize;
use serde_json::json;
use ui::Viewing;

use crate::auth;
use crate::digest::sha256;
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::entity::{auth_sessions, oauth_access_tokens, provider_users};
use crate::install::client_of;
use crate::projection::providers;
use crate::reauth::require_fresh;
use crate::rules::fields;
use crate::rules::sessions::ACCESS_LIFETIME;
use crate::service::sessions::{self, Carrier, Tokens};
use crate::service::team::live_member;

/// How long it lasts; there is no refresh token.
pub const LIFETIME: Duration = ACCESS_LIFETIME;

/// What opens the clinic's portal for reading.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Glimpse {
    /// Send it as `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds it lives.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// The session, for the audit log.
    pub session_id: AuthSessionId,
}

/// Begins to look through a member's eyes with a program.
///
/// Errors: those of [`begin_in_browser`].
pub async fn begin(app: &App, actor: &Actor, id: ProviderUserId, reason: &str) -> AppResult<Glimpse> {
    let tokens = open(app, actor, id, reason, Carrier::Bearer).await?;
    Ok(Glimpse {
        access_token: tokens.access_token,
        token_type: "Bearer",
        expires_in: tokens.expires_in,
        session_id: tokens.session_id,
    })
}

/// Begins to look through a member's eyes in a browser; answers the `Set-Cookie` that goes beside the own session's.
///
/// Errors: 403 without `impersonate_provider_user`, 403 `reauth_required`, 404, 409 `no_login` or `invalid_status`, 422 for
/// a reason outside 20 to 500 characters.
pub async fn begin_in_browser(app: &App, actor: &Actor, id: ProviderUserId, reason: &str) -> AppResult<HeaderValue> {
    let tokens = open(app, actor, id, reason, Carrier::Cookie).await?;
    // It outlives the session behind it, so that the reader is told when the time is up.
    auth::set_cookie(app, COOKIE, &tokens.access_token, Duration::days(1).num_seconds())
}

async fn open(app: &App, actor: &Actor, id: ProviderUserId, reason: &str, carrier: Carrier) -> AppResult<Tokens> {
    let staff = actor.admin()?;
    actor.require(Permission::ImpersonateProviderUser)?;
    let member = live_member(app.db.conn(), None, id).await?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    require_fresh(app.db.conn(), app, actor).await?;
    if !member.user.can_login {
        return Err(AppError::conflict("no_login", "This clinician has no login."));
    }
    if member.row.status != ProviderTeamMemberStatus::Active {
        return Err(AppError::conflict("invalid_status", "This member is suspended."));
    }
    let now = app.now();
    app.signing.ready(app).await?;
    platform::write_txn!(app.db, |txn| {
        // One pair of eyes at a time.
        sessions::end_views(txn, app, staff, "impersonation_replaced").await?;
        let session = auth_sessions::ActiveModel {
            id: Set(AuthSessionId::new()),
            guard: Set(Guard::Provider.into()),
            model_type: Set(Guard::Provider.into()),
            model_id: Set(id.any()),
            client_id: Set(Some(client_of(Guard::Provider))),
            impersonator_id: Set(Some(staff)),
            device: Set(None),
            ip_address: Set(actor.origin.ip.clone()),
            user_agent: Set(actor.origin.agent.clone().map(|agent| agent.chars().take(500).collect())),
            last_activity_at: Set(now),
            last_auth_at: Set(now - Duration::days(1)),
            mfa_at: Set(None),
            cap_at: Set(now + LIFETIME),
            revoked_at: Set(None),
            revoke_reason: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        let tokens = sessions::issue_for(txn, app, &session, carrier).await?;
        let entry = Entry::new("impersonation.started")
            .subject("ProviderUser", id)
            .provider(member.row.provider_id)
            .change(None, Some(json!({ "session_id": session.id })))
            .reason(&reason);
        audit::record(txn, app, actor, entry).await?;
        Ok(tokens)
    })
}

/// Ends whatever the asker sees through others' eyes; asking again changes nothing.
///
/// Errors: 401, 403 without `impersonate_provider_user`: whoever lost the right sees nothing any more anyway.
pub async fn end(app: &App, actor: &Actor) -> AppResult<()> {
    let staff = actor.admin()?;
    actor.require(Permission::ImpersonateProviderUser)?;
    platform::write_txn!(app.db, |txn| {
        for session in sessions::end_views(txn, app, staff, "impersonation_ended").await? {
            let entry = Entry::new("impersonation.ended")
                .subject("ProviderUser", session.model_id)
                .change(None, Some(json!({ "session_id": session.id })));
            audit::record(txn, app, actor, entry).await?;
        }
        Ok(())
    })
}

/// The cookie of a browser that looks through a member's eyes. It opens nothing without the session of whoever began.
pub const COOKIE: &str = "hairline_view";

/// The `Set-Cookie` of a view that is over.
pub fn cleared_cookie() -> HeaderValue {
    HeaderValue::from_static("hairline_view=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// What the cookie of a view leads to.
#[derive(Clone, Debug)]
pub enum Sight {
    /// The member, seen by the asker, and what the pages say of it.
    Open(Box<Actor>, Viewing),
    /// The time is up or the view was ended: back to where it began.
    Over(String),
}

/// The row behind a view's cookie.
#[derive(FromQueryResult)]
struct Looked {
    member: ProviderUserId,
    impersonator: Option<UserId>,
    until: DateTime<Utc>,
    first_name: String,
    last_name: String,
    clinic: String,
}

async fn looked(app: &App, token: &str) -> AppResult<Option<Looked>> {
    use {auth_sessions as s, oauth_access_tokens as t, provider_users as u};
    let query = Query::select()
        .expr_as(Expr::col((u::Entity, u::Column::Id)), "member")
        .expr_as(Expr::col((s::Entity, s::Column::ImpersonatorId)), "impersonator")
        .expr_as(Expr::col((s::Entity, s::Column::CapAt)), "until")
        .expr_as(Expr::col((u::Entity, u::Column::Firstname)), "first_name")
        .expr_as(Expr::col((u::Entity, u::Column::Lastname)), "last_name")
        .expr_as(Expr::col((providers::Entity, providers::Column::ProviderName)), "clinic")
        .from(t::Entity)
        .inner_join(s::Entity, Expr::col((s::Entity, s::Column::Id)).equals((t::Entity, t::Column::SessionId)))
        .inner_join(u::Entity, Expr::col((u::Entity, u::Column::Id)).equals((s::Entity, s::Column::ModelId)))
        .inner_join(
            providers::Entity,
            Expr::col((providers::Entity, providers::Column::Id)).equals((u::Entity, u::Column::ProviderId)),
        )
        .and_where(Expr::col((t::Entity, t::Column::Id)).eq(sha256(token)))
        .and_where(Expr::col((s::Entity, s::Column::Guard)).eq(Guard::Provider.name()))
        .to_owned();
    let row = app.db.conn().query_one(&query).await?;
    Ok(row.map(|row| Looked::from_query_result(&row, "")).transpose()?)
}

/// What the asker sees through the cookie of a view; nothing when there is none, or when it is not the asker's: a cookie
/// that somebody else put there opens nothing.
pub async fn sight(app: &App, own: &Actor, headers: &HeaderMap, form: String) -> AppResult<Option<Sight>> {
    let (ActorKind::Admin(staff), Some(token)) = (own.kind, auth::cookie(headers, COOKIE)) else { return Ok(None) };
    let Some(found) = looked(app, token).await?.filter(|found| found.impersonator == Some(staff)) else {
        return Ok(None);
    };
    match auth::by_view(app, token).await {
        Ok(actor) => {
            let name = format!("{} {}", found.first_name, found.last_name);
            let viewing = Viewing { name, house: found.clinic, until: found.until, form };
            Ok(Some(Sight::Open(Box::new(actor), viewing)))
        }
        Err(error) if matches!(error.kind, ErrorKind::Unauthenticated | ErrorKind::Forbidden) => {
            Ok(Some(Sight::Over(began_at(found.member))))
        }
        Err(error) => Err(error),
    }
}

/// Where the asker's view began, by its cookie.
pub(crate) async fn beginning(app: &App, own: &Actor, headers: &HeaderMap) -> AppResult<String> {
    let found = match auth::cookie(headers, COOKIE) {
        Some(token) => {
            looked(app, token).await?.filter(|found| found.impersonator.map(UserId::any) == own.reference().1)
        }
        None => None,
    };
    Ok(found.map_or_else(|| "/admin/provider-users".to_owned(), |found| began_at(found.member)))
}

fn began_at(member: ProviderUserId) -> String {
    format!("/admin/provider-users/{member}")
}

/// Lets a request of somebody who looks through another account's eyes pass, if it only reads, and records it under
/// their own name. Everybody else passes unseen.
///
/// Errors: 403 `impersonation_read_only`.
pub async fn watch(app: &App, actor: &Actor, method: &Method, path: &str) -> AppResult<()> {
    if actor.impersonator.is_none() {
        return Ok(());
    }
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let (kind, id) = actor.reference();
    // The link to a file is a key: it stands in no log.
    let shown = if path.starts_with("/files/") { "/files" } else { path };
    let facts = json!({ "path": shown, "method": method.as_str() });
    let mut entry = Entry::new("impersonation.viewed").change(None, Some(facts));
    if let Some(id) = id {
        entry = entry.subject(kind, id);
    }
    if let Ok((_, provider)) = actor.provider() {
        entry = entry.provider(provider);
    }
    audit::record(app.db.conn(), app, actor, if reads { entry } else { entry.denied() }).await?;
    if reads {
        return Ok(());
    }
    Err(AppError::denied(
        "impersonation_read_only",
        "You are looking through somebody else's eyes: nothing can be changed.",
    ))
}
