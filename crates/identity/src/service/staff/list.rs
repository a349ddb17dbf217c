//! Staff as super admins see them.

use chrono::{DateTime, Utc};
use kernel::ids::{AnyId, UserId};
use kernel::{Actor, AppError, AppResult, Guard, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::audit_logs::{self, AuditLogActorType};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use crate::entity::account_states::AccountState;
use crate::entity::{account_states, auth_sessions, model_has_permissions, model_has_roles, permissions, roles, users};
use crate::roles::SUPER_ADMIN;

/// A member of Hairline's staff.
#[derive(Clone, Debug, Serialize, FromQueryResult, utoipa::ToSchema)]
pub struct StaffMember {
    /// The account.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address; the login.
    pub email: String,
    /// Role in force.
    #[schema(example = "support_staff")]
    pub role: String,
    /// What people read.
    pub role_label: Option<String>,
    /// Standing.
    pub status: AccountState,
    /// End of a suspension.
    pub suspended_until: Option<DateTime<Utc>>,
    /// Why the standing is what it is.
    pub reason: Option<String>,
    /// Signed in last.
    pub last_login_at: Option<DateTime<Utc>>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// What narrows and orders the list.
#[derive(Clone, Debug, Default)]
pub struct StaffFilter {
    /// In names and addresses.
    pub q: Option<String>,
    /// Only this role.
    pub role: Option<String>,
    /// Only this standing.
    pub status: Option<AccountState>,
    /// `name`, `last_login` or `role`, with `-` for the other way round.
    pub sort: Option<String>,
}

/// The list, and whether one super admin holds all the keys.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Those asked for.
    pub members: Page<StaffMember>,
    /// Active super admins.
    pub super_admins: u64,
}

fn last_login() -> SimpleExpr {
    use {auth_sessions as s, users as u};
    let newest = Query::select()
        .expr(Expr::col((s::Entity, s::Column::CreatedAt)).max())
        .from(s::Entity)
        .and_where(Expr::col((s::Entity, s::Column::ModelType)).eq(Guard::Api.model_type()))
        .and_where(Expr::col((s::Entity, s::Column::ModelId)).equals((u::Entity, u::Column::Id)))
        .to_owned();
    SimpleExpr::SubQuery(None, Box::new(newest.into()))
}

/// Everybody with a role of guard api, in one statement; a clinic's legal owner has none. A house has dozens of staff, so
/// filters and order are applied here.
async fn everybody(conn: &impl ConnectionTrait, only: Option<UserId>, now: Timestamp) -> AppResult<Vec<StaffMember>> {
    use {account_states as a, model_has_roles as h, roles as r, users as u};
    let mut query = Query::select()
        .expr_as(Expr::col((u::Entity, u::Column::Id)), "id")
        .expr_as(Expr::col((u::Entity, u::Column::Firstname)), "first_name")
        .expr_as(Expr::col((u::Entity, u::Column::Lastname)), "last_name")
        .expr_as(Expr::col((u::Entity, u::Column::Email)), "email")
        .expr_as(Expr::col((r::Entity, r::Column::Name)), "role")
        .expr_as(Expr::col((r::Entity, r::Column::Label)), "role_label")
        .expr_as(Expr::col((a::Entity, a::Column::State)), "status")
        .expr_as(Expr::col((a::Entity, a::Column::Until)), "suspended_until")
        .expr_as(Expr::col((a::Entity, a::Column::Reason)), "reason")
        .expr_as(last_login(), "last_login_at")
        .expr_as(Expr::col((u::Entity, u::Column::CreatedAt)), "created_at")
        .from(u::Entity)
        .inner_join(
            h::Entity,
            Cond::all()
                .add(Expr::col((h::Entity, h::Column::ModelId)).equals((u::Entity, u::Column::Id)))
                .add(Expr::col((h::Entity, h::Column::ModelType)).eq(Guard::Api.model_type())),
        )
        .inner_join(r::Entity, Expr::col((r::Entity, r::Column::Id)).equals((h::Entity, h::Column::RoleId)))
        .inner_join(
            a::Entity,
            Cond::all()
                .add(Expr::col((a::Entity, a::Column::ModelId)).equals((u::Entity, u::Column::Id)))
                .add(Expr::col((a::Entity, a::Column::ModelType)).eq(Guard::Api.model_type())),
        )
        .and_where(Expr::col((r::Entity, r::Column::GuardName)).eq(Guard::Api.name()))
        .to_owned();
    if let Some(id) = only {
        query.and_where(Expr::col((u::Entity, u::Column::Id)).eq(id));
    }
    let mut rows = StaffMember::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    for row in &mut rows {
        // A suspension ends by itself.
        if row.status == AccountState::Suspended && row.suspended_until.is_some_and(|until| until <= now) {
            row.status = AccountState::Active;
        }
    }
    Ok(rows)
}

/// The staff.
///
/// Errors: 403 without `manage_user`; 422 for an unknown sort.
pub async fn staff(app: &App, actor: &Actor, filter: &StaffFilter, page: PageQuery) -> AppResult<Staff> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    let all = everybody(app.db.conn(), None, app.now()).await?;
    let is_super = |row: &&StaffMember| row.role == SUPER_ADMIN && row.status == AccountState::Active;
    let super_admins = all.iter().filter(is_super).count() as u64;
    let wanted = filter.q.as_deref().unwrap_or_default().trim().to_lowercase();
    if !wanted.is_empty() {
        // Searches of staff are on record, without their words (R-ID-64).
        audit::record(app.db.conn(), app, actor, Entry::new("staff.searched")).await?;
    }
    let name = |row: &StaffMember| format!("{} {}", row.first_name, row.last_name).to_lowercase();
    let fits = |row: &StaffMember| {
        (wanted.is_empty() || name(row).contains(&wanted) || row.email.contains(&wanted))
            && filter.role.as_ref().is_none_or(|role| *role == row.role)
            && filter.status.is_none_or(|status| status == row.status)
    };
    let mut found: Vec<StaffMember> = all.into_iter().filter(fits).collect();
    let sort = filter.sort.as_deref().unwrap_or_default();
    found.sort_by_cached_key(|row| (name(row), row.id));
    match sort.trim_start_matches('-') {
        "" | "name" => {}
        "last_login" => found.sort_by_key(|row| row.last_login_at),
        "role" => found.sort_by_key(|row| row.role.clone()),
        _ => return Err(AppError::field("sort", "unknown_value", "Sort by name, last_login or role.")),
    }
    if sort.starts_with('-') {
        found.reverse();
    }
    let total = found.len() as u64;
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let shown = found.into_iter().skip(skip).take(usize::try_from(page.per_page).unwrap_or(20)).collect();
    Ok(Staff { members: Page::new(shown, page, total), super_admins })
}

