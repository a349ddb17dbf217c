//! Creates `medication_templates`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000070_create_medication_templates_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("medication_templates", |t| {
        t.purpose("Admin catalogue of medications with default dosage.");
        t.id();
        t.string("medication_name", 200);
        t.string("form", 50).nullable();
        t.string("default_dosage", 100);
        t.string("default_frequency_code", 30).one_of(&[
            "once_daily",
            "twice_daily",
            "three_daily",
            "four_daily",
            "every_8h",
            "every_12h",
            "weekly",
            "as_needed",
        ]);
        t.integer("default_duration_days").note("1..365");
        t.string("instructions", 500).nullable();
        t.string("status", 20).default("active").one_of(&["active", "inactive"]);
        t.uuid("created_by_admin_id").references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["medication_name", "default_dosage"]);
        t.index(&["status"]);
        t.check("default_duration_days BETWEEN 1 AND 365");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("medication_templates");
}
