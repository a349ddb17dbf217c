//! Gateway accounts: which one takes the money, and the secrets of its webhooks.

use kernel::ids::GatewayAccountId;
use kernel::{AppError, AppResult};
use platform::App;
use platform::config::Gateway;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::entity::gateway_accounts::{self, GatewayAccountMode, GatewayAccountStatus};
use crate::gateway::simulator;
use crate::rules::routing::{self, Account};

const SIMULATOR: &str = "Simulator";

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

/// Makes sure the simulator has its account, and that the account knows the configured secret. Idempotent.
///
/// A replaced secret stays valid behind the new one, so that webhooks under way are still understood (R-PY-29).
pub async fn install_simulator(app: &App) -> AppResult<()> {
    let Gateway::Simulator = app.config.payments.gateway;
    let secret = app.config.payments.webhook_secret.expose().clone();
    platform::write_txn!(app.db, |txn| {
        let found =
            gateway_accounts::Entity::find().filter(gateway_accounts::Column::Name.eq(SIMULATOR)).one(txn).await?;
        let now = app.now();
        let Some(account) = found else {
            let row = gateway_accounts::ActiveModel {
                id: Set(GatewayAccountId::new()),
                name: Set(SIMULATOR.into()),
                mode: Set(GatewayAccountMode::Test),
                public_key: Set(Some(simulator::PUBLIC_KEY.into())),
                secret_key_encrypted: Set(app.keys.seal(&app.random.token())),
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
            return Ok(());
        };
        let mut secrets = webhook_secrets(app, &account)?;
        if secrets.first() == Some(&secret) {
            return Ok(());
        }
        secrets.retain(|old| *old != secret);
        secrets.insert(0, secret.clone());
        secrets.truncate(2);
        let version = account.version;
        let mut row: gateway_accounts::ActiveModel = account.into();
        row.webhook_secrets_encrypted = Set(app.keys.seal(&serde_json::to_string(&secrets)?));
        row.version = Set(version + 1);
        row.updated_at = Set(now);
        row.update(txn).await?;
        Ok(())
    })
}
