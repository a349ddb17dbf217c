//! Whoever was invited comes: looking at the invitation, then setting up the account (R-ID-54).

use chrono::{DateTime, Utc};
use kernel::ids::{ProviderTeamMemberId, ProviderUserId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, ErrorKind, FieldErrors, Guard, Secret};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::countries;
use platform::locale::Locale;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set, SqlErr};
use serde::Serialize;
use serde_json::json;

use super::mail::role_label;
use super::staff::require_free;
use super::store::{self, Invitation};
use crate::acceptances::accept_terms;
use crate::consents::Given;
use crate::digest::sha256;
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::entity::provider_users::ProviderUserStatus;
use crate::entity::{provider_team_members, provider_users, roles as role_rows, users};
use crate::projection::providers;
use crate::roles::{self, RoleChange};
use crate::rules::fields;
use crate::rules::team::Seats;
use crate::service::passwords;
use crate::service::team::clinicians::email_in_other_team;
use crate::service::team::{clinic_locked, live_member};
use crate::{admin, password};

/// An invitation as the invited person sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Welcome {
    /// Where the account will live: `provider` or `api`.
    pub guard: Guard,
    /// The clinic, or Hairline.
    #[schema(example = "Bosphorus Hair")]
    pub house: String,
    /// Role, as people read it.
    pub role: String,
    /// The address the account will have; it cannot be changed here.
    pub email: String,
    /// Prefill.
    pub first_name: String,
    /// Prefill.
    pub last_name: String,
    /// Whether a phone number must be given.
    pub phone_required: bool,
    /// When the invitation ends.
    pub expires_at: DateTime<Utc>,
}

/// What the invited person fills in.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E.164; required for clinics.
    pub phone_number: Option<String>,
    /// Password.
    pub password: Secret<String>,
    /// The same again.
    pub password_confirmation: Secret<String>,
    /// The tick under the terms.
    pub terms_accepted: bool,
    /// In which language they were shown, and where.
    pub given: Given,
}

/// What was made: the login to use now.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Joined {
    /// Where to sign in: `provider` or `api`.
    pub guard: Guard,
    /// The login.
    pub email: String,
}

async fn find(conn: &impl ConnectionTrait, token: &str) -> AppResult<Invitation> {
    let hash = sha256(token.trim());
    if let Some(found) = store::clinic::by_token(conn, &hash).await? {
        return Ok(found);
    }
    store::staff::by_token(conn, &hash).await?.ok_or_else(AppError::not_found)
}

/// Shows an invitation to whoever holds its token.
///
/// Errors: 404 for an unknown token, 409 `invitation_used`, 410 `invitation_expired` or `invitation_cancelled`.
pub async fn lookup(app: &App, token: &str, locale: Locale) -> AppResult<Welcome> {
    let conn = app.db.conn();
    let invitation = find(conn, token).await?;
    invitation.state.at(invitation.expires_at, app.now()).require_live()?;
    let role = role_rows::Entity::find_by_id(invitation.role_id).one(conn).await?;
    let house = match invitation.clinic {
        Some((provider, _)) => {
            let clinic = providers::Entity::find_by_id(provider).one(conn).await?;
            clinic.map(|clinic| clinic.provider_name).unwrap_or_default()
        }
        None => "Hairline".to_owned(),
    };
    let is_clinic = invitation.clinic.is_some();
    Ok(Welcome {
        guard: if is_clinic { Guard::Provider } else { Guard::Api },
        house,
        role: role.map(|role| role_label(locale, &role)).unwrap_or_default(),
        email: invitation.email,
        first_name: invitation.first_name,
        last_name: invitation.last_name,
        phone_required: is_clinic,
        expires_at: invitation.expires_at,
    })
}

struct Checked {
    first_name: String,
    last_name: String,
    phone: Option<String>,
    hash: String,
    given: Given,
}

