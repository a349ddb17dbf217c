//! Hairline's view of all clinics' staff, and what it may do in an emergency (R-ID-56).

use chrono::{DateTime, Utc};
use kernel::ids::{ProviderId, ProviderUserId};
use kernel::{Actor, AppError, AppResult, Guard, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::web::like_contains;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use crate::entity::provider_staff_invitations::ProviderStaffInvitationStatus as InvitationStatus;
use crate::entity::provider_team_members::ProviderTeamMemberStatus as Status;
use crate::entity::{provider_staff_invitations as invitations, provider_team_members, provider_users, roles};
use crate::projection::providers;
use crate::reauth::require_fresh;
use crate::service::codes;
use crate::service::sessions::{Holder, revoke_all};
use crate::service::team::leave::{self, Leaving, Way};
use crate::service::team::list::shown_email;
use crate::service::team::{live_member, member_locked};
use crate::work::Work;

/// A member of any clinic's team, as Hairline sees them.
#[derive(Clone, Debug, Serialize, FromQueryResult, utoipa::ToSchema)]
pub struct ClinicMember {
    /// The member.
    pub id: ProviderUserId,
    /// The clinic.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider_name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address.
    pub email: Option<String>,
    /// Role.
    pub role: String,
    /// Whether this is the owner.
    pub is_owner: bool,
    /// Active, suspended, or removed.
    pub status: Status,
    /// False for a clinician who is only named.
    pub can_login: bool,
    /// Seen last.
    pub last_active_at: Option<DateTime<Utc>>,
    /// Why suspended.
    pub suspension_reason: Option<String>,
}

/// What narrows the directory.
#[derive(Clone, Debug, Default)]
pub struct DirectoryFilter {
    /// In names, addresses and the clinic's name.
    pub q: Option<String>,
    /// Only this clinic.
    pub provider: Option<ProviderId>,
    /// Only this role.
    pub role: Option<String>,
    /// Only active, only suspended ones, or those who left.
    pub status: Option<Status>,
}

/// The staff of all clinics, by clinic and name: two statements.
///
/// Errors: 403 without `view_provider_team`.
pub async fn directory(
    app: &App,
    actor: &Actor,
    filter: &DirectoryFilter,
    page: PageQuery,
) -> AppResult<Page<ClinicMember>> {
    use {provider_team_members as m, provider_users as u};
    actor.admin()?;
    actor.require(Permission::ViewProviderTeam)?;
    let conn = app.db.conn();
    let removed = Expr::col((m::Entity, m::Column::RemovedAt));
    // Those who left are asked for by name: nobody looks for them otherwise.
    let is_former = filter.status == Some(Status::Removed);
    let mut wanted = Cond::all().add(if is_former { removed.is_not_null() } else { removed.is_null() });
    if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        let mut any = Cond::any();
        for word in [u::Column::Firstname, u::Column::Lastname, u::Column::Email] {
            any = any.add(Expr::col((u::Entity, word)).like(like_contains(q)));
        }
        any = any.add(Expr::col((providers::Entity, providers::Column::ProviderName)).like(like_contains(q)));
        wanted = wanted.add(any);
        audit::record(conn, app, actor, Entry::new("teams.searched")).await?;
    }
    if let Some(provider) = filter.provider {
        wanted = wanted.add(Expr::col((m::Entity, m::Column::ProviderId)).eq(provider));
    }
    if let Some(role) = &filter.role {
        wanted = wanted.add(Expr::col((roles::Entity, roles::Column::Name)).eq(role));
    }
    if let Some(status) = filter.status {
        wanted = wanted.add(Expr::col((m::Entity, m::Column::Status)).eq(status.to_value()));
    }
    let base = Query::select()
        .from(m::Entity)
        .inner_join(u::Entity, Expr::col((u::Entity, u::Column::Id)).equals((m::Entity, m::Column::ProviderUserId)))
        .inner_join(
            providers::Entity,
            Expr::col((providers::Entity, providers::Column::Id)).equals((m::Entity, m::Column::ProviderId)),
        )
        .inner_join(roles::Entity, Expr::col((roles::Entity, roles::Column::Id)).equals((m::Entity, m::Column::RoleId)))
        .cond_where(wanted)
        .to_owned();
    let backend = conn.get_database_backend();
    let count = base.clone().expr_as(Expr::col((m::Entity, m::Column::Id)).count(), "total").to_owned();
    let total = conn.query_one_raw(backend.build(&count)).await?;
    let total = total.map(|row| row.try_get::<i64>("", "total")).transpose()?.unwrap_or(0);
    let select = base
        .clone()
        .expr_as(Expr::col((u::Entity, u::Column::Id)), "id")
        .expr_as(Expr::col((m::Entity, m::Column::ProviderId)), "provider_id")
        .expr_as(Expr::col((providers::Entity, providers::Column::ProviderName)), "provider_name")
        .expr_as(Expr::col((u::Entity, u::Column::Firstname)), "first_name")
        .expr_as(Expr::col((u::Entity, u::Column::Lastname)), "last_name")
        .expr_as(Expr::col((u::Entity, u::Column::Email)), "email")
        .expr_as(Expr::col((roles::Entity, roles::Column::Name)), "role")
        .expr_as(Expr::col((m::Entity, m::Column::IsOwner)), "is_owner")
        .expr_as(Expr::col((m::Entity, m::Column::Status)), "status")
        .expr_as(Expr::col((u::Entity, u::Column::CanLogin)), "can_login")
        .expr_as(Expr::col((m::Entity, m::Column::LastActiveAt)), "last_active_at")
        .expr_as(Expr::col((m::Entity, m::Column::SuspensionReason)), "suspension_reason")
        .order_by((providers::Entity, providers::Column::ProviderName), sea_orm::Order::Asc)
        .order_by((u::Entity, u::Column::Lastname), sea_orm::Order::Asc)
        .order_by((u::Entity, u::Column::Id), sea_orm::Order::Asc)
        .limit(page.per_page)
        .offset(page.offset())
        .to_owned();
    let mut rows = ClinicMember::find_by_statement(backend.build(&select)).all(conn).await?;
    for row in &mut rows {
        row.email = row.email.take().and_then(|email| shown_email(&email));
    }
    Ok(Page::new(rows, page, u64::try_from(total).unwrap_or(0)))
}

