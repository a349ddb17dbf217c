//! The rows of a patient's account, for whoever changes its standing: Hairline's staff, the upkeep, an erasure.
//!
//! Each of them locks the patient first and the state after it, so two who change one account wait for each other.

use kernel::ids::PatientId;
use kernel::{Actor, AppError, AppResult, Guard, Timestamp};
use platform::App;
use platform::db::Txn;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::{account_states, patients};
use crate::password;
use crate::service::codes;

/// The patient's row and account state, both locked; 404 for an unknown patient.
pub async fn lock(txn: &Txn, id: PatientId) -> AppResult<(patients::Model, account_states::Model)> {
    let row = patients::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    let state = account_states::Entity::find()
        .filter(account_states::Column::ModelType.eq(AccountStateModelType::Patient))
        .filter(account_states::Column::ModelId.eq(id.any()))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)?;
    Ok((row, state))
}

/// Writes the next state of an account.
pub async fn set_state(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &account_states::Model,
    (state, until, reason): (AccountState, Option<Timestamp>, Option<&str>),
) -> AppResult<()> {
    use account_states::Column;
    let now = app.now();
    let (by_type, by_id) = actor.reference();
    account_states::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Until, Expr::value(until))
        .col_expr(Column::Reason, Expr::value(reason.map(str::to_owned)))
        .col_expr(Column::ChangedByType, Expr::value(by_id.map(|_| by_type.to_owned())))
        .col_expr(Column::ChangedById, Expr::value(by_id))
        .col_expr(Column::ChangedAt, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}

/// Replaces everything that tells who a patient is; the address and the username are free again (R-ID-69).
pub async fn wipe(txn: &Txn, app: &App, id: PatientId, first_name: &str, last_name: &str) -> AppResult<()> {
    use patients::Column;
    let now = app.now();
    codes::forget(txn, app, Guard::Patient, id.any()).await?;
    patients::Entity::update_many()
        .col_expr(Column::FirstName, Expr::value(first_name))
        .col_expr(Column::LastName, Expr::value(last_name))
        .col_expr(Column::Email, Expr::value(format!("deleted-{id}@anonymized.invalid")))
        .col_expr(Column::Username, Expr::value(format!("deleted-{id}")))
        .col_expr(Column::Password, Expr::value(password::UNUSABLE))
        .col_expr(Column::Birthday, Expr::value(None::<chrono::NaiveDate>))
        .col_expr(Column::Gender, Expr::value(None::<String>))
        .col_expr(Column::PhoneNumber, Expr::value(None::<String>))
        .col_expr(Column::PhoneIndex, Expr::value(None::<String>))
        .col_expr(Column::Location, Expr::value(None::<String>))
        .col_expr(Column::LocationId, Expr::value(None::<String>))
        .col_expr(Column::CountryCode, Expr::value(None::<String>))
        .col_expr(Column::ProfileImage, Expr::value(None::<String>))
        .col_expr(Column::ActivationCode, Expr::value(None::<String>))
        .col_expr(Column::IdentityHoldAt, Expr::value(None::<Timestamp>))
        .col_expr(Column::IdentityHoldReason, Expr::value(None::<String>))
        .col_expr(Column::RememberToken, Expr::value(None::<String>))
        .col_expr(Column::AnonymizationLevel, Expr::value(patients::AnonymizationLevel::Full))
        .col_expr(Column::DeletedAt, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}
