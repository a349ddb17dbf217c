//! Creates `provider_slugs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000160_create_provider_slugs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_slugs", |t| {
        t.purpose("Former slugs of clinics, for permanent redirects.");
        t.id();
        t.string("slug", 160);
        t.uuid("provider_id").references("providers", "id");
        t.timestamp("created_at").use_current();
        t.unique(&["slug"]);
        t.index(&["provider_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_slugs");
}
