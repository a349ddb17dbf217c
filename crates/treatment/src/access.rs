//! Who may come near a case: its patient, its clinic, Hairline's staff. Everybody else finds nothing.

use inquiry::entity::inquiries;
use kernel::ids::{PatientId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, Permission};
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::{ConnectionTrait, EntityTrait};

/// On whose behalf a case is read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Its patient.
    Patient,
    /// Its clinic.
    Clinic,
    /// Hairline's staff.
    Staff,
}

/// The audience of an actor for a case of this clinic and patient: 404 for strangers, 403 for members of the right
/// clinic whose role lacks `permission`, and for staff without `staff_permission`.
pub fn audience(
    actor: &Actor,
    quote: &quotes::Model,
    patient: PatientId,
    permission: Permission,
    staff_permission: Permission,
) -> AppResult<Audience> {
    match actor.kind {
        ActorKind::Anonymous => Err(AppError::unauthenticated()),
        ActorKind::Patient(id) if id == patient => Ok(Audience::Patient),
        ActorKind::Provider { provider, .. } if provider == quote.provider_id => {
            actor.require(permission).map(|()| Audience::Clinic)
        }
        ActorKind::Admin(_) | ActorKind::System => actor.require(staff_permission).map(|()| Audience::Staff),
        _ => Err(AppError::not_found()),
    }
}

/// The same for those who treat and document: patients may look, not write.
pub fn writer(actor: &Actor, quote: &quotes::Model, patient: PatientId, permission: Permission) -> AppResult<Audience> {
    match audience(actor, quote, patient, permission, Permission::EditQuote)? {
        Audience::Patient => Err(AppError::forbidden()),
        other => Ok(other),
    }
}

/// A booking with its inquiry; 404 when there is none or it was never confirmed.
pub async fn booking(conn: &impl ConnectionTrait, id: QuoteId) -> AppResult<(quotes::Model, inquiries::Model)> {
    let found = quotes::Entity::find_by_id(id).find_also_related(inquiries::Entity).one(conn).await?;
    match found {
        Some((quote, Some(inquiry))) if is_booking(quote.status) => Ok((quote, inquiry)),
        _ => Err(AppError::not_found()),
    }
}

/// Whether a quote got as far as this wing's work.
pub fn is_booking(status: QuoteStatus) -> bool {
    BOOKINGS.contains(&status)
}

/// The states this wing works in.
pub const BOOKINGS: [QuoteStatus; 4] =
    [QuoteStatus::Confirmed, QuoteStatus::Inprogress, QuoteStatus::Aftercare, QuoteStatus::Completed];
