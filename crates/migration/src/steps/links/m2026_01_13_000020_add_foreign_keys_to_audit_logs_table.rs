//! Adds the foreign keys of `audit_logs` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000020_add_foreign_keys_to_audit_logs_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("audit_logs", |t| {
        t.foreign("patient_id", "patients", "id", OnDelete::Restrict);
        t.foreign("provider_id", "providers", "id", OnDelete::Restrict);
        t.foreign("quote_id", "quotes", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("audit_logs", &["patient_id", "provider_id", "quote_id"]);
}
