//! Personal tokens: what staff and clinic members make for scripts of their own (R-ID-43).
//!
//! Two kinds, told apart by their ids: opaque ones, `id|plain`, in `personal_access_tokens`, and signed ones of the
//! personal client in `oauth_access_tokens`, which a program can read without asking us.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use kernel::ids::AnyId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Page, PageQuery, Secret, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;

use crate::digest::sha256;
use crate::entity::oauth_access_tokens;
use crate::entity::personal_access_tokens::{self, PersonalAccessTokenTokenableType};
use crate::install::PERSONAL_CLIENT;
use crate::reauth::require_fresh;
use crate::rules::scopes;
use crate::service::tokens::{self, Mint};

/// The longest life of a personal token.
pub const MOST_DAYS: i64 = 90;

/// Live tokens of one account.
const MOST: usize = 50;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// What it may do, of what its owner may.
    pub scopes: BTreeSet<String>,
    /// Days it lives, at most [`MOST_DAYS`].
    pub days: i64,
}

/// A token as its owner sees it; never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PersonalToken {
    /// Names it for revocation.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<String>,
    /// A signed token; the others are opaque.
    pub signed: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute; signed ones keep no record.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A new token with its secret, which is shown this once.
#[derive(Clone, Debug)]
pub struct Made {
    /// The token.
    pub token: PersonalToken,
    /// What the script sends as `Authorization: Bearer`.
    pub secret: Secret<String>,
}

/// Who may have such tokens: staff and clinic members, in a session of their own.
fn owner(actor: &Actor) -> AppResult<(Guard, AnyId)> {
    match (actor.guard(), actor.reference().1) {
        (Some(guard @ (Guard::Api | Guard::Provider)), Some(id)) if actor.grant.is_none() => Ok((guard, id)),
        (None, _) if actor.grant.is_none() => Err(AppError::unauthenticated()),
        _ => Err(AppError::forbidden()),
    }
}

fn kind_of(guard: Guard) -> PersonalAccessTokenTokenableType {
    if guard == Guard::Api {
        PersonalAccessTokenTokenableType::User
    } else {
        PersonalAccessTokenTokenableType::ProviderUser
    }
}

impl NewToken {
    fn checked(mut self) -> AppResult<Self> {
        self.name = self.name.trim().to_owned();
        let mut faults = FieldErrors::new();
        if !(1..=100).contains(&self.name.chars().count()) {
            faults.add("name", "token_name", "Give it a name of up to 100 characters.");
        }
        if self.scopes.is_empty() {
            faults.add("scopes", "scopes_missing", "Choose what it may do.");
        } else if !self.scopes.iter().all(|scope| scopes::is_known(scope)) {
            faults.add("scopes", "scope_unknown", "There is no such right.");
        }
        if !(1..=MOST_DAYS).contains(&self.days) {
            faults.add("expires_in_days", "token_days", "A token lives 1 to 90 days.");
        }
        faults.check()?;
        Ok(self)
    }
}

fn of_opaque(row: personal_access_tokens::Model) -> PersonalToken {
    PersonalToken {
        id: row.id.to_string(),
        name: row.name,
        scopes: scopes::from_column(row.abilities.as_deref()),
        signed: false,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    }
}

fn of_signed(row: oauth_access_tokens::Model) -> PersonalToken {
    PersonalToken {
        id: row.id,
        name: row.name.unwrap_or_default(),
        scopes: scopes::from_column(row.scopes.as_deref()),
        signed: true,
        created_at: row.created_at,
        last_used_at: None,
        expires_at: row.expires_at.unwrap_or(row.created_at),
    }
}

async fn live(
    conn: &impl ConnectionTrait,
    (guard, id): (Guard, AnyId),
    now: Timestamp,
) -> AppResult<Vec<PersonalToken>> {
    use {oauth_access_tokens as s, personal_access_tokens as p};
    let opaque = p::Entity::find()
        .filter(p::Column::TokenableType.eq(kind_of(guard)))
        .filter(p::Column::TokenableId.eq(id))
        .filter(p::Column::RevokedAt.is_null())
        .filter(p::Column::ExpiresAt.gt(now))
        .all(conn)
        .await?;
    let signed = s::Entity::find()
        .filter(s::Column::UserId.eq(id))
        .filter(s::Column::Guard.eq(s::OauthAccessTokenGuard::from(guard)))
        .filter(s::Column::ClientId.eq(PERSONAL_CLIENT))
        .filter(s::Column::Revoked.eq(false))
        .filter(s::Column::ExpiresAt.gt(now))
        .all(conn)
        .await?;
    let mut all: Vec<PersonalToken> =
        opaque.into_iter().map(of_opaque).chain(signed.into_iter().map(of_signed)).collect();
    all.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.id.cmp(&a.id)));
    Ok(all)
}

/// The owner's live tokens, the newest first.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<PersonalToken>> {
    let page = page.checked()?;
    // At most fifty of them: cut here, from two tables.
    let all = live(app.db.conn(), owner(actor)?, app.now()).await?;
    let total = all.len() as u64;
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let rows = all.into_iter().skip(skip).take(usize::try_from(page.per_page).unwrap_or(20));
    Ok(Page::new(rows.collect(), page, total))
}

