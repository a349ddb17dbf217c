//! One-time codes and the tokens beside them: making, throttling, checking.

use chrono::Duration;
use kernel::ids::{AnyId, CodeSendId, OneTimeCodeId};
use kernel::{AppError, AppResult, Guard, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::locale::Locale;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QuerySelect, Set,
};
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::accounts::Account;
use crate::digest::sha256;
use crate::entity::one_time_codes::OneTimeCodePurpose;
use crate::entity::{code_sends, one_time_codes};
use crate::mail::MAIL_CODE;
use crate::rules::codes::{LiveCode, MAX_ATTEMPTS, SendLimits, TOKEN_LIFETIME, is_code, wait_before_send};
use crate::settings;

/// What the settings say about codes now. Read it before the transaction begins; later changes touch only later codes.
#[derive(Clone, Copy, Debug)]
pub struct CodePolicy {
    /// How often one may be sent.
    pub limits: SendLimits,
    /// How long one lives.
    pub lifetime: Duration,
}

/// Reads the settings.
pub async fn policy(app: &App) -> AppResult<CodePolicy> {
    let per_hour = settings::OTP_SENDS_PER_HOUR.get(app).await?;
    Ok(CodePolicy {
        limits: SendLimits {
            pause_seconds: settings::OTP_RESEND_SECONDS.get(app).await?,
            per_hour: usize::try_from(per_hour).unwrap_or(5),
        },
        lifetime: Duration::minutes(settings::OTP_EXPIRY_MINUTES.get(app).await?),
    })
}

