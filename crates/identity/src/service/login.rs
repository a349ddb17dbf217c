//! Signing in: password, account facts, second factor, session (R-ID-19..28).

use chrono::Duration;
use kernel::ids::AffiliateId;
use kernel::{Actor, AppError, AppResult, ErrorKind, Guard, Secret};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::accounts::{self, Account};
use crate::entity::one_time_codes::OneTimeCodePurpose;
use crate::projection::affiliate_credentials;
use crate::rules::fields::normal_email;
use crate::rules::login::LockPolicy;
use crate::rules::sessions::Policy;
use crate::service::devices::place_of;
use crate::service::mfa;
use crate::service::sessions::{self, Carrier, Holder, Tokens};
use crate::service::{codes, password_reset, passwords, register, throttles};
use crate::{password, settings};

/// How long a login may wait for its second factor (R-ID-28).
pub const MFA_TICKET: Duration = Duration::minutes(5);

/// What somebody signs in with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// E-mail address or username.
    pub login: String,
    /// Password.
    pub password: Secret<String>,
    /// What the device calls itself.
    pub device: Option<String>,
}

/// Where a right password leads.
#[derive(Clone, Debug)]
pub enum Entered {
    /// In.
    Session(Tokens),
    /// A second factor is due: give the ticket and the code of the app.
    MfaRequired {
        /// The ticket; it opens nothing but the second step.
        ticket: String,
    },
    /// The account must set up an authenticator app first.
    EnrolmentRequired {
        /// The ticket; it opens nothing but the set-up.
        ticket: String,
    },
    /// A new password is due: the ticket opens nothing but its setting.
    ResetRequired {
        /// The ticket.
        ticket: String,
    },
}

fn invalid_credentials() -> AppError {
    AppError::new(ErrorKind::Unauthenticated, "invalid_credentials", "E-mail or password is wrong.")
}

/// Signs in.
///
/// Errors: 401 `invalid_credentials` for wrong account and wrong password alike (R-ID-19); 423 `account_locked`, 429
/// `ip_blocked`; only after a right password 403 `email_unverified` (with a fresh `registration_token`),
/// `account_suspended`, `account_deactivated`, `membership_removed`, `provider_inactive` (R-ID-20).
pub async fn login(
    app: &App,
    origin: &Actor,
    guard: Guard,
    credentials: Credentials,
    carrier: Carrier,
) -> AppResult<Entered> {
    let proven = prove_password(app, origin, guard, &credentials).await?;
    if proven.account.must_reset {
        return require_reset(app, origin, &proven.account, &proven.login_hash).await;
    }
    let policy = sessions::policy_of(app, guard).await?;
    let Proven { account, login_hash, demand } = proven;
    let entered = platform::write_txn!(app.db, |txn| {
        if demand == mfa::Demand::Nothing {
            let how = (policy, carrier);
            let tokens = enter(txn, app, origin, &account, &login_hash, how, false, credentials.device.clone()).await?;
            return Ok(Ok(Entered::Session(tokens)));
        }
        if let Some(refusal) = throttles::locked_meanwhile(txn, app, origin, (guard, &login_hash)).await? {
            return Ok(Err(refusal));
        }
        let entry = Entry::new("login.password_accepted").subject(account.guard.model_type(), account.id);
        audit::record(txn, app, &account.actor(origin), entry).await?;
        if demand == mfa::Demand::Code {
            let purpose = OneTimeCodePurpose::MfaLogin;
            let ticket = codes::issue_ticket(txn, app, purpose, &account, MFA_TICKET).await?;
            return Ok(Ok(Entered::MfaRequired { ticket }));
        }
        let purpose = OneTimeCodePurpose::MfaEnrolment;
        let ticket = codes::issue_ticket(txn, app, purpose, &account, mfa::ENROLMENT).await?;
        Ok(Ok(Entered::EnrolmentRequired { ticket }))
    });
    throttles::on_record(app, origin, (guard, &login_hash), entered).await?
}

/// An account whose password was right, and what its login still lacks.
pub(crate) struct Proven {
    pub account: Account,
    pub login_hash: String,
    pub demand: mfa::Demand,
}

/// The first step of every login: throttles, password, facts of the account. The errors are those of [`login`].
pub(crate) async fn prove_password(
    app: &App,
    origin: &Actor,
    guard: Guard,
    credentials: &Credentials,
) -> AppResult<Proven> {
    let name = normal_email(&credentials.login);
    let login_hash = throttles::login_hash(app, guard, &name);
    throttles::require_open(app, origin, guard, &login_hash).await?;
    let lock = throttles::lock_policy(app).await?;
    let account = accounts::by_login(app.db.conn(), guard, &name).await?;
    let stored = account.as_ref().map(|account| account.password.as_str());
    let right = password::verify(app, &credentials.password, stored).await?;
    let account = match account {
        Some(account) if right => account,
        other => {
            fail(app, origin, (guard, &login_hash), other.as_ref(), (lock, "password")).await?;
            return Err(invalid_credentials());
        }
    };
    let locked = platform::write_txn!(app.db, |txn| {
        throttles::locked_meanwhile(txn, app, origin, (guard, &login_hash)).await
    })?;
    if let Some(refusal) = locked {
        return Err(refusal);
    }
    if let Some(refusal) = account.standing.refusal(app.now()) {
        return Err(refuse(app, origin, &account, refusal).await?);
    }
    let mut account = account;
    rehash_if_outdated(app, &mut account, &credentials.password).await?;
    let demand = mfa::demand(app, &account).await?;
    Ok(Proven { account, login_hash, demand })
}

