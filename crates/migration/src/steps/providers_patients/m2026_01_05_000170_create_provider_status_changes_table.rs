//! Creates `provider_status_changes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000170_create_provider_status_changes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_status_changes", |t| {
        t.purpose("Done and scheduled status changes of a clinic.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("action", 20).one_of(&["activate", "suspend", "reactivate", "deactivate"]);
        t.string("from_status", 32).nullable();
        t.string("to_status", 32);
        t.string("reason", 500);
        t.boolean("notify").default_bool(true);
        t.timestamp("effective_at");
        t.timestamp("done_at").nullable();
        t.timestamp("cancelled_at").nullable();
        t.uuid("changed_by").nullable().references("users", "id").note("NULL = system");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["provider_id", "effective_at"]);
        t.index(&["effective_at", "done_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_status_changes");
}
