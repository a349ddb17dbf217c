//! Creates `after_care_medications`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000150_create_after_care_medications_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("after_care_medications", |t| {
        t.purpose("Medication prescribed to one patient; an edit is a new row.");
        t.id();
        t.uuid("after_care_id").references("after_cares", "id");
        t.uuid("medication_template_id").nullable().references("medication_templates", "id");
        t.string("medication_name", 200);
        t.string("dosage", 100);
        t.string("frequency_code", 30).one_of(&[
            "once_daily",
            "twice_daily",
            "three_daily",
            "four_daily",
            "every_8h",
            "every_12h",
            "weekly",
            "as_needed",
        ]);
        t.json("dose_times").note("local HH:MM list; [] for as_needed");
        t.date("start_date");
        t.date("end_date");
        t.string("special_instructions", 500).nullable();
        t.string("status", 20).default("active").one_of(&["active", "stopped", "superseded"]);
        t.uuid("superseded_by").nullable().references("after_care_medications", "id");
        t.timestamp("stopped_at").nullable();
        t.string("stop_reason", 255).nullable();
        t.string("prescribed_by_type", 50).one_of(&["ProviderUser", "User"]);
        t.uuid("prescribed_by_id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["after_care_id", "status"]);
        t.index(&["end_date"]);
        t.check("end_date >= start_date");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("after_care_medications");
}
