//! New passwords: the history they are checked against, the writing, the change by their owner (R-ID-12..14, 18).

use kernel::ids::{AffiliateId, PasswordHistoryId, PatientId, ProviderUserId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Secret, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::accounts::Account;
use crate::entity::password_histories::{self, PasswordHistoryModelType};
use crate::entity::{account_states, auth_sessions, patients, provider_users, users};
use crate::guards::state_type;
use crate::password;
use crate::projection::affiliate_credentials;
use crate::reauth::own_account;
use crate::rules::fields::{self, normal_email};
use crate::service::devices::place_of;
use crate::service::mfa::{self, Factor};
use crate::service::sessions::{self, Holder};
use crate::service::{codes, login, throttles};

/// How many of the newest passwords, the current one included, may not be taken again (R-ID-13).
const HISTORY: u64 = 5;

/// Checks what a new password must be, without looking at the account.
pub(crate) fn check_shape(given: &Secret<String>, confirmation: &Secret<String>) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    fields::password(&mut errors, given.expose(), confirmation.expose());
    errors.check()
}

/// Refuses a password the account has now or had among its five newest with 422 `password_reused` (R-ID-13).
///
/// Slow on purpose, one bcrypt for each: call it before the transaction begins.
pub(crate) async fn require_unused(app: &App, account: &Account, given: &Secret<String>) -> AppResult<()> {
    let mut hashes: Vec<String> = password_histories::Entity::find()
        .select_only()
        .column(password_histories::Column::Password)
        .filter(password_histories::Column::ModelType.eq(PasswordHistoryModelType::from(account.guard)))
        .filter(password_histories::Column::ModelId.eq(account.id))
        .order_by_desc(password_histories::Column::CreatedAt)
        .order_by_desc(password_histories::Column::Id)
        .limit(HISTORY)
        .into_tuple()
        .all(app.db.conn())
        .await?;
    // Accounts from before there was a history have their current password only here.
    if !hashes.contains(&account.password) {
        hashes.insert(0, account.password.clone());
        hashes.truncate(usize::try_from(HISTORY).unwrap_or(5));
    }
    for hash in hashes.iter().filter(|hash| hash.starts_with("$2")) {
        if password::verify(app, given, Some(hash)).await? {
            let detail = "You had this password not long ago. Choose another one.";
            return Err(AppError::field("password", "password_reused", detail));
        }
    }
    Ok(())
}