async fn check(app: &App, form: &SetUp, phone_required: bool) -> AppResult<Checked> {
    let mut errors = FieldErrors::new();
    let first_name = fields::name(&mut errors, "first_name", &form.first_name);
    let last_name = fields::name(&mut errors, "last_name", &form.last_name);
    fields::password(&mut errors, form.password.expose(), form.password_confirmation.expose());
    if !form.terms_accepted {
        errors.add("terms_accepted", "terms_required", "Accept the terms and the privacy policy.");
    }
    let phone = match form.phone_number.as_deref().filter(|phone| !phone.trim().is_empty()) {
        Some(phone) => {
            let active =
                countries::Entity::find().filter(countries::Column::IsActive.eq(true)).all(app.db.conn()).await?;
            let codes: Vec<String> = active.into_iter().map(|country| country.calling_code).collect();
            Some(fields::phone(&mut errors, "phone_number", phone, &codes))
        }
        None => {
            if phone_required {
                errors.add("phone_number", "required", "This is required.");
            }
            None
        }
    };
    errors.check()?;
    Ok(Checked { first_name, last_name, phone, hash: password::hash(app, &form.password).await?, given: form.given })
}

/// Sets the account up. Nobody is signed in by it: the new login is used right after.
///
/// Errors: as [`lookup`]; 409 `email_in_other_team`, `already_member`, `seat_limit_reached`; 403 `provider_inactive`; 422
/// with all faulty fields, among them `phone_taken` within the clinic.
pub async fn accept(app: &App, origin: &Actor, token: &str, form: SetUp) -> AppResult<Joined> {
    let invitation = find(app.db.conn(), token).await?;
    invitation.state.at(invitation.expires_at, app.now()).require_live()?;
    let checked = check(app, &form, invitation.clinic.is_some()).await?;
    let hash = sha256(token.trim());
    let done = platform::write_txn!(app.db, |txn| {
        match invitation.clinic {
            Some((provider, _)) => join_clinic(txn, app, origin, (&invitation, &hash), provider, &checked).await,
            None => join_staff(txn, app, origin, (&invitation, &hash), &checked).await,
        }
    });
    match done {
        // Two clinics, one address, at once: the unique index decides.
        Err(error) if lost_race(&error) && invitation.clinic.is_some() => Err(email_in_other_team()),
        Err(error) if lost_race(&error) => {
            Err(AppError::conflict("already_member", "There is an account with this address."))
        }
        Err(error) => Err(error),
        Ok(()) => Ok(Joined {
            guard: if invitation.clinic.is_some() { Guard::Provider } else { Guard::Api },
            email: invitation.email,
        }),
    }
}

