//! Creates `report_schedules`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_12_000010_create_report_schedules_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("report_schedules", |t| {
        t.purpose("Recurring reports of a clinic, at most five active.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("name", 60);
        t.string("report_key", 50);
        t.string("format", 8).one_of(&["csv", "pdf"]);
        t.string("frequency", 16).one_of(&["weekly", "monthly", "quarterly"]);
        t.json("parameters");
        t.date("next_run_on");
        t.boolean("is_active").default_bool(true);
        t.uuid("created_by").references("provider_users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["provider_id", "is_active"]);
        t.index(&["next_run_on"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("report_schedules");
}
