//! Exports, reports, metrics, retention runs.

mod m2026_01_12_000010_create_report_schedules_table;
mod m2026_01_12_000020_create_export_jobs_table;
mod m2026_01_12_000030_create_analytics_daily_table;
mod m2026_01_12_000040_create_benchmark_snapshots_table;
mod m2026_01_12_000050_create_analytics_access_logs_table;
mod m2026_01_12_000060_create_retention_runs_table;
mod m2026_01_12_000070_create_retention_items_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "analytics",
    title: "Analytics and retention",
    about: "Exports, reports, metrics, retention runs.",
    steps: &[
        m2026_01_12_000010_create_report_schedules_table::STEP,
        m2026_01_12_000020_create_export_jobs_table::STEP,
        m2026_01_12_000030_create_analytics_daily_table::STEP,
        m2026_01_12_000040_create_benchmark_snapshots_table::STEP,
        m2026_01_12_000050_create_analytics_access_logs_table::STEP,
        m2026_01_12_000060_create_retention_runs_table::STEP,
        m2026_01_12_000070_create_retention_items_table::STEP,
    ],
};
