//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod analytics_access_logs;
pub mod analytics_daily;
pub mod benchmark_snapshots;
pub mod export_jobs;
pub mod report_schedules;
pub mod retention_items;
pub mod retention_runs;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(analytics_access_logs::Entity),
        schema.create_table_from_entity(analytics_daily::Entity),
        schema.create_table_from_entity(benchmark_snapshots::Entity),
        schema.create_table_from_entity(export_jobs::Entity),
        schema.create_table_from_entity(report_schedules::Entity),
        schema.create_table_from_entity(retention_items::Entity),
        schema.create_table_from_entity(retention_runs::Entity),
    ]
}
