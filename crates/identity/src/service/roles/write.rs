//! Changing roles: what they grant, those somebody made, their end (R-ID-46..50).

use std::collections::BTreeSet;

use kernel::ids::AnyId;
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

use super::{granted, names, require, require_editable};
use crate::entity::{admin_invitations, model_has_roles, permissions, role_assignments, role_has_permissions, roles};
use crate::reauth::require_fresh;
use crate::roles as held;
use crate::rules::grants::{self, Diff};

/// What is written about a role.
#[derive(Clone, Debug, Default)]
pub struct RoleText {
    /// Its name, 2 to 50 characters; only of roles that somebody made.
    pub name: Option<String>,
    /// What it is for, at most 500 characters.
    pub description: Option<String>,
}

/// Sets what a role grants. In force with the next call of everybody who holds it.
///
/// Errors: as [`super::preview`]; 403 `reauth_required`; 422 `confirm_sensitive`; 409 `stale_version` when somebody
/// changed the role since `version` was read, which is recorded too.
pub async fn set_permissions(
    app: &App,
    actor: &Actor,
    id: i64,
    (wanted, confirmed, version): (&[String], bool, i32),
) -> AppResult<()> {
    require(actor)?;
    let wanted = grants::parse(wanted)?;
    let role = roles::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    require_editable(&role)?;
    require_fresh(app.db.conn(), app, actor).await?;
    let done = platform::write_txn!(app.db, |txn| {
        let role = locked(txn, id, version).await?;
        let guard = require_editable(&role)?;
        let before = granted(txn, id).await?;
        let diff = grants::diff(guard, &before, &wanted)?;
        if diff.added.is_empty() && diff.removed.is_empty() {
            return Ok(());
        }
        grants::require_confirmed(&diff, confirmed)?;
        write(txn, app, actor, (&role, guard), &diff).await
    });
    record_stale(app, actor, id, "role.permissions_changed", &done).await?;
    done
}

/// Whoever comes second when two change one role is on record too.
async fn record_stale(app: &App, actor: &Actor, id: i64, action: &'static str, done: &AppResult<()>) -> AppResult<()> {
    match done {
        Err(error) if error.code == "stale_version" => {
            audit::record(app.db.conn(), app, actor, Entry::new(action).subject("Role", id).failed()).await
        }
        _ => Ok(()),
    }
}

async fn locked(txn: &Txn, id: i64, version: i32) -> AppResult<roles::Model> {
    let found = roles::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    if found.version != version {
        return Err(AppError::stale_version().with("current_version", found.version));
    }
    Ok(found)
}

async fn write(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (role, guard): (&roles::Model, Guard),
    diff: &Diff,
) -> AppResult<()> {
    grant(txn, (role.id, guard), &diff.added).await?;
    if !diff.removed.is_empty() {
        let gone = ids_of(txn, guard, &diff.removed).await?;
        role_has_permissions::Entity::delete_many()
            .filter(role_has_permissions::Column::RoleId.eq(role.id))
            .filter(role_has_permissions::Column::PermissionId.is_in(gone))
            .exec(txn)
            .await?;
    }
    raise_version(txn, app, role.id).await?;
    let change = json!({ "added": names(diff.added.clone()), "removed": names(diff.removed.clone()) });
    let entry = Entry::new("role.permissions_changed").subject("Role", role.id).change(None, Some(change));
    audit::record(txn, app, actor, entry).await?;
    if guard != Guard::Api {
        return Ok(());
    }
    let holders: Vec<AnyId> = model_has_roles::Entity::find()
        .select_only()
        .column(model_has_roles::Column::ModelId)
        .filter(model_has_roles::Column::RoleId.eq(role.id))
        .into_tuple()
        .all(txn)
        .await?;
    for holder in holders {
        let event = Event::new("admin.permissions_changed", "User", holder)
            .occurrence(format!("{}:{}", role.id, role.version))
            .with("user_id", holder)
            .with("role", &role.name)
            .with("added", names(diff.added.clone()))
            .with("removed", names(diff.removed.clone()));
        outbox::emit(txn, app, actor, event).await?;
    }
    Ok(())
}

