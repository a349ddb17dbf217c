//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod inquiries;
pub mod inquiry_drafts;
pub mod inquiry_providers;
pub mod medical_histories;
pub mod questionnaires;
pub mod workflow_timelines;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(inquiries::Entity),
        schema.create_table_from_entity(inquiry_drafts::Entity),
        schema.create_table_from_entity(inquiry_providers::Entity),
        schema.create_table_from_entity(medical_histories::Entity),
        schema.create_table_from_entity(questionnaires::Entity),
        schema.create_table_from_entity(workflow_timelines::Entity),
    ]
}
