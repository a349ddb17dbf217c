//! Creates `workflow_timelines`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000100_create_workflow_timelines_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("workflow_timelines", |t| {
        t.purpose("Append-only record of the events of a case, from inquiry to review.");
        t.id();
        t.uuid("inquiry_id").references("inquiries", "id");
        t.string("event", 255).note("snake_case; words of all areas in inquiry-quote.md 3.1");
        t.json("metadata")
            .nullable()
            .note("{actor_type,actor_id,provider_id?,quote_id?,from?,to?,reason_code?}; ids, codes and dates only");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["inquiry_id"]);
        t.index(&["created_at"]);
        t.index(&["inquiry_id", "created_at"]).named("idx_workflow_inquiry_created");
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("workflow_timelines");
}
