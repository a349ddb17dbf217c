//! Creates `phi_access_grants`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000070_create_phi_access_grants_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("phi_access_grants", |t| {
        t.purpose("Justified, time-limited admin access to one patient's medical data.");
        t.id();
        t.uuid("user_id").references("users", "id");
        t.uuid("patient_id").references("patients", "id").later();
        t.uuid("session_id").nullable().references("auth_sessions", "id").set_null();
        t.string("scope", 20).default("medical").one_of(&["medical", "archive"]);
        t.string("justification", 500);
        t.timestamp("valid_until");
        t.timestamp("created_at").use_current();
        t.index(&["user_id", "patient_id", "valid_until"]);
        t.index(&["patient_id"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("phi_access_grants");
}
