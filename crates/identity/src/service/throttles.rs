//! The counters behind locks: per login and per address.

use kernel::ids::{IpThrottleId, LoginThrottleId};
use kernel::{Actor, AppError, AppResult, Guard, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

use crate::entity::{ip_throttles, login_throttles};
use crate::rules::login::{LockPolicy, Throttle, ip_failed, locked};
use crate::settings;

/// The locks in force, from the settings (R-ID-23).
pub async fn lock_policy(app: &App) -> AppResult<LockPolicy> {
    Ok(LockPolicy {
        max_attempts: i32::try_from(settings::MAX_LOGIN_ATTEMPTS.get(app).await?).unwrap_or(5),
        minutes: settings::LOCKOUT_MINUTES.get(app).await?,
    })
}

/// The key under which failures of a login are counted, whether or not the account exists (R-ID-22).
pub fn login_hash(app: &App, guard: Guard, login: &str) -> String {
    app.keys.mac("login", &format!("{}|{login}", guard.name()))
}

/// Refuses with 429 `ip_blocked` or 423 `account_locked` before any password is looked at (R-ID-24, 25). What is refused
/// is on record as well (R-ID-21).
pub async fn require_open(app: &App, origin: &Actor, guard: Guard, login_hash: &str) -> AppResult<()> {
    if let Some(ip) = &origin.origin.ip
        && let Err(refusal) = require_address_open(app, ip).await
    {
        return Err(recorded(app, origin, (guard, login_hash), refusal).await?);
    }
    match running_lock(app, guard, login_hash).await? {
        Some(wait) => Err(recorded(app, origin, (guard, login_hash), locked(wait)).await?),
        None => Ok(()),
    }
}

/// Refuses an address that failed too often with 429 `ip_blocked`, wherever secrets are tried (R-ID-25).
pub async fn require_address_open(app: &App, ip: &str) -> AppResult<()> {
    let now = app.now();
    let row = ip_throttles::Entity::find().filter(ip_throttles::Column::IpAddress.eq(ip)).one(app.db.conn()).await?;
    match row.and_then(|row| row.blocked_until).filter(|until| *until > now) {
        Some(until) => {
            let wait = u64::try_from((until - now).num_seconds()).unwrap_or(1);
            Err(AppError::too_many("ip_blocked", "Too many failed logins from your network.", wait))
        }
        None => Ok(()),
    }
}

/// The outcome of a transaction that asked [`pass`]: a refusal of the lock undid it, and is put on record behind it.
pub async fn on_record<T>(app: &App, origin: &Actor, who: (Guard, &str), outcome: AppResult<T>) -> AppResult<T> {
    match outcome {
        Err(error) if error.code == "account_locked" => Err(recorded(app, origin, who, error).await?),
        other => other,
    }
}

/// Puts an attempt that was refused before its password was looked at on record.
async fn recorded(
    app: &App,
    origin: &Actor,
    (guard, login_hash): (Guard, &str),
    refusal: AppError,
) -> AppResult<AppError> {
    platform::write_txn!(app.db, |txn| { record_refusal(txn, app, origin, (guard, login_hash), &refusal).await })?;
    Ok(refusal)
}

async fn record_refusal(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    (guard, login_hash): (Guard, &str),
    refusal: &AppError,
) -> AppResult<()> {
    let word = if refusal.code == "ip_blocked" { "login.blocked" } else { "login.locked" };
    let facts = json!({ "guard": guard.name(), "login_hash": login_hash, "code": refusal.code });
    audit::record(txn, app, origin, Entry::new(word).change(None, Some(facts)).denied()).await
}

async fn running_lock(app: &App, guard: Guard, login_hash: &str) -> AppResult<Option<u64>> {
    let row = login_throttles::Entity::find()
        .filter(login_throttles::Column::Guard.eq(guard.name()))
        .filter(login_throttles::Column::LoginHash.eq(login_hash))
        .one(app.db.conn())
        .await?;
    Ok(row.and_then(|row| throttle_of(&row).locked_for(app.now())))
}

/// The refusal of a login that was locked while its password was looked at, put on record; `None` while it is open.
///
/// Guesses sent side by side all pass [`require_open`] before the first of them is counted. Here the row is read under
/// lock: once as many failures as lock are committed, right and wrong guesses get the same answer (R-ID-24).
pub async fn locked_meanwhile(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    (guard, login_hash): (Guard, &str),
) -> AppResult<Option<AppError>> {
    let row = under_lock(txn, guard, login_hash).await?;
    let Some(wait) = row.and_then(|row| throttle_of(&row).locked_for(app.now())) else { return Ok(None) };
    let refusal = locked(wait);
    record_refusal(txn, app, origin, (guard, login_hash), &refusal).await?;
    Ok(Some(refusal))
}

/// The failures of a login; nobody else counts until the transaction ends.
async fn under_lock(txn: &Txn, guard: Guard, login_hash: &str) -> AppResult<Option<login_throttles::Model>> {
    let row = login_throttles::Entity::find()
        .filter(login_throttles::Column::Guard.eq(guard.name()))
        .filter(login_throttles::Column::LoginHash.eq(login_hash))
        .lock_exclusive()
        .one(txn)
        .await?;
    Ok(row)
}

fn throttle_of(row: &login_throttles::Model) -> Throttle {
    Throttle { failures: row.failures, locked_until: row.locked_until }
}

/// Makes sure a login has the row its failures are counted in.
///
/// The row must exist before it can be locked: of the first guesses of all, sent side by side, each would find nothing to
/// wait for. A second process inserting it at the same time is no error.
pub async fn open_count(txn: &Txn, app: &App, (guard, login_hash): (Guard, &str)) -> AppResult<()> {
    let now = app.now();
    let fresh = login_throttles::ActiveModel {
        id: Set(LoginThrottleId::new()),
        guard: Set(guard.name().to_owned()),
        login_hash: Set(login_hash.to_owned()),
        failures: Set(0),
        last_failure_at: Set(None),
        locked_until: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    login_throttles::Entity::insert(fresh)
        .on_conflict(
            OnConflict::columns([login_throttles::Column::Guard, login_throttles::Column::LoginHash])
                .update_column(login_throttles::Column::Guard)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Counts one failure in the row [`open_count`] made; tells whether it is the one that locks.
pub async fn count_failure(
    txn: &Txn,
    app: &App,
    origin: &Actor,
    (guard, login_hash): (Guard, &str),
    policy: LockPolicy,
) -> AppResult<Option<Timestamp>> {
    let now = app.now();
    let row = under_lock(txn, guard, login_hash).await?;
    let row = row.ok_or_else(|| AppError::internal("the throttle row vanished"))?;
    let next = throttle_of(&row).failed(policy, now);
    login_throttles::Entity::update_many()
        .col_expr(login_throttles::Column::Failures, Expr::value(next.failures))
        .col_expr(login_throttles::Column::LastFailureAt, Expr::value(now))
        .col_expr(login_throttles::Column::LockedUntil, Expr::value(next.locked_until))
        .col_expr(login_throttles::Column::UpdatedAt, Expr::value(now))
        .filter(login_throttles::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    count_address(txn, app, origin).await?;
    Ok(next.locked_until)
}

/// Counts a failure of the caller's address (R-ID-25).
pub async fn count_address(txn: &Txn, app: &App, origin: &Actor) -> AppResult<()> {
    let Some(ip) = &origin.origin.ip else { return Ok(()) };
    let now = app.now();
    let fresh = ip_throttles::ActiveModel {
        id: Set(IpThrottleId::new()),
        ip_address: Set(ip.clone()),
        failed_at: Set(json!([])),
        blocked_until: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    ip_throttles::Entity::insert(fresh)
        .on_conflict(
            OnConflict::column(ip_throttles::Column::IpAddress)
                .update_column(ip_throttles::Column::IpAddress)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    let row = ip_throttles::Entity::find()
        .filter(ip_throttles::Column::IpAddress.eq(ip))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(|| AppError::internal("the throttle row vanished"))?;
    let earlier: Vec<Timestamp> = serde_json::from_value(row.failed_at).unwrap_or_default();
    let (window, blocked) = ip_failed(&earlier, now);
    let was_blocked = row.blocked_until.is_some_and(|until| until > now);
    if let (Some(until), false) = (blocked, was_blocked) {
        let event = Event::new("security.ip_blocked", "IpThrottle", row.id)
            .with("failures", window.len())
            .with("blocked_until", until);
        outbox::emit(txn, app, origin, event).await?;
    }
    ip_throttles::Entity::update_many()
        .col_expr(ip_throttles::Column::FailedAt, Expr::value(json!(window)))
        .col_expr(ip_throttles::Column::BlockedUntil, Expr::value(blocked))
        .col_expr(ip_throttles::Column::UpdatedAt, Expr::value(now))
        .filter(ip_throttles::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}

/// The last word on a login that was right in every part: sets its count to 0 (R-ID-22).
///
/// Guesses sent side by side all pass [`require_open`] before the first of them is counted. Here the row is read under
/// lock: once as many failures as lock are committed, the right guess among them opens nothing either (R-ID-24).
///
/// Errors: 423 `account_locked`.
pub async fn pass(txn: &Txn, app: &App, guard: Guard, login_hash: &str) -> AppResult<()> {
    let Some(row) = under_lock(txn, guard, login_hash).await? else { return Ok(()) };
    match throttle_of(&row).locked_for(app.now()) {
        Some(wait) => Err(locked(wait)),
        None => clear(txn, app, guard, login_hash).await,
    }
}

/// Sets the count of the login to 0 and ends its lock: a new password, an unlocking by staff (R-ID-22).
pub async fn clear(txn: &Txn, app: &App, guard: Guard, login_hash: &str) -> AppResult<()> {
    login_throttles::Entity::update_many()
        .col_expr(login_throttles::Column::Failures, Expr::value(0))
        .col_expr(login_throttles::Column::LockedUntil, Expr::value(None::<Timestamp>))
        .col_expr(login_throttles::Column::UpdatedAt, Expr::value(app.now()))
        .filter(login_throttles::Column::Guard.eq(guard.name()))
        .filter(login_throttles::Column::LoginHash.eq(login_hash))
        .exec(txn)
        .await?;
    Ok(())
}
