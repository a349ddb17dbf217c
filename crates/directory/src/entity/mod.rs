//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod admin_notes;
pub mod bulk_operation_items;
pub mod bulk_operations;
pub mod locations;
pub mod provider_applications;
pub mod provider_awards;
pub mod provider_commissions;
pub mod provider_deletion_requests;
pub mod provider_documents;
pub mod provider_languages;
pub mod provider_media;
pub mod provider_resources;
pub mod provider_slugs;
pub mod provider_status_changes;
pub mod providers;
pub mod saved_filters;
pub mod set_commissions;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(admin_notes::Entity),
        schema.create_table_from_entity(bulk_operation_items::Entity),
        schema.create_table_from_entity(bulk_operations::Entity),
        schema.create_table_from_entity(locations::Entity),
        schema.create_table_from_entity(provider_applications::Entity),
        schema.create_table_from_entity(provider_awards::Entity),
        schema.create_table_from_entity(provider_commissions::Entity),
        schema.create_table_from_entity(provider_deletion_requests::Entity),
        schema.create_table_from_entity(provider_documents::Entity),
        schema.create_table_from_entity(provider_languages::Entity),
        schema.create_table_from_entity(provider_media::Entity),
        schema.create_table_from_entity(provider_resources::Entity),
        schema.create_table_from_entity(provider_slugs::Entity),
        schema.create_table_from_entity(provider_status_changes::Entity),
        schema.create_table_from_entity(providers::Entity),
        schema.create_table_from_entity(saved_filters::Entity),
        schema.create_table_from_entity(set_commissions::Entity),
    ]
}
