//! Creates `instruction_templates`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000060_create_instruction_templates_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("instruction_templates", |t| {
        t.purpose("Admin presets of instruction texts.");
        t.id();
        t.string("title", 200);
        t.string("category", 50).one_of(&[
            "general",
            "washing",
            "sleeping",
            "activity",
            "emergency_contact",
            "special",
        ]);
        t.text("body").note("<= 2000");
        t.json("treatment_types").default("[]");
        t.integer("default_repeat_days").nullable();
        t.string("status", 20).default("active").one_of(&["active", "inactive"]);
        t.uuid("created_by_admin_id").references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["title"]);
        t.index(&["status"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("instruction_templates");
}
