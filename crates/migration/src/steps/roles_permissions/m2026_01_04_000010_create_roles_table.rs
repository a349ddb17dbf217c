//! Creates `roles`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_04_000010_create_roles_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("roles", |t| {
        t.purpose("Named roles per guard.");
        t.increments("id");
        t.string("name", 255);
        t.string("guard_name", 255);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("label", 100).nullable();
        t.string("description", 500).nullable();
        t.boolean("is_system").default_bool(false).note("seeded; name immutable");
        t.boolean("is_locked").default_bool(false).note("super_admin, provider_owner: permissions fixed");
        t.timestamp("archived_at").nullable();
        t.integer("version").default_number("1");
        t.unique(&["name", "guard_name"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("roles");
}
