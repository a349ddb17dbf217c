//! Creates `treatment_customizes`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000150_create_treatment_customizes_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("treatment_customizes", |t| {
        t.purpose("Extra lines of one quote: free inclusions, custom services and fees.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.uuid("treatment_id").references("treatments", "id").note("treatment of the quote");
        t.string("kind", 32).one_of(&["inclusion", "custom_service", "fee"]);
        t.string("name", 100);
        t.string("description", 500).nullable();
        t.decimal("price", 10, 2).default_number("0.00").note("quote currency");
        t.integer("order_index").default_number("0");
        t.timestamp("deleted_at").nullable().note("taken out of the quote");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["quote_id", "kind"]);
        t.check("price >= 0");
        t.check("kind <> 'inclusion' OR price = 0");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("treatment_customizes");
}
