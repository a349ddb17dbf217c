//! Creates `encryption_rotations`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000080_create_encryption_rotations_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("encryption_rotations", |t| {
        t.purpose("Progress of a key rotation or index rebuild per column.");
        t.id();
        t.uuid("run_id");
        t.string("kind", 20).one_of(&["key", "blind_index"]);
        t.string("table_name", 64);
        t.string("column_name", 64);
        t.string("last_key", 100).nullable().note("resume point");
        t.integer("done_count").default_number("0");
        t.integer("left_count").default_number("0");
        t.integer("failed_count").default_number("0");
        t.string("status", 20).default("running").one_of(&["running", "finished", "failed"]);
        t.uuid("started_by").nullable().references("users", "id");
        t.timestamp("finished_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["run_id", "table_name", "column_name"]);
        t.index(&["status"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("encryption_rotations");
}
