//! Creates `conversation_interventions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000130_create_conversation_interventions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("conversation_interventions", |t| {
        t.purpose("Admin messages inside a pair's thread, with reason.");
        t.id();
        t.uuid("conversation_id").references("conversations", "id");
        t.uuid("message_id").references("messages", "id");
        t.uuid("admin_id").references("users", "id");
        t.string("reason_code", 32).one_of(&["policy_violation", "urgent_dispute", "patient_safety"]);
        t.string("justification", 500);
        t.timestamp("created_at").use_current();
        t.unique(&["message_id"]);
        t.index(&["conversation_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("conversation_interventions");
}
