//! Adds the foreign keys of `providers` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000060_add_foreign_keys_to_providers_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("providers", |t| {
        t.foreign("location_id", "locations", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("providers", &["location_id"]);
}
