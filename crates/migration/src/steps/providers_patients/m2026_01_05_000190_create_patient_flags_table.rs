//! Creates `patient_flags`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000190_create_patient_flags_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("patient_flags", |t| {
        t.purpose("Marks on a patient for staff, opened by rules or by hand.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.string("flag", 40).one_of(&[
            "aftercare_urgent",
            "fraud_review",
            "payment_at_risk",
            "payment_overdue",
            "critical_medical",
            "conversation_flagged",
            "dsr_open",
            "legal_hold",
            "duplicate_suspect",
            "no_quotes",
            "stuck",
        ]);
        t.string("subject_type", 50).nullable();
        t.uuid("subject_id").nullable();
        t.boolean("is_manual").default_bool(false);
        t.string("note", 500).nullable();
        t.uuid("opened_by").nullable().references("users", "id");
        t.timestamp("opened_at");
        t.uuid("closed_by").nullable().references("users", "id");
        t.timestamp("closed_at").nullable();
        t.string("open_key", 160).nullable().note("patient, flag and subject while open, else NULL");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["open_key"]);
        t.index(&["patient_id", "closed_at"]);
        t.index(&["flag", "closed_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("patient_flags");
}
