//! Creates `model_has_permissions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_04_000050_create_model_has_permissions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("model_has_permissions", |t| {
        t.purpose("Direct grant of one permission to one account (guard api only).");
        t.big_integer("permission_id").references("permissions", "id");
        t.string("model_type", 255).one_of(&["User"]);
        t.uuid("model_id");
        t.uuid("granted_by").nullable().references("users", "id");
        t.string("reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.primary(&["permission_id", "model_id", "model_type"]);
        t.index(&["model_id", "model_type"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("model_has_permissions");
}
