//! Roles and what they grant (R-ID-46..50). Super admins only: `manage_role` belongs to the top role alone.

use std::collections::{BTreeSet, HashMap, HashSet};

use kernel::ids::ProviderId;
use kernel::permission::{CATALOGUE, Grantable, Permission};
use kernel::{Actor, AppError, AppResult, Guard, Page, PageQuery};
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::Serialize;

use crate::entity::{model_has_roles, permissions, provider_team_members, role_has_permissions, roles};
use crate::rules::grants;

mod write;

pub use write::{RoleText, archive, create, edit, set_permissions};

/// A role with what it grants and whom it reaches.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RoleView {
    /// The role.
    pub id: i64,
    /// Its name.
    #[schema(example = "billing_staff")]
    pub name: String,
    /// Which kind of account may hold it.
    pub guard: Guard,
    /// What people read.
    pub label: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Comes with the house; its name cannot be changed.
    pub is_system: bool,
    /// Its permissions cannot be changed.
    pub is_locked: bool,
    /// No longer given to anybody.
    pub is_archived: bool,
    /// Send it back with a change.
    pub version: i32,
    /// What it grants.
    pub permissions: Vec<String>,
    /// Accounts that hold it.
    pub accounts: u64,
    /// Clinics in which somebody holds it.
    pub clinics: u64,
}

/// A permission of the catalogue.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PermissionView {
    /// Its name.
    #[schema(example = "issue_refund")]
    pub name: &'static str,
    /// Which kind of account it is for.
    pub guard: Guard,
    /// Where it stands on the matrix.
    pub group: &'static str,
    /// Granting it must be confirmed.
    pub is_sensitive: bool,
    /// False for what belongs to the top role alone.
    pub is_grantable: bool,
    /// What comes along.
    pub brings: Option<&'static str>,
}

/// What a change would do.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// New.
    pub added: Vec<String>,
    /// Gone.
    pub removed: Vec<String>,
    /// New because something else needs it.
    pub implied: Vec<String>,
    /// New and sensitive: `confirm_sensitive` is needed.
    pub sensitive: Vec<String>,
    /// Accounts it reaches.
    pub affected_accounts: u64,
    /// Clinics it reaches.
    pub affected_clinics: u64,
    /// The version it was worked out for.
    pub version: i32,
}

fn require(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageRole)
}

fn names(permissions: impl IntoIterator<Item = Permission>) -> Vec<String> {
    permissions.into_iter().map(|permission| permission.name().to_owned()).collect()
}

fn guard_of(role: &roles::Model) -> Guard {
    Guard::from_name(&role.guard_name).unwrap_or(Guard::Affiliate)
}

/// Roles, a page of them, in the order they were made, those of the house first: five statements.
///
/// `guard` takes those of one kind of account and leaves out what is archived. Errors: 403 without `manage_role`; 422 for
/// the page.
pub async fn list(app: &App, actor: &Actor, guard: Option<Guard>, page: PageQuery) -> AppResult<Page<RoleView>> {
    require(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let select = chosen(guard);
    let total = select.clone().count(conn).await?;
    let rows = select.offset(page.offset()).limit(page.per_page).all(conn).await?;
    Ok(Page::new(views(conn, rows).await?, page, total))
}

/// Every role of a kind of account that is in use, to be read side by side: four statements.
///
/// Errors: 403 without `manage_role`.
pub async fn of_guard(app: &App, actor: &Actor, guard: Guard) -> AppResult<Vec<RoleView>> {
    require(actor)?;
    let conn = app.db.conn();
    let rows = chosen(Some(guard)).all(conn).await?;
    views(conn, rows).await
}

fn chosen(guard: Option<Guard>) -> Select<roles::Entity> {
    let select = roles::Entity::find().order_by_asc(roles::Column::Id);
    match guard {
        Some(guard) => {
            select.filter(roles::Column::GuardName.eq(guard.name())).filter(roles::Column::ArchivedAt.is_null())
        }
        None => select,
    }
}

async fn views(conn: &impl ConnectionTrait, rows: Vec<roles::Model>) -> AppResult<Vec<RoleView>> {
    let grants: Vec<(i64, String)> = role_has_permissions::Entity::find()
        .inner_join(permissions::Entity)
        .select_only()
        .column(role_has_permissions::Column::RoleId)
        .column(permissions::Column::Name)
        .filter(role_has_permissions::Column::RoleId.is_in(rows.iter().map(|role| role.id)))
        .into_tuple()
        .all(conn)
        .await?;
    let mut granted: HashMap<i64, Vec<String>> = HashMap::new();
    for (role, name) in grants {
        granted.entry(role).or_default().push(name);
    }
    let reach = reach(conn, None).await?;
    let view = |role: roles::Model| {
        let reached = reach.get(&role.id).copied().unwrap_or_default();
        let granted = granted.remove(&role.id).unwrap_or_default();
        view(role, granted, reached)
    };
    Ok(rows.into_iter().map(view).collect())
}

fn view(role: roles::Model, permissions: Vec<String>, (accounts, clinics): (u64, u64)) -> RoleView {
    RoleView {
        id: role.id,
        guard: guard_of(&role),
        name: role.name,
        label: role.label,
        description: role.description,
        is_system: role.is_system,
        is_locked: role.is_locked,
        is_archived: role.archived_at.is_some(),
        version: role.version,
        permissions,
        accounts,
        clinics,
    }
}

/// Accounts and clinics a role reaches; of all roles when none is named.
async fn reach(conn: &impl ConnectionTrait, role: Option<i64>) -> AppResult<HashMap<i64, (u64, u64)>> {
    let mut held = model_has_roles::Entity::find()
        .select_only()
        .column(model_has_roles::Column::RoleId)
        .column_as(Expr::col(model_has_roles::Column::ModelId).count(), "n")
        .group_by(model_has_roles::Column::RoleId);
    let mut teams = provider_team_members::Entity::find()
        .select_only()
        .column(provider_team_members::Column::RoleId)
        .column(provider_team_members::Column::ProviderId)
        .filter(provider_team_members::Column::RemovedAt.is_null());
    if let Some(role) = role {
        held = held.filter(model_has_roles::Column::RoleId.eq(role));
        teams = teams.filter(provider_team_members::Column::RoleId.eq(role));
    }
    let held: Vec<(i64, i64)> = held.into_tuple().all(conn).await?;
    let mut accounts: HashMap<i64, u64> =
        held.into_iter().map(|(role, n)| (role, u64::try_from(n).unwrap_or(0))).collect();
    let mut clinics: HashMap<i64, HashSet<ProviderId>> = HashMap::new();
    let mut members: HashMap<i64, u64> = HashMap::new();
    for (role, clinic) in teams.into_tuple::<(i64, ProviderId)>().all(conn).await? {
        clinics.entry(role).or_default().insert(clinic);
        *members.entry(role).or_default() += 1;
    }
    // Accounts of clinics that were removed keep their last role; only members count.
    accounts.extend(members);
    Ok(accounts
        .into_iter()
        .map(|(role, n)| (role, (n, clinics.get(&role).map_or(0, |found| found.len() as u64))))
        .collect())
}

/// One role.
///
/// Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: i64) -> AppResult<RoleView> {
    require(actor)?;
    let conn = app.db.conn();
    let role = roles::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let granted = granted(conn, id).await?;
    let reach = reach(conn, Some(id)).await?;
    Ok(view(role, names(granted), reach.get(&id).copied().unwrap_or_default()))
}

