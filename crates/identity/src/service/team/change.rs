//! Another role for a member (R-ID-46, 49, 51).

use kernel::ids::ProviderUserId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::entity::{provider_team_members, roles as role_rows};
use crate::reauth::require_fresh;
use crate::roles::{self, RoleChange};
use crate::rules::team::{GIVEN_ROLES, OWNER};
use crate::service::team::{live_member, member_locked};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// Manager, clinical or billing.
    pub role: String,
    /// From when on; now when absent.
    pub effective_from: Option<Timestamp>,
    /// A note, at most 250 characters.
    pub note: Option<String>,
    /// The version the asker saw.
    pub version: Option<i32>,
    /// No mail to the member; the note must say why.
    pub quiet: bool,
}

/// Gives a member another role; sessions go on, the new rights hold from the next call.
///
/// Errors: 404 for members of other clinics; 409 `owner_protected` for the owner and for the owner's role, 403
/// `self_change`, 403 without `edit_team_role`, 403 `reauth_required`, 409 `stale_version`, 422.
pub async fn change_role(app: &App, actor: &Actor, id: ProviderUserId, new: NewRole) -> AppResult<()> {
    let (user, provider) = actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    live_member(app.db.conn(), Some(provider), id).await?.require_not_owner()?;
    if user == id {
        return Err(self_change());
    }
    actor.require(Permission::EditTeamRole)?;
    check(&new, app.now())?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let member = member_locked(txn, Some(provider), id, new.version).await?;
        member.require_not_owner()?;
        if !member.user.can_login {
            return Err(AppError::conflict("no_login", "This clinician has no login. Invite them first."));
        }
        let role = given_role(txn, &new.role).await?;
        // Keeping the present role now ends a change that is planned.
        let is_kept = role.id == member.row.role_id && new.effective_from.is_none();
        if is_kept && !roles::is_planned(txn, Guard::Provider, id.any()).await? {
            return Ok(());
        }
        let from = new.effective_from.unwrap_or(app.now());
        let reason = new.note.as_deref();
        let change = RoleChange { guard: Guard::Provider, account: id.any(), role: role.id, from, reason };
        roles::change(txn, app, actor, change).await?;
        provider_team_members::Entity::update_many()
            .col_expr(provider_team_members::Column::Version, Expr::col(provider_team_members::Column::Version).add(1))
            .filter(provider_team_members::Column::Id.eq(member.row.id))
            .exec(txn)
            .await?;
        let (before, after) = (json!({ "role": member.role }), json!({ "role": role.name, "effective_from": from }));
        let mut entry = Entry::new("team.role_changed").subject("ProviderUser", id).provider(provider);
        entry = entry.change(Some(before), Some(after));
        if let Some(note) = &new.note {
            entry = entry.reason(note);
        }
        audit::record(txn, app, actor, entry).await?;
        if new.quiet || is_kept {
            return Ok(());
        }
        let event = Event::new("team.role_changed", "ProviderUser", id)
            .occurrence(member.row.version)
            .with("provider_id", provider)
            .with("provider_user_id", id)
            .with("old_role", &member.role)
            .with("role", &role.name)
            .with("effective_from", from);
        outbox::emit(txn, app, actor, event).await
    })
}

fn check(new: &NewRole, now: Timestamp) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    let note = new.note.as_deref().unwrap_or_default().trim();
    if note.chars().count() > 250 {
        errors.add("note", "text_too_long", "At most 250 characters.");
    }
    if new.quiet && note.is_empty() {
        errors.add("note", "required", "Say why the member is not told.");
    }
    if new.effective_from.is_some_and(|from| from < now) {
        errors.add("effective_from", "date_in_past", "This lies in the past.");
    }
    errors.check()
}

/// A role that a clinic may give: the owner's is 409 `owner_protected`, any other word 422 `role_unknown`.
pub(crate) async fn given_role(conn: &impl sea_orm::ConnectionTrait, name: &str) -> AppResult<role_rows::Model> {
    if name == OWNER {
        return Err(AppError::conflict("owner_protected", "The clinic's owner can only be changed by Hairline."));
    }
    let known = if GIVEN_ROLES.contains(&name) { roles::find(conn, Guard::Provider, name).await? } else { None };
    known.ok_or_else(|| AppError::field("role", "role_unknown", "There is no such role for this kind of account."))
}

/// 403 `self_change`: nobody changes their own role or membership.
pub(crate) fn self_change() -> AppError {
    AppError::denied("self_change", "You cannot do this to your own account.")
}
