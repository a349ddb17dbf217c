//! A clinic invites colleagues.

use kernel::ids::{ProviderId, ProviderStaffInvitationId, ProviderUserId};
use kernel::{Actor, AppError, AppResult, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::locale::Locale;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;

use super::{InvitationView, Invite, already_invited, check, lifetime, lost_race, mail, store};
use crate::digest::sha256;
use crate::entity::provider_staff_invitations::{self as rows, ProviderStaffInvitationStatus as Status};
use crate::entity::{provider_users, roles as role_rows};
use crate::rules::codes::SendLimits;
use crate::rules::team::{InvitationState, SENDS_PER_HOUR};
use crate::service::codes;
use crate::service::team::change::given_role;
use crate::service::team::clinicians::email_in_other_team;
use crate::service::team::{clinic_locked, live_member, seats};

/// Invites somebody into the asker's team. The mail is queued.
///
/// Errors: 403 without `invite_team_member`; 409 `owner_protected` for the owner's role, `seat_limit_reached`,
/// `email_in_other_team`, `already_member`, `already_invited`, `has_login`; 429 `invitations_too_often` after ten sends
/// within an hour; 404 for a clinician of another clinic; 422.
pub async fn invite(app: &App, actor: &Actor, invite: Invite, locale: Locale) -> AppResult<ProviderStaffInvitationId> {
    let (user, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    let role = given_role(app.db.conn(), &invite.role).await?;
    let checked = check(&invite)?;
    let expires_at = app.now() + lifetime(app).await?;
    // Nobody ever holds this one: the token of the mail is made when the mail is.
    let (id, nobody) = (ProviderStaffInvitationId::new(), sha256(&app.random.token()));
    let made = platform::write_txn!(app.db, |txn| {
        let clinic = clinic_locked(txn, provider).await?;
        let now = app.now();
        require_invitable(txn, provider, &checked.email, invite.for_provider_user_id).await?;
        // What ended but was not swept yet must not stand in the way of the unique index.
        store::clinic::expire(txn, now).await?;
        let running = rows::Entity::find()
            .filter(rows::Column::ProviderId.eq(provider))
            .filter(rows::Column::Email.eq(&checked.email))
            .filter(rows::Column::Status.is_in([Status::PendingSend, Status::Pending]));
        if running.count(txn).await? > 0 {
            return Err(already_invited());
        }
        seats(txn, &clinic, now).await?.require_one()?;
        claim_send(txn, app, provider).await?;
        rows::ActiveModel {
            id: Set(id),
            provider_id: Set(provider),
            email: Set(checked.email.clone()),
            first_name: Set(checked.first_name.clone()),
            last_name: Set(checked.last_name.clone()),
            role_id: Set(role.id),
            for_provider_user_id: Set(invite.for_provider_user_id),
            personal_message: Set(checked.message.clone()),
            token_hash: Set(nobody.clone()),
            status: Set(Status::PendingSend),
            expires_at: Set(expires_at),
            invited_by: Set(user),
            accepted_by: Set(None),
            accepted_at: Set(None),
            cancelled_at: Set(None),
            send_attempts: Set(0),
            last_sent_at: Set(None),
            resend_count: Set(0),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        mail::enqueue(txn, app, mail::Which::Clinic, id.any(), locale).await?;
        let entry = Entry::new("team.member_invited")
            .subject("ProviderStaffInvitation", id)
            .provider(provider)
            .change(None, Some(json!({ "role": role.name })));
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    });
    made.map_err(lost_race)
}

/// The address is free, or of a clinician of this clinic who is given an account, or of somebody who left.
async fn require_invitable(
    txn: &Txn,
    provider: ProviderId,
    email: &str,
    clinician: Option<ProviderUserId>,
) -> AppResult<()> {
    if let Some(clinician) = clinician {
        let member = live_member(txn, Some(provider), clinician).await?;
        if member.user.can_login {
            return Err(AppError::conflict("has_login", "This member has a login already."));
        }
    }
    let known = provider_users::Entity::find()
        .filter(provider_users::Column::Email.eq(email))
        .filter(provider_users::Column::DeletedAt.is_null())
        .one(txn)
        .await?;
    match known {
        Some(row) if row.provider_id != provider => Err(email_in_other_team()),
        Some(row) if Some(row.id) != clinician => {
            Err(AppError::conflict("already_member", "Somebody with this address is in your team.").on_field("email"))
        }
        _ => Ok(()),
    }
}

/// Counts a send of the clinic, or refuses it (R-ID-52).
async fn claim_send(txn: &Txn, app: &App, provider: ProviderId) -> AppResult<()> {
    let limits = SendLimits { pause_seconds: 0, per_hour: SENDS_PER_HOUR };
    codes::claim_send(txn, app, "team_invitation", &provider.to_string(), limits).await.map_err(|error| {
        if error.code != "code_too_often" {
            return error;
        }
        let detail = "Ten invitations were sent within the last hour. Wait a little.";
        AppError::too_many("invitations_too_often", detail, error.retry_after.unwrap_or(60))
    })
}

/// The invitations of the asker's clinic, newest first; `live` leaves out those that are over.
///
/// Errors: 403 without `invite_team_member`.
pub async fn list(app: &App, actor: &Actor, live: bool, page: PageQuery) -> AppResult<Page<InvitationView>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    let which = Condition::all().add(rows::Column::ProviderId.eq(provider));
    store::clinic::page(app.db.conn(), which, live, page, app.now()).await
}

/// One invitation of the asker's clinic.
pub async fn show(app: &App, actor: &Actor, id: ProviderStaffInvitationId) -> AppResult<InvitationView> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    let found = rows::Entity::find_by_id(id).find_also_related(role_rows::Entity).one(app.db.conn()).await?;
    let found = found.filter(|(row, _)| row.provider_id == provider);
    let (row, role) = found.ok_or_else(AppError::not_found)?;
    Ok(InvitationView::of(row.into(), role.map(|role| role.name).unwrap_or_default(), app.now()))
}

/// Sends an invitation once more: a new token and a new end; the old link is dead.
///
/// Errors: 403, 404, 409 `invitation_used`, 410 `invitation_cancelled`, 409 `seat_limit_reached` when the seat was given
/// away meanwhile, 429 `invitations_too_often`.
pub async fn resend(app: &App, actor: &Actor, id: ProviderStaffInvitationId, locale: Locale) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    require_own(app, provider, id).await?;
    let (expires_at, nobody) = (app.now() + lifetime(app).await?, sha256(&app.random.token()));
    let done = platform::write_txn!(app.db, |txn| {
        let clinic = clinic_locked(txn, provider).await?;
        let now = app.now();
        let invitation = store::clinic::locked(txn, id.any()).await?.ok_or_else(AppError::not_found)?;
        if !invitation.state.may_resend() {
            invitation.state.require_live()?;
        }
        let clinician = invitation.clinic.and_then(|(_, clinician)| clinician);
        require_invitable(txn, provider, &invitation.email, clinician).await?;
        if !invitation.state.at(invitation.expires_at, now).is_live() {
            seats(txn, &clinic, now).await?.require_one()?;
        }
        claim_send(txn, app, provider).await?;
        store::clinic::send_again(txn, id.any(), (&nobody, expires_at, now)).await?;
        mail::enqueue(txn, app, mail::Which::Clinic, id.any(), locale).await?;
        let entry = Entry::new("team.invitation_resent").subject("ProviderStaffInvitation", id).provider(provider);
        audit::record(txn, app, actor, entry).await
    });
    done.map_err(lost_race)
}

async fn require_own(app: &App, provider: ProviderId, id: ProviderStaffInvitationId) -> AppResult<()> {
    let invitation = store::clinic::by_id(app.db.conn(), id.any()).await?;
    let own = invitation.is_some_and(|found| found.clinic.is_some_and(|(clinic, _)| clinic == provider));
    if own { Ok(()) } else { Err(AppError::not_found()) }
}

/// Takes an invitation back; its seat is free at once. Taking it back twice changes nothing.
///
/// Errors: 403, 404, 409 `invitation_used`, 410 `invitation_expired`.
pub async fn cancel(app: &App, actor: &Actor, id: ProviderStaffInvitationId) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    require_own(app, provider, id).await?;
    platform::write_txn!(app.db, |txn| {
        clinic_locked(txn, provider).await?;
        let invitation = store::clinic::locked(txn, id.any()).await?.ok_or_else(AppError::not_found)?;
        if invitation.state == InvitationState::Cancelled {
            return Ok(());
        }
        invitation.state.require_live()?;
        store::clinic::cancel(txn, id.any(), app.now()).await?;
        let entry = Entry::new("team.invitation_cancelled").subject("ProviderStaffInvitation", id).provider(provider);
        audit::record(txn, app, actor, entry).await
    })
}
