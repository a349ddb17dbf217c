//! Creates `after_care_instructions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000140_create_after_care_instructions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("after_care_instructions", |t| {
        t.purpose("Written instructions given to one patient, copied from presets.");
        t.id();
        t.uuid("after_care_id").references("after_cares", "id");
        t.uuid("aftercare_milestone_id").nullable().references("aftercare_milestones", "id").note("NULL = whole plan");
        t.uuid("instruction_template_id")
            .nullable()
            .references("instruction_templates", "id")
            .note("origin of the text");
        t.string("category", 50).one_of(&[
            "general",
            "washing",
            "sleeping",
            "activity",
            "emergency_contact",
            "special",
        ]);
        t.string("title", 200);
        t.text("body").note("<= 2000 general, <= 1000 per milestone or special, <= 200 emergency contact");
        t.integer("repeat_days").nullable().note("1..30, reminder cadence");
        t.integer("order_index").default_number("0");
        t.string("status", 20).default("active").one_of(&["active", "withdrawn"]);
        t.string("created_by_type", 50).one_of(&["Patient", "ProviderUser", "User", "System"]);
        t.uuid("created_by_id").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["after_care_id"]);
        t.check("repeat_days IS NULL OR repeat_days BETWEEN 1 AND 30");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("after_care_instructions");
}
