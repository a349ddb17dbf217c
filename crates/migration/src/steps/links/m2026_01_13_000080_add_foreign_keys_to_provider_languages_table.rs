//! Adds the foreign keys of `provider_languages` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000080_add_foreign_keys_to_provider_languages_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("provider_languages", |t| {
        t.foreign("language_id", "languages", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("provider_languages", &["language_id"]);
}
