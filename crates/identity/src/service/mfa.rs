//! The second factor: setting up an authenticator app, and its codes at login (R-ID-27, 28).

use chrono::Duration;
use kernel::ids::{AnyId, MfaCredentialId};
use kernel::{Actor, AppError, AppResult, Guard};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Cond, Expr};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;

use crate::accounts::{self, Account};
use crate::entity::mfa_credentials;
use crate::entity::one_time_codes::OneTimeCodePurpose;
use crate::guards::mfa_type;
use crate::reauth::require_fresh;
use crate::rules::fields::normal_email;
use crate::rules::{codes::MAX_ATTEMPTS, totp};
use crate::service::devices::place_of;
use crate::service::login::{self, mfa_enforced};
use crate::service::sessions::{self, Carrier, Tokens};
use crate::service::throttles;
use crate::service::{codes, recovery_codes};

/// How long a set-up may take.
pub const ENROLMENT: Duration = Duration::minutes(10);
/// The last step of a set-up that has taken no step yet: Hairline reset it, and the next login must finish it.
pub(crate) const RESET: i64 = 0;

/// What a login still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    Nothing,
    Code,
    Enrolment,
}

pub(crate) async fn demand(app: &App, account: &Account) -> AppResult<Demand> {
    let credential = credential(app.db.conn(), account.guard, account.id).await?;
    Ok(match credential {
        Some(row) if row.confirmed_at.is_some() => Demand::Code,
        Some(row) if row.last_step == Some(RESET) => Demand::Enrolment,
        _ if mfa_enforced(app, account.guard).await? => Demand::Enrolment,
        _ => Demand::Nothing,
    })
}

/// The authenticator app of an account, set up or being set up.
pub(crate) async fn credential(
    conn: &impl ConnectionTrait,
    guard: Guard,
    id: AnyId,
) -> AppResult<Option<mfa_credentials::Model>> {
    let Some(kind) = mfa_type(guard) else { return Ok(None) };
    Ok(mfa_credentials::Entity::find()
        .filter(mfa_credentials::Column::ModelType.eq(kind))
        .filter(mfa_credentials::Column::ModelId.eq(id))
        .one(conn)
        .await?)
}

/// Whether the account has an authenticator app.
pub(crate) async fn is_on(conn: &impl ConnectionTrait, guard: Guard, id: AnyId) -> AppResult<bool> {
    Ok(credential(conn, guard, id).await?.is_some_and(|row| row.confirmed_at.is_some()))
}

/// How the authenticator app of an account stands.
#[derive(Clone, Copy, Debug)]
pub struct Status {
    /// Set up.
    pub is_on: bool,
    /// Recovery codes that are left.
    pub codes_left: u64,
}

/// How the asker's authenticator app stands; `None` for accounts that have none.
pub async fn status(app: &App, actor: &Actor) -> AppResult<Option<Status>> {
    let (Some(guard), (_, Some(id))) = (actor.guard(), actor.reference()) else {
        return Err(AppError::unauthenticated());
    };
    if mfa_type(guard).is_none() {
        return Ok(None);
    }
    let row = credential(app.db.conn(), guard, id).await?.filter(|row| row.confirmed_at.is_some());
    let Some(row) = row else { return Ok(Some(Status { is_on: false, codes_left: 0 })) };
    let codes_left = recovery_codes::left(app.db.conn(), row.id).await?;
    Ok(Some(Status { is_on: true, codes_left }))
}

/// A secret to put into an authenticator app.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Enrolment {
    /// The secret, base32, for typing.
    pub secret: String,
    /// The same for a QR code.
    pub otpauth_uri: String,
    /// Seconds within which the first code must be given.
    pub expires_in: i64,
}

/// Who sets up: a signed-in account with a fresh login, or one whose login waits for the set-up.
#[derive(Clone, Debug)]
pub enum Enroller {
    /// The actor's session.
    SignedIn,
    /// The ticket of the login, and the guard it was made on.
    Ticket(Guard, String),
}

/// Makes a new secret; it counts from the first right code on.
///
/// Errors: 401, 403 `reauth_required`, 409 `mfa_already_on`, 422 `code_invalid` for a dead ticket.
pub async fn enrol(app: &App, actor: &Actor, who: &Enroller) -> AppResult<Enrolment> {
    let mut random = [0; 20];
    app.random.fill(&mut random);
    let secret = totp::encode_secret(random);
    let account = platform::write_txn!(app.db, |txn| {
        let account = enrolling_account(txn, app, actor, who).await?;
        store_secret(txn, app, &account, &secret).await?;
        Ok(account)
    })?;
    let otpauth_uri = totp::otpauth_uri(&secret, &account.email)?;
    Ok(Enrolment { secret, otpauth_uri, expires_in: ENROLMENT.num_seconds() })
}

