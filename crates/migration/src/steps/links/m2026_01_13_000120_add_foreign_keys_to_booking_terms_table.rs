//! Adds the foreign keys of `booking_terms` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000120_add_foreign_keys_to_booking_terms_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("booking_terms", |t| {
        t.foreign("discount_id", "discounts", "id", OnDelete::Restrict);
        t.foreign("affiliate_discount_code_id", "affiliate_discount_codes", "id", OnDelete::Restrict);
        t.foreign("attributed_affiliate_id", "affiliates", "id", OnDelete::Restrict);
        t.foreign("attributed_affiliate_code_id", "affiliate_discount_codes", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink(
        "booking_terms",
        &["discount_id", "affiliate_discount_code_id", "attributed_affiliate_id", "attributed_affiliate_code_id"],
    );
}
