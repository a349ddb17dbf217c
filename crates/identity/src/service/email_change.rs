//! Another address for an account: the new one proves itself by a code, the old one may object for three days
//! (R-ID-30).

use chrono::Duration;
use kernel::ids::{OneTimeCodeId, PatientId, ProviderUserId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Secret};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::locale::{Locale, t, tr};
use platform::mail::Mail;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value as Json, json};

use crate::accounts::{self, Account};
use crate::digest::sha256;
use crate::entity::one_time_codes::{self, OneTimeCodePurpose};
use crate::entity::{patients, provider_users, users};
use crate::mail::MAIL_EMAIL_CHANGED;
use crate::password;
use crate::reauth::{own_account, require_fresh};
use crate::rules::fields::{self, normal_email};
use crate::service::codes::{self, CodeFor, code_invalid};
use crate::service::password_reset;
use crate::service::passwords::{self, holder};
use crate::service::sessions;

/// How long the old address may object.
pub const DISPUTE: Duration = Duration::hours(72);

const PURPOSE: &str = "email_change";

/// Mails a code to the new address; the old one stays in force until it is entered.
///
/// An address that belongs to another account is answered alike and gets nothing: nobody can ask here who has one.
/// Errors: 403 for affiliates, `reauth_required`; 422 `email_invalid`, `email_unchanged`; 429 `code_too_often`.
pub async fn request(app: &App, actor: &Actor, email: &str, locale: Locale) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    let email = fields::email(&mut errors, "email", email);
    errors.check()?;
    if actor.guard() == Some(Guard::Affiliate) {
        // An affiliate's address is fixed with its contract.
        return Err(AppError::forbidden());
    }
    let policy = codes::policy(app).await?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let account = own_account(txn, actor).await?;
        if email == normal_email(&account.email) {
            return Err(AppError::field("email", "email_unchanged", "This is your address already."));
        }
        // Counted per account and per address: neither can be used to flood the other.
        let own = format!("{}:{}", account.guard.model_type(), account.id);
        codes::claim_send(txn, app, PURPOSE, &own, policy.limits).await?;
        codes::claim_send(txn, app, PURPOSE, &email, policy.limits).await?;
        codes::kill_live(txn, app, OneTimeCodePurpose::EmailChange, &account).await?;
        if !is_taken(txn, account.guard, &email).await? {
            let what = CodeFor { purpose: OneTimeCodePurpose::EmailChange, address: &email, token: None };
            codes::issue_code(txn, app, &account, what, (policy, locale)).await?;
        }
        let entry = Entry::new("email.change_requested").subject(account.guard.model_type(), account.id);
        audit::record(txn, app, actor, entry).await
    })
}

/// Seconds until another code may be sent to the new address.
pub async fn wait(app: &App, actor: &Actor, email: &str) -> AppResult<Option<u64>> {
    let (_, Some(id)) = actor.reference() else { return Err(AppError::unauthenticated()) };
    let own = format!("{}:{id}", actor.guard().map_or("", Guard::model_type));
    let by_account = codes::wait(app, PURPOSE, &own).await?;
    Ok(by_account.max(codes::wait(app, PURPOSE, &normal_email(email)).await?))
}

async fn is_taken(conn: &impl ConnectionTrait, guard: Guard, email: &str) -> AppResult<bool> {
    let count = match guard {
        Guard::Patient => patients::Entity::find().filter(patients::Column::Email.eq(email)).count(conn).await?,
        Guard::Provider => {
            provider_users::Entity::find().filter(provider_users::Column::Email.eq(email)).count(conn).await?
        }
        Guard::Api => users::Entity::find().filter(users::Column::Email.eq(email)).count(conn).await?,
        Guard::Affiliate => return Err(AppError::forbidden()),
    };
    Ok(count > 0)
}

fn taken() -> AppError {
    AppError::conflict("email_taken", "There is already an account with this address.")
}

