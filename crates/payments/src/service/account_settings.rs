//! Gateway accounts as staff keep them: whose money they take, their keys, whether they are used (R-PY-27, 71, 72).
//!
//! Keys go in and never come out. What an account took goes back through it, whatever becomes of the account.

use std::collections::BTreeSet;

use catalogue::destinations::active_groups;
use catalogue::entity::location_preferences as regions;
use identity::reauth::require_fresh;
use kernel::ids::{GatewayAccountId, LocationPreferenceId};
use kernel::{Actor, AppError, AppResult, Currency, FieldErrors, Page, PageQuery, Permission, Secret, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::config::Gateway;
use platform::db::Txn;
use platform::entity::countries;
use platform::outbox::{self, Event};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, SqlErr,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::accounts::{self, is_reserved, list_of, webhook_secrets};
use crate::entity::gateway_accounts::{self as rows, GatewayAccountMode as Mode, GatewayAccountStatus as Status};
use crate::entity::payments;
use crate::gateway::{self, simulator, stripe};
use crate::rules::routing::mode_of;

/// A gateway account, as staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct GatewayAccountView {
    /// Its id.
    pub id: GatewayAccountId,
    /// Its name.
    pub name: String,
    /// `stripe` or `simulator`.
    pub gateway: &'static str,
    /// Whether real money moves.
    pub mode: Mode,
    /// Known to browsers anyway.
    pub public_key: Option<String>,
    /// The countries whose patients pay through it.
    pub countries: Vec<String>,
    /// The regional groups of countries that pay through it, where a country is mapped to none.
    pub region_groups: Vec<LocationPreferenceId>,
    /// The money it takes; empty means all.
    #[schema(value_type = Vec<String>)]
    pub currencies: Vec<Currency>,
    /// Whether it takes everybody else's money.
    pub is_fallback: bool,
    /// Whether it is used.
    pub status: Status,
    /// When its keys were tried last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_tested_at: Option<Timestamp>,
    /// Its keys come from the configuration of the installation.
    pub is_configured: bool,
    /// Where the gateway sends its events.
    pub webhook_url: String,
    /// Give it back with a change.
    pub version: i32,
}

/// Whose money an account takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// ISO codes; a country belongs to one account.
    #[schema(example = json!(["GB", "IE"]))]
    pub countries: Vec<String>,
    /// Regional groups; each belongs to one account.
    #[serde(default)]
    pub region_groups: Vec<LocationPreferenceId>,
    /// ISO codes; empty takes all.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub currencies: Vec<Currency>,
    /// Whether it takes everybody else's money from now on.
    #[serde(default)]
    pub is_fallback: bool,
}

/// Keys of an account at Stripe. They are tried before they are kept.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Begins with `pk_test_` or `pk_live_`.
    #[schema(example = "pk_test_51H...")]
    pub public_key: String,
    /// Begins with `sk_` or `rk_`, of the same mode.
    #[schema(value_type = String, example = "sk_test_51H...")]
    pub secret_key: Secret<String>,
    /// What its webhooks are signed with: begins with `whsec_`.
    #[schema(value_type = String, example = "whsec_...")]
    pub webhook_secret: Secret<String>,
}

/// An account to be made.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGatewayAccount {
    /// 2 to 100 characters, unlike any other.
    #[schema(example = "Stripe UK")]
    pub name: String,
    /// Its keys; left out for another account of the simulator, where the installation uses that.
    pub keys: Option<Keys>,
    /// The mode the keys are meant to be of.
    pub mode: Mode,
    /// Whose money it takes.
    pub routing: Routing,
    /// Sure that countries and groups of other accounts move here.
    #[serde(default)]
    pub takes_over: bool,
    /// Why: 20 to 500 characters.
    #[schema(example = "Cards of British patients are charged in Britain.")]
    pub reason: String,
}

/// An account as it is to be.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewayAccountChange {
    /// The version that was seen.
    #[schema(example = 1)]
    pub version: i32,
    /// Whose money it takes.
    pub routing: Routing,
    /// New keys; the old webhook secret stays valid behind the new one.
    #[serde(default)]
    pub keys: Option<Keys>,
    /// Whether it is used.
    pub is_active: bool,
    /// Sure that countries and groups of other accounts move here.
    #[serde(default)]
    pub takes_over: bool,
    /// Why: 20 to 500 characters.
    #[schema(example = "Cards of British patients are charged in Britain.")]
    pub reason: String,
}

