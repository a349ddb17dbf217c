//! Adds the foreign keys of `quotes` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000110_add_foreign_keys_to_quotes_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("quotes", |t| {
        t.foreign("discount_id", "discounts", "id", OnDelete::SetNull);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("quotes", &["discount_id"]);
}
