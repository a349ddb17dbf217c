//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod conversation_flags;
pub mod conversation_interventions;
pub mod conversations;
pub mod message_moderation;
pub mod messages;
pub mod moderation_terms;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(conversation_flags::Entity),
        schema.create_table_from_entity(conversation_interventions::Entity),
        schema.create_table_from_entity(conversations::Entity),
        schema.create_table_from_entity(message_moderation::Entity),
        schema.create_table_from_entity(messages::Entity),
        schema.create_table_from_entity(moderation_terms::Entity),
    ]
}
