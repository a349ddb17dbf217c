//! A forgotten password: code, ticket, new password; and what Hairline's staff may set going (R-ID-15..17).
//!
//! The request looks nobody up. It counts the send, writes the reset and queues a job, whoever the address belongs to;
//! the job finds the account and mails the code. So a known and an unknown address answer alike in the same time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use kernel::ids::{PatientId, ProviderUserId, UserId};
use kernel::{Actor, AppError, AppResult, ErrorKind, FieldErrors, Guard, Permission, Sealed, Secret};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::locale::{Locale, t, tr};
use platform::mail::Mail;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value as Json, json};
use subtle::ConstantTimeEq;

use crate::accounts::{self, Account};
use crate::admin;
use crate::entity::account_states;
use crate::guards::state_type;
use crate::mail::{MAIL_RESET, MAIL_SET_PASSWORD};
use crate::password;
use crate::reauth::require_fresh;
use crate::rules::codes::{SendLimits, is_code};
use crate::rules::fields::{self, normal_email};
use crate::rules::login::Membership;
use crate::service::codes::{self, CodePolicy, code_invalid};
use crate::service::passwords::{self, holder};
use crate::service::reset_rows::{self as rows, Key, Row, Stage};
use crate::service::sessions::{self, Carrier, Tokens};
use crate::service::{login, mfa, throttles};

/// How long the new password may be thought of once the code was right.
pub const TICKET: Duration = Duration::minutes(10);

/// The purpose under which codes are counted.
const PURPOSE: &str = "password_reset";
/// The purpose under which links for a first password are counted, and how often one may be sent (R-ID-17).
const LINK_PURPOSE: &str = "set_password_link";
const LINK_LIMITS: SendLimits = SendLimits { pause_seconds: 60, per_hour: 3 };

/// Whether the account may reset its password: a person who has one, proven and in good standing (R-ID-16).
fn may_reset(app: &App, account: &Account) -> bool {
    account.password.starts_with("$2") && account.standing.refusal(app.now()).is_none()
}

/// Begins a reset; the answer says nothing about whether the address is known.
///
/// Errors: 422 `email_invalid`, 429 `code_too_often`, for every address alike.
pub async fn forgot(app: &App, origin: &Actor, guard: Guard, email: &str, locale: Locale) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    let email = fields::email(&mut errors, "email", email);
    errors.check()?;
    let policy = codes::policy(app).await?;
    platform::write_txn!(app.db, |txn| {
        begin(txn, app, Key { guard, email: &email }, (policy, locale), origin.origin.ip.clone()).await?;
        let facts = json!({ "guard": guard.name(), "login_hash": throttles::login_hash(app, guard, &email) });
        audit::record(txn, app, origin, Entry::new("password.reset_requested").change(None, Some(facts))).await
    })
}

/// Seconds until another code may be sent to the address, whoever it belongs to.
pub async fn wait(app: &App, email: &str) -> AppResult<Option<u64>> {
    codes::wait(app, PURPOSE, &normal_email(email)).await
}

async fn begin(
    txn: &Txn,
    app: &App,
    key: Key<'_>,
    (policy, locale): (CodePolicy, Locale),
    ip: Option<String>,
) -> AppResult<()> {
    codes::claim_send(txn, app, PURPOSE, key.email, policy.limits).await?;
    // The digits stand nowhere: the mail job derives them from this number and the program's key, then wipes it.
    let nonce = app.random.hex(16);
    let token = format!("{}.{nonce}", code_hash(app, key, &digits(app, key, &nonce)?));
    rows::put(txn, app, key, (Stage::Otp, token, app.now() + policy.lifetime), ip).await?;
    let payload = json!({
        "guard": key.guard.name(),
        "address": app.keys.seal(&key.email.to_owned()).ciphertext(),
        "locale": locale.code(),
        "minutes": policy.lifetime.num_minutes(),
    });
    jobs::enqueue(txn, app, MAIL_RESET, payload, Enqueue::default()).await?;
    Ok(())
}

fn subject(key: Key<'_>) -> String {
    format!("{}|{}", key.guard.name(), key.email)
}

/// Six digits that only the program's key and this number give.
fn digits(app: &App, key: Key<'_>, nonce: &str) -> AppResult<String> {
    let mac = app.keys.mac("password_reset_digits", &format!("{}|{nonce}", subject(key)));
    let head = mac.get(..15).unwrap_or_default();
    // Sixty bits: the first numbers are likelier by less than one in a million millions.
    let number = u64::from_str_radix(head, 16).map_err(AppError::internal)?;
    Ok(format!("{:06}", number % 1_000_000))
}