/// What the roles a clinic gives grant, by name: for the difference a clinic sees before it changes one.
///
/// Errors: 403 without `view_team`.
pub async fn of_clinics(app: &App, actor: &Actor) -> AppResult<HashMap<String, BTreeSet<Permission>>> {
    actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    let rows: Vec<(String, String)> = role_has_permissions::Entity::find()
        .inner_join(permissions::Entity)
        .inner_join(roles::Entity)
        .select_only()
        .column(roles::Column::Name)
        .column(permissions::Column::Name)
        .filter(roles::Column::GuardName.eq(Guard::Provider.name()))
        .into_tuple()
        .all(app.db.conn())
        .await?;
    let mut found: HashMap<String, BTreeSet<Permission>> = HashMap::new();
    for (role, permission) in rows {
        if let Ok(permission) = permission.parse() {
            found.entry(role).or_default().insert(permission);
        }
    }
    Ok(found)
}

/// The roles a member of the staff may be given: name, label, whether it belongs to the house. One statement.
///
/// Errors: 403 without `manage_user`.
pub async fn given_to_staff(app: &App, actor: &Actor) -> AppResult<Vec<(String, Option<String>, bool)>> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    let rows = roles::Entity::find()
        .filter(roles::Column::GuardName.eq(Guard::Api.name()))
        .filter(roles::Column::ArchivedAt.is_null())
        .order_by_asc(roles::Column::Id)
        .all(app.db.conn())
        .await?;
    Ok(rows.into_iter().map(|role| (role.name, role.label, role.is_system)).collect())
}

/// The catalogue of permissions.
///
/// Errors: 403 without `manage_role`.
pub fn catalogue(actor: &Actor) -> AppResult<Vec<PermissionView>> {
    require(actor)?;
    let view = |entry: &kernel::permission::CatalogueEntry| PermissionView {
        name: entry.permission.name(),
        guard: entry.guard,
        group: grants::group_of(entry.guard, entry.permission),
        is_sensitive: entry.sensitive,
        is_grantable: entry.grantable != Grantable::TopOnly,
        brings: grants::view_of(entry.guard, entry.permission).map(Permission::name),
    };
    Ok(CATALOGUE.iter().map(view).collect())
}

async fn granted(conn: &impl ConnectionTrait, role: i64) -> AppResult<BTreeSet<Permission>> {
    let names: Vec<String> = role_has_permissions::Entity::find()
        .inner_join(permissions::Entity)
        .select_only()
        .column(permissions::Column::Name)
        .filter(role_has_permissions::Column::RoleId.eq(role))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// What a role may be changed at all: not the two top roles, not those of patients and affiliates.
fn require_editable(role: &roles::Model) -> AppResult<Guard> {
    let guard = guard_of(role);
    if role.is_locked || !matches!(guard, Guard::Api | Guard::Provider) {
        return Err(AppError::conflict("role_locked", "This role cannot be changed."));
    }
    if role.archived_at.is_some() {
        return Err(AppError::conflict("role_archived", "This role is no longer in use."));
    }
    Ok(guard)
}

/// Works out what a change would do, and changes nothing.
///
/// Errors: 403, 404, 409 `role_locked`, 422 as [`grants::diff`].
pub async fn preview(app: &App, actor: &Actor, id: i64, wanted: &[String]) -> AppResult<Preview> {
    require(actor)?;
    let conn = app.db.conn();
    let role = roles::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let guard = require_editable(&role)?;
    let diff = grants::diff(guard, &granted(conn, id).await?, &grants::parse(wanted)?)?;
    let reach = reach(conn, Some(id)).await?;
    let (affected_accounts, affected_clinics) = reach.get(&id).copied().unwrap_or_default();
    Ok(Preview {
        added: names(diff.added),
        removed: names(diff.removed),
        implied: names(diff.implied),
        sensitive: names(diff.sensitive),
        affected_accounts,
        affected_clinics,
        version: role.version,
    })
}
