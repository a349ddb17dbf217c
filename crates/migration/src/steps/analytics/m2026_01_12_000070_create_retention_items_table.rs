//! Creates `retention_items`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_12_000070_create_retention_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("retention_items", |t| {
        t.purpose("What a retention run did to one subject.");
        t.id();
        t.uuid("retention_run_id").references("retention_runs", "id");
        t.string("data_class", 32).one_of(&[
            "medical",
            "financial",
            "communication",
            "account",
            "clinic",
            "consents",
            "audit",
            "technical",
        ]);
        t.string("subject_type", 50);
        t.uuid("subject_id");
        t.date("due_on");
        t.string("outcome", 16).one_of(&["held", "anonymised", "failed", "skipped", "would_act"]);
        t.string("basis", 100);
        t.json("counts").nullable();
        t.string("error", 500).nullable();
        t.timestamp("created_at").use_current();
        t.unique(&["retention_run_id", "data_class", "subject_type", "subject_id"]);
        t.index(&["subject_type", "subject_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("retention_items");
}