fn code_hash(app: &App, key: Key<'_>, code: &str) -> String {
    app.keys.mac("password_reset_code", &format!("{}|{code}", subject(key)))
}

fn ticket_hash(app: &App, key: Key<'_>, secret: &str) -> String {
    app.keys.mac("password_reset_ticket", &format!("{}|{secret}", subject(key)))
}

fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Mails the code, if there is an account that may reset its password.
pub(crate) async fn mail_code(app: &App, payload: &Json) -> AppResult<()> {
    rows::forget_old(app.db.conn(), app).await?;
    let Some((guard, email)) = addressee(app, payload)? else { return Ok(()) };
    let key = Key { guard, email: &email };
    let Some(account) = accounts::by_email(app.db.conn(), guard, &email).await? else { return Ok(()) };
    if !may_reset(app, &account) {
        return Ok(());
    }
    let row = platform::write_txn!(app.db, |txn| { rows::locked(txn, key).await })?;
    let Some(row) = row.filter(|row| row.stage == Stage::Otp && app.now() < row.expires_at) else { return Ok(()) };
    let Some(nonce) = row.nonce() else { return Ok(()) };
    let minutes = payload.get("minutes").and_then(Json::as_i64).unwrap_or(15);
    let args = [("code", digits(app, key, nonce)?.into()), ("minutes", minutes.to_string().into())];
    let locale = locale_of(payload);
    let (subject, text) = (t(locale, "identity-mail-reset-subject"), tr(locale, "identity-mail-reset-text", &args));
    app.mailer.send(Mail { to: account.email.clone(), subject, text, html: None }).await?;
    platform::write_txn!(app.db, |txn| {
        let bare = (Stage::Otp, row.hash().to_owned(), row.expires_at);
        rows::advance(txn, key, &row, bare).await?;
        let entry = Entry::new("code.requested").subject(guard.model_type(), account.id);
        audit::record(txn, app, &Actor::system(), entry).await
    })
}

fn locale_of(payload: &Json) -> Locale {
    payload.get("locale").and_then(Json::as_str).and_then(Locale::from_code).unwrap_or_default()
}

/// The guard and address of a job; the address travels sealed.
fn addressee(app: &App, payload: &Json) -> AppResult<Option<(Guard, String)>> {
    let guard = payload.get("guard").and_then(Json::as_str).and_then(Guard::from_name);
    let address = payload.get("address").and_then(Json::as_str);
    let (Some(guard), Some(address)) = (guard, address) else { return Ok(None) };
    Ok(Some((guard, app.keys.open(&Sealed::<String>::from_ciphertext(address))?)))
}

/// Exchanges the mailed code for a ticket.
///
/// Errors: 422 `code_invalid` for anything that does not fit, with the try counted (R-ID-06).
pub async fn verify(app: &App, origin: &Actor, guard: Guard, email: &str, code: &str) -> AppResult<Secret<String>> {
    let email = normal_email(email);
    let key = Key { guard, email: &email };
    let most = codes::most_attempts(app).await?;
    // A wrong try must be committed although it is refused, so the refusal is the value.
    let ticket = platform::write_txn!(app.db, |txn| {
        let Some(row) = rows::locked(txn, key).await? else { return Ok(None) };
        let live = row.stage == Stage::Otp && row.attempts < most && app.now() < row.expires_at;
        let fits = same(row.hash(), &code_hash(app, key, code)) && is_code(code);
        if !fits || !live {
            rows::count_attempt(txn, key).await?;
            return Ok(None);
        }
        let Some(account) = accounts::by_email(txn, guard, &email).await?.filter(|it| may_reset(app, it)) else {
            return Ok(None);
        };
        let (ticket, hash) = new_ticket(app, key);
        if !rows::advance(txn, key, &row, (Stage::Ticket, hash, app.now() + TICKET)).await? {
            return Ok(None);
        }
        let entry = Entry::new("code.consumed").subject(guard.model_type(), account.id);
        audit::record(txn, app, &account.actor(origin), entry).await?;
        Ok(Some(ticket))
    })?;
    ticket.map(Secret::new).ok_or_else(code_invalid)
}

/// A new ticket with its hash. It names its address, so that the one row it belongs to is found.
fn new_ticket(app: &App, key: Key<'_>) -> (String, String) {
    let secret = app.random.token();
    let hash = ticket_hash(app, key, &secret);
    (format!("{}.{secret}", URL_SAFE_NO_PAD.encode(key.email)), hash)
}

