//! The tables of this wing, one file each, without logic.
#![expect(missing_docs, reason = "columns are described in docs/schema")]

pub mod app_list_items;
pub mod audit_log_seals;
pub mod audit_logs;
pub mod code_counters;
pub mod countries;
pub mod demo_registry;
pub mod encryption_rotations;
pub mod failed_jobs;
pub mod files;
pub mod idempotency_keys;
pub mod job_schedules;
pub mod jobs;
pub mod media;
pub mod outbox_events;
pub mod phi_access_grants;
pub mod request_counts;
pub mod setting_versions;
pub mod system_settings;

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{DbBackend, Schema};

/// Every table as its model sees it, for the test that compares models and migrations.
pub fn all() -> Vec<TableCreateStatement> {
    let schema = Schema::new(DbBackend::Sqlite);
    vec![
        schema.create_table_from_entity(app_list_items::Entity),
        schema.create_table_from_entity(audit_log_seals::Entity),
        schema.create_table_from_entity(audit_logs::Entity),
        schema.create_table_from_entity(code_counters::Entity),
        schema.create_table_from_entity(countries::Entity),
        schema.create_table_from_entity(demo_registry::Entity),
        schema.create_table_from_entity(encryption_rotations::Entity),
        schema.create_table_from_entity(failed_jobs::Entity),
        schema.create_table_from_entity(files::Entity),
        schema.create_table_from_entity(idempotency_keys::Entity),
        schema.create_table_from_entity(job_schedules::Entity),
        schema.create_table_from_entity(jobs::Entity),
        schema.create_table_from_entity(media::Entity),
        schema.create_table_from_entity(outbox_events::Entity),
        schema.create_table_from_entity(phi_access_grants::Entity),
        schema.create_table_from_entity(request_counts::Entity),
        schema.create_table_from_entity(setting_versions::Entity),
        schema.create_table_from_entity(system_settings::Entity),
    ]
}