fn keeper(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ConfigurePaymentSetting)
}

fn view(app: &App, row: rows::Model) -> GatewayAccountView {
    let base = app.config.http.public_url.trim_end_matches('/');
    GatewayAccountView {
        webhook_url: format!("{base}/api/v1/webhooks/gateway/{}", row.id),
        gateway: gateway::name_of(&row),
        countries: list_of(&row.country_codes),
        region_groups: list_of(&row.region_groups),
        currencies: list_of(&row.currencies),
        is_configured: is_reserved(&row.name),
        id: row.id,
        name: row.name,
        mode: row.mode,
        public_key: row.public_key,
        is_fallback: row.is_fallback,
        status: row.status,
        last_tested_at: row.last_tested_at,
        version: row.version,
    }
}

/// The accounts, those in use first: two statements.
///
/// Errors: 403 without `view_setting`; 422 for the page.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<GatewayAccountView>> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let all = rows::Entity::find()
        .order_by_asc(rows::Column::Status)
        .order_by_desc(rows::Column::IsFallback)
        .order_by_asc(rows::Column::Name);
    let total = all.clone().count(conn).await?;
    let found = all.offset(page.offset()).limit(page.per_page).all(conn).await?;
    Ok(Page::new(found.into_iter().map(|row| view(app, row)).collect(), page, total))
}

/// One account.
///
/// Errors: 403 without `view_setting`; 404.
pub async fn show(app: &App, actor: &Actor, id: GatewayAccountId) -> AppResult<GatewayAccountView> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    let row = rows::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    Ok(view(app, row))
}

/// What was asked for, once it is known to make sense.
struct Checked {
    routing: Routing,
    reason: String,
}

async fn checked(
    app: &App,
    mut faults: FieldErrors,
    (routing, kept): (&Routing, &[Currency]),
    reason: &str,
) -> AppResult<Checked> {
    let reason = super::cancellation::reasoned(&mut faults, "reason", reason);
    let codes: BTreeSet<String> = routing.countries.iter().map(|code| code.trim().to_ascii_uppercase()).collect();
    let conn = app.db.conn();
    let known = countries::Entity::find().filter(countries::Column::IsoCode.is_in(codes.iter())).count(conn).await?;
    if usize::try_from(known).unwrap_or_default() != codes.len() {
        faults.add("countries", "unknown_value", "One of these countries is not known.");
    }
    let groups: BTreeSet<_> = routing.region_groups.iter().copied().collect();
    let active = active_groups().filter(regions::Column::Id.is_in(groups.iter().copied()));
    if usize::try_from(active.count(conn).await?).unwrap_or_default() != groups.len() {
        faults.add("region_groups", "unknown_value", "One of these groups is not known.");
    }
    let enabled = catalogue::fx::enabled(conn).await?;
    // What an account has already may stay, whatever became of the currency.
    if routing.currencies.iter().any(|code| !enabled.contains(code) && !kept.contains(code)) {
        faults.add("currencies", "account_currency", "One of these currencies cannot be charged.");
    }
    faults.check()?;
    let mut currencies = routing.currencies.clone();
    currencies.sort_unstable();
    currencies.dedup();
    let routing = Routing {
        countries: codes.into_iter().collect(),
        region_groups: groups.into_iter().collect(),
        currencies,
        is_fallback: routing.is_fallback,
    };
    Ok(Checked { routing, reason })
}

/// The groups of countries an account can be mapped to, by their names.
///
/// Errors: 403 without `view_setting`.
pub async fn groups(app: &App, actor: &Actor) -> AppResult<Vec<regions::Model>> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    Ok(active_groups().order_by_asc(regions::Column::Name).all(app.db.conn()).await?)
}

