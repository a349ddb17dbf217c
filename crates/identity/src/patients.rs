//! Patients for the wings above: loading one, and who may file an inquiry.

use kernel::ids::PatientId;
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::account_states::AccountState;
use crate::entity::{account_states, patients};
use crate::rules::fields::is_of_age;

/// The patient's row; 404 when absent or closed.
///
/// Never hand it to a clinic: [`crate::anonymity::mask`] makes what a clinic may read.
pub async fn load(conn: &impl ConnectionTrait, id: PatientId) -> AppResult<patients::Model> {
    patients::Entity::find_by_id(id)
        .filter(patients::Column::DeletedAt.is_null())
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// Where the addresses end that erased patients are left with.
const ERASED: &str = "@anonymized.invalid";

/// Whether nothing tells any more who this was. A closed account is not erased: it keeps its rows and can come back.
pub fn is_erased(row: &patients::Model) -> bool {
    tells_of_erased(row.deleted_at, &row.email)
}

/// The same from the two columns that say it.
pub(crate) fn tells_of_erased(deleted_at: Option<Timestamp>, email: &str) -> bool {
    deleted_at.is_some() && email.ends_with(ERASED)
}

/// The same as a condition on `patients`.
pub fn erased() -> Condition {
    Condition::all().add(patients::Column::DeletedAt.is_not_null()).add(patients::Column::Email.ends_with(ERASED))
}

/// Accounts that were closed and can come back, as a condition on `patients`.
pub fn closed() -> Condition {
    Condition::all().add(patients::Column::DeletedAt.is_not_null()).add(patients::Column::Email.ends_with(ERASED).not())
}

/// The account state of a patient; rows of an old installation without one count as active once verified.
pub async fn state(conn: &impl ConnectionTrait, id: PatientId) -> AppResult<Option<account_states::Model>> {
    Ok(account_states::Entity::find()
        .filter(account_states::Column::ModelType.eq(account_states::AccountStateModelType::Patient))
        .filter(account_states::Column::ModelId.eq(id.any()))
        .one(conn)
        .await?)
}

/// Whether the profile holds everything an inquiry needs (R-ID-02).
pub fn is_complete(patient: &patients::Model) -> bool {
    patient.gender.is_some()
        && patient.birthday.is_some()
        && patient.phone_number.is_some()
        && patient.country_code.is_some()
}

/// The patient, when allowed to file an inquiry: active, verified, 18 to 100 years old, with a complete profile.
///
/// Errors: 404; 403 `patient_not_eligible` (R-IQ-01); 403 `profile_incomplete` (R-ID-02).
pub async fn require_eligible(conn: &impl ConnectionTrait, app: &App, id: PatientId) -> AppResult<patients::Model> {
    let patient = load(conn, id).await?;
    let active = state(conn, id).await?.is_none_or(|row| {
        row.state == AccountState::Active
            || (row.state == AccountState::Suspended && row.until.is_some_and(|until| until <= app.now()))
    });
    let not_eligible = || AppError::denied("patient_not_eligible", "This account cannot ask for quotes.");
    if !active || patient.email_verified_at.is_none() {
        return Err(not_eligible());
    }
    if !is_complete(&patient) {
        return Err(AppError::denied("profile_incomplete", "Complete your profile first."));
    }
    if !patient.birthday.is_some_and(|birthday| is_of_age(birthday, app.now().date_naive())) {
        return Err(not_eligible());
    }
    Ok(patient)
}
