//! Creates `aftercare_question_answers`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000170_create_aftercare_question_answers_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_question_answers", |t| {
        t.purpose("The patient's answer to a one-off question.");
        t.id();
        t.uuid("question_id").references("aftercare_questions", "id");
        t.uuid("patient_id").references("patients", "id");
        t.long_text("answer").encrypted("JSON");
        t.timestamp("answered_at");
        t.boolean("flagged_urgent").default_bool(false);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["question_id"]);
        t.index(&["patient_id"]);
        t.index(&["flagged_urgent"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_question_answers");
}
