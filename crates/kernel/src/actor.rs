//! Who is asking.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::error::{AppError, AppResult};
use crate::ids::{AffiliateId, AnyId, AuthSessionId, OauthClientId, PatientId, ProviderId, ProviderUserId, UserId};
use crate::permission::Permission;

/// The realm an account lives in. A token of one guard is never valid on the routes of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// Hairline's staff (`users`).
    Api,
    /// Clinic staff (`provider_users`).
    Provider,
    /// Patients (`patients`).
    Patient,
    /// Affiliates (`affiliates`).
    Affiliate,
}

impl Guard {
    /// The word stored in `guard_name` and in tokens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Provider => "provider",
            Self::Patient => "patient",
            Self::Affiliate => "affiliate",
        }
    }

    /// The guard with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Api, Self::Provider, Self::Patient, Self::Affiliate].into_iter().find(|guard| guard.name() == name)
    }

    /// The class name stored in `model_type` and other polymorphic columns.
    pub fn model_type(self) -> &'static str {
        match self {
            Self::Api => "User",
            Self::Provider => "ProviderUser",
            Self::Patient => "Patient",
            Self::Affiliate => "Affiliate",
        }
    }
}

/// The account behind an [`Actor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// Nobody signed in.
    Anonymous,
    /// The program itself: schedules, event handlers, installation.
    System,
    /// A patient.
    Patient(PatientId),
    /// Clinic staff, always within one clinic.
    Provider {
        /// The member.
        user: ProviderUserId,
        /// The clinic; every query of this actor is limited to it (R-ID-45).
        provider: ProviderId,
    },
    /// Hairline's staff.
    Admin(UserId),
    /// An affiliate.
    Affiliate(AffiliateId),
}

/// The party a use case acts for: the account, its rights, and where the request came from.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account.
    pub kind: ActorKind,
    /// The role's name, for the audit log.
    pub role: Option<Arc<str>>,
    /// The session, when there is one.
    pub session: Option<AuthSessionId>,
    /// The member of Hairline's staff who looks through this account's eyes; may read only (R-ID-56).
    pub impersonator: Option<UserId>,
    /// What the account may do now.
    permissions: Arc<BTreeSet<Permission>>,
    /// What the token allows of that; `None` for the portals and first-party apps, which may do all of it.
    pub grant: Option<Arc<TokenGrant>>,
    /// Where the request came from.
    pub origin: Origin,
    /// How the account wants to read what it is shown.
    pub reads: Reads,
    /// Whether the account belongs to a clinic that is suspended: it reads, and changes nothing but what treatment needs.
    pub is_clinic_suspended: bool,
}

/// How an account reads what it is shown (R-CM-91, 96).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// The code of the language it chose.
    pub language: Option<String>,
    /// The time zone it chose.
    pub zone: Option<Tz>,
    /// The time zone of its clinic.
    pub house_zone: Option<Tz>,
}

/// The bounds of a token that was given to a program (R-ID-41).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// The OAuth client it was issued to; `None` for opaque personal tokens.
    pub client: Option<OauthClientId>,
    /// `read:quotes`, `write:messages`, ...
    pub scopes: BTreeSet<String>,
    /// Made by a person for scripts of their own.
    pub personal: bool,
}

/// Where a request came from, for audit rows and throttles.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Client address.
    pub ip: Option<String>,
    /// User agent, shortened.
    pub agent: Option<String>,
    /// Request id.
    pub request_id: Option<String>,
}

impl Actor {
    /// Nobody signed in.
    pub fn anonymous() -> Self {
        Self::new(ActorKind::Anonymous, None, BTreeSet::new())
    }

    /// The program itself. It passes every permission check.
    pub fn system() -> Self {
        Self::new(ActorKind::System, Some("system"), BTreeSet::new())
    }

    /// An account with its role and permissions.
    pub fn new(kind: ActorKind, role: Option<&str>, permissions: BTreeSet<Permission>) -> Self {
        Self {
            kind,
            role: role.map(Arc::from),
            session: None,
            impersonator: None,
            permissions: Arc::new(permissions),
            grant: None,
            origin: Origin::default(),
            reads: Reads::default(),
            is_clinic_suspended: false,
        }
    }

    /// The same actor, of a clinic that is or is not suspended.
    pub fn of_clinic(mut self, is_suspended: bool) -> Self {
        self.is_clinic_suspended = is_suspended;
        self
    }

