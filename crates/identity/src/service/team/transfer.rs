//! Another owner for a clinic (R-ID-51).

use kernel::ids::ProviderUserId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::entity::provider_team_members::{self, ProviderTeamMemberStatus as Status};
use crate::reauth::require_fresh;
use crate::roles::{self, RoleChange};
use crate::rules::fields;
use crate::rules::team::OWNER;
use crate::service::team::{live_member, member_locked};

/// Makes a member the owner; the owner until now stays as a manager. By super admins only, in one transaction.
///
/// Errors: 403 for anybody else, 403 `reauth_required`, 404, 409 `invalid_status` for a member who is suspended or has no
/// login, 409 `owner_protected` for the owner, 422 for a justification outside 20 to 500 characters.
pub async fn transfer(app: &App, actor: &Actor, id: ProviderUserId, justification: &str) -> AppResult<()> {
    actor.admin()?;
    // Top role only, never grantable: whoever holds it is a super admin.
    actor.require(Permission::ManageUser)?;
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "justification", justification);
    errors.check()?;
    require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let next = member_locked(txn, None, id, None).await?;
        next.require_not_owner()?;
        if next.row.status != Status::Active || !next.user.can_login {
            return Err(AppError::conflict("invalid_status", "Only an active member with a login can own the clinic."));
        }
        let provider = next.row.provider_id;
        let owner = provider_team_members::Entity::find()
            .filter(provider_team_members::Column::ProviderId.eq(provider))
            .filter(provider_team_members::Column::IsOwner.eq(true))
            .filter(provider_team_members::Column::RemovedAt.is_null())
            .one(txn)
            .await?;
        let before = match &owner {
            Some(row) => Some(live_member(txn, Some(provider), row.provider_user_id).await?),
            None => None,
        };
        // The old one first: the table allows one owner at a time.
        for (member, is_owner, role) in
            before.iter().map(|member| (member, false, "provider_manager")).chain(std::iter::once((&next, true, OWNER)))
        {
            use provider_team_members::Column;
            provider_team_members::Entity::update_many()
                .col_expr(Column::IsOwner, Expr::value(is_owner))
                .col_expr(Column::Version, Expr::col(Column::Version).add(1))
                .col_expr(Column::UpdatedAt, Expr::value(app.now()))
                .filter(Column::Id.eq(member.row.id))
                .exec(txn)
                .await?;
            let found = roles::find(txn, Guard::Provider, role).await?.ok_or_else(AppError::not_found)?;
            let (account, from) = (member.user.id.any(), app.now());
            let reason = Some(reason.as_str());
            let change = RoleChange { guard: Guard::Provider, account, role: found.id, from, reason };
            roles::change(txn, app, actor, change).await?;
            let event = Event::new("team.role_changed", "ProviderUser", member.user.id)
                .occurrence(member.row.version)
                .with("provider_id", provider)
                .with("provider_user_id", member.user.id)
                .with("old_role", &member.role)
                .with("role", role)
                .with("effective_from", from);
            outbox::emit(txn, app, actor, event).await?;
        }
        let old = before.map(|member| member.user.id);
        let entry = Entry::new("team.ownership_transferred")
            .subject("ProviderUser", id)
            .provider(provider)
            .change(Some(json!({ "owner": old })), Some(json!({ "owner": id })))
            .reason(&reason);
        audit::record(txn, app, actor, entry).await
    })
}
