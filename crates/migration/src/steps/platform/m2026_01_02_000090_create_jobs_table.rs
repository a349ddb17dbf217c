//! Creates `jobs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000090_create_jobs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("jobs", |t| {
        t.purpose(
            "Durable work to be done by the worker, claimed by compare-and-set; finished rows are purged after 7 days.",
        );
        t.id();
        t.string("queue", 50).default("default");
        t.string("job_type", 100);
        t.json("payload").note("ids only, never names, codes or secrets");
        t.string("dedupe_key", 191).nullable();
        t.small_integer("priority").default_number("0");
        t.string("status", 20).default("queued").one_of(&["queued", "running", "done", "dead"]);
        t.small_integer("attempts").default_number("0");
        t.small_integer("max_attempts").default_number("3");
        t.timestamp("run_at");
        t.string("locked_by", 100).nullable();
        t.timestamp("locked_until").nullable();
        t.text("last_error").nullable();
        t.timestamp("finished_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["dedupe_key"]).when("status IN ('queued','running')");
        t.index(&["status", "queue", "run_at"]);
        t.index(&["locked_until"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("jobs");
}
