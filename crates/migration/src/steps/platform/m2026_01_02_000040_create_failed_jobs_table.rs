//! Creates `failed_jobs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000040_create_failed_jobs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("failed_jobs", |t| {
        t.purpose("Background jobs that failed three times.");
        t.increments("id");
        t.string("uuid", 255);
        t.text("connection");
        t.text("queue").note("default, high, notifications, media");
        t.long_text("payload").note("ids only");
        t.long_text("exception").note("redacted");
        t.timestamp("failed_at").use_current();
        t.string("resolution", 20).nullable().one_of(&["retried", "discarded"]);
        t.uuid("resolved_by").nullable().references("users", "id");
        t.timestamp("resolved_at").nullable();
        t.string("resolution_reason", 500).nullable();
        t.unique(&["uuid"]);
        t.index(&["failed_at"]);
        t.index(&["resolution"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("failed_jobs");
}
