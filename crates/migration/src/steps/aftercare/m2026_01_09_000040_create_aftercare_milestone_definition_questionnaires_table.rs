//! Creates `aftercare_milestone_definition_questionnaires`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step =
    Step { name: "2026_01_09_000040_create_aftercare_milestone_definition_questionnaires_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_milestone_definition_questionnaires", |t| {
        t.purpose("Links a questionnaire to a template phase with its cadence.");
        t.id();
        t.uuid("milestone_definition_id").references("aftercare_milestone_definitions", "id").cascade();
        t.uuid("questionnaire_id").references("aftercare_questionnaires", "id");
        t.integer("frequency_days");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["milestone_definition_id", "questionnaire_id"]);
        t.index(&["milestone_definition_id"]);
        t.index(&["questionnaire_id"]);
        t.check("frequency_days BETWEEN 1 AND 365");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_milestone_definition_questionnaires");
}