async fn ids_of(txn: &Txn, guard: Guard, wanted: &[Permission]) -> AppResult<Vec<i64>> {
    Ok(permissions::Entity::find()
        .select_only()
        .column(permissions::Column::Id)
        .filter(permissions::Column::GuardName.eq(guard.name()))
        .filter(permissions::Column::Name.is_in(wanted.iter().map(|permission| permission.name())))
        .into_tuple()
        .all(txn)
        .await?)
}

async fn grant(txn: &Txn, (role, guard): (i64, Guard), added: &[Permission]) -> AppResult<()> {
    if added.is_empty() {
        return Ok(());
    }
    let rows = ids_of(txn, guard, added).await?;
    let rows =
        rows.into_iter().map(|id| role_has_permissions::ActiveModel { permission_id: Set(id), role_id: Set(role) });
    role_has_permissions::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

async fn raise_version(txn: &Txn, app: &App, id: i64) -> AppResult<()> {
    roles::Entity::update_many()
        .col_expr(roles::Column::Version, Expr::col(roles::Column::Version).add(1))
        .col_expr(roles::Column::UpdatedAt, Expr::value(app.now()))
        .filter(roles::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

fn checked(text: &RoleText, needs_name: bool) -> AppResult<(Option<String>, Option<String>)> {
    let mut errors = FieldErrors::new();
    let name = text.name.as_deref().map(str::trim);
    match name {
        Some(name) => {
            let shape = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '&' | '/'));
            if !(2..=50).contains(&name.chars().count()) {
                errors.add("name", "name_length", "Give 2 to 50 characters.");
            } else if !shape {
                errors.add("name", "text_invalid", "Letters, digits, spaces and hyphens only.");
            }
        }
        None if needs_name => errors.add("name", "required", "This is required."),
        None => {}
    }
    let description = text.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if description.is_some_and(|text| text.chars().count() > 500) {
        errors.add("description", "text_too_long", "At most 500 characters.");
    }
    errors.check()?;
    Ok((name.map(str::to_owned), description.map(str::to_owned)))
}

/// No two roles of a guard have one name, whatever its case; archived ones keep theirs.
async fn require_free_name(txn: &Txn, name: &str, but: Option<i64>) -> AppResult<()> {
    let wanted = name.to_lowercase();
    let taken = roles::Entity::find().filter(roles::Column::GuardName.eq(Guard::Api.name())).all(txn).await?;
    let same = |role: &roles::Model| {
        let label = role.label.as_deref().unwrap_or_default().to_lowercase();
        Some(role.id) != but && (role.name.to_lowercase() == wanted || label == wanted)
    };
    if taken.iter().any(same) {
        return Err(AppError::field("name", "role_name_taken", "There is a role of this name."));
    }
    Ok(())
}

/// Makes a role for Hairline's staff. Clinics' roles are the house's own.
///
/// Errors: 403, 403 `reauth_required`, 422 with all faulty fields.
pub async fn create(
    app: &App,
    actor: &Actor,
    text: RoleText,
    (wanted, confirmed): (&[String], bool),
) -> AppResult<i64> {
    require(actor)?;
    let (name, description) = checked(&text, true)?;
    let name = name.unwrap_or_default();
    let wanted = grants::parse(wanted)?;
    let diff = grants::diff(Guard::Api, &BTreeSet::new(), &wanted)?;
    grants::require_confirmed(&diff, confirmed)?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        require_free_name(txn, &name, None).await?;
        let now = app.now();
        let row = roles::ActiveModel {
            id: NotSet,
            name: Set(name.clone()),
            guard_name: Set(Guard::Api.name().to_owned()),
            created_at: Set(now),
            updated_at: Set(now),
            label: Set(Some(name.clone())),
            description: Set(description.clone()),
            is_system: Set(false),
            is_locked: Set(false),
            archived_at: Set(None),
            version: Set(1),
        }
        .insert(txn)
        .await?;
        grant(txn, (row.id, Guard::Api), &diff.added).await?;
        let after = json!({ "name": name, "permissions": names(diff.added.clone()) });
        let entry = Entry::new("role.created").subject("Role", row.id).change(None, Some(after));
        audit::record(txn, app, actor, entry).await?;
        Ok(row.id)
    })
}