/// Tries keys at the gateway: they belong together, to the mode that was meant, and open the account (R-PY-72).
async fn try_keys(app: &App, keys: &Keys, mode: Mode) -> AppResult<()> {
    let (public, secret) = (keys.public_key.trim(), keys.secret_key.expose().trim());
    let Some(found) = mode_of(public, secret) else {
        return Err(AppError::field("public_key", "keys_mismatch", "These two keys do not belong together."));
    };
    if found != mode {
        return Err(AppError::field("mode", "keys_mode", "These keys are of the other mode."));
    }
    if !keys.webhook_secret.expose().trim().starts_with("whsec_") {
        return Err(AppError::field("webhook_secret", "invalid", "The secret of the webhook begins with whsec_."));
    }
    if !stripe::Stripe::by_key(app, secret.to_owned())?.is_accepted(app).await? {
        return Err(AppError::field("secret_key", "gateway_refused", "The gateway does not accept this key."));
    }
    Ok(())
}

/// Makes an account. It is used at once.
///
/// Errors: 403 without `configure_payment_setting`, 403 `reauth_required`; 409 `account_name_taken`, 409 `overlap` where a country or
/// a group is another account's and nobody said that it moves; 422; 503 where the gateway cannot be asked.
pub async fn create(app: &App, actor: &Actor, new: &NewGatewayAccount) -> AppResult<GatewayAccountId> {
    keeper(actor)?;
    require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    let name = new.name.trim().to_owned();
    if !(2..=100).contains(&name.chars().count()) {
        faults.add("name", "length", "2 to 100 characters.");
    }
    if is_reserved(&name) {
        return Err(name_taken());
    }
    let plays = matches!(app.config.payments.gateway, Gateway::Simulator);
    // Test cards pay nothing where money is real, and real ones are not tried where it is not.
    if new.mode != accounts::mode_of_house(app) {
        faults.add("mode", "account_mode", "This installation has accounts of the other mode.");
    }
    if new.keys.is_none() && !(plays && new.mode == Mode::Test) {
        faults.add("public_key", "required", "An account has keys.");
    }
    let ask = checked(app, faults, (&new.routing, &[]), &new.reason).await?;
    if let Some(keys) = &new.keys {
        try_keys(app, keys, new.mode).await?;
    }
    // The simulator's own are made up: it signs with them itself.
    let made_up = app.random.token();
    let (public, secret, webhook) = match &new.keys {
        Some(keys) => (keys.public_key.trim(), keys.secret_key.expose().trim(), keys.webhook_secret.expose().trim()),
        None => (simulator::PUBLIC_KEY, "", made_up.as_str()),
    };
    platform::write_txn!(app.db, |txn| {
        let (id, now) = (GatewayAccountId::new(), app.now());
        let how = (&ask.routing, new.takes_over, ask.reason.as_str());
        make_room(txn, app, actor, (None, new.mode), how).await?;
        let row = rows::ActiveModel {
            id: Set(id),
            name: Set(name.clone()),
            mode: Set(new.mode),
            public_key: Set(Some(public.to_owned())),
            secret_key_encrypted: Set(app.keys.seal(&secret.to_owned())),
            webhook_secrets_encrypted: Set(app.keys.seal(&serde_json::to_string(&[webhook])?)),
            country_codes: Set(json!(ask.routing.countries)),
            region_groups: Set(json!(ask.routing.region_groups)),
            currencies: Set(json!(ask.routing.currencies)),
            is_fallback: Set(ask.routing.is_fallback),
            status: Set(Status::Active),
            last_tested_at: Set(new.keys.as_ref().map(|_| now)),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        };
        rows::Entity::insert(row).exec_without_returning(txn).await.map_err(taken)?;
        record(txn, app, actor, ("gateway_account.created", id), (None, json!(ask.routing)), &ask.reason).await?;
        Ok(id)
    })
}

fn name_taken() -> AppError {
    AppError::conflict("account_name_taken", "Another account has this name.").on_field("name")
}

/// What collides is the name, unless somebody else named the account for everybody else at the same moment.
fn taken(error: sea_orm::DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(what)) if what.contains("name") => name_taken(),
        Some(SqlErr::UniqueConstraintViolation(_)) => AppError::stale_version(),
        _ => error.into(),
    }
}

