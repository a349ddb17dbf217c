//! Creates `aftercare_milestones`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000110_create_aftercare_milestones_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_milestones", |t| {
        t.purpose("A phase of one patient's plan with its dates, slots and completion.");
        t.id();
        t.uuid("after_care_id").references("after_cares", "id");
        t.uuid("milestone_definition_id").references("aftercare_milestone_definitions", "id");
        t.string("milestone_name", 255);
        t.date("start_date");
        t.date("end_date");
        t.string("milestone_status", 255).default("pending").one_of(&[
            "pending",
            "in_progress",
            "completed",
            "overdue",
        ]);
        t.integer("completion_percentage").default_number("0");
        t.text("notes").nullable().encrypted("TEXT");
        t.integer("order_index").default_number("1");
        t.json("schedule").default("{}").note("generated due dates and excused slots");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["after_care_id", "milestone_definition_id"]);
        t.index(&["after_care_id"]);
        t.index(&["milestone_status"]);
        t.index(&["start_date"]);
        t.index(&["end_date"]);
        t.index(&["after_care_id", "order_index"]);
        t.check("end_date >= start_date");
        t.check("completion_percentage BETWEEN 0 AND 100");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_milestones");
}
