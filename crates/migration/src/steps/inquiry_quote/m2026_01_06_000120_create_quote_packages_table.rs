//! Creates `quote_packages`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000120_create_quote_packages_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("quote_packages", |t| {
        t.purpose("Packages chosen in a quote, with the price and content frozen at submission.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.uuid("package_id").references("packages", "id").note("package of the quoting clinic");
        t.json("package_snapshot").nullable().note("name, category, description, items, version; set at submission");
        t.decimal("list_price", 10, 2);
        t.string("list_currency", 3);
        t.decimal("fx_rate", 18, 8).default_number("1.00000000").note("list to quote currency at submission");
        t.decimal("price", 10, 2).note("charged, in quote currency");
        t.integer("order_index").default_number("0");
        t.timestamp("deleted_at").nullable().note("taken out of the quote");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id", "package_id"]).when("deleted_at IS NULL");
        t.index(&["package_id"]);
        t.check("price >= 0");
        t.check("fx_rate > 0");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("quote_packages");
}
