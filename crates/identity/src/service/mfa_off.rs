//! The second factor taken away: by its owner where it is not enforced, or by a super admin (section 4).

use kernel::ids::{ProviderUserId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::accounts::Account;
use crate::entity::{mfa_credentials, mfa_recovery_codes};
use crate::reauth::{own_account, require_fresh};
use crate::rules::fields::{self, normal_email};
use crate::rules::totp;
use crate::service::mfa::{self, Factor, RESET};
use crate::service::password_reset::existing;
use crate::service::passwords::holder;
use crate::service::{login, sessions, throttles};

/// Whose app a super admin resets.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// A member of Hairline's staff.
    User(UserId),
    /// A member of a clinic's team.
    Member(ProviderUserId),
}

/// Removes the asker's own authenticator app.
///
/// Errors: 403 `reauth_required`; 404 without an app; 409 `mfa_enforced`; 422 `code_invalid`, which counts as a failed
/// login.
pub async fn remove(app: &App, actor: &Actor, factor: &Factor) -> AppResult<()> {
    let account = own_account(app.db.conn(), actor).await?;
    if login::mfa_enforced(app, account.guard).await? {
        return Err(AppError::conflict("mfa_enforced", "Your account needs an authenticator app."));
    }
    let login_hash = throttles::login_hash(app, account.guard, &normal_email(&account.email));
    throttles::require_open(app, actor, account.guard, &login_hash).await?;
    let lock = throttles::lock_policy(app).await?;
    let fits = platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        if !mfa::is_on(txn, account.guard, account.id).await? {
            return Err(AppError::not_found());
        }
        if !mfa::take_factor(txn, app, actor, &account, factor).await? {
            return Ok(false);
        }
        // Guesses sent side by side are all begun before one is counted: the right one among them opens nothing either.
        throttles::pass(txn, app, account.guard, &login_hash).await?;
        switch_off(txn, app, &account, None).await?;
        mfa::told(txn, app, actor, &account, "disabled").await?;
        Ok(true)
    });
    let fits = throttles::on_record(app, actor, (account.guard, &login_hash), fits).await?;
    if fits {
        return Ok(());
    }
    login::fail(app, actor, (account.guard, &login_hash), Some(&account), (lock, "mfa")).await?;
    Err(crate::service::codes::code_invalid())
}

/// The secret and every recovery code become worthless.
async fn switch_off(txn: &Txn, app: &App, account: &Account, last_step: Option<i64>) -> AppResult<()> {
    let Some(row) = mfa::credential(txn, account.guard, account.id).await? else { return Ok(()) };
    let now = app.now();
    let mut random = [0; 20];
    app.random.fill(&mut random);
    let sealed = app.keys.seal(&totp::encode_secret(random));
    mfa_credentials::Entity::update_many()
        .col_expr(mfa_credentials::Column::ConfirmedAt, Expr::value(None::<kernel::Timestamp>))
        .col_expr(mfa_credentials::Column::Secret, Expr::value(sealed))
        .col_expr(mfa_credentials::Column::LastStep, Expr::value(last_step))
        // A set-up begins with a secret of its own: this one is too old to be confirmed.
        .col_expr(mfa_credentials::Column::UpdatedAt, Expr::value(now - mfa::ENROLMENT))
        .filter(mfa_credentials::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    mfa_recovery_codes::Entity::update_many()
        .col_expr(mfa_recovery_codes::Column::UsedAt, Expr::value(now))
        .filter(mfa_recovery_codes::Column::MfaCredentialId.eq(row.id))
        .filter(mfa_recovery_codes::Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// A super admin resets somebody's authenticator app: the sessions end, and the next login must set one up.
///
/// Errors: 403 `forbidden`, `reauth_required`, `self_change`; 404 also where no app is set up; 422 on the reason.
pub async fn reset(app: &App, actor: &Actor, whose: Whose, reason: &str) -> AppResult<()> {
    let own = actor.admin()?;
    actor.require(Permission::ManageUser)?;
    let (guard, id) = match whose {
        Whose::User(id) if id == own => {
            return Err(AppError::denied("self_change", "Another super admin has to do this for you."));
        }
        Whose::User(id) => (Guard::Api, id.any()),
        Whose::Member(id) => (Guard::Provider, id.any()),
    };
    let mut errors = FieldErrors::new();
    let reason = fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let account = existing(txn, guard, id).await?;
        if !mfa::is_on(txn, guard, id).await? {
            return Err(AppError::not_found());
        }
        switch_off(txn, app, &account, Some(RESET)).await?;
        sessions::revoke_all(txn, app, holder(&account), "mfa_reset").await?;
        let entry = Entry::new("mfa.reset")
            .subject(guard.model_type(), id)
            .reason(&reason)
            .change(None, Some(json!({ "mfa": "reset" })));
        audit::record(txn, app, actor, entry).await?;
        mfa::tell(txn, app, actor, &account, "reset").await
    })
}
