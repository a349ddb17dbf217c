//! Creates `app_list_items`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000160_create_app_list_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("app_list_items", |t| {
        t.purpose("Values of the small lists editable by admins (specialties, deletion reasons, document types ...).");
        t.id();
        t.string("list_key", 50);
        t.string("code", 50);
        t.string("label", 100);
        t.boolean("requires_explanation").default_bool(false);
        t.boolean("is_fixed").default_bool(false).note("'Other' cannot be switched off");
        t.integer("display_order").default_number("999");
        t.boolean("is_active").default_bool(true);
        t.timestamp("deactivated_at").nullable();
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["list_key", "code"]);
        t.unique(&["list_key", "label"]);
        t.index(&["list_key", "is_active", "display_order"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("app_list_items");
}
