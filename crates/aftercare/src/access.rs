//! Who may come near an aftercare case. Everybody else finds nothing.

use kernel::ids::AfterCareId;
use kernel::{Actor, ActorKind, AppError, AppResult, Permission};
use platform::App;
use platform::db::Txn;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use crate::entity::after_cares;

/// On whose behalf a case is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Its patient.
    Patient,
    /// Its clinic.
    Clinic,
    /// Hairline's staff.
    Staff,
}

/// A case its reader may see: 404 for strangers, 403 for the right party without the right.
pub async fn readable(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    id: AfterCareId,
) -> AppResult<(after_cares::Model, Audience)> {
    if !actor.is_signed_in() && !matches!(actor.kind, ActorKind::System) {
        return Err(AppError::unauthenticated());
    }
    let case = after_cares::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let audience = audience(actor, &case)?;
    Ok((case, audience))
}

/// On whose behalf an actor reads a case: 404 for strangers, 403 for the right party without the right.
pub fn audience(actor: &Actor, case: &after_cares::Model) -> AppResult<Audience> {
    match actor.kind {
        ActorKind::Patient(patient) if patient == case.patient_id => Ok(Audience::Patient),
        ActorKind::Provider { provider, .. } if provider == case.provider_id => {
            actor.require(Permission::ViewAftercare)?;
            Ok(Audience::Clinic)
        }
        ActorKind::Admin(_) | ActorKind::System => {
            actor.require(Permission::ViewAftercare)?;
            Ok(Audience::Staff)
        }
        _ => Err(AppError::not_found()),
    }
}

/// The same for its medical part: Hairline's staff say first why they look (R-ID-63).
pub async fn medical(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    id: AfterCareId,
) -> AppResult<(after_cares::Model, Audience)> {
    let (case, audience) = readable(conn, actor, id).await?;
    match audience {
        Audience::Patient => {}
        Audience::Clinic => identity::phi::require_open_record(conn, actor, case.patient_id).await?,
        Audience::Staff => {
            actor.require(Permission::ViewPatientMedical)?;
            identity::phi::require_grant(conn, app, actor, case.patient_id).await?;
        }
    }
    Ok((case, audience))
}

/// A case of the patient who submits something, under lock; 409 when nothing is taken any more.
pub async fn lock_own(txn: &Txn, actor: &Actor, id: AfterCareId) -> AppResult<after_cares::Model> {
    let case = lock(txn, id).await?;
    check_own(actor, &case)?;
    Ok(case)
}

/// Whether the actor may submit something for this case now.
pub fn check_own(actor: &Actor, case: &after_cares::Model) -> AppResult<()> {
    let patient = actor.patient()?;
    if case.patient_id != patient {
        return Err(AppError::not_found());
    }
    actor.require(Permission::LogAftercare)?;
    match case.status {
        after_cares::AfterCareStatus::Active => Ok(()),
        after_cares::AfterCareStatus::Suspended if case.ended_at.is_none() => {
            Err(AppError::conflict("case_suspended", "Your aftercare is paused at the moment."))
        }
        _ => Err(AppError::conflict("case_closed", "This aftercare is over.")),
    }
}

/// Takes the row of a case for writing: the first lock of every write in this wing. 404 when there is none.
pub async fn lock(txn: &Txn, id: AfterCareId) -> AppResult<after_cares::Model> {
    after_cares::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}
