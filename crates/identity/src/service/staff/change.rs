//! Another role, a suspension, the end of an account of the staff.

use kernel::ids::UserId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Cond, Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::admin_invitations::AdminInvitationStatus as InvitationStatus;
use crate::entity::{account_states, admin_invitations, roles as role_rows, users};
use crate::reauth::require_fresh;
use crate::roles::{self, RoleChange, require_other_super_admin, role_id_of};
use crate::rules::fields;
use crate::service::codes;
use crate::service::sessions::{Holder, revoke_all, revoke_all_and_tokens};
use crate::service::team::change::self_change;

/// A role of guard api by its name; a role of another guard is 422 (R-ID-46).
async fn role_of_staff(conn: &impl ConnectionTrait, name: &str) -> AppResult<role_rows::Model> {
    roles::find(conn, Guard::Api, name)
        .await?
        .ok_or_else(|| AppError::field("role", "role_unknown", "There is no such role for this kind of account."))
}

async fn require_staff(conn: &impl ConnectionTrait, id: UserId) -> AppResult<i64> {
    role_id_of(conn, Guard::Api, id.any()).await?.ok_or_else(AppError::not_found)
}

fn guarded(actor: &Actor, id: UserId) -> AppResult<()> {
    let own = actor.admin()?;
    actor.require(Permission::ManageUser)?;
    if own == id { Err(self_change()) } else { Ok(()) }
}

/// Gives a member of the staff another role, now or later; sessions go on (R-ID-37, 49).
///
/// Errors: 403 without `manage_user`, 403 `self_change`, 403 `reauth_required`, 404, 409 `last_super_admin`, 422.
pub async fn change_role(
    app: &App,
    actor: &Actor,
    id: UserId,
    (role, effective_from, note): (&str, Option<Timestamp>, Option<&str>),
) -> AppResult<()> {
    guarded(actor, id)?;
    let conn = app.db.conn();
    require_staff(conn, id).await?;
    let mut errors = FieldErrors::new();
    if note.is_some_and(|note| note.chars().count() > 250) {
        errors.add("note", "text_too_long", "At most 250 characters.");
    }
    if effective_from.is_some_and(|from| from < app.now()) {
        errors.add("effective_from", "date_in_past", "This lies in the past.");
    }
    errors.check()?;
    let role = role_of_staff(conn, role).await?;
    require_fresh(conn, app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        require_still_in_charge(txn, actor).await?;
        let before = require_staff(txn, id).await?;
        if before != role.id {
            require_other_super_admin(txn, app, id.any()).await?;
        }
        let from = effective_from.unwrap_or(app.now());
        let change = RoleChange { guard: Guard::Api, account: id.any(), role: role.id, from, reason: note };
        roles::change(txn, app, actor, change).await?;
        let mut entry = Entry::new("staff.role_changed")
            .subject("User", id)
            .change(Some(json!({ "role_id": before })), Some(json!({ "role": role.name, "effective_from": from })));
        if let Some(note) = note {
            entry = entry.reason(note);
        }
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("admin.role_changed", "User", id)
            .with("user_id", id)
            .with("role", &role.name)
            .with("effective_from", from);
        outbox::emit(txn, app, actor, event).await
    })
}

/// Whoever takes rights from others must hold them when it happens, not only when they asked: two who demote each other
/// at once would otherwise both succeed as long as a third remains.
async fn require_still_in_charge(txn: &Txn, actor: &Actor) -> AppResult<()> {
    let own = actor.admin()?;
    let top = role_rows::Entity::find()
        .filter(role_rows::Column::GuardName.eq(Guard::Api.name()))
        .filter(role_rows::Column::Name.eq(roles::SUPER_ADMIN))
        .lock_exclusive()
        .one(txn)
        .await?;
    match (role_id_of(txn, Guard::Api, own.any()).await?, top) {
        (Some(held), Some(top)) if held == top.id => Ok(()),
        // The house's own tools act for accounts that are not in this table.
        (None, _) => Ok(()),
        _ => Err(AppError::forbidden()),
    }
}

