//! Who may look at the money of a booking; a foreign id is a 404.

use inquiry::entity::inquiries;
use kernel::ids::{PatientId, ProviderId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, Permission};
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Through whose eyes a booking is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The patient's own booking.
    Patient(PatientId),
    /// The clinic's; `amounts` tells whether more than paid or unpaid may be shown (spec 6).
    Clinic {
        /// Which clinic.
        provider: ProviderId,
        /// Owner, manager, billing.
        amounts: bool,
    },
    /// Hairline's staff.
    Staff,
}

/// The audience of an actor, or 401 or 403.
pub fn audience(actor: &Actor) -> AppResult<Audience> {
    match actor.kind {
        ActorKind::Patient(id) => Ok(Audience::Patient(id)),
        ActorKind::Provider { provider, .. } => {
            if !actor.can(Permission::ViewQuote) {
                actor.require(Permission::ViewAppointment)?;
            }
            Ok(Audience::Clinic { provider, amounts: actor.can(Permission::ViewFinancialDashboard) })
        }
        ActorKind::Admin(_) => {
            if !actor.can(Permission::ViewTransaction) && !actor.can(Permission::ViewFinancialReport) {
                actor.require(Permission::ViewPatientBilling)?;
            }
            Ok(Audience::Staff)
        }
        ActorKind::System => Ok(Audience::Staff),
        ActorKind::Anonymous => Err(AppError::unauthenticated()),
        ActorKind::Affiliate(_) => Err(AppError::forbidden()),
    }
}

/// A quote with its inquiry when the audience may see it; else 404.
pub async fn visible(
    conn: &impl ConnectionTrait,
    audience: Audience,
    quote: QuoteId,
) -> AppResult<(quotes::Model, inquiries::Model)> {
    let mut found = quotes::Entity::find_by_id(quote).find_also_related(inquiries::Entity);
    match audience {
        Audience::Patient(patient) => found = found.filter(inquiries::Column::PatientId.eq(patient)),
        Audience::Clinic { provider, .. } => found = found.filter(quotes::Column::ProviderId.eq(provider)),
        Audience::Staff => {}
    }
    match found.one(conn).await? {
        Some((quote, Some(inquiry))) => Ok((quote, inquiry)),
        _ => Err(AppError::not_found()),
    }
}