/// Makes an opaque token.
///
/// Errors: 403 for patients, 403 `reauth_required`, 409 `too_many_tokens` or `token_name_taken`, 422 by field.
pub async fn create(app: &App, actor: &Actor, new: NewToken) -> AppResult<Made> {
    let (guard, id) = owner(actor)?;
    let new = new.checked()?;
    let (plain, now) = (app.random.token(), app.now());
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        require_room(txn, (guard, id), (&new.name, now)).await?;
        let row = personal_access_tokens::ActiveModel {
            id: NotSet,
            tokenable_type: Set(kind_of(guard)),
            tokenable_id: Set(id),
            name: Set(new.name.clone()),
            token: Set(sha256(&plain)),
            abilities: Set(Some(scopes::to_column(&new.scopes))),
            last_used_at: Set(None),
            expires_at: Set(now + Duration::days(new.days)),
            revoked_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        let secret = Secret::new(format!("{}|{plain}", row.id));
        let token = of_opaque(row);
        note(txn, app, actor, "personal_token.created", &token).await?;
        Ok(Made { token, secret })
    })
}

/// Makes a signed token of the personal client.
///
/// Errors: as [`create`].
pub async fn create_signed(app: &App, actor: &Actor, new: NewToken) -> AppResult<Made> {
    let (guard, id) = owner(actor)?;
    let new = new.checked()?;
    app.signing.ready(app).await?;
    let now = app.now();
    let expires_at = now + Duration::days(new.days);
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        require_room(txn, (guard, id), (&new.name, now)).await?;
        let mint = Mint {
            client: PERSONAL_CLIENT,
            holder: Some((guard, id)),
            session: None,
            granted: &new.scopes,
            scopes: &new.scopes,
            expires_at,
            name: Some(new.name.clone()),
            impersonator: None,
        };
        let (secret, jti) = tokens::mint(txn, app, mint).await?;
        let token = PersonalToken {
            id: jti,
            name: new.name.clone(),
            scopes: new.scopes.clone(),
            signed: true,
            created_at: now,
            last_used_at: None,
            expires_at,
        };
        note(txn, app, actor, "personal_token.created", &token).await?;
        Ok(Made { token, secret: Secret::new(secret) })
    })
}

/// A name tells tokens apart, and a form that is sent twice makes one.
async fn require_room(
    conn: &impl ConnectionTrait,
    owner: (Guard, AnyId),
    (name, now): (&str, Timestamp),
) -> AppResult<()> {
    let all = live(conn, owner, now).await?;
    if all.iter().any(|token| token.name == name) {
        let error = AppError::conflict("token_name_taken", "You have a token of this name already.");
        return Err(error.on_field("name"));
    }
    if all.len() >= MOST {
        return Err(AppError::conflict(
            "too_many_tokens",
            "You have fifty tokens. Revoke one that is no longer needed.",
        ));
    }
    Ok(())
}

async fn note(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    action: &'static str,
    token: &PersonalToken,
) -> AppResult<()> {
    let facts = serde_json::json!({ "scopes": token.scopes, "signed": token.signed, "expires_at": token.expires_at });
    let entry = Entry::new(action).subject("PersonalToken", &token.id).change(None, Some(facts));
    audit::record(conn, app, actor, entry).await
}

/// Ends one of the owner's tokens; it is refused from the next request on. Somebody else's is a 404.
pub async fn revoke(app: &App, actor: &Actor, token: &str) -> AppResult<()> {
    let (guard, id) = owner(actor)?;
    platform::write_txn!(app.db, |txn| {
        let all = live(txn, (guard, id), app.now()).await?;
        let found = all.iter().find(|own| own.id == token).ok_or_else(AppError::not_found)?;
        end(txn, app, std::slice::from_ref(found)).await?;
        note(txn, app, actor, "personal_token.revoked", found).await
    })
}

async fn end(conn: &impl ConnectionTrait, app: &App, which: &[PersonalToken]) -> AppResult<()> {
    use personal_access_tokens as p;
    let (signed, opaque): (Vec<_>, Vec<_>) = which.iter().partition(|token| token.signed);
    let signed = signed.iter().map(|token| token.id.as_str());
    tokens::revoke_where(conn, app, oauth_access_tokens::Column::Id.is_in(signed)).await?;
    let (now, opaque) = (app.now(), opaque.iter().filter_map(|token| token.id.parse::<i64>().ok()));
    p::Entity::update_many()
        .col_expr(p::Column::RevokedAt, Expr::value(now))
        .col_expr(p::Column::UpdatedAt, Expr::value(now))
        .filter(Expr::col(p::Column::Id).is_in(opaque))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends every live token of an account.
pub(crate) async fn end_all(conn: &impl ConnectionTrait, app: &App, owner: (Guard, AnyId)) -> AppResult<()> {
    let all = live(conn, owner, app.now()).await?;
    if all.is_empty() { Ok(()) } else { end(conn, app, &all).await }
}
