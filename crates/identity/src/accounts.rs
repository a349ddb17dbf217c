//! The four kinds of accounts that sign in here, read alike.

use kernel::ids::{AffiliateId, AnyId, PatientId, ProviderId, ProviderUserId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, Guard};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::provider_users::ProviderUserStatus;
use crate::entity::{account_states, model_has_roles, patients, provider_users, roles, users};
use crate::guards::state_type;
use crate::password::UNUSABLE;
use crate::projection::{affiliate_credentials, affiliates, providers};
use crate::rules::login::{Membership, Standing};

/// An account with what a login must know of it.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub guard: Guard,
    pub id: AnyId,
    pub email: String,
    /// The other name to sign in with, where there is one.
    pub username: Option<String>,
    pub password: String,
    pub provider: Option<ProviderId>,
    pub role: String,
    pub standing: Standing,
    /// The next login gives nothing but the way to a new password.
    pub must_reset: bool,
}

impl Account {
    /// The account as an actor without rights: enough to be named in the audit log.
    pub fn actor(&self, origin: &Actor) -> Actor {
        let kind = match (self.guard, self.provider) {
            (Guard::Patient, _) => ActorKind::Patient(PatientId::from(self.id)),
            (Guard::Provider, Some(provider)) => ActorKind::Provider { user: ProviderUserId::from(self.id), provider },
            (Guard::Api, _) => ActorKind::Admin(UserId::from(self.id)),
            (Guard::Affiliate, _) => ActorKind::Affiliate(AffiliateId::from(self.id)),
            _ => ActorKind::Anonymous,
        };
        Actor::new(kind, Some(&self.role), Default::default()).from_origin(origin.origin.clone())
    }
}

/// The account with that e-mail or username on that guard, whatever its state. `None` also for rows that may never sign
/// in: a clinic's legal owner in `users`, a clinician without login.
pub(crate) async fn by_login(conn: &impl ConnectionTrait, guard: Guard, login: &str) -> AppResult<Option<Account>> {
    match guard {
        Guard::Patient => {
            let named =
                Condition::any().add(patients::Column::Email.eq(login)).add(patients::Column::Username.eq(login));
            let found = patients::Entity::find().filter(named).one(conn).await?;
            match found {
                Some(row) => of_patient(conn, row).await,
                None => Ok(None),
            }
        }
        Guard::Provider => {
            let found =
                provider_users::Entity::find().filter(provider_users::Column::Email.eq(login)).one(conn).await?;
            match found {
                Some(row) => of_member(conn, row).await,
                None => Ok(None),
            }
        }
        Guard::Api => {
            let named = Condition::any().add(users::Column::Email.eq(login)).add(users::Column::Username.eq(login));
            let found = users::Entity::find().filter(named).one(conn).await?;
            match found {
                Some(row) => of_user(conn, row).await,
                None => Ok(None),
            }
        }
        Guard::Affiliate => {
            let found = affiliates::Entity::find().filter(affiliates::Column::Email.eq(login)).one(conn).await?;
            match found {
                Some(row) => of_affiliate(conn, row).await.map(Some),
                None => Ok(None),
            }
        }
    }
}

/// The account with that address, and no username that looks like it.
pub(crate) async fn by_email(conn: &impl ConnectionTrait, guard: Guard, email: &str) -> AppResult<Option<Account>> {
    Ok(by_login(conn, guard, email).await?.filter(|account| account.email == email))
}

/// The account with that id.
pub(crate) async fn by_id(conn: &impl ConnectionTrait, guard: Guard, id: AnyId) -> AppResult<Account> {
    let found = match guard {
        Guard::Patient => match patients::Entity::find_by_id(PatientId::from(id)).one(conn).await? {
            Some(row) => of_patient(conn, row).await?,
            None => None,
        },
        Guard::Provider => match provider_users::Entity::find_by_id(ProviderUserId::from(id)).one(conn).await? {
            Some(row) => of_member(conn, row).await?,
            None => None,
        },
        Guard::Api => match users::Entity::find_by_id(UserId::from(id)).one(conn).await? {
            Some(row) => of_user(conn, row).await?,
            None => None,
        },
        Guard::Affiliate => match affiliates::Entity::find_by_id(AffiliateId::from(id)).one(conn).await? {
            Some(row) => Some(of_affiliate(conn, row).await?),
            None => None,
        },
    };
    found.ok_or_else(AppError::unauthenticated)
}

async fn of_patient(conn: &impl ConnectionTrait, row: patients::Model) -> AppResult<Option<Account>> {
    let state = state_of(conn, Guard::Patient, row.id.any()).await?;
    let role = role_of(conn, Guard::Patient, row.id.any()).await?;
    let must_reset = state.as_ref().is_some_and(|state| state.must_reset_password);
    Ok(Some(Account {
        guard: Guard::Patient,
        id: row.id.any(),
        email: row.email,
        username: Some(row.username),
        password: row.password,
        provider: None,
        role: role.unwrap_or_else(|| "patient".to_owned()),
        standing: Standing {
            verified: row.email_verified_at.is_some(),
            until: state.as_ref().and_then(|state| state.until),
            state: state.map(|state| state.state),
            membership: Membership::Fine,
        },
        must_reset,
    }))
}

