//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod aftercare_payments;
pub mod gateway_accounts;
pub mod gateway_events;
pub mod installment_payment_plans;
pub mod installment_schedule_items;
pub mod ledger_entries;
pub mod patient_payment_methods;
pub mod payment_documents;
pub mod payment_histories;
pub mod payments;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(aftercare_payments::Entity),
        schema.create_table_from_entity(gateway_accounts::Entity),
        schema.create_table_from_entity(gateway_events::Entity),
        schema.create_table_from_entity(installment_payment_plans::Entity),
        schema.create_table_from_entity(installment_schedule_items::Entity),
        schema.create_table_from_entity(ledger_entries::Entity),
        schema.create_table_from_entity(patient_payment_methods::Entity),
        schema.create_table_from_entity(payment_documents::Entity),
        schema.create_table_from_entity(payment_histories::Entity),
        schema.create_table_from_entity(payments::Entity),
    ]
}