/// Notes a send to the address, or refuses it with 429 and the seconds to wait (R-ID-05). Counted per address, whether
/// or not an account stands behind it.
pub async fn claim_send(
    txn: &Txn,
    app: &App,
    purpose: &'static str,
    address: &str,
    limits: SendLimits,
) -> AppResult<()> {
    let (now, address_hash) = (app.now(), app.keys.mac("code_send", address));
    let sent = sends(txn, purpose, &address_hash, now).await?;
    if let Some(wait) = wait_before_send(limits, &sent, now) {
        return Err(AppError::too_many("code_too_often", "Wait a little before asking for another code.", wait));
    }
    let row = code_sends::ActiveModel {
        id: Set(CodeSendId::new()),
        purpose: Set(purpose.to_owned()),
        address_hash: Set(address_hash),
        sent_at: Set(now),
    };
    code_sends::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// The sends to an address within the last hour.
async fn sends(
    conn: &impl ConnectionTrait,
    purpose: &'static str,
    address_hash: &str,
    now: Timestamp,
) -> AppResult<Vec<Timestamp>> {
    Ok(code_sends::Entity::find()
        .select_only()
        .column(code_sends::Column::SentAt)
        .filter(code_sends::Column::Purpose.eq(purpose))
        .filter(code_sends::Column::AddressHash.eq(address_hash))
        .filter(code_sends::Column::SentAt.gt(now - Duration::hours(1)))
        .into_tuple()
        .all(conn)
        .await?)
}

/// Seconds until another code may be sent to the address; nothing when one may be sent now (R-ID-05). It says nothing
/// about whether an account stands behind it.
pub(crate) async fn wait(app: &App, purpose: &'static str, address: &str) -> AppResult<Option<u64>> {
    let limits = policy(app).await?.limits;
    let now = app.now();
    let sent = sends(app.db.conn(), purpose, &app.keys.mac("code_send", address), now).await?;
    Ok(wait_before_send(limits, &sent, now))
}

/// Makes a token that looks like one beside a code and opens nothing: whoever holds it is answered like everybody else
/// (R-ID-09).
pub(crate) async fn issue_decoy(txn: &Txn, app: &App, what: CodeFor<'_>) -> AppResult<()> {
    let now = app.now();
    let row = one_time_codes::ActiveModel {
        id: Set(OneTimeCodeId::new()),
        purpose: Set(what.purpose),
        subject_type: Set(None),
        subject_id: Set(None),
        address: Set(Some(what.address.to_owned())),
        code_hash: Set(None),
        token_hash: Set(what.token.map(sha256)),
        token_expires_at: Set(Some(now + TOKEN_LIFETIME)),
        payload: Set(None),
        attempts: Set(0),
        expires_at: Set(now),
        used_at: Set(None),
        invalidated_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await?;
    Ok(())
}

/// The keyed hash of a code (R-ID-07).
fn code_hash(app: &App, purpose: OneTimeCodePurpose, account: &Account, code: &str) -> String {
    let subject = format!("{}:{}", account.guard.model_type(), account.id);
    app.keys.mac("one_time_code", &format!("{}|{subject}|{code}", purpose.to_value()))
}

/// What a code is made for.
pub(crate) struct CodeFor<'a> {
    /// Its purpose: a code of another purpose or account never fits (R-ID-07).
    pub purpose: OneTimeCodePurpose,
    /// Where the mail goes.
    pub address: &'a str,
    /// The token that must come with the code (R-ID-08); none where a session proves who asks.
    pub token: Option<&'a str>,
}

/// Makes a new code and queues its mail; the earlier one of that purpose and account dies (R-ID-04).
///
/// The digits travel to the mail job inside the row, sealed, and are wiped once the mail is handed over: a mail that
/// failed is sent again with the same code, and no job payload or log ever holds it.
pub(crate) async fn issue_code(
    txn: &Txn,
    app: &App,
    account: &Account,
    what: CodeFor<'_>,
    (policy, locale): (CodePolicy, Locale),
) -> AppResult<String> {
    kill_live(txn, app, what.purpose, account).await?;
    let (now, code, id) = (app.now(), app.random.code6(), OneTimeCodeId::new());
    let hash = code_hash(app, what.purpose, account, &code);
    let row = one_time_codes::ActiveModel {
        id: Set(id),
        purpose: Set(what.purpose),
        subject_type: Set(Some(account.guard.model_type().to_owned())),
        subject_id: Set(Some(account.id)),
        address: Set(Some(what.address.to_owned())),
        code_hash: Set(Some(hash.clone())),
        token_hash: Set(what.token.map(sha256)),
        token_expires_at: Set(what.token.map(|_| now + TOKEN_LIFETIME)),
        payload: Set(Some(app.keys.seal(&json!({ "code": code })))),
        attempts: Set(0),
        expires_at: Set(now + policy.lifetime),
        used_at: Set(None),
        invalidated_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await?;
    let minutes = policy.lifetime.num_minutes();
    let payload = json!({ "code_id": id, "locale": locale.code(), "minutes": minutes });
    jobs::enqueue(txn, app, MAIL_CODE, payload, Enqueue::default()).await?;
    Ok(hash)
}

/// The live row of that purpose and account, locked.
pub(crate) async fn of_account(
    txn: &Txn,
    purpose: OneTimeCodePurpose,
    account: &Account,
) -> AppResult<Option<one_time_codes::Model>> {
    use one_time_codes::Column;
    Ok(one_time_codes::Entity::find()
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::SubjectType.eq(account.guard.model_type()))
        .filter(Column::SubjectId.eq(account.id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::InvalidatedAt.is_null())
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Wrong tries that kill a mailed code, by the settings (R-ID-06). Read it before the transaction begins.
pub(crate) async fn most_attempts(app: &App) -> AppResult<i32> {
    Ok(i32::try_from(settings::MAX_LOGIN_ATTEMPTS.get(app).await?).unwrap_or(MAX_ATTEMPTS))
}

/// Uses a code up: true when it was the right one and still good. A wrong try is counted and must be committed, so the
/// refusal belongs behind the transaction.
pub(crate) async fn take_code(
    txn: &Txn,
    app: &App,
    account: &Account,
    row: &one_time_codes::Model,
    (code, most_attempts): (&str, i32),
) -> AppResult<bool> {
    let expected = code_hash(app, row.purpose, account, code);
    let fits = row.code_hash.as_deref().is_some_and(|stored| stored.as_bytes().ct_eq(expected.as_bytes()).into());
    if !fits || !is_code(code) || !(LiveCode { most_attempts, ..live(row) }).is_good(app.now()) {
        count_attempt(txn, app, row.id).await?;
        return Ok(false);
    }
    consume(txn, app, row.id).await
}

/// Makes a ticket: a token without a code, good for `lifetime` (MFA logins, set-password links).
pub(crate) async fn issue_ticket(
    txn: &Txn,
    app: &App,
    purpose: OneTimeCodePurpose,
    account: &Account,
    lifetime: Duration,
) -> AppResult<String> {
    kill_live(txn, app, purpose, account).await?;
    let (now, token) = (app.now(), app.random.token());
    one_time_codes::ActiveModel {
        id: Set(OneTimeCodeId::new()),
        purpose: Set(purpose),
        subject_type: Set(Some(account.guard.model_type().to_owned())),
        subject_id: Set(Some(account.id)),
        address: Set(None),
        code_hash: Set(None),
        token_hash: Set(Some(sha256(&token))),
        token_expires_at: Set(Some(now + lifetime)),
        payload: Set(None),
        attempts: Set(0),
        expires_at: Set(now + lifetime),
        used_at: Set(None),
        invalidated_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(token)
}

/// Ends every live code or ticket of that purpose and account, with its token.
pub(crate) async fn kill_live(txn: &Txn, app: &App, purpose: OneTimeCodePurpose, account: &Account) -> AppResult<()> {
    end(txn, app, account.guard, account.id, &[purpose]).await
}

/// The row behind a token, locked.
pub async fn by_token(
    txn: &impl ConnectionTrait,
    purpose: OneTimeCodePurpose,
    token: &str,
) -> AppResult<Option<one_time_codes::Model>> {
    Ok(one_time_codes::Entity::find()
        .filter(one_time_codes::Column::TokenHash.eq(sha256(token)))
        .filter(one_time_codes::Column::Purpose.eq(purpose))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Ends what a login that is under way has won with the password so far: whoever holds such a ticket starts anew
/// (R-ID-37).
pub(crate) async fn end_logins(conn: &impl ConnectionTrait, app: &App, guard: Guard, id: AnyId) -> AppResult<()> {
    let logins = [OneTimeCodePurpose::MfaLogin, OneTimeCodePurpose::MfaEnrolment];
    end(conn, app, guard, id, &logins).await
}

/// Ends every code, link and ticket of an account that is closed for good and takes the addresses out of them (R-ID-71).
pub async fn forget(conn: &impl ConnectionTrait, app: &App, guard: Guard, id: AnyId) -> AppResult<()> {
    use one_time_codes::Column;
    let all: Vec<OneTimeCodePurpose> = OneTimeCodePurpose::iter().collect();
    end(conn, app, guard, id, &all).await?;
    one_time_codes::Entity::update_many()
        .col_expr(Column::Address, Expr::value(None::<String>))
        .col_expr(Column::TokenHash, Expr::value(None::<String>))
        .col_expr(Column::Payload, Expr::value(None::<String>))
        .filter(Column::Purpose.is_in(all))
        .filter(Column::SubjectType.eq(guard.model_type()))
        .filter(Column::SubjectId.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends the live codes of these purposes. They are named, for the index begins with them.
async fn end(
    conn: &impl ConnectionTrait,
    app: &App,
    guard: Guard,
    id: AnyId,
    purposes: &[OneTimeCodePurpose],
) -> AppResult<()> {
    use one_time_codes::Column;
    let now = app.now();
    one_time_codes::Entity::update_many()
        .col_expr(Column::InvalidatedAt, Expr::value(now))
        .col_expr(Column::TokenHash, Expr::value(None::<String>))
        .col_expr(Column::Payload, Expr::value(None::<String>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::SubjectType.eq(guard.model_type()))
        .filter(Column::SubjectId.eq(id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::InvalidatedAt.is_null())
        .filter(Column::Purpose.is_in(purposes.iter().copied()))
        .exec(conn)
        .await?;
    Ok(())
}

/// A row as the rules see it.
pub fn live(row: &one_time_codes::Model) -> LiveCode {
    LiveCode {
        expires_at: row.expires_at,
        token_expires_at: row.token_expires_at,
        attempts: row.attempts,
        most_attempts: MAX_ATTEMPTS,
        spent: row.used_at.is_some() || row.invalidated_at.is_some(),
    }
}

/// Counts a wrong try (R-ID-06).
pub async fn count_attempt(conn: &impl ConnectionTrait, app: &App, id: OneTimeCodeId) -> AppResult<()> {
    use one_time_codes::Column;
    one_time_codes::Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(app.now()))
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Marks the row used; false when another request was first.
pub async fn consume(conn: &impl ConnectionTrait, app: &App, id: OneTimeCodeId) -> AppResult<bool> {
    use one_time_codes::Column;
    let now = app.now();
    let done = one_time_codes::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .col_expr(Column::Payload, Expr::value(None::<String>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::InvalidatedAt.is_null())
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The one answer to a code that is wrong, old, used or of somebody else.
pub fn code_invalid() -> AppError {
    AppError::invalid("code_invalid", "This code is wrong or no longer valid.").on_field("code")
}
