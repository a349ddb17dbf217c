//! Creates `provider_deletion_requests`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000180_create_provider_deletion_requests_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_deletion_requests", |t| {
        t.purpose("A clinic owner's request to close the clinic.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.uuid("requested_by").references("provider_users", "id");
        t.string("reason", 500).nullable();
        t.string("status", 20).default("pending").one_of(&["pending", "approved", "rejected"]);
        t.date("due_on");
        t.uuid("decided_by").nullable().references("users", "id");
        t.timestamp("decided_at").nullable();
        t.string("decision_note", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["provider_id"]).when("status = 'pending'");
        t.index(&["status", "due_on"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_deletion_requests");
}
