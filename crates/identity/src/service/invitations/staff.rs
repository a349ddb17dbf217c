//! Super admins invite into Hairline's staff.

use kernel::ids::AdminInvitationId;
use kernel::{Actor, AppError, AppResult, Guard, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::locale::Locale;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;

use super::{InvitationView, Invite, already_invited, check, lifetime, lost_race, mail, store};
use crate::digest::sha256;
use crate::entity::admin_invitations::{self as rows, AdminInvitationStatus as Status};
use crate::entity::users;
use crate::reauth::require_fresh;
use crate::roles;
use crate::rules::team::InvitationState;

/// Invites somebody into Hairline's staff. The mail is queued.
///
/// Errors: 403 without `manage_user`, 403 `reauth_required`; 409 `already_member`, `already_invited`; 422.
pub async fn invite(app: &App, actor: &Actor, invite: Invite, locale: Locale) -> AppResult<AdminInvitationId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageUser)?;
    let checked = check(&invite)?;
    let role = roles::find(app.db.conn(), Guard::Api, &invite.role)
        .await?
        .ok_or_else(|| AppError::field("role", "role_unknown", "There is no such role for this kind of account."))?;
    require_fresh(app.db.conn(), app, actor).await?;
    let expires_at = app.now() + lifetime(app).await?;
    let (id, nobody) = (AdminInvitationId::new(), sha256(&app.random.token()));
    let made = platform::write_txn!(app.db, |txn| {
        let now = app.now();
        require_free(txn, &checked.email).await?;
        store::staff::expire(txn, now).await?;
        let running = rows::Entity::find()
            .filter(rows::Column::Email.eq(&checked.email))
            .filter(rows::Column::Status.is_in([Status::PendingSend, Status::Pending]));
        if running.count(txn).await? > 0 {
            return Err(already_invited());
        }
        rows::ActiveModel {
            id: Set(id),
            email: Set(checked.email.clone()),
            first_name: Set(checked.first_name.clone()),
            last_name: Set(checked.last_name.clone()),
            role_id: Set(role.id),
            personal_message: Set(checked.message.clone()),
            token_hash: Set(nobody.clone()),
            status: Set(Status::PendingSend),
            expires_at: Set(expires_at),
            invited_by: Set(Some(user)),
            accepted_by: Set(None),
            accepted_at: Set(None),
            cancelled_at: Set(None),
            send_attempts: Set(0),
            last_sent_at: Set(None),
            resend_count: Set(0),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        mail::enqueue(txn, app, mail::Which::Staff, id.any(), locale).await?;
        let entry =
            Entry::new("staff.invited").subject("AdminInvitation", id).change(None, Some(json!({ "role": role.name })));
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    });
    made.map_err(lost_race)
}

pub(super) async fn require_free(txn: &Txn, email: &str) -> AppResult<()> {
    let taken = users::Entity::find()
        .filter(Condition::any().add(users::Column::Email.eq(email)).add(users::Column::Username.eq(email)))
        .count(txn)
        .await?;
    if taken == 0 {
        return Ok(());
    }
    Err(AppError::conflict("already_member", "There is an account with this address.").on_field("email"))
}

/// The invitations into Hairline's staff, newest first; `live` leaves out those that are over.
///
/// Errors: 403 without `manage_user`.
pub async fn list(app: &App, actor: &Actor, live: bool, page: PageQuery) -> AppResult<Page<InvitationView>> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    store::staff::page(app.db.conn(), Condition::all(), live, page, app.now()).await
}

/// Sends an invitation once more: a new token and a new end; the old link is dead.
///
/// Errors: 403, 404, 409 `invitation_used`, `already_member`, 410 `invitation_cancelled`.
pub async fn resend(app: &App, actor: &Actor, id: AdminInvitationId, locale: Locale) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    let (expires_at, nobody) = (app.now() + lifetime(app).await?, sha256(&app.random.token()));
    let done = platform::write_txn!(app.db, |txn| {
        let invitation = store::staff::locked(txn, id.any()).await?.ok_or_else(AppError::not_found)?;
        if !invitation.state.may_resend() {
            invitation.state.require_live()?;
        }
        require_free(txn, &invitation.email).await?;
        store::staff::send_again(txn, id.any(), (&nobody, expires_at, app.now())).await?;
        mail::enqueue(txn, app, mail::Which::Staff, id.any(), locale).await?;
        audit::record(txn, app, actor, Entry::new("staff.invitation_resent").subject("AdminInvitation", id)).await
    });
    done.map_err(lost_race)
}

/// Takes an invitation back. Taking it back twice changes nothing.
///
/// Errors: 403, 404, 409 `invitation_used`, 410 `invitation_expired`.
pub async fn cancel(app: &App, actor: &Actor, id: AdminInvitationId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    platform::write_txn!(app.db, |txn| {
        let invitation = store::staff::locked(txn, id.any()).await?.ok_or_else(AppError::not_found)?;
        if invitation.state == InvitationState::Cancelled {
            return Ok(());
        }
        invitation.state.require_live()?;
        store::staff::cancel(txn, id.any(), app.now()).await?;
        audit::record(txn, app, actor, Entry::new("staff.invitation_cancelled").subject("AdminInvitation", id)).await
    })
}
