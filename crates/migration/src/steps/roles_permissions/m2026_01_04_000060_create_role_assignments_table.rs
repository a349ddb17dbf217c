//! Creates `role_assignments`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_04_000060_create_role_assignments_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("role_assignments", |t| {
        t.purpose("History and future dates of role assignments.");
        t.id();
        t.string("model_type", 255).one_of(&["User", "ProviderUser", "Patient", "Affiliate"]);
        t.uuid("model_id");
        t.big_integer("role_id").references("roles", "id");
        t.timestamp("effective_from");
        t.timestamp("effective_to").nullable();
        t.timestamp("applied_at").nullable().note("when model_has_roles followed");
        t.string("assigned_by_type", 255).nullable().one_of(&["User", "ProviderUser", "System"]);
        t.uuid("assigned_by_id").nullable();
        t.string("reason", 250).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["model_type", "model_id", "effective_from"]);
        t.index(&["effective_from", "applied_at"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("role_assignments");
}
