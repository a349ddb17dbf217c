//! Creates `aftercare_questionnaire_responses`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000130_create_aftercare_questionnaire_responses_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_questionnaire_responses", |t| {
        t.purpose("A patient's answers to one questionnaire slot.");
        t.id();
        t.uuid("aftercare_milestone_id").references("aftercare_milestones", "id");
        t.uuid("questionnaire_id").references("aftercare_questionnaires", "id");
        t.uuid("patient_id").references("patients", "id");
        t.long_text("responses").encrypted("JSON");
        t.date("response_date");
        t.boolean("is_overdue").default_bool(false);
        t.boolean("flagged_urgent").default_bool(false);
        t.date("due_date").nullable().note("slot it fills; NULL = extra");
        t.text("flag_reasons").nullable().encrypted("JSON").note("rule hits: question id, value, rule");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["aftercare_milestone_id", "questionnaire_id", "due_date"]);
        t.index(&["aftercare_milestone_id"]);
        t.index(&["questionnaire_id"]);
        t.index(&["patient_id"]);
        t.index(&["flagged_urgent"]);
        t.index(&["response_date"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_questionnaire_responses");
}
