//! Adds the foreign keys of `patients` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000050_add_foreign_keys_to_patients_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("patients", |t| {
        t.foreign("location_id", "locations", "id", OnDelete::Restrict);
        t.foreign("registration_source_id", "discovery_questions", "id", OnDelete::SetNull);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("patients", &["location_id", "registration_source_id"]);
}