/// A ticket without a code: for an account that proved itself otherwise.
pub(crate) async fn ticket_for(txn: &Txn, app: &App, account: &Account) -> AppResult<String> {
    let email = normal_email(&account.email);
    let key = Key { guard: account.guard, email: &email };
    let (ticket, hash) = new_ticket(app, key);
    rows::put(txn, app, key, (Stage::Ticket, hash, app.now() + TICKET), None).await?;
    Ok(ticket)
}

/// Whether this is a reset's ticket and no set-password link.
pub fn is_ticket(token: &str) -> bool {
    token.contains('.')
}

fn open_ticket(ticket: &str) -> Option<(String, &str)> {
    let (email, secret) = ticket.split_once('.')?;
    let email = String::from_utf8(URL_SAFE_NO_PAD.decode(email).ok()?).ok()?;
    Some((email, secret))
}

async fn by_ticket(txn: &Txn, app: &App, key: Key<'_>, secret: &str) -> AppResult<Row> {
    let row = rows::locked(txn, key).await?;
    row.filter(|row| row.stage == Stage::Ticket && app.now() < row.expires_at)
        .filter(|row| same(row.hash(), &ticket_hash(app, key, secret)))
        .ok_or_else(ticket_invalid)
}

fn ticket_invalid() -> AppError {
    AppError::invalid("code_invalid", "This code is wrong or no longer valid.")
}

/// Sets a new password by a ticket: every session ends, locks are lifted, and a fresh session opens, except where a
/// second factor is due (R-ID-15).
///
/// Errors: 422 with the password's faults, `password_reused`; 422 `code_invalid` for a dead ticket.
pub async fn reset(
    app: &App,
    origin: &Actor,
    guard: Guard,
    ticket: &str,
    (given, confirmation): (&Secret<String>, &Secret<String>),
    (carrier, device): (Carrier, Option<String>),
) -> AppResult<Option<Tokens>> {
    passwords::check_shape(given, confirmation)?;
    let (email, secret) = open_ticket(ticket).ok_or_else(ticket_invalid)?;
    let key = Key { guard, email: &email };
    // Only whoever holds the ticket learns what was a password here before.
    platform::write_txn!(app.db, |txn| { by_ticket(txn, app, key, secret).await.map(drop) })?;
    let account = accounts::by_email(app.db.conn(), guard, &email).await?.filter(|it| may_reset(app, it));
    let account = account.ok_or_else(ticket_invalid)?;
    passwords::require_unused(app, &account, given).await?;
    let hash = password::hash(app, given).await?;
    let with_session = mfa::demand(app, &account).await? == mfa::Demand::Nothing;
    let policy = sessions::policy_of(app, guard).await?;
    platform::write_txn!(app.db, |txn| {
        let row = by_ticket(txn, app, key, secret).await?;
        if !rows::advance(txn, key, &row, (Stage::Used, app.random.token(), row.expires_at)).await? {
            return Err(ticket_invalid());
        }
        passwords::write(txn, app, &account, &hash).await?;
        sessions::revoke_all_and_tokens(txn, app, holder(&account), "password_reset").await?;
        passwords::clear_locks(txn, app, &account).await?;
        let entry = Entry::new("password.reset").subject(guard.model_type(), account.id);
        audit::record(txn, app, &account.actor(origin), entry).await?;
        passwords::tell(txn, app, &account.actor(origin), &account, "reset").await?;
        if !with_session {
            return Ok(None);
        }
        let login_hash = throttles::login_hash(app, guard, &email);
        let how = (policy, carrier);
        login::enter(txn, app, origin, &account, &login_hash, how, false, device.clone()).await.map(Some)
    })
}

/// Hairline's staff set a reset going for a patient or a clinic's staff member; they see no code (R-ID-16).
///
/// Errors: 403, 404, 409 `account_cannot_reset`, 429 `code_too_often`.
pub async fn start_for(app: &App, actor: &Actor, whose: Whose, locale: Locale) -> AppResult<()> {
    actor.admin()?;
    let (guard, id, permission) = match whose {
        Whose::Patient(id) => (Guard::Patient, id.any(), Permission::ResetPatientPassword),
        Whose::Member(id) => (Guard::Provider, id.any(), Permission::SuspendProviderUser),
    };
    actor.require(permission)?;
    let account = existing(app.db.conn(), guard, id).await?;
    if !may_reset(app, &account) {
        return Err(AppError::conflict("account_cannot_reset", "This account has no password to reset."));
    }
    let email = normal_email(&account.email);
    let policy = codes::policy(app).await?;
    platform::write_txn!(app.db, |txn| {
        begin(txn, app, Key { guard, email: &email }, (policy, locale), None).await?;
        let entry = Entry::new("password.reset_started").subject(guard.model_type(), id);
        let entry = if let Whose::Patient(patient) = whose { entry.patient(patient) } else { entry };
        audit::record(txn, app, actor, entry).await
    })
}

