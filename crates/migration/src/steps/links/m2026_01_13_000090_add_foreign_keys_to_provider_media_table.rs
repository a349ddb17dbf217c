//! Adds the foreign keys of `provider_media` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000090_add_foreign_keys_to_provider_media_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("provider_media", |t| {
        t.foreign("treatment_id", "treatments", "id", OnDelete::SetNull);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("provider_media", &["treatment_id"]);
}