/// The set-up that waits for its first code, to be shown again.
///
/// Errors: as [`enrol`]; 422 `code_invalid` when nothing waits.
pub async fn pending(app: &App, actor: &Actor, who: &Enroller) -> AppResult<Enrolment> {
    let (account, row) = platform::write_txn!(app.db, |txn| {
        let account = enrolling_account(txn, app, actor, who).await?;
        let row = credential(txn, account.guard, account.id).await?;
        Ok((account, row))
    })?;
    let now = app.now();
    let row = row.filter(|row| row.confirmed_at.is_none() && now - row.updated_at < ENROLMENT);
    let row = row.ok_or_else(codes::code_invalid)?;
    let secret = app.keys.open(&row.secret)?;
    let otpauth_uri = totp::otpauth_uri(&secret, &account.email)?;
    let expires_in = (row.updated_at + ENROLMENT - now).num_seconds();
    Ok(Enrolment { secret, otpauth_uri, expires_in })
}

async fn enrolling_account(txn: &Txn, app: &App, actor: &Actor, who: &Enroller) -> AppResult<Account> {
    match who {
        Enroller::SignedIn => {
            let (Some(guard), (_, Some(id))) = (actor.guard(), actor.reference()) else {
                return Err(AppError::unauthenticated());
            };
            if mfa_type(guard).is_none() {
                return Err(AppError::forbidden());
            }
            require_fresh(txn, app, actor).await?;
            accounts::by_id(txn, guard, id).await
        }
        Enroller::Ticket(guard, ticket) => {
            let row = codes::by_token(txn, OneTimeCodePurpose::MfaEnrolment, ticket).await?;
            let row = row.filter(|row| codes::live(row).token_is_good(app.now()));
            let row = row.filter(|row| row.subject_type.as_deref() == Some(guard.model_type()));
            let id = row.and_then(|row| row.subject_id).ok_or_else(codes::code_invalid)?;
            accounts::by_id(txn, *guard, id).await
        }
    }
}

async fn store_secret(txn: &Txn, app: &App, account: &Account, secret: &str) -> AppResult<()> {
    let now = app.now();
    let sealed = app.keys.seal(&secret.to_owned());
    match credential(txn, account.guard, account.id).await? {
        Some(row) if row.confirmed_at.is_some() => {
            Err(AppError::conflict("mfa_already_on", "An authenticator app is already set up."))
        }
        Some(row) => {
            mfa_credentials::Entity::update_many()
                .col_expr(mfa_credentials::Column::Secret, Expr::value(sealed))
                .col_expr(mfa_credentials::Column::UpdatedAt, Expr::value(now))
                .filter(mfa_credentials::Column::Id.eq(row.id))
                .filter(mfa_credentials::Column::ConfirmedAt.is_null())
                .exec(txn)
                .await?;
            Ok(())
        }
        None => {
            let kind = mfa_type(account.guard).ok_or_else(AppError::forbidden)?;
            mfa_credentials::ActiveModel {
                id: Set(MfaCredentialId::new()),
                model_type: Set(kind),
                model_id: Set(account.id),
                secret: Set(sealed),
                confirmed_at: Set(None),
                last_step: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            }
            .insert(txn)
            .await?;
            Ok(())
        }
    }
}

/// What a finished set-up gives.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// Ten codes for the day the phone is lost; shown once.
    pub recovery_codes: Vec<String>,
    /// The session, when the set-up belonged to a login.
    pub tokens: Option<Tokens>,
}