/// Puts the new address in force with the code that went to it; the old one is told and may object.
///
/// Errors: 422 `code_invalid` with the try counted; 409 `email_taken` when somebody else was faster.
pub async fn verify(app: &App, actor: &Actor, code: &str, locale: Locale) -> AppResult<()> {
    let most = codes::most_attempts(app).await?;
    // A wrong try must be committed although it is refused, so the refusal is the value.
    platform::write_txn!(app.db, |txn| {
        let account = own_account(txn, actor).await?;
        let Some(row) = codes::of_account(txn, OneTimeCodePurpose::EmailChange, &account).await? else {
            return Ok(Err(code_invalid()));
        };
        if !codes::take_code(txn, app, &account, &row, (code, most)).await? {
            return Ok(Err(code_invalid()));
        }
        let Some(email) = row.address.clone() else { return Ok(Err(code_invalid())) };
        if is_taken(txn, account.guard, &email).await? {
            return Err(taken());
        }
        write(txn, app, &account, &email).await?;
        open_dispute(txn, app, &account, locale).await?;
        let (before, after) = (json!({ "email": account.email }), json!({ "email": email }));
        let entry = Entry::new("email.changed")
            .subject(account.guard.model_type(), account.id)
            .fields(&["email"])
            .change(Some(before), Some(after));
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("account.email_changed", account.guard.model_type(), account.id).occurrence(row.id);
        outbox::emit(txn, app, actor, event).await?;
        Ok(Ok(()))
    })?
}

async fn write(txn: &Txn, app: &App, account: &Account, email: &str) -> AppResult<()> {
    let now = app.now();
    match account.guard {
        Guard::Patient => {
            patients::Entity::update_many()
                .col_expr(patients::Column::Email, Expr::value(email))
                .col_expr(patients::Column::EmailVerifiedAt, Expr::value(now))
                .col_expr(patients::Column::UpdatedAt, Expr::value(now))
                .filter(patients::Column::Id.eq(PatientId::from(account.id)))
                .exec(txn)
                .await?;
        }
        Guard::Provider => {
            provider_users::Entity::update_many()
                .col_expr(provider_users::Column::Email, Expr::value(email))
                .col_expr(provider_users::Column::EmailVerifiedAt, Expr::value(now))
                .col_expr(provider_users::Column::UpdatedAt, Expr::value(now))
                .filter(provider_users::Column::Id.eq(ProviderUserId::from(account.id)))
                .exec(txn)
                .await?;
        }
        Guard::Api => {
            let id = UserId::from(account.id);
            // Accounts made by us have their address as their login name too: it moves along.
            users::Entity::update_many()
                .col_expr(users::Column::Username, Expr::value(email))
                .filter(users::Column::Id.eq(id))
                .filter(users::Column::Username.eq(&account.email))
                .exec(txn)
                .await?;
            users::Entity::update_many()
                .col_expr(users::Column::Email, Expr::value(email))
                .col_expr(users::Column::EmailVerifiedAt, Expr::value(now))
                .col_expr(users::Column::UpdatedAt, Expr::value(now))
                .filter(users::Column::Id.eq(id))
                .exec(txn)
                .await?;
        }
        Guard::Affiliate => return Err(AppError::forbidden()),
    }
    Ok(())
}

