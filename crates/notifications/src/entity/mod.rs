//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod alerts_notifications;
pub mod device_tokens;
pub mod notification_deliveries;
pub mod notification_preferences;
pub mod notification_rules;
pub mod provider_preferences;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(alerts_notifications::Entity),
        schema.create_table_from_entity(device_tokens::Entity),
        schema.create_table_from_entity(notification_deliveries::Entity),
        schema.create_table_from_entity(notification_preferences::Entity),
        schema.create_table_from_entity(notification_rules::Entity),
        schema.create_table_from_entity(provider_preferences::Entity),
    ]
}
