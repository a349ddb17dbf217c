//! Reading members, with the locks that changes need.

use kernel::ids::{ProviderId, ProviderUserId};
use kernel::{AppError, AppResult, Timestamp};
use platform::db::Txn;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::entity::provider_staff_invitations::{self as invitations, ProviderStaffInvitationStatus as Status};
use crate::entity::{provider_team_members, provider_users, roles};
use crate::projection::providers;
use crate::rules::team::Seats;

/// A member of a team with the account behind it.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub row: provider_team_members::Model,
    pub user: provider_users::Model,
    pub role: String,
}

impl Member {
    /// Refuses with 409 `owner_protected` when it is the owner (R-ID-51).
    pub fn require_not_owner(&self) -> AppResult<()> {
        if !self.row.is_owner {
            return Ok(());
        }
        Err(AppError::conflict("owner_protected", "The clinic's owner can only be changed by Hairline."))
    }

    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.user.firstname, self.user.lastname)
    }
}

/// The clinic, locked: whoever counts its seats or changes its team waits here.
pub(crate) async fn clinic_locked(txn: &Txn, id: ProviderId) -> AppResult<providers::Model> {
    let found = providers::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
    found.ok_or_else(AppError::not_found)
}

/// The member of that clinic who was not removed; 404 for anybody else (R-ID-45).
pub(crate) async fn live_member(
    conn: &impl ConnectionTrait,
    provider: Option<ProviderId>,
    id: ProviderUserId,
) -> AppResult<Member> {
    let mut select = provider_team_members::Entity::find()
        .find_also_related(roles::Entity)
        .filter(provider_team_members::Column::ProviderUserId.eq(id))
        .filter(provider_team_members::Column::RemovedAt.is_null());
    if let Some(provider) = provider {
        select = select.filter(provider_team_members::Column::ProviderId.eq(provider));
    }
    let Some((row, Some(role))) = select.one(conn).await? else { return Err(AppError::not_found()) };
    let user = provider_users::Entity::find_by_id(id).one(conn).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(AppError::not_found)?;
    Ok(Member { row, user, role: role.name })
}

/// The same, with clinic and member locked and the version the asker saw compared.
pub(crate) async fn member_locked(
    txn: &Txn,
    provider: Option<ProviderId>,
    id: ProviderUserId,
    version: Option<i32>,
) -> AppResult<Member> {
    let seen = live_member(txn, provider, id).await?;
    clinic_locked(txn, seen.row.provider_id).await?;
    provider_team_members::Entity::find_by_id(seen.row.id).lock_exclusive().one(txn).await?;
    // Read again: it may have changed while the clinic was somebody else's.
    let member = live_member(txn, provider, id).await?;
    if version.is_some_and(|version| version != member.row.version) {
        return Err(AppError::stale_version().with("current_version", member.row.version));
    }
    Ok(member)
}

/// The seats of a clinic: members who can sign in, the owner included, and running invitations (R-ID-53).
pub(crate) async fn seats(conn: &impl ConnectionTrait, clinic: &providers::Model, now: Timestamp) -> AppResult<Seats> {
    let members = members_with_seat(conn, clinic.id).await?;
    seats_of(conn, clinic, members, now).await
}

/// The same for whoever counted the members already.
pub(crate) async fn seats_of(
    conn: &impl ConnectionTrait,
    clinic: &providers::Model,
    members: u64,
    now: Timestamp,
) -> AppResult<Seats> {
    let invited = invitations::Entity::find()
        .filter(invitations::Column::ProviderId.eq(clinic.id))
        .filter(invitations::Column::Status.is_in([Status::PendingSend, Status::Pending]))
        .filter(invitations::Column::ExpiresAt.gt(now))
        .count(conn)
        .await?;
    Ok(Seats { limit: u64::try_from(clinic.seat_limit).unwrap_or(0), used: members + invited })
}

/// Members who take a seat.
pub(crate) async fn members_with_seat(conn: &impl ConnectionTrait, clinic: kernel::ids::ProviderId) -> AppResult<u64> {
    Ok(provider_team_members::Entity::find()
        .inner_join(provider_users::Entity)
        .filter(provider_team_members::Column::ProviderId.eq(clinic))
        .filter(provider_team_members::Column::RemovedAt.is_null())
        .filter(provider_users::Column::CanLogin.eq(true))
        .count(conn)
        .await?)
}
