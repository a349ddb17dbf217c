//! Creates `discovery_questions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000070_create_discovery_questions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("discovery_questions", |t| {
        t.purpose("Answer options of the question how a patient found the platform.");
        t.id();
        t.string("option_label", 100).note("unique without regard to case");
        t.integer("display_order").default_number("999");
        t.boolean("is_active").default_bool(true).note("at least two stay active");
        t.uuid("updated_by").nullable().references("users", "id").set_null();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["option_label"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("discovery_questions");
}
