//! Creates `review_takedown_requests`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000160_create_review_takedown_requests_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("review_takedown_requests", |t| {
        t.purpose("A patient's wish to have the own review taken down.");
        t.id();
        t.uuid("review_id").references("reviews", "id");
        t.uuid("patient_id").references("patients", "id");
        t.string("reason", 1000);
        t.string("status", 16).default("pending").one_of(&["pending", "approved", "rejected"]);
        t.string("decision_note", 1000).nullable();
        t.string("patient_reason", 500).nullable().note("shown to the patient");
        t.uuid("decided_by").nullable().references("users", "id");
        t.timestamp("decided_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["review_id"]).when("status = 'pending'");
        t.index(&["status", "created_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("review_takedown_requests");
}
