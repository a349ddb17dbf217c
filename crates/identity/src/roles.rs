//! Roles: giving one to an account, and what a role grants now.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use kernel::ids::{AnyId, ProviderUserId, RoleAssignmentId};
use kernel::permission::{CATALOGUE, Grantable, Permission};
use kernel::{Actor, ActorKind, AppError, AppResult, Guard, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde_json::json;

use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::role_assignments::{RoleAssignmentAssignedByType, RoleAssignmentModelType};
use crate::entity::{
    account_states, model_has_roles, permissions, provider_team_members, role_assignments, role_has_permissions, roles,
};
use crate::guards::state_type;

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
    let (by_type, by_id) = assigned_by(actor);
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

fn assigned_by(actor: &Actor) -> (RoleAssignmentAssignedByType, Option<AnyId>) {
    match actor.kind {
        ActorKind::Admin(id) => (RoleAssignmentAssignedByType::User, Some(id.any())),
        ActorKind::Provider { user, .. } => (RoleAssignmentAssignedByType::ProviderUser, Some(user.any())),
        _ => (RoleAssignmentAssignedByType::System, None),
    }
}

/// Another role for an account that has one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoleChange<'a> {
    /// Guard of the account.
    pub guard: Guard,
    /// The account.
    pub account: AnyId,
    /// `roles.id`, of the same guard.
    pub role: i64,
    /// From when on (R-ID-49).
    pub from: Timestamp,
    /// Why, if somebody said.
    pub reason: Option<&'a str>,
}

/// Whether another role is planned for the account (R-ID-49).
pub(crate) async fn is_planned(conn: &impl ConnectionTrait, guard: Guard, account: AnyId) -> AppResult<bool> {
    use role_assignments::Column;
    let planned = role_assignments::Entity::find()
        .filter(Column::ModelType.eq(RoleAssignmentModelType::from(guard)))
        .filter(Column::ModelId.eq(account))
        .filter(Column::AppliedAt.is_null())
        .filter(Column::EffectiveTo.is_null());
    Ok(planned.count(conn).await? > 0)
}

/// The role that is planned for an account, and from when on (R-ID-49).
pub(crate) async fn planned(
    conn: &impl ConnectionTrait,
    guard: Guard,
    account: AnyId,
) -> AppResult<Option<(String, Timestamp)>> {
    use role_assignments::Column;
    let row = role_assignments::Entity::find()
        .find_also_related(roles::Entity)
        .filter(Column::ModelType.eq(RoleAssignmentModelType::from(guard)))
        .filter(Column::ModelId.eq(account))
        .filter(Column::AppliedAt.is_null())
        .filter(Column::EffectiveTo.is_null())
        .one(conn)
        .await?;
    Ok(row.and_then(|(row, role)| Some((role?.name, row.effective_from))))
}