/// Changes whose money an account takes, its keys, and whether it is used.
///
/// Errors: as [`create`]; 404; 409 `stale_version`, 409 `fallback_needed` for the last one that takes everybody else's money.
pub async fn change(app: &App, actor: &Actor, id: GatewayAccountId, ask: &GatewayAccountChange) -> AppResult<()> {
    keeper(actor)?;
    let found = rows::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    require_fresh(app.db.conn(), app, actor).await?;
    let mut faults = FieldErrors::new();
    if ask.keys.is_some() && (is_reserved(&found.name) || simulator::serves(&found)) {
        faults.add("public_key", "keys_not_here", "The keys of this account are not kept here.");
    }
    if ask.is_active && !accounts::is_of_house(app, &found) {
        faults.add("is_active", "account_mode", "This account belongs to another mode or gateway than is used here.");
    }
    let kept: Vec<Currency> = list_of(&found.currencies);
    let wanted = checked(app, faults, (&ask.routing, &kept), &ask.reason).await?;
    if let Some(keys) = &ask.keys {
        try_keys(app, keys, found.mode).await?;
        same_account(app, &found, keys).await?;
    } else if ask.is_active && found.status != Status::Active && !works(app, &found).await? {
        return Err(AppError::field("is_active", "gateway_refused", "The gateway does not accept this key."));
    }
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let row = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        if row.version != ask.version {
            return Err(AppError::stale_version().with("current_version", row.version));
        }
        let stays = ask.is_active && wanted.routing.is_fallback;
        if row.is_fallback && row.status != Status::Inactive && !stays {
            let text = "Somebody has to take everybody else's money: name another account for it first.";
            return Err(AppError::conflict("fallback_needed", text));
        }
        if ask.is_active {
            let how = (&wanted.routing, ask.takes_over, wanted.reason.as_str());
            make_room(txn, app, actor, (Some(id), row.mode), how).await?;
        }
        let before = json!({ "routing": routing_of(&row), "status": row.status });
        let mut secrets = webhook_secrets(app, &row)?;
        let version = row.version;
        let mut update: rows::ActiveModel = row.into();
        if let Some(keys) = &ask.keys {
            let webhook = keys.webhook_secret.expose().trim().to_owned();
            secrets.retain(|old| *old != webhook);
            secrets.insert(0, webhook);
            secrets.truncate(2);
            update.public_key = Set(Some(keys.public_key.trim().to_owned()));
            update.secret_key_encrypted = Set(app.keys.seal(&keys.secret_key.expose().trim().to_owned()));
            update.webhook_secrets_encrypted = Set(app.keys.seal(&serde_json::to_string(&secrets)?));
            update.last_tested_at = Set(Some(now));
        }
        let status = if ask.is_active { Status::Active } else { Status::Inactive };
        update.country_codes = Set(json!(wanted.routing.countries));
        update.region_groups = Set(json!(wanted.routing.region_groups));
        update.currencies = Set(json!(wanted.routing.currencies));
        update.is_fallback = Set(wanted.routing.is_fallback);
        update.status = Set(status);
        update.version = Set(version + 1);
        update.updated_at = Set(now);
        update.update(txn).await.map_err(taken)?;
        let after = json!({ "routing": wanted.routing, "status": status, "keys": ask.keys.is_some() });
        record(txn, app, actor, ("gateway_account.changed", id), (Some(before), after), &wanted.reason).await
    })
}

/// Asks the gateway whether the keys of an account still open it; one that does not is marked (R-PY-72).
///
/// Errors: 403 without `configure_payment_setting`; 404; 503 where the gateway cannot be asked.
pub async fn test(app: &App, actor: &Actor, id: GatewayAccountId) -> AppResult<bool> {
    keeper(actor)?;
    let found = rows::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    let works = works(app, &found).await?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let row = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        let status = match (row.status, works) {
            (Status::Inactive, _) => Status::Inactive,
            (_, true) => Status::Active,
            (_, false) => Status::Failing,
        };
        let mut update: rows::ActiveModel = row.into();
        update.status = Set(status);
        update.last_tested_at = Set(Some(now));
        update.updated_at = Set(now);
        update.update(txn).await?;
        if !works {
            // Whoever else keeps it hears of it (spec 7).
            let alert = Event::new("system.alert", "GatewayAccount", id)
                .occurrence(format!("gateway_account:{}", now.date_naive()))
                .with("alert", "gateway_account");
            outbox::emit(txn, app, actor, alert).await?;
        }
        let entry = Entry::new("gateway_account.tested").subject("GatewayAccount", id);
        audit::record(txn, app, actor, entry.change(None, Some(json!({ "works": works })))).await
    })?;
    Ok(works)
}

