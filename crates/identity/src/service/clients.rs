//! OAuth clients: registering programs, their secrets, ending them (R-ID-42).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernel::ids::OauthClientId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Page, PageQuery, Permission, Secret};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::digest::sha256;
use crate::entity::{auth_sessions, oauth_access_tokens, oauth_auth_codes, oauth_clients, oauth_refresh_tokens};
use crate::guards::guard_of_client;
use crate::install::is_built_in;
use crate::reauth::require_fresh;
use crate::rules::{redirects, scopes};
use crate::service::tokens;

/// Characters of a secret.
const SECRET: usize = 40;

/// What staff say about a client.
#[derive(Clone, Debug)]
pub struct ClientForm {
    /// What people read on the consent page.
    pub name: String,
    /// Where people are sent back to; none for programs that speak for themselves only.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: BTreeSet<String>,
    /// A program of the house: no consent page, and it may ask for everything.
    pub first_party: bool,
    /// May ask people for their password (legacy).
    pub password_grant: bool,
}

/// A client to be registered.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// The id it shall have: a form that is sent twice registers one client.
    pub id: Option<OauthClientId>,
    /// What may be changed later.
    pub form: ClientForm,
    /// Whose accounts it speaks for.
    pub guard: Guard,
    /// It can keep a secret: a server, not an app on somebody's device.
    pub confidential: bool,
}

