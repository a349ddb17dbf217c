//! Gateway accounts: which one takes the money, and the secrets of its webhooks.

use kernel::ids::{AnyId, GatewayAccountId, LocationPreferenceId};
use kernel::{Actor, AppError, AppResult, Currency, Timestamp};
use platform::App;
use platform::config::{Gateway, StripeOptions};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::entity::gateway_accounts::{self, GatewayAccountMode, GatewayAccountStatus};
use crate::gateway::{simulator, stripe};
use crate::rules::routing::{self, Account, Payer};

/// The names the configuration gives its accounts: their keys are there.
pub(super) fn is_reserved(name: &str) -> bool {
    [SIMULATOR, STRIPE, STRIPE_TEST].iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
}

const SIMULATOR: &str = "Simulator";
const STRIPE: &str = "Stripe";
const STRIPE_TEST: &str = "Stripe (test)";

/// The code of an answer that nobody takes the money of a country.
pub const UNAVAILABLE: &str = "payment_unavailable_region";

/// An account with the regional groups the payer's country is in, joined by commas.
#[derive(FromQueryResult)]
struct Found {
    #[sea_orm(nested)]
    account: gateway_accounts::Model,
    payer_groups: Option<String>,
}

/// Whether an account belongs to this installation: test and live never mix, and where a real gateway is configured the
/// simulator takes nothing.
pub(super) fn is_of_house(app: &App, account: &gateway_accounts::Model) -> bool {
    match &app.config.payments.gateway {
        Gateway::Simulator => account.mode == GatewayAccountMode::Test,
        Gateway::Stripe(options) => account.mode == mode_of(options) && stripe::serves(account),
    }
}

/// The mode of the accounts of this installation.
pub(super) fn mode_of_house(app: &App) -> GatewayAccountMode {
    match &app.config.payments.gateway {
        Gateway::Simulator => GatewayAccountMode::Test,
        Gateway::Stripe(options) => mode_of(options),
    }
}

fn mode_of(options: &StripeOptions) -> GatewayAccountMode {
    if options.is_live() { GatewayAccountMode::Live } else { GatewayAccountMode::Test }
}

/// The account the configuration names: payouts and refunds by transfer leave from there, whatever is mapped to whom.
///
/// Errors: 409 `payment_unavailable_region` before it was made.
pub async fn house(app: &App) -> AppResult<gateway_accounts::Model> {
    let named = gateway_accounts::Entity::find().filter(gateway_accounts::Column::Name.eq(name_of_house(app)));
    named.one(app.db.conn()).await?.ok_or_else(|| AppError::conflict(UNAVAILABLE, "There is no gateway account."))
}

fn name_of_house(app: &App) -> &'static str {
    match &app.config.payments.gateway {
        Gateway::Simulator => SIMULATOR,
        Gateway::Stripe(options) if options.is_live() => STRIPE,
        Gateway::Stripe(_) => STRIPE_TEST,
    }
}

/// The account that takes the money of a patient from `country`, in one statement (R-PY-27).
///
/// One whose keys were refused is passed over while another one fits. Errors: 409 `payment_unavailable_region`.
pub async fn pick(app: &App, country: Option<&str>, currency: Option<Currency>) -> AppResult<gateway_accounts::Model> {
    let conn = app.db.conn();
    let mut found = gateway_accounts::Entity::find()
        .filter(gateway_accounts::Column::Status.ne(GatewayAccountStatus::Inactive))
        .order_by_asc(gateway_accounts::Column::Id)
        .expr_as(groups_of(country.unwrap_or_default()), "payer_groups")
        .into_model::<Found>()
        .all(conn)
        .await?;
    found.retain(|row| is_of_house(app, &row.account));
    let groups: Vec<LocationPreferenceId> = found
        .first()
        .and_then(|row| row.payer_groups.as_deref())
        .into_iter()
        .flat_map(|ids| ids.split(','))
        .filter_map(|id| id.parse().ok())
        .collect();
    let payer = Payer { country, groups: &groups, currency };
    let works = |row: &&Found| row.account.status == GatewayAccountStatus::Active;
    let healthy: Vec<Account> = found.iter().filter(works).map(|row| for_routing(&row.account)).collect();
    let every: Vec<Account> = found.iter().map(|row| for_routing(&row.account)).collect();
    let chosen = routing::route(&healthy, payer).or_else(|| routing::route(&every, payer)).map(|account| account.id);
    found
        .into_iter()
        .map(|row| row.account)
        .find(|row| Some(row.id) == chosen)
        .ok_or_else(|| AppError::conflict(UNAVAILABLE, "Card payments are not available in your country yet."))
}

