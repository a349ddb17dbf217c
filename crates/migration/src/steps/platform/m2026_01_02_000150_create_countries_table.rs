//! Creates `countries`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000150_create_countries_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("countries", |t| {
        t.purpose("Countries that may be chosen, with calling codes and flags.");
        t.id();
        t.string("name", 50);
        t.char("iso_code", 2);
        t.string("calling_code", 5).note("+ and 1-4 digits");
        t.string("flag_path", 255).nullable();
        t.integer("display_order").default_number("999");
        t.boolean("is_active").default_bool(true);
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["name"]);
        t.unique(&["iso_code"]);
        t.index(&["is_active", "display_order"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("countries");
}
