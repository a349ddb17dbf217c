//! Creates `questionnaires`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000160_create_questionnaires_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("questionnaires", |t| {
        t.purpose("One form filled in by a patient, kept with the exact questions answered.");
        t.id();
        t.uuid("patient_id").references("patients", "id");
        t.uuid("inquiry_id").nullable().references("inquiries", "id").note("set when submitted with an inquiry");
        t.string("context", 32).one_of(&["inquiry", "discovery", "monitoring_advice"]);
        t.uuid("questionnaire_set_id").nullable().references("questionnaire_sets", "id");
        t.integer("set_version").nullable();
        t.integer("revision").default_number("1").note("an answer correction is a new row");
        t.long_text("answers").encrypted("JSON").note("[{question_id,question_text,answer,details,severity}]");
        t.text("alert_level").nullable().one_of(&["critical", "standard", "none"]).encrypted("VARCHAR(32)");
        t.timestamp("submitted_at").nullable().note("NULL = draft");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["inquiry_id", "context", "revision"]);
        t.index(&["patient_id"]);
        t.index(&["questionnaire_set_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("questionnaires");
}
