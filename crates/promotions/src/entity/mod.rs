//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod affiliate_attributions;
pub mod affiliate_code_batch_rows;
pub mod affiliate_code_batches;
pub mod affiliate_commission_terms;
pub mod affiliate_credentials;
pub mod affiliate_discount_codes;
pub mod affiliates;
pub mod code_registry;
pub mod discount_redemptions;
pub mod discounts;
pub mod fixed_discounts;
pub mod provider_discounts;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(affiliate_attributions::Entity),
        schema.create_table_from_entity(affiliate_code_batch_rows::Entity),
        schema.create_table_from_entity(affiliate_code_batches::Entity),
        schema.create_table_from_entity(affiliate_commission_terms::Entity),
        schema.create_table_from_entity(affiliate_credentials::Entity),
        schema.create_table_from_entity(affiliate_discount_codes::Entity),
        schema.create_table_from_entity(affiliates::Entity),
        schema.create_table_from_entity(code_registry::Entity),
        schema.create_table_from_entity(discount_redemptions::Entity),
        schema.create_table_from_entity(discounts::Entity),
        schema.create_table_from_entity(fixed_discounts::Entity),
        schema.create_table_from_entity(provider_discounts::Entity),
    ]
}
