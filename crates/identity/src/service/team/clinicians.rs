//! Clinicians without a login: named on quotes and treatments, never signing in (R-ID-73).

use kernel::ids::{ProviderTeamMemberId, ProviderUserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;

use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::entity::provider_users::ProviderUserStatus;
use crate::entity::{provider_team_members, provider_users};
use crate::rules::fields;
use crate::rules::team::{CLINICAL, MOST_CLINICIANS};
use crate::service::team::{clinic_locked, member_locked};
use crate::{password, roles};

/// What is written about a clinician.
#[derive(Clone, Debug, Default)]
pub struct Clinician {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// `Dr.`, `Prof.`
    pub title: Option<String>,
    /// Address, if a later invitation should go there.
    pub email: Option<String>,
    /// Department.
    pub department: Option<String>,
}

struct Checked {
    first_name: String,
    last_name: String,
    title: Option<String>,
    email: Option<String>,
    department: Option<String>,
}

fn check(given: &Clinician) -> AppResult<Checked> {
    let mut errors = FieldErrors::new();
    let first_name = fields::name(&mut errors, "first_name", &given.first_name);
    let last_name = fields::name(&mut errors, "last_name", &given.last_name);
    let email = given.email.as_deref().filter(|email| !email.trim().is_empty());
    let email = email.map(|email| fields::email(&mut errors, "email", email));
    let title = line(&mut errors, "title", given.title.as_deref());
    let department = line(&mut errors, "department", given.department.as_deref());
    errors.check()?;
    Ok(Checked { first_name, last_name, title, email, department })
}

/// A short line of text that may be left out.
fn line(errors: &mut FieldErrors, field: &str, value: Option<&str>) -> Option<String> {
    let value = value.map(str::trim).filter(|value| !value.is_empty())?;
    if value.chars().count() > 50 {
        errors.add(field, "text_too_long", "At most 50 characters.");
    } else if value.chars().any(char::is_control) {
        errors.add(field, "control_characters", "On one line, please.");
    }
    Some(value.to_owned())
}

/// Adds a clinician who has no login. Takes no seat.
///
/// Errors: 403 without `invite_team_member`; 409 `clinician_limit_reached`, `already_member`, `email_in_other_team`; 422.
pub async fn create(app: &App, actor: &Actor, given: Clinician) -> AppResult<ProviderUserId> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    let checked = check(&given)?;
    let (id, now) = (ProviderUserId::new(), app.now());
    let made = platform::write_txn!(app.db, |txn| {
        clinic_locked(txn, provider).await?;
        let count = provider_users::Entity::find()
            .filter(provider_users::Column::ProviderId.eq(provider))
            .filter(provider_users::Column::CanLogin.eq(false))
            .filter(provider_users::Column::DeletedAt.is_null())
            .count(txn)
            .await?;
        if count >= MOST_CLINICIANS as u64 {
            return Err(AppError::conflict("clinician_limit_reached", "The clinic has as many clinicians as it can."));
        }
        let email = match &checked.email {
            Some(email) => {
                require_free(txn, email, None).await?;
                email.clone()
            }
            None => format!("nologin+{id}@staff.invalid"),
        };
        provider_users::ActiveModel {
            id: Set(id),
            provider_id: Set(provider),
            firstname: Set(checked.first_name.clone()),
            lastname: Set(checked.last_name.clone()),
            title: Set(checked.title.clone()),
            email: Set(email),
            password: Set(password::UNUSABLE.to_owned()),
            phone_number: Set(None),
            profile_image: Set(None),
            status: Set(ProviderUserStatus::Active),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
            can_login: Set(false),
            email_verified_at: Set(None),
            version: Set(1),
        }
        .insert(txn)
        .await?;
        let role = roles::assign(txn, app, actor, Guard::Provider, CLINICAL, id.any()).await?;
        let member = provider_team_members::ActiveModel {
            id: Set(ProviderTeamMemberId::new()),
            provider_id: Set(provider),
            provider_user_id: Set(id),
            role_id: Set(role.id),
            is_owner: Set(false),
            department: Set(checked.department.clone()),
            status: Set(ProviderTeamMemberStatus::Active),
            joined_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        provider_team_members::Entity::insert(member).exec_without_returning(txn).await?;
        let entry = Entry::new("team.clinician_added").subject("ProviderUser", id).provider(provider);
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    });
    made.map_err(taken)
}

/// The unique index decides a race for an address.
fn taken(error: AppError) -> AppError {
    let is_unique = error
        .db_error()
        .is_some_and(|err| matches!(err.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))));
    if is_unique { email_in_other_team() } else { error }
}

/// 409 `email_in_other_team`.
pub(crate) fn email_in_other_team() -> AppError {
    AppError::conflict("email_in_other_team", "This address belongs to another clinic's team.").on_field("email")
}

/// Refuses an address that any account of a clinic has: it is unique over all clinics, those removed included.
async fn require_free(conn: &impl ConnectionTrait, email: &str, but: Option<ProviderUserId>) -> AppResult<()> {
    let found = provider_users::Entity::find().filter(provider_users::Column::Email.eq(email)).one(conn).await?;
    match found {
        Some(row) if Some(row.id) != but => {
            Err(AppError::conflict("already_member", "There is an account with this address.").on_field("email"))
        }
        _ => Ok(()),
    }
}

/// Changes what is written about a clinician without login.
///
/// Errors: as [`create`]; 404; 409 `has_login` for a member who edits their own profile, `stale_version`.
pub async fn edit(
    app: &App,
    actor: &Actor,
    id: ProviderUserId,
    (given, version): (Clinician, Option<i32>),
) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::InviteTeamMember)?;
    let checked = check(&given)?;
    let done = platform::write_txn!(app.db, |txn| {
        let member = member_locked(txn, Some(provider), id, version).await?;
        if member.user.can_login {
            return Err(AppError::conflict("has_login", "This member has a login and keeps their own profile."));
        }
        let email = match &checked.email {
            Some(email) => {
                require_free(txn, email, Some(id)).await?;
                email.clone()
            }
            None => format!("nologin+{id}@staff.invalid"),
        };
        let now = app.now();
        provider_users::Entity::update_many()
            .col_expr(provider_users::Column::Firstname, Expr::value(&checked.first_name))
            .col_expr(provider_users::Column::Lastname, Expr::value(&checked.last_name))
            .col_expr(provider_users::Column::Title, Expr::value(checked.title.clone()))
            .col_expr(provider_users::Column::Email, Expr::value(email))
            .col_expr(provider_users::Column::UpdatedAt, Expr::value(now))
            .filter(provider_users::Column::Id.eq(id))
            .exec(txn)
            .await?;
        provider_team_members::Entity::update_many()
            .col_expr(provider_team_members::Column::Department, Expr::value(checked.department.clone()))
            .col_expr(provider_team_members::Column::Version, Expr::col(provider_team_members::Column::Version).add(1))
            .col_expr(provider_team_members::Column::UpdatedAt, Expr::value(now))
            .filter(provider_team_members::Column::Id.eq(member.row.id))
            .exec(txn)
            .await?;
        let (before, after) = (json!({ "name": member.name() }), json!({ "title": checked.title }));
        let entry = Entry::new("team.clinician_edited").subject("ProviderUser", id).provider(provider);
        audit::record(txn, app, actor, entry.change(Some(before), Some(after))).await
    });
    done.map_err(taken)
}
