//! Gateway accounts: which one takes the money, and the secrets of its webhooks.

use kernel::ids::GatewayAccountId;
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use platform::config::Gateway;
use platform::db::Txn;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::entity::gateway_accounts::{self, GatewayAccountMode, GatewayAccountStatus};
use crate::gateway::simulator;
use crate::rules::routing::{self, Account};

const SIMULATOR: &str = "Simulator";
const STRIPE: &str = "Stripe";
const STRIPE_TEST: &str = "Stripe (test)";

/// The account that takes the money of a patient from `country` (R-PY-27).
pub async fn pick(conn: &impl ConnectionTrait, country: Option<&str>) -> AppResult<gateway_accounts::Model> {
    let rows = gateway_accounts::Entity::find()
        .filter(gateway_accounts::Column::Status.ne(GatewayAccountStatus::Inactive))
        .order_by_asc(gateway_accounts::Column::Id)
        .all(conn)
        .await?;
    let accounts: Vec<Account> = rows.iter().map(for_routing).collect();
    let chosen = routing::route(&accounts, country).map(|account| account.id);
    rows.into_iter().find(|row| Some(row.id) == chosen).ok_or_else(|| {
        AppError::conflict("payment_unavailable_region", "Card payments are not available in your country yet.")
    })
}

fn for_routing(row: &gateway_accounts::Model) -> Account {
    let countries = serde_json::from_value(row.country_codes.clone()).unwrap_or_default();
    Account { id: row.id, countries, is_fallback: row.is_fallback }
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
    name: &'static str,
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
            name: SIMULATOR,
            mode: GatewayAccountMode::Test,
            public_key: simulator::PUBLIC_KEY.to_owned(),
            // It asks for none.
            secret_key: String::new(),
        },
        Gateway::Stripe(options) => Wanted {
            name: if options.is_live() { STRIPE } else { STRIPE_TEST },
            mode: if options.is_live() { GatewayAccountMode::Live } else { GatewayAccountMode::Test },
            public_key: options.publishable_key.clone(),
            secret_key: options.secret_key.expose().clone(),
        },
    };
    let secret = app.config.payments.webhook_secret.expose().clone();
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        retire_others(txn, wanted.name, now).await?;
        let found =
            gateway_accounts::Entity::find().filter(gateway_accounts::Column::Name.eq(wanted.name)).one(txn).await?;
        let Some(account) = found else {
            let row = gateway_accounts::ActiveModel {
                id: Set(GatewayAccountId::new()),
                name: Set(wanted.name.to_owned()),
                mode: Set(wanted.mode),
                public_key: Set(Some(wanted.public_key.clone())),
                secret_key_encrypted: Set(app.keys.seal(&wanted.secret_key)),
                webhook_secrets_encrypted: Set(app.keys.seal(&serde_json::to_string(&[&secret])?)),
                country_codes: Set(json!([])),
                region_groups: Set(json!([])),
                currencies: Set(json!([])),
                is_fallback: Set(true),
                status: Set(GatewayAccountStatus::Active),
                last_tested_at: NotSet,
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
            };
            gateway_accounts::Entity::insert(row).exec_without_returning(txn).await?;
            return Ok(wanted.name);
        };
        let mut secrets = webhook_secrets(app, &account)?;
        let same_key = wanted.name == SIMULATOR || app.keys.open(&account.secret_key_encrypted)? == wanted.secret_key;
        let same_public = account.public_key.as_ref() == Some(&wanted.public_key);
        let in_use = account.is_fallback && account.status != GatewayAccountStatus::Inactive;
        if secrets.first() == Some(&secret) && same_key && same_public && in_use {
            return Ok(wanted.name);
        }
        secrets.retain(|old| *old != secret);
        secrets.insert(0, secret.clone());
        secrets.truncate(2);
        let version = account.version;
        let mut row: gateway_accounts::ActiveModel = account.into();
        row.webhook_secrets_encrypted = Set(app.keys.seal(&serde_json::to_string(&secrets)?));
        row.secret_key_encrypted = Set(app.keys.seal(&wanted.secret_key));
        row.public_key = Set(Some(wanted.public_key.clone()));
        row.is_fallback = Set(true);
        row.status = Set(GatewayAccountStatus::Active);
        row.version = Set(version + 1);
        row.updated_at = Set(now);
        row.update(txn).await?;
        Ok(wanted.name)
    })
}

/// One account takes what no country is mapped to (R-PY-27); those of gateways that are configured no more take nothing.
async fn retire_others(txn: &Txn, name: &str, now: Timestamp) -> AppResult<()> {
    let ours = [SIMULATOR, STRIPE, STRIPE_TEST].into_iter().filter(|ours| *ours != name);
    gateway_accounts::Entity::update_many()
        .set(gateway_accounts::ActiveModel { is_fallback: Set(false), updated_at: Set(now), ..Default::default() })
        .filter(gateway_accounts::Column::Name.is_in(ours))
        .filter(gateway_accounts::Column::IsFallback.eq(true))
        .exec(txn)
        .await?;
    Ok(())
}