async fn of_member(conn: &impl ConnectionTrait, row: provider_users::Model) -> AppResult<Option<Account>> {
    if !row.can_login {
        return Ok(None);
    }
    let Some(role) = role_of(conn, Guard::Provider, row.id.any()).await? else { return Ok(None) };
    let clinic = providers::Entity::find_by_id(row.provider_id).one(conn).await?;
    let membership = membership(&row, clinic.as_ref());
    Ok(Some(Account {
        guard: Guard::Provider,
        id: row.id.any(),
        email: row.email,
        username: None,
        password: row.password,
        provider: Some(row.provider_id),
        role,
        standing: Standing { verified: row.email_verified_at.is_some(), state: None, until: None, membership },
        must_reset: false,
    }))
}

fn membership(row: &provider_users::Model, clinic: Option<&providers::Model>) -> Membership {
    match row.status {
        _ if row.deleted_at.is_some() => Membership::Removed,
        ProviderUserStatus::Inactive => Membership::Removed,
        ProviderUserStatus::Suspended => Membership::Suspended,
        ProviderUserStatus::Active => match clinic {
            // Staff of a suspended clinic may come in and read.
            Some(clinic) if clinic.deleted_at.is_none() && clinic.status != "inactive" => Membership::Fine,
            _ => Membership::ClinicInactive,
        },
    }
}

async fn of_user(conn: &impl ConnectionTrait, row: users::Model) -> AppResult<Option<Account>> {
    let Some(role) = role_of(conn, Guard::Api, row.id.any()).await? else { return Ok(None) };
    let state = state_of(conn, Guard::Api, row.id.any()).await?;
    let must_reset = state.as_ref().is_some_and(|state| state.must_reset_password);
    Ok(Some(Account {
        guard: Guard::Api,
        id: row.id.any(),
        email: row.email,
        username: Some(row.username),
        password: row.password,
        provider: None,
        role,
        standing: Standing {
            verified: row.email_verified_at.is_some(),
            until: state.as_ref().and_then(|state| state.until),
            state: state.map(|state| state.state),
            membership: Membership::Fine,
        },
        must_reset,
    }))
}

/// An affiliate. One without a password was invited and never came: no password opens the account.
async fn of_affiliate(conn: &impl ConnectionTrait, row: affiliates::Model) -> AppResult<Account> {
    let state = state_of(conn, Guard::Affiliate, row.id.any()).await?;
    let credentials = affiliate_credentials::Entity::find()
        .filter(affiliate_credentials::Column::AffiliateId.eq(row.id))
        .one(conn)
        .await?;
    let membership = affiliation(&row.status, row.feature_flag_enabled, row.deleted_at.is_some());
    Ok(Account {
        guard: Guard::Affiliate,
        id: row.id.any(),
        email: row.email,
        username: None,
        password: credentials.and_then(|row| row.password).unwrap_or_else(|| UNUSABLE.to_owned()),
        provider: None,
        role: "affiliate".to_owned(),
        must_reset: state.as_ref().is_some_and(|state| state.must_reset_password),
        standing: Standing {
            // The invitation went to the address, and only its link sets a password.
            verified: true,
            until: state.as_ref().and_then(|state| state.until),
            state: state.map(|state| state.state),
            membership,
        },
    })
}

/// Whether an affiliate may come in. A suspended one and one who left may, to read.
pub(crate) fn affiliation(status: &str, is_open: bool, is_deleted: bool) -> Membership {
    match status {
        _ if is_deleted => Membership::Closed,
        "active" | "suspended" | "inactive" if is_open => Membership::Fine,
        "active" | "suspended" | "inactive" => Membership::PortalOff,
        _ => Membership::Closed,
    }
}

async fn state_of(conn: &impl ConnectionTrait, guard: Guard, id: AnyId) -> AppResult<Option<account_states::Model>> {
    let Some(kind) = state_type(guard) else { return Ok(None) };
    Ok(account_states::Entity::find()
        .filter(account_states::Column::ModelType.eq(kind))
        .filter(account_states::Column::ModelId.eq(id))
        .one(conn)
        .await?)
}

/// The name of the role in force for an account.
pub(crate) async fn role_of(conn: &impl ConnectionTrait, guard: Guard, id: AnyId) -> AppResult<Option<String>> {
    let found = model_has_roles::Entity::find()
        .find_also_related(roles::Entity)
        .filter(model_has_roles::Column::ModelId.eq(id))
        .filter(model_has_roles::Column::ModelType.eq(model_has_roles::ModelHasRoleModelType::from(guard)))
        .one(conn)
        .await?;
    Ok(found.and_then(|(_, role)| role).filter(|role| role.guard_name == guard.name()).map(|role| role.name))
}