/// Writes a new password with its place in the history, and takes back whatever demanded it.
///
/// The account is the one whose history was checked: a password that changed meanwhile refuses with 409
/// `stale_version`.
pub(crate) async fn write(txn: &Txn, app: &App, account: &Account, hash: &str) -> AppResult<()> {
    if !replace(txn, app, account, hash).await? {
        return Err(AppError::stale_version());
    }
    remember(txn, app, account.guard, account.id, hash).await?;
    // Whoever knew the old password has won nothing with it.
    codes::end_logins(txn, app, account.guard, account.id).await?;
    if let Some(kind) = state_type(account.guard) {
        account_states::Entity::update_many()
            .col_expr(account_states::Column::MustResetPassword, Expr::value(false))
            .filter(account_states::Column::ModelType.eq(kind))
            .filter(account_states::Column::ModelId.eq(account.id))
            .filter(account_states::Column::MustResetPassword.eq(true))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Puts a hash in the place of the account's current one; false when that is no longer there. No history.
pub(crate) async fn replace(conn: &impl ConnectionTrait, app: &App, account: &Account, hash: &str) -> AppResult<bool> {
    let now = app.now();
    let done = match account.guard {
        Guard::Patient => {
            patients::Entity::update_many()
                .col_expr(patients::Column::Password, Expr::value(hash))
                .col_expr(patients::Column::RememberToken, Expr::value(None::<String>))
                .col_expr(patients::Column::UpdatedAt, Expr::value(now))
                .filter(patients::Column::Id.eq(PatientId::from(account.id)))
                .filter(patients::Column::Password.eq(&account.password))
                .exec(conn)
                .await?
        }
        Guard::Provider => {
            provider_users::Entity::update_many()
                .col_expr(provider_users::Column::Password, Expr::value(hash))
                .col_expr(provider_users::Column::UpdatedAt, Expr::value(now))
                .filter(provider_users::Column::Id.eq(ProviderUserId::from(account.id)))
                .filter(provider_users::Column::Password.eq(&account.password))
                .exec(conn)
                .await?
        }
        Guard::Api => {
            users::Entity::update_many()
                .col_expr(users::Column::Password, Expr::value(hash))
                .col_expr(users::Column::RememberToken, Expr::value(None::<String>))
                .col_expr(users::Column::UpdatedAt, Expr::value(now))
                .filter(users::Column::Id.eq(UserId::from(account.id)))
                .filter(users::Column::Password.eq(&account.password))
                .exec(conn)
                .await?
        }
        Guard::Affiliate => {
            affiliate_credentials::Entity::update_many()
                .col_expr(affiliate_credentials::Column::Password, Expr::value(hash))
                .col_expr(affiliate_credentials::Column::PasswordSetAt, Expr::value(now))
                .col_expr(affiliate_credentials::Column::UpdatedAt, Expr::value(now))
                .filter(affiliate_credentials::Column::AffiliateId.eq(AffiliateId::from(account.id)))
                .filter(affiliate_credentials::Column::Password.eq(&account.password))
                .exec(conn)
                .await?
        }
    };
    Ok(done.rows_affected == 1)
}

/// Adds a hash to the history and lets go of what is older than the five newest.
pub(crate) async fn remember(
    conn: &impl ConnectionTrait,
    app: &App,
    guard: Guard,
    id: kernel::ids::AnyId,
    hash: &str,
) -> AppResult<()> {
    let kind = PasswordHistoryModelType::from(guard);
    password_histories::ActiveModel {
        id: Set(PasswordHistoryId::new()),
        model_type: Set(kind),
        model_id: Set(id),
        password: Set(hash.to_owned()),
        created_at: Set(app.now()),
    }
    .insert(conn)
    .await?;
    let all: Vec<PasswordHistoryId> = password_histories::Entity::find()
        .select_only()
        .column(password_histories::Column::Id)
        .filter(password_histories::Column::ModelType.eq(kind))
        .filter(password_histories::Column::ModelId.eq(id))
        .order_by_desc(password_histories::Column::CreatedAt)
        .order_by_desc(password_histories::Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    let old: Vec<PasswordHistoryId> = all.into_iter().skip(usize::try_from(HISTORY).unwrap_or(5)).collect();
    if !old.is_empty() {
        password_histories::Entity::delete_many().filter(password_histories::Column::Id.is_in(old)).exec(conn).await?;
    }
    Ok(())
}

/// The same password under a new hash: its place in the history moves along.
pub(crate) async fn rehashed(conn: &impl ConnectionTrait, account: &Account, hash: &str) -> AppResult<()> {
    password_histories::Entity::update_many()
        .col_expr(password_histories::Column::Password, Expr::value(hash))
        .filter(password_histories::Column::ModelType.eq(PasswordHistoryModelType::from(account.guard)))
        .filter(password_histories::Column::ModelId.eq(account.id))
        .filter(password_histories::Column::Password.eq(&account.password))
        .exec(conn)
        .await?;
    Ok(())
}

/// Tells the account's owner that the password is another one.
pub(crate) async fn tell(txn: &Txn, app: &App, actor: &Actor, account: &Account, how: &str) -> AppResult<()> {
    let event = Event::new("account.password_changed", account.guard.model_type(), account.id)
        .with("how", how)
        .with("place", place_of(actor, account.id));
    outbox::emit(txn, app, actor, event).await
}

/// Sets the failure counts of an account to 0, whichever of its login names they were counted under.
pub(crate) async fn clear_locks(txn: &Txn, app: &App, account: &Account) -> AppResult<()> {
    let mut names = vec![normal_email(&account.email)];
    match account.guard {
        Guard::Patient => {
            let row = patients::Entity::find_by_id(PatientId::from(account.id)).one(txn).await?;
            names.extend(row.map(|row| row.username));
        }
        Guard::Api => {
            let row = users::Entity::find_by_id(UserId::from(account.id)).one(txn).await?;
            names.extend(row.map(|row| row.username));
        }
        Guard::Provider | Guard::Affiliate => {}
    }
    names.dedup();
    for name in names {
        let login_hash = throttles::login_hash(app, account.guard, &name);
        throttles::clear(txn, app, account.guard, &login_hash).await?;
    }
    Ok(())
}

/// What somebody gives to change the own password.
#[derive(Clone, Debug)]
pub struct Change {
    /// The current password: the proof.
    pub current: Secret<String>,
    /// The second factor, where one is set up.
    pub factor: Option<Factor>,
    /// The new password.
    pub password: Secret<String>,
    /// The same again.
    pub confirmation: Secret<String>,
}

/// Changes the asker's own password; every other session ends, this one stays (R-ID-14).
///
/// Errors: 422 with the new password's faults, `password_reused`; one text for whatever proof was wrong, 422
/// `proof_invalid`, counted as a failed login, so 423 `account_locked` and 429 `ip_blocked` follow.
pub async fn change(app: &App, actor: &Actor, ask: &Change) -> AppResult<()> {
    let session = actor.session.ok_or_else(AppError::unauthenticated)?;
    check_shape(&ask.password, &ask.confirmation)?;
    let account = own_account(app.db.conn(), actor).await?;
    let login_hash = throttles::login_hash(app, account.guard, &normal_email(&account.email));
    throttles::require_open(app, actor, account.guard, &login_hash).await?;
    let lock = throttles::lock_policy(app).await?;
    let fits = password::verify(app, &ask.current, Some(&account.password)).await?;
    if fits {
        // Before the second factor is used up: a refused choice costs no code. Whoever does not know the current
        // password learns nothing of earlier ones.
        require_unused(app, &account, &ask.password).await?;
    }
    let hash = password::hash(app, &ask.password).await?;
    let now = app.now();
    let done = platform::write_txn!(app.db, |txn| {
        if !fits || !second_factor_fits(txn, app, actor, &account, ask.factor.as_ref()).await? {
            return Ok(false);
        }
        write(txn, app, &account, &hash).await?;
        sessions::revoke_others(txn, app, holder(&account), session, "password_changed").await?;
        proven(txn, session, now).await?;
        throttles::pass(txn, app, account.guard, &login_hash).await?;
        let entry = Entry::new("password.changed").subject(account.guard.model_type(), account.id);
        audit::record(txn, app, actor, entry).await?;
        tell(txn, app, actor, &account, "changed").await?;
        Ok(true)
    });
    let done = throttles::on_record(app, actor, (account.guard, &login_hash), done).await?;
    if done {
        return Ok(());
    }
    login::fail(app, actor, (account.guard, &login_hash), Some(&account), (lock, "password_change")).await?;
    Err(AppError::invalid("proof_invalid", "That was not right. Check what you entered and try again."))
}

pub(crate) fn holder(account: &Account) -> Holder {
    Holder { guard: account.guard, id: account.id }
}

async fn second_factor_fits(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    account: &Account,
    factor: Option<&Factor>,
) -> AppResult<bool> {
    if !mfa::is_on(txn, account.guard, account.id).await? {
        return Ok(true);
    }
    match factor {
        Some(factor) => mfa::take_factor(txn, app, actor, account, factor).await,
        None => Ok(false),
    }
}

async fn proven(txn: &Txn, session: kernel::ids::AuthSessionId, now: Timestamp) -> AppResult<()> {
    auth_sessions::Entity::update_many()
        .col_expr(auth_sessions::Column::LastAuthAt, Expr::value(now))
        .col_expr(auth_sessions::Column::UpdatedAt, Expr::value(now))
        .filter(auth_sessions::Column::Id.eq(session))
        .exec(txn)
        .await?;
    Ok(())
}