/// Ends the set-up with the first code of the app; a waiting login is in.
///
/// Errors: 422 `code_invalid` for a wrong code or a set-up older than ten minutes.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    who: &Enroller,
    code: &str,
    (carrier, device): (Carrier, Option<String>),
) -> AppResult<Enrolled> {
    let now = app.now();
    let guard = match who {
        Enroller::Ticket(guard, _) => *guard,
        Enroller::SignedIn => actor.guard().ok_or_else(AppError::unauthenticated)?,
    };
    let policy = sessions::policy_of(app, guard).await?;
    let enrolled: AppResult<AppResult<Enrolled>> = platform::write_txn!(app.db, |txn| {
        let account = enrolling_account(txn, app, actor, who).await?;
        // Facts may have changed since the password was checked.
        if let Some(refusal) = account.standing.refusal(now) {
            return Err(refusal);
        }
        let row = credential(txn, account.guard, account.id).await?;
        let row = row.filter(|row| row.confirmed_at.is_none() && now - row.updated_at < ENROLMENT);
        let Some(row) = row else { return Ok(Err(codes::code_invalid())) };
        let secret = app.keys.open(&row.secret)?;
        let Some(step) = totp::accepted_step(&secret, code, None, now)? else {
            count_ticket_attempt(txn, app, who).await?;
            return Ok(Err(codes::code_invalid()));
        };
        let switched = mfa_credentials::Entity::update_many()
            .col_expr(mfa_credentials::Column::ConfirmedAt, Expr::value(now))
            .col_expr(mfa_credentials::Column::LastStep, Expr::value(step))
            .col_expr(mfa_credentials::Column::UpdatedAt, Expr::value(now))
            .filter(mfa_credentials::Column::Id.eq(row.id))
            .filter(mfa_credentials::Column::ConfirmedAt.is_null())
            .exec(txn)
            .await?;
        if switched.rows_affected != 1 {
            return Ok(Err(codes::code_invalid()));
        }
        let recovery_codes = recovery_codes::renew(txn, app, row.id).await?;
        told(txn, app, actor, &account, "enabled").await?;
        let tokens = match who {
            Enroller::SignedIn => None,
            Enroller::Ticket(_, ticket) => {
                if let Some(row) = codes::by_token(txn, OneTimeCodePurpose::MfaEnrolment, ticket).await? {
                    codes::consume(txn, app, row.id).await?;
                }
                let login_hash = throttles::login_hash(app, account.guard, &normal_email(&account.email));
                let how = (policy, carrier);
                Some(login::enter(txn, app, actor, &account, &login_hash, how, true, device.clone()).await?)
            }
        };
        Ok(Ok(Enrolled { recovery_codes, tokens }))
    });
    match who {
        Enroller::SignedIn => enrolled?,
        Enroller::Ticket(_, ticket) => {
            on_record(app, actor, guard, (OneTimeCodePurpose::MfaEnrolment, ticket), enrolled).await?
        }
    }
}

/// The outcome of a login that waited: where others locked it meanwhile, its end was undone, and the refusal is put on
/// record behind it.
async fn on_record<T>(
    app: &App,
    origin: &Actor,
    guard: Guard,
    (purpose, ticket): (OneTimeCodePurpose, &str),
    outcome: AppResult<T>,
) -> AppResult<T> {
    if !matches!(&outcome, Err(error) if error.code == "account_locked") {
        return outcome;
    }
    let row = codes::by_token(app.db.conn(), purpose, ticket).await?;
    let Some(id) = row.and_then(|row| row.subject_id) else { return outcome };
    let account = accounts::by_id(app.db.conn(), guard, id).await?;
    let login_hash = throttles::login_hash(app, guard, &normal_email(&account.email));
    throttles::on_record(app, origin, (guard, &login_hash), outcome).await
}

/// Five wrong codes end the ticket of a waiting login.
async fn count_ticket_attempt(txn: &Txn, app: &App, who: &Enroller) -> AppResult<()> {
    let Enroller::Ticket(_, ticket) = who else { return Ok(()) };
    let Some(row) = codes::by_token(txn, OneTimeCodePurpose::MfaEnrolment, ticket).await? else { return Ok(()) };
    codes::count_attempt(txn, app, row.id).await?;
    if row.attempts + 1 >= MAX_ATTEMPTS {
        codes::consume(txn, app, row.id).await?;
    }
    Ok(())
}

pub(crate) async fn told(txn: &Txn, app: &App, actor: &Actor, account: &Account, what: &str) -> AppResult<()> {
    let entry = Entry::new("mfa.changed")
        .subject(account.guard.model_type(), account.id)
        .change(None, Some(serde_json::json!({ "mfa": what })));
    audit::record(txn, app, &account.actor(actor), entry).await?;
    tell(txn, app, actor, account, what).await
}

