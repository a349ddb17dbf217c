//! Suspending, taking back and removing members, with the work they leave (R-ID-55, 56).

use kernel::ids::{ProviderId, ProviderUserId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Guard, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::entity::provider_team_members::{
    ProviderTeamMemberRemovedByType as ByType, ProviderTeamMemberStatus as Status,
};
use crate::entity::provider_users::ProviderUserStatus;
use crate::entity::{provider_team_members, provider_users, roles as role_rows};
use crate::reauth::require_fresh;
use crate::roles::{RoleKey, permissions_of};
use crate::rules::fields;
use crate::service::sessions::{Holder, revoke_all, revoke_all_and_tokens};
use crate::service::team::change::self_change;
use crate::service::team::list::open_work;
use crate::service::team::{Member, live_member, member_locked};
use crate::work::{HandOver, Work};

/// Where one kind of work goes.
#[derive(Clone, Debug)]
pub struct Handing {
    /// The kind: `draft_quotes`.
    pub kind: String,
    /// To whom; nobody leaves it in the clinic's list without a name.
    pub to: Option<ProviderUserId>,
}

/// A suspension or removal.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// Why; 20 to 500 characters.
    pub reason: String,
    /// What becomes of the open work, by kind.
    pub handover: Vec<Handing>,
    /// The version the asker saw.
    pub version: Option<i32>,
}

/// Which way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// For a time.
    Suspend,
    /// For good.
    Remove,
}

/// Suspends or removes a member of the asker's clinic; their sessions end at once.
///
/// Errors: 404 for members of other clinics; 409 `owner_protected`, 403 `self_change`, 403 without `remove_team_member`,
/// 403 `reauth_required`; 409 `work_outstanding` with the `work` that nobody was named for; 422.
pub async fn leave(
    app: &App,
    actor: &Actor,
    work: &Work,
    id: ProviderUserId,
    (way, leaving): (Way, Leaving),
) -> AppResult<()> {
    let (user, provider) = actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    live_member(app.db.conn(), Some(provider), id).await?.require_not_owner()?;
    if user == id {
        return Err(self_change());
    }
    actor.require(Permission::RemoveTeamMember)?;
    let reason = checked(&leaving)?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let member = member_locked(txn, Some(provider), id, leaving.version).await?;
        member.require_not_owner()?;
        let to = hand_over(txn, app, actor, work, (&member, &leaving.handover, false)).await?;
        end(txn, app, actor, &member, (way, &reason, to)).await
    })
}

pub(crate) fn checked(leaving: &Leaving) -> AppResult<String> {
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", &leaving.reason);
    errors.check()?;
    Ok(reason)
}

/// Hands the open work over. Every kind with open work must be spoken for, unless `freely` leaves the rest without a
/// name. Answers the first taker.
pub(crate) async fn hand_over(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    work: &Work,
    (member, handings, freely): (&Member, &[Handing], bool),
) -> AppResult<Option<ProviderUserId>> {
    let provider = member.row.provider_id;
    let open = open_work(work, &txn.into(), provider, member.user.id).await?;
    let named = |kind: &str| handings.iter().find(|handing| handing.kind == kind);
    let missing: Vec<_> = open.iter().filter(|kind| named(kind.kind).is_none()).collect();
    if !missing.is_empty() && !freely {
        let refusal = AppError::conflict("work_outstanding", "Say first who takes over the open work.");
        return Err(refusal.with("work", missing));
    }
    let mut first = None;
    for source in work.sources().iter().filter(|source| open.iter().any(|kind| kind.kind == source.kind)) {
        let to = named(source.kind).and_then(|handing| handing.to);
        if let Some(to) = to {
            require_taker(txn, provider, (member.user.id, to), source.needs, source.kind).await?;
            first = first.or(Some(to));
        }
        let hand = HandOver { provider, from: member.user.id, to };
        (source.hand_over)(txn, app, actor, hand).await?;
    }
    Ok(first)
}

/// The taker is another active member of the clinic who may do such work.
async fn require_taker(
    txn: &Txn,
    provider: ProviderId,
    (from, to): (ProviderUserId, ProviderUserId),
    needs: Permission,
    kind: &str,
) -> AppResult<()> {
    let refuse = |code: &'static str, text: &str| AppError::field(format!("handover.{kind}"), code, text);
    let unknown = || refuse("taker_unknown", "Choose an active member of your team.");
    let taker = match live_member(txn, Some(provider), to).await {
        Ok(taker) if to != from && taker.row.status == Status::Active => taker,
        Ok(_) => return Err(unknown()),
        Err(error) if error.kind == kernel::ErrorKind::NotFound => return Err(unknown()),
        Err(error) => return Err(error),
    };
    let role = role_rows::Entity::find_by_id(taker.row.role_id).one(txn).await?.ok_or_else(unknown)?;
    let key = RoleKey { id: role.id, name: role.name, version: role.version, updated_at: role.updated_at };
    if permissions_of(txn, key).await?.contains(&needs) {
        return Ok(());
    }
    Err(refuse("taker_not_permitted", "This member's role does not allow that work."))
}