/// One member of any clinic.
///
/// Errors: 403 without `view_provider_team`, 404.
pub async fn clinic_member(app: &App, actor: &Actor, id: ProviderUserId) -> AppResult<ClinicMember> {
    actor.admin()?;
    actor.require(Permission::ViewProviderTeam)?;
    let conn = app.db.conn();
    let member = live_member(conn, None, id).await?;
    let clinic = providers::Entity::find_by_id(member.row.provider_id).one(conn).await?;
    Ok(ClinicMember {
        id,
        provider_id: member.row.provider_id,
        provider_name: clinic.map(|clinic| clinic.provider_name).unwrap_or_default(),
        first_name: member.user.firstname.clone(),
        last_name: member.user.lastname.clone(),
        email: shown_email(&member.user.email),
        role: member.role,
        is_owner: member.row.is_owner,
        status: member.row.status,
        can_login: member.user.can_login,
        last_active_at: member.row.last_active_at,
        suspension_reason: member.row.suspension_reason,
    })
}

/// Somebody who left a clinic's team and belongs to none: the membership that ended last.
///
/// Errors: 403 without `view_provider_team`, 404.
pub async fn former_member(app: &App, actor: &Actor, id: ProviderUserId) -> AppResult<ClinicMember> {
    actor.admin()?;
    actor.require(Permission::ViewProviderTeam)?;
    let conn = app.db.conn();
    let found = provider_team_members::Entity::find()
        .find_also_related(provider_users::Entity)
        .filter(provider_team_members::Column::ProviderUserId.eq(id))
        .filter(provider_team_members::Column::RemovedAt.is_not_null())
        .order_by_desc(provider_team_members::Column::RemovedAt)
        .one(conn)
        .await?;
    let (row, user) = found.ok_or_else(AppError::not_found)?;
    let user = user.filter(|user| user.deleted_at.is_some()).ok_or_else(AppError::not_found)?;
    let clinic = providers::Entity::find_by_id(row.provider_id).one(conn).await?;
    let role = roles::Entity::find_by_id(row.role_id).one(conn).await?;
    Ok(ClinicMember {
        id,
        provider_id: row.provider_id,
        provider_name: clinic.map(|clinic| clinic.provider_name).unwrap_or_default(),
        first_name: user.firstname.clone(),
        last_name: user.lastname.clone(),
        email: shown_email(&user.email),
        role: role.map(|role| role.name).unwrap_or_default(),
        is_owner: row.is_owner,
        status: Status::Removed,
        can_login: user.can_login,
        last_active_at: row.last_active_at,
        suspension_reason: None,
    })
}

/// Suspends or, in an emergency, removes a member of any clinic. Work that nobody was named for stays with the clinic
/// without a name; the owner can be suspended but not removed.
///
/// Errors: 403 without `suspend_provider_user`, 403 `reauth_required`, 404, 409 `owner_protected`, 422.
pub async fn leave(
    app: &App,
    actor: &Actor,
    work: &Work,
    id: ProviderUserId,
    (way, leaving): (Way, Leaving),
) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::SuspendProviderUser)?;
    live_member(app.db.conn(), None, id).await?;
    let reason = leave::checked(&leaving)?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let member = member_locked(txn, None, id, leaving.version).await?;
        if way == Way::Remove {
            member.require_not_owner()?;
        }
        let to = leave::hand_over(txn, app, actor, work, (&member, &leaving.handover, true)).await?;
        leave::end(txn, app, actor, &member, (way, &reason, to)).await
    })
}

