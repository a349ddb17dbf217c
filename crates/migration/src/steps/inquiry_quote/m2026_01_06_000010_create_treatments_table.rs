//! Creates `treatments`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000010_create_treatments_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("treatments", |t| {
        t.purpose("Catalogue of treatments made by admins; clinics may only choose from it.");
        t.id();
        t.uuid("user_id").references("users", "id");
        t.string("treatment_name", 255).note("unique without regard to case");
        t.string("treatment_type", 255).one_of(&["FUE", "FUT", "DHI", "SAPPHIRE_FUE", "ROBOTIC", "OTHER"]);
        t.text("treatment_description");
        t.string("thumbnail", 255);
        t.string("video", 255).nullable();
        t.string("status", 255).default("active").one_of(&["active", "inactive"]);
        t.timestamp("ended_at").nullable().note("set with inactive; this is the soft delete");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.text("technique_specifications").nullable();
        t.string("recovery_time", 50).nullable();
        t.decimal("duration_hours", 4, 1).nullable().note("0.5-12; default slot length");
        t.integer("version").default_number("1");
        t.unique(&["treatment_name"]);
        t.index(&["user_id"]);
        t.index(&["status"]);
        t.index(&["treatment_type"]);
        t.check("duration_hours IS NULL OR duration_hours BETWEEN 0.5 AND 12");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("treatments");
}