/// Whether the keys of an account open it; the simulator's need none.
async fn works(app: &App, account: &rows::Model) -> AppResult<bool> {
    if simulator::serves(account) {
        return Ok(true);
    }
    stripe::Stripe::new(app, account)?.is_accepted(app).await
}

/// New keys open the same account: what it took before is found with them (R-PY-27). One that took nothing may be any.
async fn same_account(app: &App, account: &rows::Model, keys: &Keys) -> AppResult<()> {
    let taken = payments::Entity::find()
        .filter(payments::Column::GatewayAccountId.eq(account.id))
        .filter(payments::Column::StripePaymentIntentId.is_not_null())
        .order_by_desc(payments::Column::Id)
        .limit(1)
        .one(app.db.conn())
        .await?;
    let Some(intent) = taken.and_then(|row| row.stripe_payment_intent_id) else { return Ok(()) };
    let with_new = stripe::Stripe::by_key(app, keys.secret_key.expose().trim().to_owned())?;
    if with_new.knows(app, &intent).await? {
        return Ok(());
    }
    let text =
        "These keys open another account: refunds of what this one took would fail. Make a new account for them.";
    Err(AppError::conflict("other_account", text).on_field("secret_key"))
}

fn routing_of(row: &rows::Model) -> Routing {
    Routing {
        countries: list_of(&row.country_codes),
        region_groups: list_of(&row.region_groups),
        currencies: list_of(&row.currencies),
        is_fallback: row.is_fallback,
    }
}

/// A country and a group belong to one account, and one takes everybody else's money: what moves here leaves the others,
/// where somebody said so. Each of them is on record.
async fn make_room(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (own, mode): (Option<GatewayAccountId>, Mode),
    (wanted, takes_over, reason): (&Routing, bool, &str),
) -> AppResult<()> {
    let mut others = rows::Entity::find()
        .filter(rows::Column::Status.ne(Status::Inactive))
        .filter(rows::Column::Mode.eq(mode))
        .order_by_asc(rows::Column::Id);
    if let Some(own) = own {
        others = others.filter(rows::Column::Id.ne(own));
    }
    for row in others.lock_exclusive().all(txn).await? {
        let had = routing_of(&row);
        let left = Routing {
            countries: had.countries.iter().filter(|code| !wanted.countries.contains(code)).cloned().collect(),
            region_groups: had.region_groups.iter().filter(|id| !wanted.region_groups.contains(id)).copied().collect(),
            currencies: had.currencies.clone(),
            is_fallback: had.is_fallback && !wanted.is_fallback,
        };
        if left == had {
            continue;
        }
        if !takes_over {
            let shared: Vec<_> = had.countries.iter().filter(|code| wanted.countries.contains(code)).cloned().collect();
            let text = format!("{} takes some of this already. Say that it moves here.", row.name);
            let refusal = AppError::conflict("overlap", text).with("account", row.name);
            return Err(refusal.with("countries", shared).on_field("countries"));
        }
        let (id, version) = (row.id, row.version);
        let mut update: rows::ActiveModel = row.into();
        update.country_codes = Set(json!(left.countries));
        update.region_groups = Set(json!(left.region_groups));
        update.is_fallback = Set(left.is_fallback);
        update.version = Set(version + 1);
        update.updated_at = Set(app.now());
        update.update(txn).await?;
        let change = (Some(json!({ "routing": had })), json!({ "routing": left }));
        record(txn, app, actor, ("gateway_account.changed", id), change, reason).await?;
    }
    Ok(())
}

async fn record(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    (action, id): (&'static str, GatewayAccountId),
    (before, after): (Option<Value>, Value),
    reason: &str,
) -> AppResult<()> {
    let entry = Entry::new(action).subject("GatewayAccount", id).change(before, Some(after)).reason(reason);
    audit::record(txn, app, actor, entry).await
}
