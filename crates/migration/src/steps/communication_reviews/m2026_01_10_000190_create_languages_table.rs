//! Creates `languages`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000190_create_languages_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("languages", |t| {
        t.purpose("Languages of the user interface and pick list of languages spoken in clinics.");
        t.id();
        t.string("code", 10).note("BCP 47");
        t.string("name", 100).note("English name");
        t.string("native_name", 100);
        t.string("direction", 3).default("ltr").one_of(&["ltr", "rtl"]);
        t.string("status", 255).default("preparation").one_of(&["preparation", "active", "inactive"]);
        t.boolean("is_default").default_bool(false).note("exactly one");
        t.uuid("fallback_language_id").nullable().references("languages", "id").set_null();
        t.boolean("is_spoken_option").default_bool(true).note("selectable on clinic profiles");
        t.integer("sort_order").default_number("999");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["code"]);
        t.unique(&["is_default"]).when("is_default = true");
        t.index(&["status", "sort_order"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("languages");
}