/// Ends the membership, for a time or for good.
pub(crate) async fn end(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    member: &Member,
    (way, reason, to): (Way, &str, Option<ProviderUserId>),
) -> AppResult<()> {
    use provider_team_members::Column;
    let (id, provider, now) = (member.user.id, member.row.provider_id, app.now());
    let mut update = provider_team_members::Entity::update_many()
        .col_expr(Column::WorkReassignedTo, Expr::value(to))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    let mut account = provider_users::Entity::update_many()
        .col_expr(provider_users::Column::Version, Expr::col(provider_users::Column::Version).add(1))
        .col_expr(provider_users::Column::UpdatedAt, Expr::value(now));
    let (action, word) = match way {
        Way::Suspend if member.row.status == Status::Suspended => return Ok(()),
        Way::Suspend => {
            update = update
                .col_expr(Column::Status, Expr::value(Status::Suspended))
                .col_expr(Column::SuspendedAt, Expr::value(now))
                .col_expr(Column::SuspensionReason, Expr::value(reason));
            account = account.col_expr(provider_users::Column::Status, Expr::value(ProviderUserStatus::Suspended));
            ("team.member_suspended", "suspended")
        }
        Way::Remove => {
            let (by_type, by_id) = match actor.kind {
                ActorKind::Admin(id) => (Some(ByType::User), Some(id.any())),
                ActorKind::Provider { user, .. } => (Some(ByType::ProviderUser), Some(user.any())),
                _ => (None, None),
            };
            update = update
                .col_expr(Column::Status, Expr::value(Status::Removed))
                .col_expr(Column::RemovedAt, Expr::value(now))
                .col_expr(Column::RemovalReason, Expr::value(reason))
                .col_expr(Column::RemovedByType, Expr::value(by_type))
                .col_expr(Column::RemovedById, Expr::value(by_id));
            account = account
                .col_expr(provider_users::Column::Status, Expr::value(ProviderUserStatus::Inactive))
                .col_expr(provider_users::Column::DeletedAt, Expr::value(now));
            ("team.member_removed", "removed")
        }
    };
    update.filter(Column::Id.eq(member.row.id)).exec(txn).await?;
    account.filter(provider_users::Column::Id.eq(id)).exec(txn).await?;
    let holder = Holder { guard: Guard::Provider, id: id.any() };
    match way {
        Way::Remove => revoke_all_and_tokens(txn, app, holder, word).await?,
        Way::Suspend => revoke_all(txn, app, holder, word).await?,
    };
    let entry = Entry::new(action)
        .subject("ProviderUser", id)
        .provider(provider)
        .change(Some(json!({ "status": member.row.status })), Some(json!({ "status": word, "work_to": to })))
        .reason(reason);
    audit::record(txn, app, actor, entry).await?;
    tell(txn, app, actor, member, word).await
}

/// Tells the member and the owner.
async fn tell(txn: &Txn, app: &App, actor: &Actor, member: &Member, word: &str) -> AppResult<()> {
    let event = Event::new("team.member_status_changed", "ProviderUser", member.user.id)
        .occurrence(member.row.version)
        .with("provider_id", member.row.provider_id)
        .with("provider_user_id", member.user.id)
        .with("status", word);
    outbox::emit(txn, app, actor, event).await
}

/// Lets a suspended member back in.
///
/// Errors: as [`leave`]; 409 `invalid_status` for a member who is not suspended.
pub async fn reactivate(app: &App, actor: &Actor, id: ProviderUserId) -> AppResult<()> {
    let (user, provider) = actor.provider()?;
    actor.require(Permission::ViewTeam)?;
    live_member(app.db.conn(), Some(provider), id).await?.require_not_owner()?;
    if user == id {
        return Err(self_change());
    }
    actor.require(Permission::RemoveTeamMember)?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let member = member_locked(txn, Some(provider), id, None).await?;
        let_back_in(txn, app, actor, &member).await
    })
}

pub(crate) async fn let_back_in(txn: &Txn, app: &App, actor: &Actor, member: &Member) -> AppResult<()> {
    use provider_team_members::Column;
    if member.row.status != Status::Suspended {
        return Err(AppError::conflict("invalid_status", "This member is not suspended."));
    }
    let (id, now) = (member.user.id, app.now());
    provider_team_members::Entity::update_many()
        .col_expr(Column::Status, Expr::value(Status::Active))
        .col_expr(Column::SuspendedAt, Expr::value(None::<kernel::Timestamp>))
        .col_expr(Column::SuspensionReason, Expr::value(None::<String>))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(member.row.id))
        .exec(txn)
        .await?;
    provider_users::Entity::update_many()
        .col_expr(provider_users::Column::Status, Expr::value(ProviderUserStatus::Active))
        .col_expr(provider_users::Column::UpdatedAt, Expr::value(now))
        .filter(provider_users::Column::Id.eq(id))
        .exec(txn)
        .await?;
    let entry = Entry::new("team.member_reactivated").subject("ProviderUser", id).provider(member.row.provider_id);
    audit::record(txn, app, actor, entry).await?;
    tell(txn, app, actor, member, "reactivated").await
}
