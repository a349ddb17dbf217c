//! Creates `affiliate_payouts`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000070_create_affiliate_payouts_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_payouts", |t| {
        t.purpose("Payout statement of one affiliate for one period, in USD.");
        t.id();
        t.uuid("affiliate_id").references("affiliates", "id");
        t.uuid("batch_id").nullable().references("payout_batches", "id");
        t.string("payout_reference", 64).note("APO-{A + 8 hex}-{period}[-R2]");
        t.date("period_start");
        t.date("period_end");
        t.date("payout_date");
        t.decimal("gross_amount", 10, 2).note("accruals");
        t.decimal("reversal_amount", 10, 2).default_number("0").note("reversals and adjustments, signed");
        t.decimal("net_amount", 10, 2).note("may be negative only when rolled over");
        t.integer("booking_count").default_number("0");
        t.string("status", 20).default("pending").one_of(&[
            "pending",
            "on_hold",
            "rolled_over",
            "processing",
            "paid",
            "failed",
            "voided",
        ]);
        t.string("readiness", 32).one_of(&["ready", "missing_destination", "invalid_destination", "manual_review"]);
        t.string("blocked_reason", 255).nullable();
        t.boolean("is_final").default_bool(false).note("offboarding settlement");
        t.uuid("banking_detail_id").nullable().references("banking_details", "id");
        t.uuid("processed_by_user_id").nullable().references("users", "id");
        t.timestamp("processed_at").nullable();
        t.timestamp("paid_at").nullable();
        t.uuid("voided_by_user_id").nullable().references("users", "id");
        t.string("void_reason", 500).nullable();
        t.string("transfer_id", 255).nullable();
        t.integer("transfer_attempt").default_number("0");
        t.string("failure_reason", 500).nullable();
        t.string("document_number", 20).nullable().note("APS-YYMM-NNNNN");
        t.text("notes").nullable();
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["payout_reference"]);
        t.unique(&["transfer_id"]);
        t.unique(&["document_number"]);
        t.unique(&["affiliate_id", "period_start", "period_end"]).when("status <> 'voided' AND NOT is_final");
        t.index(&["affiliate_id", "status"]);
        t.index(&["payout_date"]);
        t.index(&["batch_id"]);
        t.check("ROUND(net_amount, 2) = ROUND(gross_amount + reversal_amount, 2)");
        t.check("status NOT IN ('processing','paid') OR net_amount > 0");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_payouts");
}
