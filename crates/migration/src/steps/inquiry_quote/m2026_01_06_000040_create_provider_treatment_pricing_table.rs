//! Creates `provider_treatment_pricing`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000040_create_provider_treatment_pricing_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_treatment_pricing", |t| {
        t.purpose("What a clinic charges for a catalogue treatment.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.uuid("treatment_id").references("treatments", "id");
        t.decimal("base_price", 10, 2);
        t.decimal("price_per_graft", 10, 2).default_number("0.00").note("0 = fixed-price treatment");
        t.string("currency", 3).note("becomes the quote currency");
        t.integer("min_grafts").nullable();
        t.integer("max_grafts").nullable();
        t.string("status", 32).default("not_offered").one_of(&["offered", "not_offered"]);
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["provider_id", "treatment_id"]);
        t.index(&["treatment_id", "status"]);
        t.check("base_price > 0");
        t.check("price_per_graft >= 0");
        t.check("min_grafts IS NULL OR min_grafts > 0");
        t.check("max_grafts IS NULL OR max_grafts > COALESCE(min_grafts, 0)");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_treatment_pricing");
}