/// A client as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ClientView {
    /// Its `client_id`.
    pub id: OauthClientId,
    /// What people read on the consent page.
    pub name: String,
    /// Whose accounts it speaks for: api, provider, patient or affiliate; null for personal tokens.
    pub guard: Option<String>,
    /// Where people are sent back to.
    pub redirect_uris: Vec<String>,
    /// It has a secret.
    pub confidential: bool,
    /// A program of the house.
    pub first_party: bool,
    /// May ask people for their password.
    pub password_grant: bool,
    /// What it may ask for.
    pub scopes: BTreeSet<String>,
    /// It came with the program and cannot be changed.
    pub built_in: bool,
    /// It has ended.
    pub revoked: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it last asked for a token, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<oauth_clients::Model> for ClientView {
    fn from(row: oauth_clients::Model) -> Self {
        Self {
            id: row.id,
            scopes: match &row.allowed_scopes {
                Some(column) => scopes::from_column(Some(column)),
                None => scopes::DEFAULT.iter().map(|scope| (*scope).to_owned()).collect(),
            },
            name: row.name,
            guard: row.provider.and_then(guard_of_client).map(|guard| guard.name().to_owned()),
            redirect_uris: redirects::of_column(&row.redirect).map(str::to_owned).collect(),
            confidential: row.secret.is_some(),
            first_party: row.first_party,
            password_grant: row.password_client,
            built_in: is_built_in(row.id),
            revoked: row.revoked,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// A client with a secret that is shown this once.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The client.
    pub client: ClientView,
    /// The secret; public clients have none.
    pub secret: Option<Secret<String>>,
}

impl ClientForm {
    fn checked(mut self, confidential: bool) -> AppResult<Self> {
        self.name = self.name.trim().to_owned();
        let tidy = |uri: String| uri.trim().to_owned();
        self.redirect_uris = self.redirect_uris.into_iter().map(tidy).filter(|uri| !uri.is_empty()).collect();
        let mut faults = FieldErrors::new();
        let readable = self.name.chars().all(|c| !c.is_control());
        if !(2..=100).contains(&self.name.chars().count()) || !readable {
            faults.add("name", "client_name", "Give a name of 2 to 100 characters.");
        }
        if self.redirect_uris.len() > redirects::MOST {
            faults.add("redirect_uris", "too_many_redirects", "At most ten addresses.");
        } else if !self.redirect_uris.iter().all(|uri| redirects::is_acceptable(uri)) {
            let text = "Give whole https:// addresses without wildcards or #; http:// only for this computer.";
            faults.add("redirect_uris", "redirect_unsafe", text);
        } else if self.redirect_uris.is_empty() && !confidential {
            faults.add(
                "redirect_uris",
                "required",
                "A client without a secret needs an address to send people back to.",
            );
        }
        let all = self.scopes.contains(scopes::ALL);
        if self.scopes.is_empty() {
            faults.add("scopes", "scopes_missing", "Choose what it may ask for.");
        } else if !self.scopes.iter().all(|scope| scope == scopes::ALL || scopes::is_known(scope)) {
            faults.add("scopes", "scope_unknown", "There is no such right.");
        } else if all && !self.first_party {
            faults.add("scopes", "scope_first_party", "Only programs of the house may ask for everything.");
        }
        if self.password_grant && !(self.first_party && confidential) {
            let text = "Only programs of the house that keep a secret may ask for passwords.";
            faults.add("password_grant", "password_grant_refused", text);
        }
        faults.check()?;
        Ok(self)
    }

    fn facts(&self) -> Value {
        json!({
            "name": self.name,
            "redirect_uris": self.redirect_uris,
            "scopes": self.scopes,
            "first_party": self.first_party,
            "password_grant": self.password_grant,
        })
    }
}

fn facts_of(row: &oauth_clients::Model) -> Value {
    let view = ClientView::from(row.clone());
    json!({
        "name": view.name,
        "redirect_uris": view.redirect_uris,
        "scopes": view.scopes,
        "first_party": view.first_party,
        "password_grant": view.password_grant,
    })
}

/// The clients, those in use first, the newest of them first.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<ClientView>> {
    actor.require(Permission::ManageOauthClient)?;
    let page = page.checked()?;
    let query = oauth_clients::Entity::find();
    let total = query.clone().count(app.db.conn()).await?;
    let rows = query
        .order_by_asc(oauth_clients::Column::Revoked)
        .order_by_desc(oauth_clients::Column::CreatedAt)
        .order_by_desc(oauth_clients::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(app.db.conn())
        .await?;
    Ok(Page::new(rows.into_iter().map(ClientView::from).collect(), page, total))
}

/// One client.
pub async fn show(app: &App, actor: &Actor, id: OauthClientId) -> AppResult<ClientView> {
    actor.require(Permission::ManageOauthClient)?;
    let row = oauth_clients::Entity::find_by_id(id).one(app.db.conn()).await?;
    row.map(ClientView::from).ok_or_else(AppError::not_found)
}

/// Registers a client.
///
/// Errors: 403 `forbidden`, `reauth_required`; 409 `client_exists`; 422 by field.
pub async fn register(app: &App, actor: &Actor, new: NewClient) -> AppResult<Registered> {
    actor.require(Permission::ManageOauthClient)?;
    let form = new.form.checked(new.confidential)?;
    let secret = new.confidential.then(|| new_secret(app));
    let now = app.now();
    let id = new.id.unwrap_or_else(OauthClientId::new);
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        if oauth_clients::Entity::find_by_id(id).one(txn).await?.is_some() {
            return Err(AppError::conflict("client_exists", "This client was registered already."));
        }
        let row = oauth_clients::ActiveModel {
            id: Set(id),
            user_id: Set(actor.admin().ok()),
            name: Set(form.name.clone()),
            secret: Set(secret.as_deref().map(sha256)),
            provider: Set(Some(new.guard.into())),
            redirect: Set(form.redirect_uris.join(",")),
            personal_access_client: Set(false),
            password_client: Set(form.password_grant),
            revoked: Set(false),
            created_at: Set(now),
            updated_at: Set(now),
            first_party: Set(form.first_party),
            allowed_scopes: Set(Some(scopes::to_column(&form.scopes))),
            last_used_at: Set(None),
        }
        .insert(txn)
        .await?;
        let entry = Entry::new("oauth_client.created").subject("OauthClient", row.id).change(None, Some(form.facts()));
        audit::record(txn, app, actor, entry).await?;
        Ok(Registered { client: row.into(), secret: secret.clone().map(Secret::new) })
    })
}

/// Forty characters of letters and digits; what `A` to `Z` and `0` to `9` hold is far beyond guessing.
fn new_secret(app: &App) -> String {
    app.random.base36(SECRET)
}

/// The client of a change, locked. What came with the program is not changed, and what has ended stays so.
async fn changing(txn: &Txn, actor: &Actor, id: OauthClientId) -> AppResult<oauth_clients::Model> {
    actor.require(Permission::ManageOauthClient)?;
    let row = oauth_clients::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    if is_built_in(row.id) {
        return Err(AppError::conflict("client_built_in", "This client belongs to the program and stays as it is."));
    }
    if row.revoked {
        return Err(AppError::conflict("client_revoked", "This client has ended."));
    }
    Ok(row)
}

