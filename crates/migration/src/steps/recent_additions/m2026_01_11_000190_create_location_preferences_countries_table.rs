//! Creates `location_preferences_countries`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000190_create_location_preferences_countries_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("location_preferences_countries", |t| {
        t.purpose("Countries of such a list, in order.");
        t.id();
        t.uuid("location_preference_id").references("location_preferences", "id");
        t.char("country_code", 2);
        t.string("role", 16).one_of(&["destination", "audience"]);
        t.integer("position").note("1 = first or primary");
        t.uuid("location_id").nullable().references("locations", "id").set_null().note("a city inside the country");
        t.decimal("shown_price", 10, 2).nullable().note("starting price the patient saw");
        t.string("shown_currency", 3).nullable();
        t.timestamp("removed_at").nullable().note("taken off the list");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["location_preference_id", "role", "country_code"]).when("removed_at IS NULL");
        t.index(&["country_code", "role"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("location_preferences_countries");
}