/// Plans the change, in place of any other that was planned; one that is due is in force at once.
pub(crate) async fn change(txn: &Txn, app: &App, actor: &Actor, change: RoleChange<'_>) -> AppResult<()> {
    use role_assignments::Column;
    let now = app.now();
    role_assignments::Entity::update_many()
        .col_expr(Column::EffectiveTo, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::ModelType.eq(RoleAssignmentModelType::from(change.guard)))
        .filter(Column::ModelId.eq(change.account))
        .filter(Column::AppliedAt.is_null())
        .filter(Column::EffectiveTo.is_null())
        .exec(txn)
        .await?;
    let (by_type, by_id) = assigned_by(actor);
    let row = role_assignments::ActiveModel {
        id: Set(RoleAssignmentId::new()),
        model_type: Set(change.guard.into()),
        model_id: Set(change.account),
        role_id: Set(change.role),
        effective_from: Set(change.from),
        effective_to: Set(None),
        applied_at: Set(None),
        assigned_by_type: Set(Some(by_type)),
        assigned_by_id: Set(by_id),
        reason: Set(change.reason.map(|reason| reason.chars().take(250).collect())),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    if row.effective_from <= now { put_in_force(txn, app, change.guard, &row).await } else { Ok(()) }
}

async fn put_in_force(txn: &Txn, app: &App, guard: Guard, row: &role_assignments::Model) -> AppResult<()> {
    use role_assignments::Column;
    let now = app.now();
    role_assignments::Entity::update_many()
        .col_expr(Column::EffectiveTo, Expr::value(row.effective_from))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::ModelType.eq(row.model_type))
        .filter(Column::ModelId.eq(row.model_id))
        .filter(Column::Id.ne(row.id))
        .filter(Column::EffectiveTo.is_null())
        .exec(txn)
        .await?;
    role_assignments::Entity::update_many()
        .col_expr(Column::AppliedAt, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    hold(txn, guard, row.model_id, row.role_id).await?;
    if guard == Guard::Provider {
        use provider_team_members::Column as Member;
        provider_team_members::Entity::update_many()
            .col_expr(Member::RoleId, Expr::value(row.role_id))
            .col_expr(Member::UpdatedAt, Expr::value(now))
            .filter(Member::ProviderUserId.eq(ProviderUserId::from(row.model_id)))
            .filter(Member::RemovedAt.is_null())
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Writes what is in force now: one role per account.
async fn hold(txn: &Txn, guard: Guard, account: AnyId, role: i64) -> AppResult<()> {
    use model_has_roles::Column;
    let kind = model_has_roles::ModelHasRoleModelType::from(guard);
    let changed = model_has_roles::Entity::update_many()
        .col_expr(Column::RoleId, Expr::value(role))
        .filter(Column::ModelType.eq(kind))
        .filter(Column::ModelId.eq(account))
        .exec(txn)
        .await?;
    if changed.rows_affected > 0 || role_id_of(txn, guard, account).await?.is_some() {
        return Ok(());
    }
    let row = model_has_roles::ActiveModel { role_id: Set(role), model_type: Set(kind), model_id: Set(account) };
    model_has_roles::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// The role an account holds now.
pub(crate) async fn role_id_of(conn: &impl ConnectionTrait, guard: Guard, account: AnyId) -> AppResult<Option<i64>> {
    use model_has_roles::Column;
    let held = model_has_roles::Entity::find()
        .filter(Column::ModelType.eq(model_has_roles::ModelHasRoleModelType::from(guard)))
        .filter(Column::ModelId.eq(account))
        .one(conn)
        .await?;
    Ok(held.map(|row| row.role_id))
}

/// Puts the planned role of an account into force once its time has come (R-ID-49). Called twice, the second changes
/// nothing.
pub(crate) async fn apply_due(app: &App, guard: Guard, account: AnyId) -> AppResult<()> {
    use role_assignments::Column;
    let now = app.now();
    platform::write_txn!(app.db, |txn| {
        let due = role_assignments::Entity::find()
            .filter(Column::ModelType.eq(RoleAssignmentModelType::from(guard)))
            .filter(Column::ModelId.eq(account))
            .filter(Column::EffectiveFrom.lte(now))
            .filter(Column::AppliedAt.is_null())
            .filter(Column::EffectiveTo.is_null())
            .order_by_asc(Column::EffectiveFrom)
            .lock_exclusive()
            .one(txn)
            .await?;
        let Some(row) = due else { return Ok(()) };
        let subject = Entry::new("role.took_effect").subject(guard.model_type(), account);
        let entry = subject.change(None, Some(json!({ "role_id": row.role_id, "effective_from": row.effective_from })));
        if guard == Guard::Api && require_other_super_admin(txn, app, account).await.is_err() {
            // The others left meanwhile: the plan falls, the house keeps its key.
            role_assignments::Entity::update_many()
                .col_expr(Column::EffectiveTo, Expr::value(now))
                .col_expr(Column::UpdatedAt, Expr::value(now))
                .filter(Column::Id.eq(row.id))
                .exec(txn)
                .await?;
            return audit::record(txn, app, &Actor::system(), entry.denied()).await;
        }
        put_in_force(txn, app, guard, &row).await?;
        audit::record(txn, app, &Actor::system(), entry).await
    })
}

/// Puts planned roles into force whose accounts did not call: lists show what holds.
pub(crate) async fn apply_all_due(app: &App) -> AppResult<()> {
    use role_assignments::Column;
    let due = role_assignments::Entity::find()
        .filter(Column::EffectiveFrom.lte(app.now()))
        .filter(Column::AppliedAt.is_null())
        .filter(Column::EffectiveTo.is_null())
        .limit(500)
        .all(app.db.conn())
        .await?;
    for row in due {
        let guard = match row.model_type {
            RoleAssignmentModelType::User => Guard::Api,
            RoleAssignmentModelType::ProviderUser => Guard::Provider,
            RoleAssignmentModelType::Patient => Guard::Patient,
            RoleAssignmentModelType::Affiliate => Guard::Affiliate,
        };
        apply_due(app, guard, row.model_id).await?;
    }
    Ok(())
}

/// Refuses with 409 `last_super_admin` when the account is a super admin and no other active one remains. Locks the role,
/// so two who leave at once are asked one after the other.
pub(crate) async fn require_other_super_admin(txn: &Txn, app: &App, leaving: AnyId) -> AppResult<()> {
    let role = roles::Entity::find()
        .filter(roles::Column::GuardName.eq(Guard::Api.name()))
        .filter(roles::Column::Name.eq(SUPER_ADMIN))
        .lock_exclusive()
        .one(txn)
        .await?;
    let Some(role) = role else { return Ok(()) };
    if role_id_of(txn, Guard::Api, leaving).await? != Some(role.id) {
        return Ok(());
    }
    let others = model_has_roles::Entity::find()
        .select_only()
        .column(model_has_roles::Column::ModelId)
        .filter(model_has_roles::Column::ModelType.eq(model_has_roles::ModelHasRoleModelType::User))
        .filter(model_has_roles::Column::RoleId.eq(role.id))
        .filter(model_has_roles::Column::ModelId.ne(leaving))
        .into_tuple::<AnyId>()
        .all(txn)
        .await?;
    let Some(kind) = state_type(Guard::Api) else { return Ok(()) };
    let states = account_states::Entity::find()
        .filter(account_states::Column::ModelType.eq::<AccountStateModelType>(kind))
        .filter(account_states::Column::ModelId.is_in(others.iter().copied()))
        .all(txn)
        .await?;
    let now = app.now();
    let is_out = |id: &AnyId| {
        states.iter().any(|row| {
            row.model_id == *id
                && match row.state {
                    AccountState::Active => false,
                    AccountState::Suspended => row.until.is_none_or(|until| now < until),
                    _ => true,
                }
        })
    };
    if others.iter().all(is_out) {
        return Err(AppError::conflict("last_super_admin", "One active super admin must remain."));
    }
    Ok(())
}

/// The top role of Hairline's staff.
pub(crate) const SUPER_ADMIN: &str = "super_admin";

/// What was granted to an account itself; only Hairline's staff can have such grants (R-ID-50), and never what belongs to
/// the top role alone.
pub(crate) fn direct_permissions(guard: Guard, names: Option<&str>) -> BTreeSet<Permission> {
    let names = names.filter(|_| guard == Guard::Api).unwrap_or_default();
    let grantable = |permission: &Permission| {
        let known = CATALOGUE.iter().find(|entry| entry.guard == guard && entry.permission == *permission);
        known.is_some_and(|entry| entry.grantable != Grantable::TopOnly)
    };
    names.split(',').filter_map(|name| name.parse().ok()).filter(grantable).collect()
}

/// How many accounts hold a role.
pub(crate) async fn holders(conn: &impl ConnectionTrait, role: i64) -> AppResult<u64> {
    Ok(model_has_roles::Entity::find().filter(model_has_roles::Column::RoleId.eq(role)).count(conn).await?)
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
