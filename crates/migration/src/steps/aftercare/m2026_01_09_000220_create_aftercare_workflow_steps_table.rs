//! Creates `aftercare_workflow_steps`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000220_create_aftercare_workflow_steps_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_workflow_steps", |t| {
        t.purpose("Append-only history of a work item with values before and after.");
        t.id();
        t.uuid("workflow_id").references("aftercare_workflows", "id");
        t.integer("step_index");
        t.string("step_type", 50).one_of(&[
            "opened",
            "flag_added",
            "notified",
            "acknowledged",
            "patient_contacted",
            "note",
            "consultation_requested",
            "level_raised",
            "approved",
            "rejected",
            "change_applied",
            "resolved",
            "cancelled",
        ]);
        t.string("actor_type", 50).one_of(&["Patient", "ProviderUser", "User", "System"]);
        t.uuid("actor_id").nullable().note("NULL for System");
        t.text("note").nullable().encrypted("TEXT");
        t.long_text("values_before").nullable().encrypted("JSON");
        t.long_text("values_after").nullable().encrypted("JSON");
        t.timestamp("created_at").use_current();
        t.unique(&["workflow_id", "step_index"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_workflow_steps");
}
