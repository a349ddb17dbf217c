//! Jobs, events, audit, settings, files: what every area stands on.

mod m2026_01_02_000010_create_files_table;
mod m2026_01_02_000020_create_idempotency_keys_table;
mod m2026_01_02_000030_create_outbox_events_table;
mod m2026_01_02_000040_create_failed_jobs_table;
mod m2026_01_02_000050_create_audit_logs_table;
mod m2026_01_02_000060_create_audit_log_seals_table;
mod m2026_01_02_000070_create_phi_access_grants_table;
mod m2026_01_02_000080_create_encryption_rotations_table;
mod m2026_01_02_000090_create_jobs_table;
mod m2026_01_02_000100_create_job_schedules_table;
mod m2026_01_02_000110_create_code_counters_table;
mod m2026_01_02_000120_create_media_table;
mod m2026_01_02_000130_create_setting_versions_table;
mod m2026_01_02_000140_create_system_settings_table;
mod m2026_01_02_000150_create_countries_table;
mod m2026_01_02_000160_create_app_list_items_table;
mod m2026_01_02_000170_create_demo_registry_table;
mod m2026_01_02_000180_create_request_counts_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "platform",
    title: "Platform",
    about: "Jobs, events, audit, settings, files: what every area stands on.",
    steps: &[
        m2026_01_02_000010_create_files_table::STEP,
        m2026_01_02_000020_create_idempotency_keys_table::STEP,
        m2026_01_02_000030_create_outbox_events_table::STEP,
        m2026_01_02_000040_create_failed_jobs_table::STEP,
        m2026_01_02_000050_create_audit_logs_table::STEP,
        m2026_01_02_000060_create_audit_log_seals_table::STEP,
        m2026_01_02_000070_create_phi_access_grants_table::STEP,
        m2026_01_02_000080_create_encryption_rotations_table::STEP,
        m2026_01_02_000090_create_jobs_table::STEP,
        m2026_01_02_000100_create_job_schedules_table::STEP,
        m2026_01_02_000110_create_code_counters_table::STEP,
        m2026_01_02_000120_create_media_table::STEP,
        m2026_01_02_000130_create_setting_versions_table::STEP,
        m2026_01_02_000140_create_system_settings_table::STEP,
        m2026_01_02_000150_create_countries_table::STEP,
        m2026_01_02_000160_create_app_list_items_table::STEP,
        m2026_01_02_000170_create_demo_registry_table::STEP,
        m2026_01_02_000180_create_request_counts_table::STEP,
    ],
};
