//! Creates `role_has_permissions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_04_000040_create_role_has_permissions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("role_has_permissions", |t| {
        t.purpose("Permissions of a role.");
        t.big_integer("permission_id").references("permissions", "id");
        t.big_integer("role_id").references("roles", "id");
        t.primary(&["permission_id", "role_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("role_has_permissions");
}
