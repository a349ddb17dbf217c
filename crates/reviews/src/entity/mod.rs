//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod review_responses;
pub mod review_takedown_requests;
pub mod reviews;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(review_responses::Entity),
        schema.create_table_from_entity(review_takedown_requests::Entity),
        schema.create_table_from_entity(reviews::Entity),
    ]
}