/// What a client may ask for at most.
pub(crate) fn open_to(client: &oauth_clients::Model) -> BTreeSet<String> {
    let mut open = match &client.allowed_scopes {
        Some(column) => scopes::from_column(Some(column)),
        None => scopes::DEFAULT.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    if !client.first_party {
        open.remove(scopes::ALL);
    }
    open
}

/// Changes a client. Scopes that were taken away end with the tokens that hold them, within 15 minutes.
pub async fn change(app: &App, actor: &Actor, id: OauthClientId, form: ClientForm) -> AppResult<ClientView> {
    platform::write_txn!(app.db, |txn| {
        let row = changing(txn, actor, id).await?;
        let form = form.clone().checked(row.secret.is_some())?;
        // More rights than before are as good as a new client.
        let before = ClientView::from(row.clone());
        let wider = !form.scopes.is_subset(&before.scopes)
            || (form.first_party && !before.first_party)
            || (form.password_grant && !before.password_grant)
            || form.redirect_uris.iter().any(|uri| !before.redirect_uris.contains(uri));
        if wider {
            require_fresh(txn, app, actor).await?;
        }
        let old = facts_of(&row);
        let mut changed = row.into_active_model();
        changed.name = Set(form.name.clone());
        changed.redirect = Set(form.redirect_uris.join(","));
        changed.allowed_scopes = Set(Some(scopes::to_column(&form.scopes)));
        changed.first_party = Set(form.first_party);
        changed.password_client = Set(form.password_grant);
        changed.updated_at = Set(app.now());
        let row = changed.update(txn).await?;
        let entry = Entry::new("oauth_client.changed").subject("OauthClient", id).change(Some(old), Some(form.facts()));
        audit::record(txn, app, actor, entry).await?;
        Ok(row.into())
    })
}

/// Makes a new secret; the old one ends at once. Tokens that were made with it live on.
///
/// Errors: 403 `reauth_required`, 409 `client_public` for a client without a secret.
pub async fn rotate_secret(app: &App, actor: &Actor, id: OauthClientId) -> AppResult<Registered> {
    let secret = new_secret(app);
    platform::write_txn!(app.db, |txn| {
        let row = changing(txn, actor, id).await?;
        if row.secret.is_none() {
            return Err(AppError::conflict("client_public", "This client has no secret."));
        }
        require_fresh(txn, app, actor).await?;
        let mut changed = row.into_active_model();
        changed.secret = Set(Some(sha256(&secret)));
        changed.updated_at = Set(app.now());
        let row = changed.update(txn).await?;
        let entry = Entry::new("oauth_client.secret_rotated").subject("OauthClient", id);
        audit::record(txn, app, actor, entry).await?;
        Ok(Registered { client: row.into(), secret: Some(Secret::new(secret.clone())) })
    })
}

/// Ends a client with its codes, tokens and sessions; they are refused from the next request on (R-ID-42).
pub async fn revoke(app: &App, actor: &Actor, id: OauthClientId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let row = changing(txn, actor, id).await?;
        let mut changed = row.into_active_model();
        changed.revoked = Set(true);
        changed.updated_at = Set(app.now());
        changed.update(txn).await?;
        end_all(txn, app, id).await?;
        audit::record(txn, app, actor, Entry::new("oauth_client.revoked").subject("OauthClient", id)).await
    })
}

async fn end_all(conn: &impl ConnectionTrait, app: &App, client: OauthClientId) -> AppResult<()> {
    let now = app.now();
    oauth_auth_codes::Entity::update_many()
        .col_expr(oauth_auth_codes::Column::Revoked, Expr::value(true))
        .col_expr(oauth_auth_codes::Column::UpdatedAt, Expr::value(now))
        .filter(oauth_auth_codes::Column::ClientId.eq(client))
        .filter(oauth_auth_codes::Column::Revoked.eq(false))
        .exec(conn)
        .await?;
    tokens::revoke_where(conn, app, oauth_access_tokens::Column::ClientId.eq(client)).await?;
    let its_sessions = Query::select()
        .column(auth_sessions::Column::Id)
        .from(auth_sessions::Entity)
        .and_where(auth_sessions::Column::ClientId.eq(client))
        .to_owned();
    oauth_refresh_tokens::Entity::update_many()
        .col_expr(oauth_refresh_tokens::Column::Revoked, Expr::value(true))
        .col_expr(oauth_refresh_tokens::Column::UpdatedAt, Expr::value(now))
        .filter(oauth_refresh_tokens::Column::SessionId.in_subquery(its_sessions))
        .filter(oauth_refresh_tokens::Column::Revoked.eq(false))
        .exec(conn)
        .await?;
    auth_sessions::Entity::update_many()
        .col_expr(auth_sessions::Column::RevokedAt, Expr::value(now))
        .col_expr(auth_sessions::Column::RevokeReason, Expr::value("client_revoked"))
        .col_expr(auth_sessions::Column::UpdatedAt, Expr::value(now))
        .filter(auth_sessions::Column::ClientId.eq(client))
        .filter(auth_sessions::Column::RevokedAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}
