//! Roles: giving one to an account, and what a role grants now.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use kernel::ids::{AnyId, RoleAssignmentId};
use kernel::permission::Permission;
use kernel::{Actor, ActorKind, AppError, AppResult, Guard, Timestamp};
use platform::App;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::entity::role_assignments::RoleAssignmentAssignedByType;
use crate::entity::{model_has_roles, permissions, role_assignments, role_has_permissions, roles};

/// The role of that name on that guard.
pub async fn find(conn: &impl ConnectionTrait, guard: Guard, name: &str) -> AppResult<Option<roles::Model>> {
    Ok(roles::Entity::find()
        .filter(roles::Column::GuardName.eq(guard.name()))
        .filter(roles::Column::Name.eq(name))
        .filter(roles::Column::ArchivedAt.is_null())
        .one(conn)
        .await?)
}

/// Gives an account its first role, from now on. A role of another guard cannot be named: it is looked up by guard
/// (R-ID-46).
pub async fn assign(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    guard: Guard,
    role: &str,
    account: AnyId,
) -> AppResult<roles::Model> {
    let role = find(conn, guard, role)
        .await?
        .ok_or_else(|| AppError::field("role", "role_unknown", "There is no such role for this kind of account."))?;
    let in_force =
        model_has_roles::ActiveModel { role_id: Set(role.id), model_type: Set(guard.into()), model_id: Set(account) };
    model_has_roles::Entity::insert(in_force).exec_without_returning(conn).await?;
    let now = app.now();
    let (by_type, by_id) = match actor.kind {
        ActorKind::Admin(id) => (RoleAssignmentAssignedByType::User, Some(id.any())),
        ActorKind::Provider { user, .. } => (RoleAssignmentAssignedByType::ProviderUser, Some(user.any())),
        _ => (RoleAssignmentAssignedByType::System, None),
    };
    role_assignments::ActiveModel {
        id: Set(RoleAssignmentId::new()),
        model_type: Set(guard.into()),
        model_id: Set(account),
        role_id: Set(role.id),
        effective_from: Set(now),
        effective_to: Set(None),
        applied_at: Set(Some(now)),
        assigned_by_type: Set(Some(by_type)),
        assigned_by_id: Set(by_id),
        reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(conn)
    .await?;
    Ok(role)
}

/// What a role grants, remembered by the role's version: a request reads the version fresh, so a change of the role's
/// permissions (which raises it) is in force on the next call (R-ID-48).
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RoleKey {
    /// `roles.id`.
    pub id: i64,
    /// `roles.name`; with the id it tells installations in one process apart.
    pub name: String,
    /// `roles.version`.
    pub version: i32,
    /// `roles.updated_at`.
    pub updated_at: Timestamp,
}

type Grants = HashMap<RoleKey, Arc<BTreeSet<Permission>>>;

static GRANTS: LazyLock<RwLock<Grants>> = LazyLock::new(RwLock::default);

/// The permissions of a role; no statement when the version is known.
pub(crate) async fn permissions_of(conn: &impl ConnectionTrait, key: RoleKey) -> AppResult<Arc<BTreeSet<Permission>>> {
    if let Some(known) = GRANTS.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    let names: Vec<String> = role_has_permissions::Entity::find()
        .inner_join(permissions::Entity)
        .select_only()
        .column(permissions::Column::Name)
        .filter(role_has_permissions::Column::RoleId.eq(key.id))
        .into_tuple()
        .all(conn)
        .await?;
    // Names of a newer release mean nothing here and grant nothing.
    let granted = Arc::new(names.iter().filter_map(|name| name.parse().ok()).collect::<BTreeSet<Permission>>());
    let mut known = GRANTS.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() > 256 {
        known.clear();
    }
    known.insert(key, granted.clone());
    Ok(granted)
}
