//! Adds the foreign keys of `patient_consents` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000070_add_foreign_keys_to_patient_consents_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("patient_consents", |t| {
        t.foreign("terms_and_conditions_id", "terms_and_conditions", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("patient_consents", &["terms_and_conditions_id"]);
}