/// A role that will be in force later.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PlannedRole {
    /// Its name.
    pub role: String,
    /// From when on.
    pub effective_from: DateTime<Utc>,
}

/// A grant to the account itself.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DirectGrant {
    /// The permission.
    #[schema(example = "issue_refund")]
    pub permission: String,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub granted_at: DateTime<Utc>,
}

/// One line of the account's trail.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TrailLine {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What.
    pub action: String,
    /// Whether the account did it; else it was done to the account.
    pub own: bool,
    /// How it went.
    pub outcome: audit_logs::AuditLogOutcome,
    /// In whose words.
    pub reason: Option<String>,
    /// From which address.
    pub ip_address: Option<String>,
}

/// A member of the staff in full.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StaffDetail {
    /// The account.
    pub member: StaffMember,
    /// What comes next.
    pub planned: Option<PlannedRole>,
    /// Grants beyond the role.
    pub direct: Vec<DirectGrant>,
    /// The 100 newest entries of what the account did and what was done to it.
    pub trail: Vec<TrailLine>,
}

/// One member of the staff with their trail.
///
/// Errors: 403 without `manage_user`, 404 also for a clinic's legal owner.
pub async fn detail(app: &App, actor: &Actor, id: UserId) -> AppResult<StaffDetail> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    let conn = app.db.conn();
    let member = everybody(conn, Some(id), app.now()).await?.pop().ok_or_else(AppError::not_found)?;
    let planned = crate::roles::planned(conn, Guard::Api, id.any()).await?;
    let direct = model_has_permissions::Entity::find()
        .find_also_related(permissions::Entity)
        .filter(model_has_permissions::Column::ModelId.eq(AnyId::from(id)))
        .all(conn)
        .await?;
    let about = Condition::any()
        .add(
            Condition::all()
                .add(audit_logs::Column::ActorType.eq(AuditLogActorType::User))
                .add(audit_logs::Column::ActorId.eq(AnyId::from(id))),
        )
        .add(
            Condition::all()
                .add(audit_logs::Column::SubjectType.eq("User"))
                .add(audit_logs::Column::SubjectId.eq(id.to_string())),
        );
    let trail =
        audit_logs::Entity::find().filter(about).order_by_desc(audit_logs::Column::Id).limit(100).all(conn).await?;
    Ok(StaffDetail {
        member,
        planned: planned.map(|(role, effective_from)| PlannedRole { role, effective_from }),
        direct: direct
            .into_iter()
            .filter_map(|(row, permission)| {
                Some(DirectGrant { permission: permission?.name, reason: row.reason, granted_at: row.created_at })
            })
            .collect(),
        trail: trail
            .into_iter()
            .map(|row| TrailLine {
                occurred_at: row.occurred_at,
                own: row.actor_id == Some(id.any()),
                action: row.action,
                outcome: row.outcome,
                reason: row.reason,
                ip_address: row.ip_address,
            })
            .collect(),
    })
}
