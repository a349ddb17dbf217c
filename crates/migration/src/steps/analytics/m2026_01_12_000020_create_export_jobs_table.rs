//! Creates `export_jobs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_12_000020_create_export_jobs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("export_jobs", |t| {
        t.purpose("Requested list and report files.");
        t.id();
        t.string("requester_type", 50).one_of(&["User", "ProviderUser"]);
        t.uuid("requester_id");
        t.uuid("provider_id").nullable().references("providers", "id").note("clinic scope");
        t.uuid("report_schedule_id").nullable().references("report_schedules", "id").set_null();
        t.string("kind", 20).one_of(&["list", "report"]);
        t.string("source", 50).note("list or report key");
        t.string("format", 8).one_of(&["csv", "json", "pdf"]);
        t.json("parameters");
        t.string("status", 20).default("queued").one_of(&["queued", "running", "ready", "expired", "failed"]);
        t.integer("attempts").default_number("0");
        t.integer("row_count").nullable();
        t.uuid("file_id").nullable().references("files", "id").set_null();
        t.string("reason", 500).nullable().note("needed for contacts");
        t.timestamp("ready_at").nullable();
        t.timestamp("expires_at").nullable();
        t.string("error", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["requester_type", "requester_id", "created_at"]);
        t.index(&["status"]);
        t.index(&["expires_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("export_jobs");
}
