//! Creates `aftercare_questionnaires`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000030_create_aftercare_questionnaires_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_questionnaires", |t| {
        t.purpose("Admin-made question sets for pain, sleep, compliance and symptoms.");
        t.id();
        t.string("questionnaire_name", 255);
        t.text("questionnaire_description").nullable();
        t.string("questionnaire_type", 255).one_of(&["pain", "sleep", "compliance", "symptom_check"]);
        t.json("questions");
        t.string("status", 255).default("active").one_of(&["active", "inactive"]);
        t.integer("version").default_number("1");
        t.uuid("supersedes_id")
            .nullable()
            .references("aftercare_questionnaires", "id")
            .note("frozen row this one replaces");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["supersedes_id"]);
        t.index(&["questionnaire_type"]);
        t.index(&["status"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_questionnaires");
}
