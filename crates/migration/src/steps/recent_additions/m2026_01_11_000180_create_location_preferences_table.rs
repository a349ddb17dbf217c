//! Creates `location_preferences`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000180_create_location_preferences_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("location_preferences", |t| {
        t.purpose("A list of places: the destinations of an inquiry, or an admin's ordering for a region.");
        t.id();
        t.string("preference_type", 32).one_of(&["inquiry", "region"]);
        t.uuid("inquiry_id").nullable().references("inquiries", "id").note("set only for type inquiry");
        t.string("name", 100).nullable().note("region name");
        t.string("description", 500).nullable();
        t.string("status", 32).default("active").one_of(&["active", "inactive"]);
        t.integer("max_shown").default_number("10");
        t.integer("version").default_number("1");
        t.uuid("updated_by").nullable().references("users", "id").set_null();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["inquiry_id"]);
        t.unique(&["name"]).when("preference_type = 'region' AND status = 'active'");
        t.index(&["preference_type", "status"]);
        t.check("max_shown BETWEEN 5 AND 20");
        t.check("preference_type <> 'inquiry' OR inquiry_id IS NOT NULL");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("location_preferences");
}
