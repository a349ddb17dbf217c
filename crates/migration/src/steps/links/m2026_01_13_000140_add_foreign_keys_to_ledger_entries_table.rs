//! Adds the foreign keys of `ledger_entries` whose targets are made after it.

use crate::blueprint::{OnDelete, Schema};
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_13_000140_add_foreign_keys_to_ledger_entries_table", up, down };

fn up(schema: &mut Schema) {
    schema.link("ledger_entries", |t| {
        t.foreign("aftercare_payment_id", "aftercare_payments", "id", OnDelete::Restrict);
        t.foreign("affiliate_id", "affiliates", "id", OnDelete::Restrict);
        t.foreign("affiliate_commission_id", "affiliate_commissions", "id", OnDelete::Restrict);
        t.foreign("affiliate_payout_id", "affiliate_payouts", "id", OnDelete::Restrict);
    });
}

fn down(schema: &mut Schema) {
    schema.unlink(
        "ledger_entries",
        &["aftercare_payment_id", "affiliate_id", "affiliate_commission_id", "affiliate_payout_id"],
    );
}
