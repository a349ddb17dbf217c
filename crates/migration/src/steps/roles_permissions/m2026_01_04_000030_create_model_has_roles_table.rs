//! Creates `model_has_roles`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_04_000030_create_model_has_roles_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("model_has_roles", |t| {
        t.purpose("Role in force for one account.");
        t.big_integer("role_id").references("roles", "id");
        t.string("model_type", 255).one_of(&["User", "ProviderUser", "Patient", "Affiliate"]);
        t.uuid("model_id");
        t.primary(&["role_id", "model_id", "model_type"]);
        t.unique(&["model_type", "model_id"]);
        t.index(&["role_id"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("model_has_roles");
}
