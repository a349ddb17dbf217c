//! Fresh proof of identity before what cannot be taken back (R-ID-29).

use chrono::Duration;
use kernel::{Actor, AppError, AppResult, Guard, Secret, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::locale::Locale;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::accounts::{self, Account};
use crate::entity::auth_sessions;
use crate::entity::one_time_codes::OneTimeCodePurpose;
use crate::password;
use crate::rules::fields::normal_email;
use crate::service::codes::{self, CodeFor};
use crate::service::mfa::{self, Factor};
use crate::service::{login, throttles};

/// How long a proof of identity holds.
pub const FRESH: Duration = Duration::minutes(5);

/// What the account gives to prove that it is still its owner who sits there.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The password, with the second factor where one is set up.
    Password(Secret<String>, Option<Factor>),
    /// The code that was mailed: patients only.
    Code(String),
}

/// What an account must give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// A code of the authenticator app beside the password.
    pub second_factor: bool,
    /// A mailed code does instead of the password.
    pub code_allowed: bool,
}

/// The actor's account.
pub(crate) async fn own_account(conn: &impl ConnectionTrait, actor: &Actor) -> AppResult<Account> {
    let (Some(guard), (_, Some(id))) = (actor.guard(), actor.reference()) else {
        return Err(AppError::unauthenticated());
    };
    accounts::by_id(conn, guard, id).await
}

/// Whether the session's last proof of identity is at most five minutes old.
pub async fn is_fresh(conn: &impl ConnectionTrait, app: &App, actor: &Actor) -> AppResult<bool> {
    let session = actor.session.ok_or_else(AppError::unauthenticated)?;
    let row = auth_sessions::Entity::find_by_id(session).one(conn).await?;
    Ok(row.is_some_and(|row| app.now() - row.last_auth_at <= FRESH))
}

/// Refuses with 403 `reauth_required` when the session's last proof of identity is older than five minutes (R-ID-29).
pub async fn require_fresh(conn: &impl ConnectionTrait, app: &App, actor: &Actor) -> AppResult<()> {
    if is_fresh(conn, app, actor).await? {
        return Ok(());
    }
    Err(AppError::denied("reauth_required", "Confirm first that it is you."))
}

/// What the actor's account must give to prove itself.
pub async fn needs(app: &App, actor: &Actor) -> AppResult<Needs> {
    let guard = actor.guard().ok_or_else(AppError::unauthenticated)?;
    let (_, id) = actor.reference();
    let id = id.ok_or_else(AppError::unauthenticated)?;
    let credential = mfa::credential(app.db.conn(), guard, id).await?;
    Ok(Needs {
        second_factor: credential.is_some_and(|row| row.confirmed_at.is_some()),
        code_allowed: guard == Guard::Patient,
    })
}

/// Mails a patient a code that proves the account instead of its password.
///
/// Errors: 403 for other guards, 429 `code_too_often`.
pub async fn send_code(app: &App, actor: &Actor, locale: Locale) -> AppResult<()> {
    actor.patient()?;
    let policy = codes::policy(app).await?;
    platform::write_txn!(app.db, |txn| {
        let account = own_account(txn, actor).await?;
        codes::claim_send(txn, app, "reauth", &account.email, policy.limits).await?;
        let what = CodeFor { purpose: OneTimeCodePurpose::Reauth, address: &account.email, token: None };
        codes::issue_code(txn, app, &account, what, (policy, locale)).await?;
        audit::record(txn, app, actor, Entry::new("code.requested").subject(account.guard.model_type(), account.id))
            .await
    })
}

/// Seconds until another code may be sent to the patient.
pub async fn wait(app: &App, actor: &Actor) -> AppResult<Option<u64>> {
    let account = own_account(app.db.conn(), actor).await?;
    codes::wait(app, "reauth", &account.email).await
}

/// Proves the actor's account anew; answers until when the proof holds.
///
/// Errors: one text for whatever was wrong, 422 `proof_invalid`; it counts as a failed login, so 423 `account_locked` and
/// 429 `ip_blocked` follow as there (R-ID-14).
pub async fn prove(app: &App, actor: &Actor, proof: &Proof) -> AppResult<Timestamp> {
    let session = actor.session.ok_or_else(AppError::unauthenticated)?;
    let account = own_account(app.db.conn(), actor).await?;
    let login_hash = throttles::login_hash(app, account.guard, &normal_email(&account.email));
    throttles::require_open(app, actor, account.guard, &login_hash).await?;
    let lock = throttles::lock_policy(app).await?;
    let password_fits = match proof {
        Proof::Password(given, _) => password::verify(app, given, Some(&account.password)).await?,
        Proof::Code(_) => true,
    };
    let second_factor = needs(app, actor).await?.second_factor;
    let now = app.now();
    let proven = platform::write_txn!(app.db, |txn| {
        let fits = match proof {
            Proof::Password(_, factor) => {
                password_fits
                    && match factor {
                        _ if !second_factor => true,
                        Some(factor) => mfa::take_factor(txn, app, actor, &account, factor).await?,
                        None => false,
                    }
            }
            Proof::Code(code) if account.guard == Guard::Patient => {
                match codes::of_account(txn, OneTimeCodePurpose::Reauth, &account).await? {
                    Some(row) => codes::take_code(txn, app, &account, &row, (code, lock.max_attempts)).await?,
                    None => false,
                }
            }
            Proof::Code(_) => false,
        };
        if !fits {
            return Ok(false);
        }
        throttles::pass(txn, app, account.guard, &login_hash).await?;
        auth_sessions::Entity::update_many()
            .col_expr(auth_sessions::Column::LastAuthAt, Expr::value(now))
            .col_expr(auth_sessions::Column::UpdatedAt, Expr::value(now))
            .filter(auth_sessions::Column::Id.eq(session))
            .exec(txn)
            .await?;
        let entry = Entry::new("identity.confirmed").subject(account.guard.model_type(), account.id);
        audit::record(txn, app, actor, entry).await?;
        Ok(true)
    });
    let proven = throttles::on_record(app, actor, (account.guard, &login_hash), proven).await?;
    if proven {
        return Ok(now + FRESH);
    }
    login::fail(app, actor, (account.guard, &login_hash), Some(&account), (lock, "reauth")).await?;
    Err(AppError::invalid("proof_invalid", "That was not right. Check what you entered and try again."))
}