fn lost_race(error: &AppError) -> bool {
    error.db_error().is_some_and(|err| matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
}

/// The invitation as it stands now, under its lock, and only if the token still fits: a resend may have passed by.
fn require_same(found: Option<Invitation>, same_token: bool, app: &App) -> AppResult<Invitation> {
    let found = found.filter(|_| same_token).ok_or_else(AppError::not_found)?;
    found.state.at(found.expires_at, app.now()).require_live()?;
    Ok(found)
}

async fn join_clinic(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    (seen, hash): (&Invitation, &str),
    provider: kernel::ids::ProviderId,
    form: &Checked,
) -> AppResult<()> {
    let clinic = clinic_locked(txn, provider).await?;
    if clinic.deleted_at.is_some() || clinic.status == "inactive" {
        return Err(AppError::denied("provider_inactive", "This clinic is no longer with Hairline."));
    }
    let found = store::clinic::locked(txn, seen.id).await?;
    let same = store::clinic::by_token(txn, hash).await?.is_some_and(|row| row.id == seen.id);
    let invitation = require_same(found, same, app)?;
    let members = crate::service::team::members_with_seat(txn, provider).await?;
    Seats { limit: u64::try_from(clinic.seat_limit).unwrap_or(0), used: members }.require_one()?;
    require_free_phone(txn, provider, form.phone.as_deref()).await?;
    let (id, is_new) = account_for(txn, app, provider, &invitation, form).await?;
    let actor = Actor::new(ActorKind::Provider { user: id, provider }, None, Default::default())
        .from_origin(origin.origin.clone());
    let now = app.now();
    let role = role_rows::Entity::find_by_id(invitation.role_id).one(txn).await?.ok_or_else(AppError::not_found)?;
    if is_new {
        roles::assign(txn, app, &actor, Guard::Provider, &role.name, id.any()).await?;
    } else {
        let (account, from) = (id.any(), now);
        let change = RoleChange { guard: Guard::Provider, account, role: role.id, from, reason: None };
        roles::change(txn, app, &actor, change).await?;
    }
    enter_team(txn, app, (id, provider), &invitation).await?;
    passwords::remember(txn, app, Guard::Provider, id.any(), &form.hash).await?;
    accept_terms(txn, app, &actor, "provider", form.given).await?;
    if !store::clinic::accept(txn, invitation.id, id.any(), now).await? {
        return Err(AppError::conflict("invitation_used", "This invitation was used already."));
    }
    let entry = Entry::new("team.member_joined")
        .subject("ProviderUser", id)
        .provider(provider)
        .change(None, Some(json!({ "role": role.name, "invitation_id": invitation.id, "terms_accepted": true })));
    audit::record(txn, app, &actor, entry).await?;
    let event = Event::new("account.created", "ProviderUser", id).occurrence(invitation.id);
    outbox::emit(txn, app, &actor, event).await?;
    let event = Event::new("team.invitation_accepted", "ProviderStaffInvitation", invitation.id)
        .occurrence("accepted")
        .with("provider_id", provider)
        .with("invitation_id", invitation.id)
        .with("provider_user_id", invitation.invited_by)
        .with("member_id", id);
    outbox::emit(txn, app, &actor, event).await
}

/// A phone number belongs to one member of a clinic.
async fn require_free_phone(txn: &Txn, provider: kernel::ids::ProviderId, phone: Option<&str>) -> AppResult<()> {
    let Some(phone) = phone else { return Ok(()) };
    let taken = provider_users::Entity::find()
        .filter(provider_users::Column::ProviderId.eq(provider))
        .filter(provider_users::Column::PhoneNumber.eq(phone))
        .filter(provider_users::Column::DeletedAt.is_null())
        .count(txn)
        .await?;
    if taken == 0 {
        return Ok(());
    }
    Err(AppError::field("phone_number", "phone_taken", "A colleague has this number."))
}

/// The row that becomes the account: the clinician's own, the one of somebody who comes back, or a new one. The address
/// of somebody who left another clinic moves here; their old row keeps its history (section 4).
async fn account_for(
    txn: &Txn,
    app: &App,
    provider: kernel::ids::ProviderId,
    invitation: &Invitation,
    form: &Checked,
) -> AppResult<(ProviderUserId, bool)> {
    let known =
        provider_users::Entity::find().filter(provider_users::Column::Email.eq(&invitation.email)).one(txn).await?;
    let clinician = match invitation.clinic.and_then(|(_, clinician)| clinician) {
        Some(id) => match live_member(txn, Some(provider), id).await {
            Ok(member) if !member.user.can_login => Some(id),
            Ok(_) => return Err(AppError::conflict("has_login", "This member has a login already.")),
            Err(error) if error.kind == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    let target = match (known, clinician) {
        (Some(row), Some(id)) if row.id == id => Some(id),
        (Some(row), clinician) => match (row.deleted_at, row.provider_id == provider) {
            (None, true) => {
                return Err(AppError::conflict("already_member", "There is an account with this address."));
            }
            (None, false) => return Err(email_in_other_team()),
            (Some(_), true) if clinician.is_none() => Some(row.id),
            (Some(_), _) => {
                move_away(txn, app, row.id).await?;
                clinician
            }
        },
        (None, clinician) => clinician,
    };
    let now = app.now();
    let Some(id) = target else {
        let id = ProviderUserId::new();
        provider_users::ActiveModel {
            id: Set(id),
            provider_id: Set(provider),
            firstname: Set(form.first_name.clone()),
            lastname: Set(form.last_name.clone()),
            title: Set(None),
            email: Set(invitation.email.clone()),
            password: Set(form.hash.clone()),
            phone_number: Set(form.phone.clone()),
            profile_image: Set(None),
            status: Set(ProviderUserStatus::Active),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
            can_login: Set(true),
            email_verified_at: Set(Some(now)),
            version: Set(1),
        }
        .insert(txn)
        .await?;
        return Ok((id, true));
    };
    provider_users::Entity::update_many()
        .col_expr(provider_users::Column::Firstname, Expr::value(&form.first_name))
        .col_expr(provider_users::Column::Lastname, Expr::value(&form.last_name))
        .col_expr(provider_users::Column::Email, Expr::value(&invitation.email))
        .col_expr(provider_users::Column::Password, Expr::value(&form.hash))
        .col_expr(provider_users::Column::PhoneNumber, Expr::value(form.phone.clone()))
        .col_expr(provider_users::Column::Status, Expr::value(ProviderUserStatus::Active))
        .col_expr(provider_users::Column::DeletedAt, Expr::value(None::<kernel::Timestamp>))
        .col_expr(provider_users::Column::CanLogin, Expr::value(true))
        .col_expr(provider_users::Column::EmailVerifiedAt, Expr::value(now))
        .col_expr(provider_users::Column::Version, Expr::col(provider_users::Column::Version).add(1))
        .col_expr(provider_users::Column::UpdatedAt, Expr::value(now))
        .filter(provider_users::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok((id, false))
}

async fn move_away(txn: &Txn, app: &App, id: ProviderUserId) -> AppResult<()> {
    provider_users::Entity::update_many()
        .col_expr(provider_users::Column::Email, Expr::value(format!("moved+{id}@removed.invalid")))
        .col_expr(provider_users::Column::UpdatedAt, Expr::value(app.now()))
        .filter(provider_users::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// A membership of its own for every time somebody belongs to a team; a clinician keeps the running one.
async fn enter_team(
    txn: &Txn,
    app: &App,
    (id, provider): (ProviderUserId, kernel::ids::ProviderId),
    invitation: &Invitation,
) -> AppResult<()> {
    use provider_team_members::Column;
    let now = app.now();
    let origin = Some(kernel::ids::ProviderStaffInvitationId::from(invitation.id));
    let kept = provider_team_members::Entity::update_many()
        .col_expr(Column::InvitationId, Expr::value(origin))
        .col_expr(Column::RoleId, Expr::value(invitation.role_id))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::ProviderUserId.eq(id))
        .filter(Column::RemovedAt.is_null())
        .exec(txn)
        .await?;
    if kept.rows_affected > 0 {
        return Ok(());
    }
    let member = provider_team_members::ActiveModel {
        id: Set(ProviderTeamMemberId::new()),
        provider_id: Set(provider),
        provider_user_id: Set(id),
        role_id: Set(invitation.role_id),
        invitation_id: Set(origin),
        is_owner: Set(false),
        status: Set(ProviderTeamMemberStatus::Active),
        joined_at: Set(now),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    provider_team_members::Entity::insert(member).exec_without_returning(txn).await?;
    Ok(())
}

async fn join_staff(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    (seen, hash): (&Invitation, &str),
    form: &Checked,
) -> AppResult<()> {
    let found = store::staff::locked(txn, seen.id).await?;
    let same = store::staff::by_token(txn, hash).await?.is_some_and(|row| row.id == seen.id);
    let invitation = require_same(found, same, app)?;
    require_free(txn, &invitation.email).await?;
    let id = UserId::new();
    let names = (form.first_name.as_str(), form.last_name.as_str(), invitation.email.as_str());
    admin::insert_user(txn, app, id, names, &form.hash).await?;
    if let Some(phone) = &form.phone {
        users::Entity::update_many()
            .col_expr(users::Column::PhoneNumber, Expr::value(app.keys.seal(phone)))
            .filter(users::Column::Id.eq(id))
            .exec(txn)
            .await?;
    }
    let role = role_rows::Entity::find_by_id(invitation.role_id).one(txn).await?.ok_or_else(AppError::not_found)?;
    let actor = Actor::new(ActorKind::Admin(id), None, Default::default()).from_origin(origin.origin.clone());
    roles::assign(txn, app, &actor, Guard::Api, &role.name, id.any()).await?;
    passwords::remember(txn, app, Guard::Api, id.any(), &form.hash).await?;
    // No document is for Hairline's staff alone: theirs are those for all.
    accept_terms(txn, app, &actor, "all", form.given).await?;
    if !store::staff::accept(txn, invitation.id, id.any(), app.now()).await? {
        return Err(AppError::conflict("invitation_used", "This invitation was used already."));
    }
    let entry = Entry::new("staff.joined")
        .subject("User", id)
        .change(None, Some(json!({ "role": role.name, "invitation_id": invitation.id, "terms_accepted": true })));
    audit::record(txn, app, &actor, entry).await?;
    let event = Event::new("account.created", "User", id).occurrence(invitation.id);
    outbox::emit(txn, app, &actor, event).await?;
    let event = Event::new("admin.invitation_accepted", "User", id)
        .occurrence("accepted")
        .with("user_id", id)
        .with("invited_by", invitation.invited_by);
    outbox::emit(txn, app, &actor, event).await
}