    /// The same actor, reading like this.
    pub fn reading(mut self, reads: Reads) -> Self {
        self.reads = reads;
        self
    }

    /// The same actor within a session.
    pub fn in_session(mut self, session: AuthSessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// The same actor, asking with a token that allows less.
    pub fn limited_to(mut self, grant: TokenGrant) -> Self {
        self.grant = Some(Arc::new(grant));
        self
    }

    /// The same actor, with whom really sits there.
    pub fn seen_by(mut self, impersonator: UserId) -> Self {
        self.impersonator = Some(impersonator);
        self
    }

    /// The same actor without a right.
    pub fn without(mut self, permission: Permission) -> Self {
        let left = self.permissions.iter().copied().filter(|held| *held != permission).collect();
        self.permissions = Arc::new(left);
        self
    }

    /// The same actor, asking from there.
    pub fn from_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The guard of the account; `None` for nobody and for the system.
    pub fn guard(&self) -> Option<Guard> {
        match self.kind {
            ActorKind::Anonymous | ActorKind::System => None,
            ActorKind::Patient(_) => Some(Guard::Patient),
            ActorKind::Provider { .. } => Some(Guard::Provider),
            ActorKind::Admin(_) => Some(Guard::Api),
            ActorKind::Affiliate(_) => Some(Guard::Affiliate),
        }
    }

    /// Whether anybody is signed in.
    pub fn is_signed_in(&self) -> bool {
        self.guard().is_some()
    }

    /// Whether the actor holds the permission on its own guard.
    pub fn can(&self, permission: Permission) -> bool {
        matches!(self.kind, ActorKind::System) || self.permissions.contains(&permission)
    }

    /// Refuses with 401 when nobody is signed in and with 403 when the right is missing (R-ID-44).
    pub fn require(&self, permission: Permission) -> AppResult<()> {
        if self.can(permission) {
            return Ok(());
        }
        // A client that speaks for nobody is known, and signing in again would not help it.
        Err(if self.is_signed_in() || self.grant.is_some() {
            AppError::forbidden()
        } else {
            AppError::unauthenticated()
        })
    }

    /// The patient asking; 401 for nobody, 403 for any other account.
    pub fn patient(&self) -> AppResult<PatientId> {
        match self.kind {
            ActorKind::Patient(id) => Ok(id),
            ActorKind::Anonymous => Err(AppError::unauthenticated()),
            _ => Err(AppError::forbidden()),
        }
    }

    /// The clinic member asking and the clinic; 401 for nobody, 403 for any other account.
    pub fn provider(&self) -> AppResult<(ProviderUserId, ProviderId)> {
        match self.kind {
            ActorKind::Provider { user, provider } => Ok((user, provider)),
            ActorKind::Anonymous => Err(AppError::unauthenticated()),
            _ => Err(AppError::forbidden()),
        }
    }

    /// The staff member asking; 401 for nobody, 403 for any other account.
    pub fn admin(&self) -> AppResult<UserId> {
        match self.kind {
            ActorKind::Admin(id) => Ok(id),
            ActorKind::Anonymous => Err(AppError::unauthenticated()),
            _ => Err(AppError::forbidden()),
        }
    }

    /// The account as `*_type` and `*_id` columns name it: `("Patient", id)`; the system has no id.
    pub fn reference(&self) -> (&'static str, Option<AnyId>) {
        match self.kind {
            ActorKind::Anonymous => ("Anonymous", None),
            ActorKind::System => ("System", None),
            ActorKind::Patient(id) => ("Patient", Some(id.any())),
            ActorKind::Provider { user, .. } => ("ProviderUser", Some(user.any())),
            ActorKind::Admin(id) => ("User", Some(id.any())),
            ActorKind::Affiliate(id) => ("Affiliate", Some(id.any())),
        }
    }

    /// All rights of the account, for menus and `/me`.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> + '_ {
        self.permissions.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_missing_right_is_told_apart_from_a_missing_login() {
        let nobody = Actor::anonymous();
        assert_eq!(nobody.require(Permission::CreateQuote).unwrap_err().kind, ErrorKind::Unauthenticated);
        let patient = Actor::new(ActorKind::Patient(PatientId::new()), None, BTreeSet::new());
        assert_eq!(patient.require(Permission::CreateQuote).unwrap_err().kind, ErrorKind::Forbidden);
        let allowed = Actor::new(patient.kind, None, BTreeSet::from([Permission::AcceptQuote]));
        assert!(allowed.require(Permission::AcceptQuote).is_ok());
    }
}
