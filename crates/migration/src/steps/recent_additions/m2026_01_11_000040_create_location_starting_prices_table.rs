//! Creates `location_starting_prices`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000040_create_location_starting_prices_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("location_starting_prices", |t| {
        t.purpose("'From' prices shown per place or country; display only, never charged.");
        t.id();
        t.uuid("location_id").nullable().references("locations", "id");
        t.string("country_name", 255).nullable();
        t.decimal("starting_price", 10, 2);
        t.string("currency", 255);
        t.text("description").nullable();
        t.date("effective_from").nullable().note("NULL = since ever");
        t.date("effective_to").nullable().note("inclusive; a change closes the old row and inserts a new one");
        t.boolean("is_fallback").default_bool(false);
        t.uuid("updated_by_user_id").nullable().references("users", "id");
        t.string("change_reason", 500).nullable().note("10-500 chars");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["location_id", "currency", "is_fallback", "effective_from"]);
        t.index(&["location_id"]);
        t.index(&["country_name"]);
        t.index(&["currency", "effective_from"]);
        t.check("starting_price > 0");
        t.check("location_id IS NOT NULL OR country_name IS NOT NULL");
        t.check("effective_to IS NULL OR effective_from IS NULL OR effective_to >= effective_from");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("location_starting_prices");
}
