//! Creates `aftercare_payments`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000250_create_aftercare_payments_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_payments", |t| {
        t.purpose("Planned and taken charges of standalone aftercare and their refunds.");
        t.id();
        t.uuid("standalone_request_id").references("standalone_aftercare_requests", "id");
        t.uuid("after_care_id").nullable().references("after_cares", "id").note("filled on activation");
        t.uuid("patient_id").references("patients", "id");
        t.uuid("provider_id").nullable().references("providers", "id").note("clinic at the time the share is earned");
        t.string("pricing_model", 32).one_of(&["fixed", "monthly_subscription"]);
        t.string("payment_type", 20).one_of(&["charge", "refund"]);
        t.uuid("refund_of_id").nullable().references("aftercare_payments", "id").note("set exactly on refunds");
        t.integer("installment_number").nullable().note("n of total_installments; 1 of 1 for fixed; NULL on refunds");
        t.integer("total_installments").nullable();
        t.date("due_date");
        t.decimal("amount", 10, 2);
        t.char("currency", 3);
        t.string("payment_method", 32)
            .nullable()
            .one_of(&["card", "bank_transfer"])
            .note("NULL until the first attempt");
        t.string("payment_status", 32)
            .default("pending")
            .one_of(&["pending", "completed", "failed", "refunded", "cancelled"])
            .note("pending = planned or being attempted");
        t.integer("attempts").default_number("0");
        t.timestamp("next_attempt_at").nullable();
        t.timestamp("reminder_sent_at").nullable();
        t.integer("commission_rate").nullable().note("whole percent, frozen at the first payment");
        t.decimal("commission_amount", 10, 2).nullable().note("frozen when paid");
        t.decimal("provider_share", 10, 2).nullable().note("amount - commission_amount");
        t.date("service_period_start")
            .nullable()
            .note("filled on activation: the paid month, or the whole term if fixed");
        t.date("service_period_end").nullable().note("the share becomes payable after this day");
        t.timestamp("paid_at").nullable();
        t.string("failure_code", 100).nullable();
        t.uuid("gateway_account_id").nullable().references("gateway_accounts", "id");
        t.string("stripe_payment_intent_id", 255).nullable().note("retries reuse it");
        t.string("transaction_id", 255).nullable();
        t.string("idempotency_key", 100).nullable().note("{request}:{n}:{attempt}");
        t.json("metadata").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["standalone_request_id", "installment_number"]).when("payment_type = 'charge'");
        t.unique(&["stripe_payment_intent_id"]);
        t.unique(&["idempotency_key"]);
        t.index(&["payment_status", "due_date"]);
        t.index(&["after_care_id"]);
        t.index(&["provider_id", "service_period_end"]);
        t.index(&["refund_of_id"]);
        t.check("amount > 0");
        t.check("(payment_type = 'refund') = (refund_of_id IS NOT NULL)");
        t.check("(payment_type = 'charge') = (installment_number IS NOT NULL AND total_installments IS NOT NULL)");
        t.check("installment_number IS NULL OR installment_number BETWEEN 1 AND total_installments");
        t.check("commission_rate IS NULL OR commission_rate BETWEEN 15 AND 25");
        t.check("provider_share IS NULL OR ROUND(provider_share, 2) = ROUND(amount - commission_amount, 2)");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_payments");
}