/// The groups of countries a country is in, as text.
fn groups_of(country: &str) -> SimpleExpr {
    use catalogue::entity::location_preferences::{self as lists, LocationPreferenceStatus, LocationPreferenceType};
    use catalogue::entity::location_preferences_countries as members;
    let ids = Query::select()
        .expr(Expr::cust_with_expr("GROUP_CONCAT(?)", Expr::col((lists::Entity, lists::Column::Id))))
        .from(members::Entity)
        .inner_join(
            lists::Entity,
            Expr::col((lists::Entity, lists::Column::Id))
                .equals((members::Entity, members::Column::LocationPreferenceId)),
        )
        .and_where(Expr::col((members::Entity, members::Column::CountryCode)).eq(country))
        .and_where(
            Expr::col((members::Entity, members::Column::Role))
                .eq(members::LocationPreferenceCountryRole::Audience.to_value()),
        )
        .and_where(Expr::col((members::Entity, members::Column::RemovedAt)).is_null())
        .and_where(
            Expr::col((lists::Entity, lists::Column::PreferenceType)).eq(LocationPreferenceType::Region.to_value()),
        )
        .and_where(Expr::col((lists::Entity, lists::Column::Status)).eq(LocationPreferenceStatus::Active.to_value()))
        .to_owned();
    SimpleExpr::SubQuery(None, Box::new(ids.into()))
}

fn for_routing(row: &gateway_accounts::Model) -> Account {
    Account {
        id: row.id,
        countries: list_of(&row.country_codes),
        groups: list_of(&row.region_groups),
        currencies: list_of(&row.currencies),
        is_fallback: row.is_fallback,
    }
}

/// A list kept as JSON.
pub(super) fn list_of<T: DeserializeOwned>(json: &serde_json::Value) -> Vec<T> {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

/// Nobody takes the money of a country: staff hear of it once a day and country (R-PY-27).
pub async fn tell_unavailable(app: &App, country: Option<&str>) -> AppResult<()> {
    let country = country.unwrap_or("--");
    platform::write_txn!(app.db, |txn| {
        let event = Event::new("system.alert", "Country", AnyId::NIL)
            .occurrence(format!("region_unsupported:{country}:{}", app.now().date_naive()))
            .with("alert", "region_unsupported")
            .with("country", country);
        outbox::emit(txn, app, &Actor::system(), event).await
    })
}

/// An account, whatever its status: refunds go back to the account that took the money.
pub async fn load(conn: &impl ConnectionTrait, id: Option<GatewayAccountId>) -> AppResult<gateway_accounts::Model> {
    let id = id.ok_or_else(|| AppError::internal("a card payment without an account"))?;
    gateway_accounts::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)
}

/// The secrets its webhooks may be signed with, newest first.
pub fn webhook_secrets(app: &App, account: &gateway_accounts::Model) -> AppResult<Vec<String>> {
    Ok(serde_json::from_str(&app.keys.open(&account.webhook_secrets_encrypted)?)?)
}

/// What an account is made from.
struct Wanted {
    mode: GatewayAccountMode,
    public_key: String,
    secret_key: String,
}

/// Makes sure the configured gateway has its account, and that the account knows the configured secrets. Idempotent.
///
/// A replaced webhook secret stays valid behind the new one, so that webhooks under way are still understood (R-PY-29).
/// The account of a gateway that is configured no more takes no new money; what it took goes back through it.
pub async fn install(app: &App) -> AppResult<()> {
    let name = ensure(app).await?;
    if let Gateway::Stripe(_) = app.config.payments.gateway {
        let named = gateway_accounts::Entity::find().filter(gateway_accounts::Column::Name.eq(name));
        let account = named.one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
        // What has to be entered at the provider: nobody could guess the id.
        let base = app.config.http.public_url.trim_end_matches('/');
        tracing::info!(
            account = name,
            "the payment provider sends its events to {base}/api/v1/webhooks/gateway/{}",
            account.id
        );
    }
    Ok(())
}

