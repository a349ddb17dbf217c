//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod information;
pub mod languages;
pub mod patient_resources;
pub mod terms_and_conditions;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(information::Entity),
        schema.create_table_from_entity(languages::Entity),
        schema.create_table_from_entity(patient_resources::Entity),
        schema.create_table_from_entity(terms_and_conditions::Entity),
    ]
}
