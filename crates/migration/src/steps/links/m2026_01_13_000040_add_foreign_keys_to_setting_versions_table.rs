//! Adds the foreign keys of `setting_versions` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000040_add_foreign_keys_to_setting_versions_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("setting_versions", |t| {
        t.foreign("scope_id", "providers", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("setting_versions", &["scope_id"]);
}
