//! Justified access of Hairline's staff to a patient's medical data (R-ID-63).

use chrono::Duration;
use kernel::ids::{PatientId, PhiAccessGrantId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::phi_access_grants;
use platform::entity::phi_access_grants::PhiAccessGrantScope;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
    Set,
};

use crate::entity::patients as rows;
use crate::patients;
use crate::rules::fields;

/// How long a justification holds.
pub const GRANT_LIFETIME: Duration = Duration::minutes(30);

/// Records why this member of staff opens the patient's medical data; good for 30 minutes within this session.
///
/// Errors: 403 without `view_patient_medical`, for an erased patient without `view_patient_archive` (R-ID-69); 404 for an
/// unknown patient, 422 for a reason under 20 characters.
pub async fn grant(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    justification: &str,
) -> AppResult<phi_access_grants::Model> {
    let user = actor.admin()?;
    actor.require(Permission::ViewPatientMedical)?;
    let mut errors = FieldErrors::new();
    let justification = fields::reason(&mut errors, "justification", justification);
    let row = rows::Entity::find_by_id(patient).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    if row.deleted_at.is_some() {
        actor.require(Permission::ViewPatientArchive)?;
    }
    errors.check()?;
    let now = app.now();
    platform::write_txn!(app.db, |txn| {
        let row = phi_access_grants::ActiveModel {
            id: Set(PhiAccessGrantId::new()),
            user_id: Set(user),
            patient_id: Set(patient),
            session_id: Set(actor.session),
            scope: Set(PhiAccessGrantScope::Medical),
            justification: Set(justification.clone()),
            valid_until: Set(now + GRANT_LIFETIME),
            created_at: Set(now),
        }
        .insert(txn)
        .await?;
        let entry =
            Entry::new("phi.access_granted").subject("Patient", patient).patient(patient).reason(&justification);
        audit::record(txn, app, actor, entry).await?;
        Ok(row)
    })
}

/// Refuses Hairline's staff with 403 `justification_required` unless they justified this access in this session within
/// the last 30 minutes, and with 403 `forbidden` where the patient was erased and they lack `view_patient_archive`
/// (R-ID-69). Other actors pass: what they may see is decided elsewhere.
pub async fn require_grant(conn: &impl ConnectionTrait, app: &App, actor: &Actor, patient: PatientId) -> AppResult<()> {
    let ActorKind::Admin(user) = actor.kind else { return Ok(()) };
    let mut grants = phi_access_grants::Entity::find()
        .filter(phi_access_grants::Column::UserId.eq(user))
        .filter(phi_access_grants::Column::PatientId.eq(patient))
        .filter(phi_access_grants::Column::ValidUntil.gt(app.now()));
    grants = match actor.session {
        Some(session) => grants.filter(phi_access_grants::Column::SessionId.eq(session)),
        None => grants.filter(phi_access_grants::Column::SessionId.is_null()),
    };
    let is_kept_from = !actor.can(Permission::ViewPatientArchive);
    if is_kept_from {
        // Asked along, so that it costs no statement of its own: a reason given before the erasure does not outlive it.
        grants = grants.filter(phi_access_grants::Column::PatientId.not_in_subquery(erased()));
    }
    if grants.count(conn).await? > 0 {
        return Ok(());
    }
    if is_kept_from && is_archived(conn, patient).await? {
        actor.require(Permission::ViewPatientArchive)?;
    }
    Err(AppError::denied("justification_required", "Say first why you need this patient's medical data."))
}

/// Whether the patient's medical records are archived: since the erasure they are for those with `view_patient_archive`
/// alone, so no longer for the clinic (R-ID-69).
pub async fn is_archived(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<bool> {
    let erased = rows::Entity::find_by_id(patient).filter(patients::erased());
    Ok(erased.count(conn).await? > 0)
}

/// Refuses with 403 `record_archived` what a clinic may no longer read of an erased patient (R-ID-69), and with 403
/// `forbidden` staff who look through a clinic's eyes: their way to medical data is a reason of their own (R-ID-63).
pub async fn require_open_record(conn: &impl ConnectionTrait, actor: &Actor, patient: PatientId) -> AppResult<()> {
    if actor.impersonator.is_some() {
        return Err(AppError::forbidden());
    }
    if is_archived(conn, patient).await? {
        return Err(AppError::denied(
            "record_archived",
            "This patient was erased; the medical record is in the archive.",
        ));
    }
    Ok(())
}

/// Whether a clinic reads the medical part of its case: not of erased patients, and not through borrowed eyes.
pub async fn is_open_record(conn: &impl ConnectionTrait, actor: &Actor, patient: PatientId) -> AppResult<bool> {
    Ok(actor.impersonator.is_none() && !is_archived(conn, patient).await?)
}

/// Patients who were erased.
fn erased() -> SelectStatement {
    rows::Entity::find().select_only().column(rows::Column::Id).filter(patients::erased()).into_query()
}
