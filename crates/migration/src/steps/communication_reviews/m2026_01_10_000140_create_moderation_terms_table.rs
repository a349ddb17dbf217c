//! Creates `moderation_terms`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000140_create_moderation_terms_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("moderation_terms", |t| {
        t.purpose("Words and phrases that flag or block a message or review.");
        t.id();
        t.string("term", 100);
        t.string("locale", 10);
        t.string("action", 8).one_of(&["flag", "block"]);
        t.string("category", 40);
        t.boolean("is_active").default_bool(true);
        t.uuid("updated_by").nullable().references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["term", "locale"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("moderation_terms");
}
