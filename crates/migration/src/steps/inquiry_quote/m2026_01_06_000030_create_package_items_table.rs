//! Creates `package_items`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000030_create_package_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("package_items", |t| {
        t.purpose("Content lines of a package, shown to the patient.");
        t.id();
        t.uuid("package_id").references("packages", "id").cascade();
        t.string("item_name", 255);
        t.string("item_value", 255);
        t.decimal("item_price", 10, 2).note("informative, never added to a quote");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.integer("order_index").default_number("0");
        t.index(&["package_id"]);
        t.check("item_price >= 0");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("package_items");
}
