//! Creates `permissions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_04_000020_create_permissions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("permissions", |t| {
        t.purpose("Catalogue of named permissions per guard.");
        t.increments("id");
        t.string("name", 255);
        t.string("guard_name", 255);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("group_key", 50).nullable().note("group in the role editor");
        t.string("label", 100).nullable();
        t.boolean("is_sensitive").default_bool(false).note("needs confirm_sensitive and re-auth");
        t.string("grant_rule", 20)
            .default("open")
            .one_of(&["open", "top_default", "top_only"])
            .note("top_default = mark ^, top_only = mark X");
        t.unique(&["name", "guard_name"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("permissions");
}