/// Whose reset is set going.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// A patient's.
    Patient(PatientId),
    /// A clinic's staff member's.
    Member(ProviderUserId),
}

/// The account with that id; 404 where there is none that could sign in.
pub(crate) async fn existing(conn: &impl ConnectionTrait, guard: Guard, id: kernel::ids::AnyId) -> AppResult<Account> {
    match accounts::by_id(conn, guard, id).await {
        Err(error) if error.kind == ErrorKind::Unauthenticated => Err(AppError::not_found()),
        other => other,
    }
}

/// A super admin demands a new password of a member of Hairline's staff: the sessions end, and the next login gives
/// nothing but the way to a new password (R-ID-16).
///
/// Errors: 403 `forbidden`, `reauth_required`; 404.
pub async fn force(app: &App, actor: &Actor, user: UserId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let account = existing(txn, Guard::Api, user.any()).await?;
        demand_new_password(txn, app, actor, &account).await?;
        sessions::revoke_all_and_tokens(txn, app, holder(&account), "must_reset_password").await?;
        let entry = Entry::new("password.reset_demanded").subject(account.guard.model_type(), account.id);
        audit::record(txn, app, actor, entry).await
    })
}

async fn demand_new_password(txn: &Txn, app: &App, actor: &Actor, account: &Account) -> AppResult<()> {
    use account_states::Column;
    let kind = state_type(account.guard).ok_or_else(AppError::not_found)?;
    let (by_type, by_id) = actor.reference();
    account_states::Entity::update_many()
        .col_expr(Column::MustResetPassword, Expr::value(true))
        .col_expr(Column::ChangedByType, Expr::value(by_type))
        .col_expr(Column::ChangedById, Expr::value(by_id))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(app.now()))
        .filter(Column::ModelType.eq(kind))
        .filter(Column::ModelId.eq(account.id))
        .exec(txn)
        .await?;
    Ok(())
}

/// Sends a new link for the first password, if the account still waits for one; the answer is the same for everybody
/// (R-ID-17).
///
/// Errors: 422 `email_invalid`, 429 `code_too_often` after three within the hour.
pub async fn request_link(app: &App, origin: &Actor, guard: Guard, email: &str, locale: Locale) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    let email = fields::email(&mut errors, "email", email);
    errors.check()?;
    platform::write_txn!(app.db, |txn| {
        codes::claim_send(txn, app, LINK_PURPOSE, &email, LINK_LIMITS).await?;
        let payload = json!({
            "guard": guard.name(),
            "address": app.keys.seal(&email).ciphertext(),
            "locale": locale.code(),
        });
        jobs::enqueue(txn, app, MAIL_SET_PASSWORD, payload, Enqueue::default()).await?;
        let facts = json!({ "guard": guard.name(), "login_hash": throttles::login_hash(app, guard, &email) });
        audit::record(txn, app, origin, Entry::new("password.link_requested").change(None, Some(facts))).await
    })
}

/// Mails the link. Its token is made here and stands nowhere in the clear; a mail that failed is sent with a new one.
pub(crate) async fn mail_link(app: &App, payload: &Json) -> AppResult<()> {
    let Some((guard, email)) = addressee(app, payload)? else { return Ok(()) };
    let Some(account) = accounts::by_email(app.db.conn(), guard, &email).await? else { return Ok(()) };
    let waits = account.password == password::UNUSABLE
        && account.standing.membership == Membership::Fine
        && !matches!(account.standing.state, Some(state) if state != account_states::AccountState::Active);
    let portal = match guard {
        Guard::Provider => "provider",
        Guard::Api => "admin",
        Guard::Patient | Guard::Affiliate => return Ok(()),
    };
    if !waits {
        return Ok(());
    }
    let token = platform::write_txn!(app.db, |txn| { admin::set_password_link(txn, app, &account).await })?;
    let link = format!("{}/{portal}/set-password#{}", app.config.http.public_url, token.expose());
    let locale = locale_of(payload);
    let (subject, text) =
        (t(locale, "identity-mail-link-subject"), tr(locale, "identity-mail-link-text", &[("link", link.into())]));
    app.mailer.send(Mail { to: account.email.clone(), subject, text, html: None }).await
}
