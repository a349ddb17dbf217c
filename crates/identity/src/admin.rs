//! Accounts of Hairline's staff made from the command line, and set-password links (R-ID-17, 18).

use chrono::Duration;
use kernel::ids::{OneTimeCodeId, ProviderUserId, UserId};
use kernel::{Actor, AppResult, FieldErrors, Guard, Secret};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::accounts::{self, Account};
use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::one_time_codes::OneTimeCodePurpose;
use crate::entity::{provider_users, users};
use crate::rules::fields;
use crate::service::codes;
use crate::service::passwords;
use crate::service::sessions::{Holder, revoke_all_and_tokens};
use crate::{password, roles, states};

/// How long a set-password link lives.
pub const LINK_LIFETIME: Duration = Duration::hours(24);

/// A new member of Hairline's staff.
#[derive(Clone, Debug)]
pub struct NewAdmin {
    /// Address; the login.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// A role of guard api, `super_admin` for the first account.
    pub role: String,
    /// The password; without one a link to set it is made.
    pub password: Option<Secret<String>>,
}

/// A made account.
#[derive(Clone, Debug)]
pub struct Created {
    /// The account.
    pub id: UserId,
    /// The token of the set-password link, when no password was given: single use, 24 hours.
    pub link_token: Option<Secret<String>>,
}

/// Makes an account of Hairline's staff. No default password exists: without one the answer holds a link's token.
///
/// Errors: 422 with all faulty fields, among them `email_taken` and `role_unknown`.
pub async fn create_admin(app: &App, actor: &Actor, new: NewAdmin) -> AppResult<Created> {
    let mut errors = FieldErrors::new();
    let first_name = fields::name(&mut errors, "first_name", &new.first_name);
    let last_name = fields::name(&mut errors, "last_name", &new.last_name);
    let email = fields::email(&mut errors, "email", &new.email);
    if let Some(given) = &new.password {
        fields::password(&mut errors, given.expose(), given.expose());
    }
    let taken = users::Entity::find()
        .filter(Condition::any().add(users::Column::Email.eq(&email)).add(users::Column::Username.eq(&email)))
        .count(app.db.conn())
        .await?;
    if taken > 0 {
        errors.add("email", "email_taken", "There is already an account with this address.");
    }
    errors.check()?;
    let hash = match &new.password {
        Some(given) => password::hash(app, given).await?,
        None => password::UNUSABLE.to_owned(),
    };
    let id = UserId::new();
    platform::write_txn!(app.db, |txn| {
        insert_user(txn, app, id, (&first_name, &last_name, &email), &hash).await?;
        roles::assign(txn, app, actor, Guard::Api, &new.role, id.any()).await?;
        let entry = Entry::new("staff.created").subject("User", id);
        audit::record(txn, app, actor, entry).await?;
        if new.password.is_some() {
            passwords::remember(txn, app, Guard::Api, id.any(), &hash).await?;
            return Ok(Created { id, link_token: None });
        }
        let account = accounts::by_id(txn, Guard::Api, id.any()).await?;
        let token = set_password_link(txn, app, &account).await?;
        Ok(Created { id, link_token: Some(token) })
    })
}

pub(crate) async fn insert_user(
    txn: &Txn,
    app: &App,
    id: UserId,
    (first_name, last_name, email): (&str, &str, &str),
    hash: &str,
) -> AppResult<()> {
    let now = app.now();
    users::ActiveModel {
        id: Set(id),
        username: Set(email.to_owned()),
        firstname: Set(first_name.to_owned()),
        lastname: Set(last_name.to_owned()),
        email: Set(email.to_owned()),
        password: Set(hash.to_owned()),
        avatar: Set(None),
        role: Set(None),
        email_verified_at: Set(Some(now)),
        remember_token: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        phone_number: Set(None),
    }
    .insert(txn)
    .await?;
    states::begun(AccountStateModelType::User, id.any(), AccountState::Active, now).insert(txn).await?;
    Ok(())
}

/// A new link to set a password; the earlier one dies.
pub(crate) async fn set_password_link(txn: &Txn, app: &App, account: &Account) -> AppResult<Secret<String>> {
    let token = codes::issue_ticket(txn, app, OneTimeCodePurpose::SetPasswordLink, account, LINK_LIFETIME).await?;
    Ok(Secret::new(token))
}

/// Sets the first password by the link's token; every session of the account ends.
///
/// Errors: 422 with the password's faults; 422 `code_invalid` for a dead link.
pub async fn set_password(
    app: &App,
    origin: &Actor,
    guard: Guard,
    token: &str,
    (given, confirmation): (&Secret<String>, &Secret<String>),
) -> AppResult<()> {
    passwords::check_shape(given, confirmation)?;
    let (_, account) = platform::write_txn!(app.db, |txn| { by_link(txn, app, guard, token).await })?;
    passwords::require_unused(app, &account, given).await?;
    let hash = password::hash(app, given).await?;
    platform::write_txn!(app.db, |txn| {
        let (id, account) = by_link(txn, app, guard, token).await?;
        if !codes::consume(txn, app, id).await? {
            return Err(codes::code_invalid());
        }
        passwords::write(txn, app, &account, &hash).await?;
        prove_address(txn, app, &account).await?;
        passwords::clear_locks(txn, app, &account).await?;
        revoke_all_and_tokens(txn, app, Holder { guard, id: account.id }, "password_set").await?;
        let entry = Entry::new("password.set").subject(guard.model_type(), account.id);
        audit::record(txn, app, &account.actor(origin), entry).await
    })
}

/// The account behind a live link.
async fn by_link(txn: &Txn, app: &App, guard: Guard, token: &str) -> AppResult<(OneTimeCodeId, Account)> {
    let row = codes::by_token(txn, OneTimeCodePurpose::SetPasswordLink, token).await?;
    let row = row.filter(|row| codes::live(row).is_good(app.now()));
    let row = row.filter(|row| row.subject_type.as_deref() == Some(guard.model_type()));
    let Some((id, account)) = row.and_then(|row| row.subject_id.map(|account| (row.id, account))) else {
        return Err(codes::code_invalid());
    };
    Ok((id, accounts::by_id(txn, guard, account).await?))
}

/// The link went to the address: using it proves it.
async fn prove_address(txn: &Txn, app: &App, account: &Account) -> AppResult<()> {
    if account.guard != Guard::Provider {
        return Ok(());
    }
    provider_users::Entity::update_many()
        .col_expr(provider_users::Column::EmailVerifiedAt, Expr::value(app.now()))
        .filter(provider_users::Column::Id.eq(ProviderUserId::from(account.id)))
        .filter(provider_users::Column::EmailVerifiedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}
