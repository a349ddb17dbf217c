//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod booking_flags;
pub mod booking_terms;
pub mod quote_clinicians;
pub mod quote_packages;
pub mod quote_versions;
pub mod quotes;
pub mod schedule_occupancies;
pub mod schedules;
pub mod treatment_customizes;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(booking_flags::Entity),
        schema.create_table_from_entity(booking_terms::Entity),
        schema.create_table_from_entity(quote_clinicians::Entity),
        schema.create_table_from_entity(quote_packages::Entity),
        schema.create_table_from_entity(quote_versions::Entity),
        schema.create_table_from_entity(quotes::Entity),
        schema.create_table_from_entity(schedule_occupancies::Entity),
        schema.create_table_from_entity(schedules::Entity),
        schema.create_table_from_entity(treatment_customizes::Entity),
    ]
}
