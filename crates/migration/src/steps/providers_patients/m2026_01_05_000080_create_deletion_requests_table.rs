//! Creates `deletion_requests`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000080_create_deletion_requests_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("deletion_requests", |t| {
        t.purpose("A patient's request to be erased.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.string("reference", 32);
        t.string("status", 32).default("submitted").one_of(&[
            "submitted",
            "in_review",
            "verification_required",
            "on_hold",
            "approved",
            "completed",
            "denied",
            "withdrawn",
        ]);
        t.string("reason_code", 50).nullable();
        t.string("reason_text", 500).nullable();
        t.timestamp("submitted_at");
        t.timestamp("due_at");
        t.timestamp("paused_since").nullable();
        t.integer("paused_days").default_number("0");
        t.uuid("decided_by").nullable().references("users", "id");
        t.timestamp("decided_at").nullable();
        t.string("decision_note", 500).nullable();
        t.json("retained_categories").nullable().note("class, legal basis, end date as told to the patient");
        t.timestamp("completed_at").nullable();
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["reference"]);
        t.unique(&["patient_id"])
            .when("status IN ('submitted','in_review','verification_required','on_hold','approved')");
        t.index(&["status", "due_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("deletion_requests");
}
