//! Creates `setting_versions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000130_create_setting_versions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("setting_versions", |t| {
        t.purpose("One saved change of a setting group: number, reason, author.");
        t.id();
        t.string("scope_type", 16).default("global").one_of(&["global", "provider"]);
        t.uuid("scope_id").nullable().references("providers", "id").later().note("NULL for global");
        t.string("scope_key", 36)
            .default("global")
            .note("scope_id as text, 'global' without one; makes the version unique");
        t.string("group_key", 50);
        t.integer("version");
        t.string("reason", 500);
        t.uuid("set_by").nullable().references("users", "id").note("NULL = install defaults");
        t.timestamp("effective_from");
        t.timestamp("created_at").use_current();
        t.unique(&["scope_key", "group_key", "version"]);
        t.index(&["group_key", "effective_from"]);
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("setting_versions");
}
