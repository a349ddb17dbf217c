//! Creates `provider_languages`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000120_create_provider_languages_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_languages", |t| {
        t.purpose("Languages spoken at a clinic, first = main language.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.uuid("language_id").references("languages", "id").later();
        t.integer("sort_order").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["provider_id", "language_id"]);
        t.index(&["language_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_languages");
}
