//! Creates `provider_awards`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000110_create_provider_awards_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_awards", |t| {
        t.purpose("Awards shown on a clinic's profile.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("award_name", 100);
        t.string("issuer", 150).nullable();
        t.string("description", 300).nullable();
        t.small_integer("award_year");
        t.string("award_image", 255).nullable();
        t.integer("sort_order").default_number("0");
        t.timestamp("deleted_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["provider_id", "sort_order"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_awards");
}
