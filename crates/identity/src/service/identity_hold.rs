//! A hold over who a patient is: no clinic reads more than the code until it is lifted (R-ID-58).

use kernel::ids::PatientId;
use kernel::{Actor, AppError, AppResult, FieldErrors};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::anonymity;
use crate::entity::account_states::AccountState;
use crate::entity::patients;
use crate::reauth::require_fresh;
use crate::rules::fields;
use crate::service::patient_rows::lock;

/// Hides the patient from every clinic, those that treat them included. Asking twice changes nothing.
///
/// Errors: 403 unless a super admin, 403 `reauth_required`; 404; 409 `account_state` once nobody is left to hide; 422 for a
/// reason under 20 characters.
pub async fn place(app: &App, actor: &Actor, id: PatientId, reason: &str) -> AppResult<()> {
    write(app, actor, id, reason, true).await
}

/// Ends the hold: every clinic reads again what its own quote opens.
///
/// Errors: as [`place`].
pub async fn lift(app: &App, actor: &Actor, id: PatientId, reason: &str) -> AppResult<()> {
    write(app, actor, id, reason, false).await
}

async fn write(app: &App, actor: &Actor, id: PatientId, reason: &str, hold: bool) -> AppResult<()> {
    actor.admin()?;
    if actor.role.as_deref() != Some("super_admin") {
        return Err(AppError::forbidden());
    }
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let (person, state) = lock(txn, id).await?;
        if matches!(state.state, AccountState::Anonymised | AccountState::Expired) {
            return Err(AppError::conflict("account_state", "The account is not in a state that allows this."));
        }
        if person.identity_hold_at.is_some() == hold {
            return Ok(());
        }
        let before = anonymity::pairs(txn, id).await?;
        put(txn, app, id, hold.then_some(reason.as_str())).await?;
        anonymity::follow(txn, app, actor, before).await?;
        let word = if hold { "patient.identity_held" } else { "patient.identity_released" };
        audit::record(txn, app, actor, Entry::new(word).subject("Patient", id).patient(id).reason(&reason)).await
    })
}

async fn put(txn: &Txn, app: &App, id: PatientId, held: Option<&str>) -> AppResult<()> {
    let now = app.now();
    patients::Entity::update_many()
        .col_expr(patients::Column::IdentityHoldAt, Expr::value(held.map(|_| now)))
        .col_expr(patients::Column::IdentityHoldReason, Expr::value(held.map(str::to_owned)))
        .col_expr(patients::Column::UpdatedAt, Expr::value(now))
        .filter(patients::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}
