//! Creates `bulk_operations`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000220_create_bulk_operations_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("bulk_operations", |t| {
        t.purpose("One mass action over a snapshot of ids.");
        t.id();
        t.string("kind", 30).one_of(&[
            "patient_notify",
            "patient_flag",
            "patient_unflag",
            "clinic_message",
            "pause_intake",
            "resume_intake",
            "document_reminder",
            "export",
        ]);
        t.json("parameters");
        t.string("status", 20).default("previewed").one_of(&[
            "previewed",
            "queued",
            "running",
            "done",
            "done_with_errors",
            "cancelled",
        ]);
        t.integer("total").default_number("0");
        t.integer("succeeded").default_number("0");
        t.integer("skipped").default_number("0");
        t.integer("failed").default_number("0");
        t.string("justification", 500).nullable();
        t.uuid("result_file_id").nullable().references("files", "id").set_null();
        t.uuid("started_by").references("users", "id");
        t.timestamp("started_at").nullable();
        t.timestamp("finished_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["started_by", "created_at"]);
        t.index(&["status"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("bulk_operations");
}
