//! Creates `aftercare_questions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000160_create_aftercare_questions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_questions", |t| {
        t.purpose("One-off question a team member puts to one patient.");
        t.id();
        t.uuid("after_care_id").references("after_cares", "id");
        t.string("asked_by_type", 50).one_of(&["ProviderUser", "User"]);
        t.uuid("asked_by_id");
        t.text("question_text").note("10..1000");
        t.string("question_type", 30).one_of(&[
            "visual_scale",
            "numeric_scale",
            "number",
            "yes_no",
            "single_choice",
            "multi_select",
            "text",
        ]);
        t.json("options").nullable();
        t.timestamp("due_at").nullable();
        t.string("status", 20).default("open").one_of(&["open", "answered", "withdrawn"]);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["after_care_id", "status"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_questions");
}