/// Lets a suspended member of any clinic back in.
///
/// Errors: as [`leave()`]; 409 `invalid_status`.
pub async fn reactivate(app: &App, actor: &Actor, id: ProviderUserId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::SuspendProviderUser)?;
    live_member(app.db.conn(), None, id).await?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let member = member_locked(txn, None, id, None).await?;
        leave::let_back_in(txn, app, actor, &member).await
    })
}

/// Ends every session of a member of any clinic.
///
/// Errors: 403 without `suspend_provider_user`, 403 `reauth_required`, 404.
pub async fn logout_all(app: &App, actor: &Actor, id: ProviderUserId) -> AppResult<u64> {
    actor.admin()?;
    actor.require(Permission::SuspendProviderUser)?;
    let member = live_member(app.db.conn(), None, id).await?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let ended =
            revoke_all(txn, app, Holder { guard: Guard::Provider, id: id.any() }, "logged_out_by_admin").await?;
        let entry =
            Entry::new("session.logged_out_by_admin").subject("ProviderUser", id).provider(member.row.provider_id);
        audit::record(txn, app, actor, entry).await?;
        Ok(ended)
    })
}

/// Writes over the names of a member who left and asked to be forgotten (R-ID-71); what they did stays under their id.
///
/// Errors: 403 without `suspend_provider_user`, 403 `reauth_required`, 404, 409 `invalid_status` while they belong to a
/// team.
pub async fn erase(app: &App, actor: &Actor, id: ProviderUserId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::SuspendProviderUser)?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let row = provider_users::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
        let row = row.ok_or_else(AppError::not_found)?;
        if row.deleted_at.is_none() {
            // Somebody who was invited again and came back belongs to a team, however recently.
            return Err(AppError::conflict("invalid_status", "Remove the member from the team first."));
        }
        forget(txn, app, actor, &row).await
    })
}

/// Writes over who a member was. The row is locked and its membership is over.
pub async fn forget(txn: &Txn, app: &App, actor: &Actor, row: &provider_users::Model) -> AppResult<()> {
    let (id, mark) = (row.id, app.random.hex(2));
    codes::forget(txn, app, Guard::Provider, id.any()).await?;
    provider_users::Entity::update_many()
        .col_expr(provider_users::Column::Firstname, Expr::value("Former member"))
        .col_expr(provider_users::Column::Lastname, Expr::value(&mark))
        .col_expr(provider_users::Column::Title, Expr::value(None::<String>))
        .col_expr(provider_users::Column::Email, Expr::value(format!("former+{id}@removed.invalid")))
        .col_expr(provider_users::Column::PhoneNumber, Expr::value(None::<String>))
        .col_expr(provider_users::Column::ProfileImage, Expr::value(None::<String>))
        .col_expr(provider_users::Column::Password, Expr::value(crate::password::UNUSABLE))
        .col_expr(provider_users::Column::UpdatedAt, Expr::value(app.now()))
        .filter(provider_users::Column::Id.eq(id))
        .exec(txn)
        .await?;
    let theirs =
        || Cond::any().add(invitations::Column::AcceptedBy.eq(id)).add(invitations::Column::Email.eq(&row.email));
    // What was never taken opens nothing any more.
    invitations::Entity::update_many()
        .col_expr(invitations::Column::Status, Expr::value(InvitationStatus::Cancelled))
        .col_expr(invitations::Column::CancelledAt, Expr::value(app.now()))
        .filter(theirs())
        .filter(invitations::Column::Status.is_in([InvitationStatus::PendingSend, InvitationStatus::Pending]))
        .exec(txn)
        .await?;
    invitations::Entity::update_many()
        .col_expr(invitations::Column::FirstName, Expr::value("Former member"))
        .col_expr(invitations::Column::LastName, Expr::value(&mark))
        .col_expr(invitations::Column::Email, Expr::value(format!("former+{id}@removed.invalid")))
        .col_expr(invitations::Column::PersonalMessage, Expr::value(None::<String>))
        .col_expr(invitations::Column::TokenHash, Expr::col(invitations::Column::Id))
        .filter(theirs())
        .exec(txn)
        .await?;
    let entry = Entry::new("staff.erased").subject("ProviderUser", id).provider(row.provider_id);
    audit::record(txn, app, actor, entry).await
}
