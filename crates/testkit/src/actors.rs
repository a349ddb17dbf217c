//! Actors with the rights their roles have after installation.

use std::collections::BTreeSet;

use kernel::actor::{Actor, ActorKind, Guard};
use kernel::ids::{AffiliateId, PatientId, ProviderId, ProviderUserId, UserId};
use kernel::permission::{SYSTEM_ROLES, defaults_of};

fn with_role(kind: ActorKind, guard: Guard, role: &str) -> Actor {
    let known = SYSTEM_ROLES.iter().find(|known| known.guard == guard && known.name == role);
    let permissions: BTreeSet<_> = known.map(defaults_of).into_iter().flatten().collect();
    Actor::new(kind, Some(role), permissions)
}

/// A patient with all twelve permissions.
pub fn patient(id: PatientId) -> Actor {
    with_role(ActorKind::Patient(id), Guard::Patient, "patient")
}

/// The owner of a clinic.
pub fn clinic_owner(user: ProviderUserId, provider: ProviderId) -> Actor {
    with_role(ActorKind::Provider { user, provider }, Guard::Provider, "provider_owner")
}

/// A manager of a clinic.
pub fn clinic_manager(user: ProviderUserId, provider: ProviderId) -> Actor {
    with_role(ActorKind::Provider { user, provider }, Guard::Provider, "provider_manager")
}

/// Clinical staff of a clinic.
pub fn clinic_clinical(user: ProviderUserId, provider: ProviderId) -> Actor {
    with_role(ActorKind::Provider { user, provider }, Guard::Provider, "provider_clinical")
}

/// Billing staff of a clinic.
pub fn clinic_billing(user: ProviderUserId, provider: ProviderId) -> Actor {
    with_role(ActorKind::Provider { user, provider }, Guard::Provider, "provider_billing")
}

/// A super admin.
pub fn super_admin(id: UserId) -> Actor {
    staff(id, "super_admin")
}

/// Hairline staff of any role: `admin`, `aftercare_specialist`, `billing_staff`, `support_staff`.
pub fn staff(id: UserId, role: &str) -> Actor {
    with_role(ActorKind::Admin(id), Guard::Api, role)
}

/// An affiliate.
pub fn affiliate(id: AffiliateId) -> Actor {
    with_role(ActorKind::Affiliate(id), Guard::Affiliate, "affiliate")
}