async fn state_locked(txn: &Txn, id: UserId) -> AppResult<account_states::Model> {
    account_states::Entity::find()
        .filter(account_states::Column::ModelType.eq(AccountStateModelType::User))
        .filter(account_states::Column::ModelId.eq(id.any()))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)
}

async fn write_state(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &account_states::Model,
    (state, reason, until): (AccountState, Option<&str>, Option<Timestamp>),
) -> AppResult<()> {
    let now = app.now();
    let (by_type, by_id) = actor.reference();
    account_states::Entity::update_many()
        .col_expr(account_states::Column::State, Expr::value(state))
        .col_expr(account_states::Column::Reason, Expr::value(reason))
        .col_expr(account_states::Column::Until, Expr::value(until))
        .col_expr(account_states::Column::ChangedByType, Expr::value(by_type))
        .col_expr(account_states::Column::ChangedById, Expr::value(by_id))
        .col_expr(account_states::Column::ChangedAt, Expr::value(now))
        .col_expr(account_states::Column::Version, Expr::col(account_states::Column::Version).add(1))
        .col_expr(account_states::Column::UpdatedAt, Expr::value(now))
        .filter(account_states::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}

async fn tell(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    id: UserId,
    (row, status, until): (&account_states::Model, &str, Option<Timestamp>),
) -> AppResult<()> {
    let event = Event::new("account.status_changed", "User", id)
        .occurrence(row.version)
        .with("account_type", "User")
        .with("account_id", id)
        .with("status", status)
        .with("until", until);
    outbox::emit(txn, app, actor, event).await
}

/// Shuts a member of the staff out, until a day or until somebody lets them in again; sessions end at once.
///
/// Errors: as [`change_role`]; 409 `invalid_status` for an account that is closed.
pub async fn suspend(
    app: &App,
    actor: &Actor,
    id: UserId,
    (reason, until): (&str, Option<Timestamp>),
) -> AppResult<()> {
    guarded(actor, id)?;
    let conn = app.db.conn();
    require_staff(conn, id).await?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    if until.is_some_and(|until| until <= app.now()) {
        errors.add("until", "date_in_past", "This lies in the past.");
    }
    errors.check()?;
    require_fresh(conn, app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        require_still_in_charge(txn, actor).await?;
        require_other_super_admin(txn, app, id.any()).await?;
        let row = state_locked(txn, id).await?;
        if !matches!(row.state, AccountState::Active | AccountState::Suspended) {
            return Err(AppError::conflict("invalid_status", "This account is closed."));
        }
        write_state(txn, app, actor, &row, (AccountState::Suspended, Some(&reason), until)).await?;
        revoke_all(txn, app, Holder { guard: Guard::Api, id: id.any() }, "suspended").await?;
        let entry = Entry::new("staff.suspended")
            .subject("User", id)
            .change(Some(json!({ "state": row.state })), Some(json!({ "state": "suspended", "until": until })))
            .reason(&reason);
        audit::record(txn, app, actor, entry).await?;
        tell(txn, app, actor, id, (&row, "suspended", until)).await
    })
}

/// Lets a suspended or closed account of the staff in again.
///
/// Errors: as [`suspend`]; 409 `invalid_status` for one that is active or erased.
pub async fn activate(app: &App, actor: &Actor, id: UserId, reason: &str) -> AppResult<()> {
    guarded(actor, id)?;
    require_staff(app.db.conn(), id).await?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        require_still_in_charge(txn, actor).await?;
        let row = state_locked(txn, id).await?;
        if !matches!(row.state, AccountState::Suspended | AccountState::Deactivated) {
            return Err(AppError::conflict("invalid_status", "This account is not suspended."));
        }
        write_state(txn, app, actor, &row, (AccountState::Active, None, None)).await?;
        let entry = Entry::new("staff.activated").subject("User", id).reason(&reason);
        audit::record(txn, app, actor, entry).await?;
        tell(txn, app, actor, id, (&row, "reactivated", None)).await
    })
}