/// Tells the account's owner.
pub(crate) async fn tell(txn: &Txn, app: &App, actor: &Actor, account: &Account, what: &str) -> AppResult<()> {
    let event = Event::new("account.mfa_changed", account.guard.model_type(), account.id)
        .occurrence(format!("{what}:{}", app.now().timestamp()))
        .with("change", what)
        .with("place", place_of(actor, account.id));
    outbox::emit(txn, app, actor, event).await
}

/// The second step of a login: a code of the app, or a recovery code.
#[derive(Clone, Debug)]
pub enum Factor {
    /// Six digits of the app.
    Totp(String),
    /// One of the ten.
    Recovery(String),
}

/// Finishes a login.
///
/// Errors: 422 `code_invalid`; a wrong code counts as a login failure, and the fifth ends the ticket (R-ID-28).
pub async fn finish_login(
    app: &App,
    origin: &Actor,
    guard: Guard,
    (ticket, factor): (&str, &Factor),
    (carrier, device): (Carrier, Option<String>),
) -> AppResult<Tokens> {
    let lock = throttles::lock_policy(app).await?;
    let policy = sessions::policy_of(app, guard).await?;
    let finished: AppResult<Result<Tokens, Option<Account>>> = platform::write_txn!(app.db, |txn| {
        let row = codes::by_token(txn, OneTimeCodePurpose::MfaLogin, ticket).await?;
        let row = row.filter(|row| row.subject_type.as_deref() == Some(guard.model_type()));
        let Some(row) = row.filter(|row| codes::live(row).is_good(app.now())) else { return Ok(Err(None)) };
        let Some(id) = row.subject_id else { return Ok(Err(None)) };
        let account = accounts::by_id(txn, guard, id).await?;
        // Facts may have changed since the password was checked.
        if let Some(refusal) = account.standing.refusal(app.now()) {
            return Err(refusal);
        }
        if !take_factor(txn, app, origin, &account, factor).await? {
            codes::count_attempt(txn, app, row.id).await?;
            if row.attempts + 1 >= MAX_ATTEMPTS {
                codes::consume(txn, app, row.id).await?;
            }
            return Ok(Err(Some(account)));
        }
        if !codes::consume(txn, app, row.id).await? {
            return Ok(Err(None));
        }
        let login_hash = throttles::login_hash(app, guard, &normal_email(&account.email));
        let how = (policy, carrier);
        login::enter(txn, app, origin, &account, &login_hash, how, true, device.clone()).await.map(Ok)
    });
    match on_record(app, origin, guard, (OneTimeCodePurpose::MfaLogin, ticket), finished).await? {
        Ok(tokens) => Ok(tokens),
        Err(account) => {
            if let Some(account) = account {
                let login_hash = throttles::login_hash(app, guard, &normal_email(&account.email));
                login::fail(app, origin, (guard, &login_hash), Some(&account), (lock, "mfa")).await?;
            }
            Err(codes::code_invalid())
        }
    }
}

/// Whether this is the second factor of the account now; a code or recovery code counts once.
pub(crate) async fn take_factor(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    account: &Account,
    factor: &Factor,
) -> AppResult<bool> {
    let row = credential(txn, account.guard, account.id).await?.filter(|row| row.confirmed_at.is_some());
    let Some(row) = row else { return Ok(false) };
    let now = app.now();
    match factor {
        Factor::Totp(code) => {
            let secret = app.keys.open(&row.secret)?;
            let Some(step) = totp::accepted_step(&secret, code, row.last_step, now)? else { return Ok(false) };
            // Two requests with one code: the condition lets one through.
            let unused = Cond::any()
                .add(mfa_credentials::Column::LastStep.is_null())
                .add(mfa_credentials::Column::LastStep.lt(step));
            let taken = mfa_credentials::Entity::update_many()
                .col_expr(mfa_credentials::Column::LastStep, Expr::value(step))
                .col_expr(mfa_credentials::Column::UpdatedAt, Expr::value(now))
                .filter(mfa_credentials::Column::Id.eq(row.id))
                .filter(unused)
                .exec(txn)
                .await?;
            Ok(taken.rows_affected == 1)
        }
        Factor::Recovery(code) => {
            if !recovery_codes::take(txn, app, row.id, code).await? {
                return Ok(false);
            }
            let left = recovery_codes::left(txn, row.id).await?;
            let event = Event::new("account.recovery_code_used", account.guard.model_type(), account.id)
                .with("codes_left", left)
                .with("place", place_of(origin, account.id));
            outbox::emit(txn, app, origin, event).await?;
            Ok(true)
        }
    }
}
