//! Ten codes for the day the phone is lost (R-ID-28).

use kernel::ids::{MfaCredentialId, MfaRecoveryCodeId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::entity::mfa_recovery_codes;
use crate::reauth::require_fresh;
use crate::service::mfa;

const RECOVERY_CODES: usize = 10;

/// How many are left.
pub(crate) async fn left(conn: &impl ConnectionTrait, credential: MfaCredentialId) -> AppResult<u64> {
    Ok(mfa_recovery_codes::Entity::find()
        .filter(mfa_recovery_codes::Column::MfaCredentialId.eq(credential))
        .filter(mfa_recovery_codes::Column::UsedAt.is_null())
        .count(conn)
        .await?)
}

/// Makes ten; the earlier ones end.
pub(crate) async fn renew(txn: &Txn, app: &App, credential: MfaCredentialId) -> AppResult<Vec<String>> {
    let now = app.now();
    mfa_recovery_codes::Entity::update_many()
        .col_expr(mfa_recovery_codes::Column::UsedAt, Expr::value(now))
        .filter(mfa_recovery_codes::Column::MfaCredentialId.eq(credential))
        .filter(mfa_recovery_codes::Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    let plain: Vec<String> = (0..RECOVERY_CODES).map(|_| app.random.base36(10)).collect();
    let rows = plain.iter().map(|code| mfa_recovery_codes::ActiveModel {
        id: Set(MfaRecoveryCodeId::new()),
        mfa_credential_id: Set(credential),
        code_hash: Set(hash_of(app, credential, code)),
        used_at: Set(None),
        created_at: Set(now),
    });
    mfa_recovery_codes::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(plain)
}

fn hash_of(app: &App, credential: MfaCredentialId, code: &str) -> String {
    // Typed from paper: groups may be set apart.
    let apart = |c: char| c == '-' || c.is_whitespace();
    let code = code.replace(apart, "").to_ascii_uppercase();
    app.keys.mac("recovery_code", &format!("{credential}|{code}"))
}

/// Makes ten new recovery codes; the earlier ones end (R-ID-28).
pub async fn make_new(app: &App, actor: &Actor) -> AppResult<Vec<String>> {
    let (Some(guard), (_, Some(id))) = (actor.guard(), actor.reference()) else {
        return Err(AppError::unauthenticated());
    };
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let row = mfa::credential(txn, guard, id).await?.filter(|row| row.confirmed_at.is_some());
        let row = row.ok_or_else(AppError::not_found)?;
        let entry = Entry::new("mfa.recovery_codes_renewed").subject(guard.model_type(), id);
        audit::record(txn, app, actor, entry).await?;
        renew(txn, app, row.id).await
    })
}

/// Uses one up; false for a code that is none, or no longer.
pub(crate) async fn take(txn: &Txn, app: &App, credential: MfaCredentialId, code: &str) -> AppResult<bool> {
    let taken = mfa_recovery_codes::Entity::update_many()
        .col_expr(mfa_recovery_codes::Column::UsedAt, Expr::value(app.now()))
        .filter(mfa_recovery_codes::Column::MfaCredentialId.eq(credential))
        .filter(mfa_recovery_codes::Column::CodeHash.eq(hash_of(app, credential, code)))
        .filter(mfa_recovery_codes::Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    Ok(taken.rows_affected == 1)
}