/// Closes an account of the staff for good; the row stays.
///
/// Errors: as [`suspend`].
pub async fn deactivate(app: &App, actor: &Actor, id: UserId, reason: &str) -> AppResult<()> {
    guarded(actor, id)?;
    require_staff(app.db.conn(), id).await?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        require_still_in_charge(txn, actor).await?;
        require_other_super_admin(txn, app, id.any()).await?;
        let row = state_locked(txn, id).await?;
        if !matches!(row.state, AccountState::Active | AccountState::Suspended) {
            return Err(AppError::conflict("invalid_status", "This account is closed."));
        }
        write_state(txn, app, actor, &row, (AccountState::Deactivated, Some(&reason), None)).await?;
        revoke_all_and_tokens(txn, app, Holder { guard: Guard::Api, id: id.any() }, "deactivated").await?;
        audit::record(txn, app, actor, Entry::new("staff.deactivated").subject("User", id).reason(&reason)).await?;
        tell(txn, app, actor, id, (&row, "deactivated", None)).await
    })
}

/// Writes over the names of a closed account whose owner asked to be forgotten; what they did stays under their id
/// (R-ID-71).
///
/// Errors: 403, 403 `reauth_required`, 404, 409 `invalid_status` unless the account is closed.
pub async fn erase(app: &App, actor: &Actor, id: UserId) -> AppResult<()> {
    guarded(actor, id)?;
    require_staff(app.db.conn(), id).await?;
    require_fresh(app.db.conn(), app, actor).await?;
    let mark = app.random.hex(2);
    let nobody = format!("former+{id}@removed.invalid");
    platform::write_txn!(app.db, |txn| {
        let row = state_locked(txn, id).await?;
        if row.state != AccountState::Deactivated {
            return Err(AppError::conflict("invalid_status", "Close the account first."));
        }
        write_state(txn, app, actor, &row, (AccountState::Anonymised, None, None)).await?;
        codes::forget(txn, app, Guard::Api, id.any()).await?;
        let known = users::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
        // Also the invitations that were never accepted say who it was.
        let theirs = || {
            Cond::any()
                .add(admin_invitations::Column::AcceptedBy.eq(id))
                .add(admin_invitations::Column::Email.eq(&known.email))
        };
        // What was never taken opens nothing any more.
        admin_invitations::Entity::update_many()
            .col_expr(admin_invitations::Column::Status, Expr::value(InvitationStatus::Cancelled))
            .col_expr(admin_invitations::Column::CancelledAt, Expr::value(app.now()))
            .filter(theirs())
            .filter(admin_invitations::Column::Status.is_in([InvitationStatus::PendingSend, InvitationStatus::Pending]))
            .exec(txn)
            .await?;
        admin_invitations::Entity::update_many()
            .col_expr(admin_invitations::Column::FirstName, Expr::value("Former member"))
            .col_expr(admin_invitations::Column::LastName, Expr::value(&mark))
            .col_expr(admin_invitations::Column::Email, Expr::value(&nobody))
            .col_expr(admin_invitations::Column::PersonalMessage, Expr::value(None::<String>))
            .col_expr(admin_invitations::Column::TokenHash, Expr::col(admin_invitations::Column::Id))
            .filter(theirs())
            .exec(txn)
            .await?;
        users::Entity::update_many()
            .col_expr(users::Column::Firstname, Expr::value("Former member"))
            .col_expr(users::Column::Lastname, Expr::value(&mark))
            .col_expr(users::Column::Email, Expr::value(&nobody))
            .col_expr(users::Column::Username, Expr::value(&nobody))
            .col_expr(users::Column::PhoneNumber, Expr::value(None::<String>))
            .col_expr(users::Column::Avatar, Expr::value(None::<String>))
            .col_expr(users::Column::Password, Expr::value(crate::password::UNUSABLE))
            .col_expr(users::Column::UpdatedAt, Expr::value(app.now()))
            .filter(users::Column::Id.eq(id))
            .exec(txn)
            .await?;
        audit::record(txn, app, actor, Entry::new("staff.erased").subject("User", id)).await
    })
}
