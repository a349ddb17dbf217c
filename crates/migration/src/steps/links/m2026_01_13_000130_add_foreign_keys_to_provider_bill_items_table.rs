//! Adds the foreign keys of `provider_bill_items` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000130_add_foreign_keys_to_provider_bill_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("provider_bill_items", |t| {
        t.foreign("aftercare_payment_id", "aftercare_payments", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink("provider_bill_items", &["aftercare_payment_id"]);
}
