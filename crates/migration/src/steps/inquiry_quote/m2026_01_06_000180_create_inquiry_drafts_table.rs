//! Creates `inquiry_drafts`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000180_create_inquiry_drafts_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("inquiry_drafts", |t| {
        t.purpose("Unfinished inquiry of a patient, saved step by step.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.string("step", 32);
        t.long_text("payload").encrypted("JSON");
        t.integer("version").default_number("1");
        t.timestamp("last_activity_at");
        t.timestamp("expires_at").note("last_activity_at + 7 days");
        t.uuid("consumed_inquiry_id").nullable().references("inquiries", "id").set_null();
        t.timestamp("discarded_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["consumed_inquiry_id"]);
        t.unique(&["patient_id"]).when("consumed_inquiry_id IS NULL AND discarded_at IS NULL");
        t.index(&["expires_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("inquiry_drafts");
}
