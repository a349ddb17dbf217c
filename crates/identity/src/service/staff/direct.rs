//! Permissions granted to one account beside its role (R-ID-50): by super admins, to Hairline's staff, with a reason.

use std::collections::BTreeSet;

use kernel::ids::UserId;
use kernel::permission::{Grantable, Permission};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard};
use platform::App;
use platform::audit::{self, Entry};
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use crate::entity::model_has_permissions::{self, ModelHasPermissionModelType};
use crate::entity::permissions;
use crate::reauth::require_fresh;
use crate::roles::role_id_of;
use crate::rules::{fields, grants};
use crate::service::team::change::self_change;

/// More than this belongs into a role of its own.
const MOST: usize = 30;

/// Sets the direct permissions of an account; an empty list takes all away. In force with the next call.
///
/// Errors: 403 without `manage_user`, 403 `self_change`, 403 `reauth_required`, 404; 422 `permission_not_of_guard`,
/// `not_grantable`, `confirm_sensitive`, `too_many_grants`, and for the reason.
pub async fn set(
    app: &App,
    actor: &Actor,
    id: UserId,
    (wanted, reason, confirmed): (&[String], &str, bool),
) -> AppResult<()> {
    let own = actor.admin()?;
    actor.require(Permission::ManageUser)?;
    if own == id {
        return Err(self_change());
    }
    let conn = app.db.conn();
    role_id_of(conn, Guard::Api, id.any()).await?.ok_or_else(AppError::not_found)?;
    let wanted = grants::parse(wanted)?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    for permission in &wanted {
        match grants::entry(Guard::Api, *permission) {
            None => errors.add("permissions", "permission_not_of_guard", "This does not exist for staff."),
            Some(entry) if entry.grantable == Grantable::TopOnly => {
                errors.add("permissions", "not_grantable", "This belongs to the top role alone.");
            }
            Some(_) => {}
        }
    }
    if wanted.len() > MOST {
        errors.add("permissions", "too_many_grants", "So many rights belong into a role of their own.");
    }
    errors.check()?;
    require_fresh(conn, app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let held = model_has_permissions::Entity::find()
            .find_also_related(permissions::Entity)
            .filter(model_has_permissions::Column::ModelId.eq(id.any()))
            .all(txn)
            .await?;
        let before: BTreeSet<Permission> = held.iter().filter_map(|(_, row)| row.as_ref()?.name.parse().ok()).collect();
        let added: Vec<Permission> = wanted.difference(&before).copied().collect();
        let removed: Vec<Permission> = before.difference(&wanted).copied().collect();
        let is_sensitive =
            |permission: &&Permission| grants::entry(Guard::Api, **permission).is_some_and(|entry| entry.sensitive);
        let diff = grants::Diff {
            after: wanted.clone(),
            sensitive: added.iter().filter(is_sensitive).copied().collect(),
            added,
            removed,
            implied: Vec::new(),
        };
        if diff.added.is_empty() && diff.removed.is_empty() {
            return Ok(());
        }
        grants::require_confirmed(&diff, confirmed)?;
        let name = |permission: &Permission| permission.name();
        let changed: Vec<permissions::Model> = permissions::Entity::find()
            .filter(permissions::Column::GuardName.eq(Guard::Api.name()))
            .filter(permissions::Column::Name.is_in(diff.added.iter().chain(&diff.removed).map(name)))
            .all(txn)
            .await?;
        let ids = |which: &[Permission]| -> Vec<i64> {
            changed.iter().filter(|row| which.iter().any(|p| p.name() == row.name)).map(|row| row.id).collect()
        };
        if !diff.removed.is_empty() {
            model_has_permissions::Entity::delete_many()
                .filter(model_has_permissions::Column::ModelId.eq(id.any()))
                .filter(model_has_permissions::Column::PermissionId.is_in(ids(&diff.removed)))
                .exec(txn)
                .await?;
        }
        if !diff.added.is_empty() {
            let rows = ids(&diff.added).into_iter().map(|permission| model_has_permissions::ActiveModel {
                permission_id: Set(permission),
                model_type: Set(ModelHasPermissionModelType::User),
                model_id: Set(id.any()),
                granted_by: Set(Some(own)),
                reason: Set(Some(reason.clone())),
                created_at: Set(app.now()),
            });
            model_has_permissions::Entity::insert_many(rows).exec_without_returning(txn).await?;
        }
        let names = |which: &[Permission]| -> Vec<&'static str> { which.iter().map(|p| p.name()).collect() };
        let (added, removed) = (names(&diff.added), names(&diff.removed));
        let entry = Entry::new("staff.permissions_granted")
            .subject("User", id)
            .change(None, Some(json!({ "added": added, "removed": removed })))
            .reason(&reason);
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("admin.permissions_changed", "User", id)
            .with("user_id", id)
            .with("added", added)
            .with("removed", removed);
        outbox::emit(txn, app, actor, event).await
    })
}
