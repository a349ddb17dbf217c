//! Creates `aftercare_milestone_definitions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000020_create_aftercare_milestone_definitions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_milestone_definitions", |t| {
        t.purpose("A phase inside a template: length, scan and questionnaire cadence.");
        t.id();
        t.uuid("template_id")
            .references("aftercare_milestone_templates", "id")
            .cascade()
            .note("only while the template was never used");
        t.string("milestone_name", 255);
        t.integer("duration_days");
        t.integer("order_index");
        t.integer("scan_frequency_days").nullable();
        t.integer("scan_count").nullable();
        t.integer("questionnaire_frequency_days").nullable();
        t.json("activity_restrictions").nullable();
        t.json("resources").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["template_id", "order_index"]);
        t.index(&["template_id"]);
        t.index(&["order_index"]);
        t.check("duration_days BETWEEN 1 AND 365");
        t.check("order_index >= 1");
        t.check("scan_frequency_days IS NULL OR scan_frequency_days BETWEEN 1 AND duration_days");
        t.check("scan_count IS NULL OR scan_count BETWEEN 1 AND 366");
        t.check(
            "scan_frequency_days IS NULL OR scan_count IS NULL OR scan_frequency_days * scan_count <= duration_days",
        );
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_milestone_definitions");
}
