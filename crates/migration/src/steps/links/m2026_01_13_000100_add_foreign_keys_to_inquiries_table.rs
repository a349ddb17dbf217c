//! Adds the foreign keys of `inquiries` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000100_add_foreign_keys_to_inquiries_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("inquiries", |t| {
        t.foreign("accepted_quote_id", "quotes", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("inquiries", &["accepted_quote_id"]);
}
