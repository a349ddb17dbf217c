//! Creates `retention_runs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_12_000060_create_retention_runs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("retention_runs", |t| {
        t.purpose("One nightly or dry run of the retention job.");
        t.id();
        t.timestamp("started_at");
        t.timestamp("finished_at").nullable();
        t.boolean("is_dry_run").default_bool(false);
        t.string("status", 16).default("running").one_of(&["running", "finished", "failed"]);
        t.json("counts").nullable();
        t.uuid("started_by").nullable().references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["started_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("retention_runs");
}