async fn ensure(app: &App) -> AppResult<&'static str> {
    let wanted = match &app.config.payments.gateway {
        Gateway::Simulator => Wanted {
            mode: GatewayAccountMode::Test,
            public_key: simulator::PUBLIC_KEY.to_owned(),
            // It asks for none.
            secret_key: String::new(),
        },
        Gateway::Stripe(options) => Wanted {
            mode: mode_of(options),
            public_key: options.publishable_key.clone(),
            secret_key: options.secret_key.expose().clone(),
        },
    };
    let name = name_of_house(app);
    let secret = app.config.payments.webhook_secret.expose().clone();
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let all = gateway_accounts::Entity::find()
            .order_by_asc(gateway_accounts::Column::Id)
            .lock_exclusive()
            .all(txn)
            .await?;
        retire_others(txn, app, &all, now).await?;
        // Staff may have made another account of the house the one for everybody else, or switched this one off.
        let is_kept = |row: &gateway_accounts::Model| {
            row.is_fallback && row.status != GatewayAccountStatus::Inactive && is_of_house(app, row)
        };
        let has_fallback = all.iter().any(is_kept);
        let Some(account) = all.into_iter().find(|row| row.name == name) else {
            let row = gateway_accounts::ActiveModel {
                id: Set(GatewayAccountId::new()),
                name: Set(name.to_owned()),
                mode: Set(wanted.mode),
                public_key: Set(Some(wanted.public_key.clone())),
                secret_key_encrypted: Set(app.keys.seal(&wanted.secret_key)),
                webhook_secrets_encrypted: Set(app.keys.seal(&serde_json::to_string(&[&secret])?)),
                country_codes: Set(json!([])),
                region_groups: Set(json!([])),
                currencies: Set(json!([])),
                is_fallback: Set(!has_fallback),
                status: Set(GatewayAccountStatus::Active),
                last_tested_at: NotSet,
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
            };
            gateway_accounts::Entity::insert(row).exec_without_returning(txn).await?;
            return Ok(name);
        };
        let mut secrets = webhook_secrets(app, &account)?;
        let same_key = name == SIMULATOR || app.keys.open(&account.secret_key_encrypted)? == wanted.secret_key;
        let same_public = account.public_key.as_ref() == Some(&wanted.public_key);
        if secrets.first() == Some(&secret) && same_key && same_public && has_fallback {
            return Ok(name);
        }
        secrets.retain(|old| *old != secret);
        secrets.insert(0, secret.clone());
        secrets.truncate(2);
        let version = account.version;
        let mut row: gateway_accounts::ActiveModel = account.into();
        row.webhook_secrets_encrypted = Set(app.keys.seal(&serde_json::to_string(&secrets)?));
        row.secret_key_encrypted = Set(app.keys.seal(&wanted.secret_key));
        row.public_key = Set(Some(wanted.public_key.clone()));
        if !has_fallback {
            row.is_fallback = Set(true);
            row.status = Set(GatewayAccountStatus::Active);
        }
        row.version = Set(version + 1);
        row.updated_at = Set(now);
        row.update(txn).await?;
        Ok(name)
    })
}

/// Accounts that are not of this installation any more take nothing: neither a country nor everybody else's money.
async fn retire_others(txn: &Txn, app: &App, all: &[gateway_accounts::Model], now: Timestamp) -> AppResult<()> {
    let takes = |row: &&gateway_accounts::Model| {
        let mapped = [&row.country_codes, &row.region_groups].iter().any(|list| **list != json!([]));
        !is_of_house(app, row) && (row.is_fallback || mapped)
    };
    let foreign: Vec<GatewayAccountId> = all.iter().filter(takes).map(|row| row.id).collect();
    if foreign.is_empty() {
        return Ok(());
    }
    gateway_accounts::Entity::update_many()
        .set(gateway_accounts::ActiveModel {
            is_fallback: Set(false),
            country_codes: Set(json!([])),
            region_groups: Set(json!([])),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(gateway_accounts::Column::Id.is_in(foreign))
        .exec(txn)
        .await?;
    Ok(())
}
