//! Adds the foreign keys of `phi_access_grants` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000030_add_foreign_keys_to_phi_access_grants_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("phi_access_grants", |t| {
        t.foreign("patient_id", "patients", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("phi_access_grants", &["patient_id"]);
}