/// An account that was told to choose a new password gets nothing but the way to do so (R-ID-16).
async fn require_reset(app: &App, origin: &Actor, account: &Account, login_hash: &str) -> AppResult<Entered> {
    platform::write_txn!(app.db, |txn| {
        throttles::pass(txn, app, account.guard, login_hash).await?;
        let ticket = password_reset::ticket_for(txn, app, account).await?;
        let entry = Entry::new("login.reset_required").subject(account.guard.model_type(), account.id);
        audit::record(txn, app, &account.actor(origin), entry).await?;
        Ok(Entered::ResetRequired { ticket })
    })
}

/// Opens the session of a fully proven account and sets its failure count to 0.
#[expect(clippy::too_many_arguments, reason = "the parts of one login; a struct would be built for this call only")]
pub(crate) async fn enter(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    account: &Account,
    login_hash: &str,
    how: (Policy, Carrier),
    with_mfa: bool,
    device: Option<String>,
) -> AppResult<Tokens> {
    throttles::pass(txn, app, account.guard, login_hash).await?;
    // A login by username ends the failures of the address as well, and the other way round (R-ID-22).
    for name in [Some(&account.email), account.username.as_ref()].into_iter().flatten() {
        let other = throttles::login_hash(app, account.guard, &normal_email(name));
        if other != login_hash {
            throttles::clear(txn, app, account.guard, &other).await?;
        }
    }
    let holder = Holder { guard: account.guard, id: account.id };
    let tokens = sessions::open(txn, app, origin, holder, how, with_mfa, device).await?;
    if account.guard == Guard::Affiliate {
        affiliate_credentials::Entity::update_many()
            .col_expr(affiliate_credentials::Column::LastLoginAt, Expr::value(app.now()))
            .filter(affiliate_credentials::Column::AffiliateId.eq(AffiliateId::from(account.id)))
            .exec(txn)
            .await?;
    }
    let actor = account.actor(origin).in_session(tokens.session_id);
    let entry = Entry::new("login.succeeded").subject(account.guard.model_type(), account.id);
    audit::record(txn, app, &actor, entry).await?;
    Ok(tokens)
}

/// Counts and records a failure; tells the account's owner when it locks (R-ID-21, 22).
///
/// Errors: 423 `account_locked` when others locked the login while this guess was looked at; it is not counted then.
pub(crate) async fn fail(
    app: &App,
    origin: &Actor,
    (guard, login_hash): (Guard, &str),
    account: Option<&Account>,
    (lock, what): (LockPolicy, &str),
) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        throttles::open_count(txn, app, (guard, login_hash)).await?;
        if let Some(refusal) = throttles::locked_meanwhile(txn, app, origin, (guard, login_hash)).await? {
            return Ok(Err(refusal));
        }
        let locked = throttles::count_failure(txn, app, origin, (guard, login_hash), lock).await?;
        let facts = json!({ "guard": guard.name(), "login_hash": login_hash, "wrong": what });
        let mut entry = Entry::new("login.failed").change(None, Some(facts)).failed();
        if let Some(account) = account {
            entry = entry.subject(account.guard.model_type(), account.id);
        }
        audit::record(txn, app, origin, entry).await?;
        if let (Some(until), Some(account)) = (locked, account) {
            let event = Event::new("account.locked", account.guard.model_type(), account.id)
                .occurrence(until.timestamp())
                .with("until", until)
                .with("place", place_of(origin, account.id));
            outbox::emit(txn, app, origin, event).await?;
        }
        Ok(Ok(()))
    })?
}

async fn refuse(app: &App, origin: &Actor, account: &Account, refusal: AppError) -> AppResult<AppError> {
    platform::write_txn!(app.db, |txn| {
        let entry = Entry::new("login.refused")
            .subject(account.guard.model_type(), account.id)
            .change(None, Some(json!({ "code": refusal.code })))
            .denied();
        audit::record(txn, app, origin, entry).await
    })?;
    if refusal.code != "email_unverified" || account.guard != Guard::Patient {
        return Ok(refusal);
    }
    let token = platform::write_txn!(app.db, |txn| { register::fresh_token(txn, app, account).await })?;
    Ok(refusal.with("registration_token", token))
}

/// A hash of a lower cost is made again while the password is at hand (R-ID-12).
async fn rehash_if_outdated(app: &App, account: &mut Account, given: &Secret<String>) -> AppResult<()> {
    if !password::is_outdated(app, &account.password) {
        return Ok(());
    }
    let hash = password::hash(app, given).await?;
    // Compared with the old hash: a password changed meanwhile stays.
    if passwords::replace(app.db.conn(), app, account, &hash).await? {
        passwords::rehashed(app.db.conn(), account, &hash).await?;
        account.password = hash;
    }
    Ok(())
}

/// Whether the settings demand an authenticator app of this guard (R-ID-27).
pub(crate) async fn mfa_enforced(app: &App, guard: Guard) -> AppResult<bool> {
    match guard {
        Guard::Api => Ok(true),
        Guard::Provider => settings::MFA_PROVIDER_ENFORCED.get(app).await,
        Guard::Patient | Guard::Affiliate => Ok(false),
    }
}
