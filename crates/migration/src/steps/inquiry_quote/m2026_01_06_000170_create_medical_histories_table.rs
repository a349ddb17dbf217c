//! Creates `medical_histories`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000170_create_medical_histories_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("medical_histories", |t| {
        t.purpose("Medical answers and alert level of one inquiry, encrypted.");
        t.id();
        t.uuid("inquiry_id").references("inquiries", "id");
        t.text("age").nullable().encrypted("INTEGER");
        t.text("medical_conditions").nullable().encrypted("TEXT");
        t.text("medications").nullable().encrypted("TEXT");
        t.text("allergies").nullable().encrypted("TEXT");
        t.text("previous_surgeries").nullable().encrypted("TEXT");
        t.text("smoking_status").nullable().encrypted("VARCHAR(255)");
        t.text("alcohol_consumption").nullable().encrypted("VARCHAR(255)");
        t.text("family_history").nullable().encrypted("TEXT");
        t.text("critical_conditions").nullable().encrypted("JSON").note("[{question_id,label}]");
        t.text("alert_level")
            .one_of(&["critical", "standard", "none"])
            .encrypted("VARCHAR(255)")
            .note("encrypted, so the default is written by the application");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.uuid("questionnaire_id")
            .nullable()
            .references("questionnaires", "id")
            .note("answers this revision was computed from");
        t.integer("revision").default_number("1").note("+1 at every change of the answers");
        t.char("alert_level_index", 64).nullable().note("keyed hash for filtering, identity.md 5.9");
        t.timestamp("reopened_at").nullable().note("admin asked the patient to answer again");
        t.uuid("reopened_by").nullable().references("users", "id").set_null();
        t.string("reopen_reason", 500).nullable();
        t.unique(&["inquiry_id"]);
        t.index(&["alert_level_index"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("medical_histories");
}