/// Changes name and description. Names of the house's roles stay.
///
/// Errors: 403, 403 `reauth_required`, 404, 409 `role_locked`, `role_name_fixed`, `stale_version` (recorded too), 422.
pub async fn edit(app: &App, actor: &Actor, id: i64, (text, version): (RoleText, i32)) -> AppResult<()> {
    require(actor)?;
    let (name, description) = checked(&text, false)?;
    let done = platform::write_txn!(app.db, |txn| {
        let role = locked(txn, id, version).await?;
        require_editable(&role)?;
        require_fresh(txn, app, actor).await?;
        let mut update = roles::Entity::update_many()
            .col_expr(roles::Column::Version, Expr::col(roles::Column::Version).add(1))
            .col_expr(roles::Column::UpdatedAt, Expr::value(app.now()));
        if let Some(name) = name.as_ref().filter(|name| **name != role.name) {
            if role.is_system {
                return Err(AppError::conflict("role_name_fixed", "The name of this role cannot be changed."));
            }
            require_free_name(txn, name, Some(id)).await?;
            update = update
                .col_expr(roles::Column::Name, Expr::value(name))
                .col_expr(roles::Column::Label, Expr::value(name));
        }
        if text.description.is_some() {
            update = update.col_expr(roles::Column::Description, Expr::value(description.clone()));
        }
        update.filter(roles::Column::Id.eq(id)).exec(txn).await?;
        let (before, after) = (
            json!({ "name": role.name, "description": role.description }),
            json!({ "name": name, "description": description }),
        );
        let entry = Entry::new("role.edited").subject("Role", id).change(Some(before), Some(after));
        audit::record(txn, app, actor, entry).await
    });
    record_stale(app, actor, id, "role.edited", &done).await?;
    done
}

/// Archives a role nobody holds, is invited into or is planned for.
///
/// Errors: 403, 403 `reauth_required`, 404, 409 `role_locked`, `role_name_fixed` for the house's own, `role_in_use`.
pub async fn archive(app: &App, actor: &Actor, id: i64) -> AppResult<()> {
    require(actor)?;
    let role = roles::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    require_editable(&role)?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let found = roles::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        require_editable(&found)?;
        if found.is_system {
            return Err(AppError::conflict("role_name_fixed", "This role belongs to the house."));
        }
        let invited = admin_invitations::Entity::find()
            .filter(admin_invitations::Column::RoleId.eq(id))
            .filter(admin_invitations::Column::Status.is_in([
                admin_invitations::AdminInvitationStatus::PendingSend,
                admin_invitations::AdminInvitationStatus::Pending,
            ]))
            .count(txn)
            .await?;
        let planned = role_assignments::Entity::find()
            .filter(role_assignments::Column::RoleId.eq(id))
            .filter(role_assignments::Column::AppliedAt.is_null())
            .filter(role_assignments::Column::EffectiveTo.is_null())
            .count(txn)
            .await?;
        let in_use = held::holders(txn, id).await? + invited + planned;
        if in_use > 0 {
            let refusal = AppError::conflict("role_in_use", "Somebody holds this role or is invited into it.");
            return Err(refusal.with("accounts", in_use));
        }
        roles::Entity::update_many()
            .col_expr(roles::Column::ArchivedAt, Expr::value(app.now()))
            .col_expr(roles::Column::Version, Expr::col(roles::Column::Version).add(1))
            .col_expr(roles::Column::UpdatedAt, Expr::value(app.now()))
            .filter(roles::Column::Id.eq(id))
            .exec(txn)
            .await?;
        audit::record(txn, app, actor, Entry::new("role.archived").subject("Role", id)).await
    })
}
