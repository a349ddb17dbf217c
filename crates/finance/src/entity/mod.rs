//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod affiliate_commissions;
pub mod affiliate_payouts;
pub mod banking_details;
pub mod document_counters;
pub mod finance_approvals;
pub mod payout_batches;
pub mod provider_bill_items;
pub mod provider_bills;
pub mod reconciliation_items;
pub mod reconciliation_runs;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(affiliate_commissions::Entity),
        schema.create_table_from_entity(affiliate_payouts::Entity),
        schema.create_table_from_entity(banking_details::Entity),
        schema.create_table_from_entity(document_counters::Entity),
        schema.create_table_from_entity(finance_approvals::Entity),
        schema.create_table_from_entity(payout_batches::Entity),
        schema.create_table_from_entity(provider_bill_items::Entity),
        schema.create_table_from_entity(provider_bills::Entity),
        schema.create_table_from_entity(reconciliation_items::Entity),
        schema.create_table_from_entity(reconciliation_runs::Entity),
    ]
}
