//! Creates `provider_bills`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000190_create_provider_bills_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_bills", |t| {
        t.purpose("Payout statement of one clinic for one period and currency.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("bill_reference", 64).note("PST-{P + 8 hex}-{period}[-R2]");
        t.date("period_start");
        t.date("period_end").note("inclusive");
        t.date("payout_date");
        t.string("payment_cycle", 20).one_of(&["weekly", "twice_monthly", "monthly"]).note("cycle in force when built");
        t.char("currency", 3).note("payout currency");
        t.decimal("gross_amount", 10, 2);
        t.decimal("commission_amount", 10, 2);
        t.decimal("adjustment_amount", 10, 2).default_number("0").note("deductions minus credits applied now");
        t.decimal("net_amount", 10, 2).note("gross - commission - adjustment, never below 0");
        t.string("status", 20).default("pending_approval").one_of(&[
            "pending_approval",
            "approved",
            "overdue",
            "processing",
            "paid",
            "failed",
            "voided",
        ]);
        t.string("readiness", 32).one_of(&["ready", "missing_bank_details", "invalid_bank_details", "manual_review"]);
        t.string("blocked_reason", 255).nullable().note("shown while not ready");
        t.uuid("banking_detail_id")
            .nullable()
            .references("banking_details", "id")
            .note("destination fixed at approval");
        t.uuid("batch_id").nullable().references("payout_batches", "id");
        t.uuid("approved_by_user_id").nullable().references("users", "id");
        t.timestamp("approved_at").nullable();
        t.uuid("voided_by_user_id").nullable().references("users", "id");
        t.timestamp("voided_at").nullable();
        t.string("void_reason", 500).nullable();
        t.timestamp("processed_at").nullable();
        t.timestamp("paid_at").nullable();
        t.string("failure_reason", 500).nullable();
        t.string("transfer_id", 255).nullable();
        t.integer("transfer_attempt").default_number("0").note("part of the transfer's idempotency key");
        t.text("internal_notes").nullable().note("admin only, each note <= 500 chars");
        t.integer("version").default_number("1").note("optimistic lock");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["bill_reference"]);
        t.unique(&["transfer_id"]);
        t.unique(&["provider_id", "currency", "period_start", "period_end"]).when("status <> 'voided'");
        t.index(&["provider_id", "status"]);
        t.index(&["payout_date"]);
        t.index(&["batch_id"]);
        t.check("net_amount >= 0");
        t.check("ROUND(net_amount, 2) = ROUND(gross_amount - commission_amount - adjustment_amount, 2)");
        t.check("period_end >= period_start");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_bills");
}
