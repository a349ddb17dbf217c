//! Looking through the eyes of a clinic's member: reading only, a quarter of an hour, every view on record (R-ID-56).

use axum::http::Method;
use chrono::Duration;
use kernel::ids::{AuthSessionId, ProviderUserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ActiveModelTrait, Set};
use serde::Serialize;
use serde_json::json;

use crate::entity::auth_sessions;
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::install::client_of;
use crate::reauth::require_fresh;
use crate::rules::fields;
use crate::rules::sessions::ACCESS_LIFETIME;
use crate::service::sessions::{self, Carrier};
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

/// Begins to look through a member's eyes.
///
/// Errors: 403 without `impersonate_provider_user`, 403 `reauth_required`, 404, 409 `no_login` or `invalid_status`, 422 for
/// a reason outside 20 to 500 characters.
pub async fn begin(app: &App, actor: &Actor, id: ProviderUserId, reason: &str) -> AppResult<Glimpse> {
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
        let tokens = sessions::issue_without_refresh(txn, app, &session, Carrier::Bearer).await?;
        let entry = Entry::new("impersonation.started")
            .subject("ProviderUser", id)
            .provider(member.row.provider_id)
            .change(None, Some(json!({ "session_id": session.id })))
            .reason(&reason);
        audit::record(txn, app, actor, entry).await?;
        Ok(Glimpse {
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            session_id: session.id,
        })
    })
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
    let mut entry =
        Entry::new("impersonation.viewed").change(None, Some(json!({ "path": path, "method": method.as_str() })));
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