/// A link for the old address. Earlier links stay good: somebody who took the account over could otherwise end them by
/// changing the address once more.
async fn open_dispute(txn: &Txn, app: &App, account: &Account, locale: Locale) -> AppResult<()> {
    let (now, token, id) = (app.now(), app.random.token(), OneTimeCodeId::new());
    one_time_codes::ActiveModel {
        id: Set(id),
        purpose: Set(OneTimeCodePurpose::EmailChangeDispute),
        subject_type: Set(Some(account.guard.model_type().to_owned())),
        subject_id: Set(Some(account.id)),
        address: Set(Some(account.email.clone())),
        code_hash: Set(None),
        token_hash: Set(Some(sha256(&token))),
        token_expires_at: Set(Some(now + DISPUTE)),
        // For the mail only, which wipes it.
        payload: Set(Some(app.keys.seal(&json!({ "token": token })))),
        attempts: Set(0),
        expires_at: Set(now + DISPUTE),
        used_at: Set(None),
        invalidated_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    let payload = json!({ "code_id": id, "locale": locale.code() });
    jobs::enqueue(txn, app, MAIL_EMAIL_CHANGED, payload, Enqueue::default()).await?;
    Ok(())
}

/// Tells the old address, with the link to object.
pub(crate) async fn mail_notice(app: &App, payload: &Json) -> AppResult<()> {
    let id = payload.get("code_id").and_then(Json::as_str).and_then(|id| id.parse::<OneTimeCodeId>().ok());
    let locale = payload.get("locale").and_then(Json::as_str).and_then(Locale::from_code).unwrap_or_default();
    let Some(id) = id else { return Ok(()) };
    let Some(row) = one_time_codes::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    let live = row.used_at.is_none() && row.invalidated_at.is_none();
    let (Some(sealed), Some(to), true) = (&row.payload, row.address.clone(), live) else { return Ok(()) };
    let content = app.keys.open(sealed)?;
    let Some(token) = content.get("token").and_then(Json::as_str) else { return Ok(()) };
    let base = match row.subject_type.as_deref() {
        Some("ProviderUser") => "/provider",
        Some("User") => "/admin",
        _ => "",
    };
    let link = format!("{}{base}/dispute-email#{token}", app.config.http.public_url);
    let (subject, text) =
        (t(locale, "identity-mail-moved-subject"), tr(locale, "identity-mail-moved-text", &[("link", link.into())]));
    app.mailer.send(Mail { to, subject, text, html: None }).await?;
    one_time_codes::Entity::update_many()
        .col_expr(one_time_codes::Column::Payload, Expr::value(None::<String>))
        .filter(one_time_codes::Column::Id.eq(id))
        .exec(app.db.conn())
        .await?;
    Ok(())
}

/// The old address objects: it is put back, every session ends, the password opens nothing any more, and the answer is
/// the ticket for a new one.
///
/// Errors: 422 `code_invalid` for a dead link; 409 `email_taken` when the old address has a new account since.
pub async fn dispute(app: &App, origin: &Actor, guard: Guard, token: &str) -> AppResult<Secret<String>> {
    // Nobody knows a password of this one: whoever took the account over knows the present one.
    let nobody = password::hash(app, &Secret::new(app.random.token())).await?;
    platform::write_txn!(app.db, |txn| {
        let row = codes::by_token(txn, OneTimeCodePurpose::EmailChangeDispute, token).await?;
        let row = row.filter(|row| codes::live(row).is_good(app.now()));
        let row = row.filter(|row| row.subject_type.as_deref() == Some(guard.model_type()));
        let Some(row) = row else { return Err(code_invalid()) };
        let (Some(id), Some(old)) = (row.subject_id, row.address.clone()) else { return Err(code_invalid()) };
        if !codes::consume(txn, app, row.id).await? {
            return Err(code_invalid());
        }
        let account = accounts::by_id(txn, guard, id).await?;
        if account.standing.is_closed() {
            return Err(code_invalid());
        }
        if normal_email(&old) != normal_email(&account.email) {
            if is_taken(txn, guard, &old).await? {
                return Err(taken());
            }
            write(txn, app, &account, &old).await?;
        }
        passwords::replace(txn, app, &account, &nobody).await?;
        for purpose in [OneTimeCodePurpose::EmailChange, OneTimeCodePurpose::EmailChangeDispute] {
            codes::kill_live(txn, app, purpose, &account).await?;
        }
        sessions::revoke_all_and_tokens(txn, app, holder(&account), "email_disputed").await?;
        let account = accounts::by_id(txn, guard, id).await?;
        let entry = Entry::new("email.change_disputed").subject(guard.model_type(), id).fields(&["email"]);
        audit::record(txn, app, &account.actor(origin), entry).await?;
        password_reset::ticket_for(txn, app, &account).await.map(Secret::new)
    })
}
