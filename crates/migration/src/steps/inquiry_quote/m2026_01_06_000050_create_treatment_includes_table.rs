//! Creates `treatment_includes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000050_create_treatment_includes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("treatment_includes", |t| {
        t.purpose("What is always part of a catalogue treatment.");
        t.id();
        t.uuid("treatment_id").references("treatments", "id").cascade();
        t.string("include_name", 255);
        t.text("include_description").nullable();
        t.integer("order_index").default_number("0");
        t.string("status", 32).default("active").one_of(&["active", "inactive"]);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["treatment_id", "order_index"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("treatment_includes");
}
