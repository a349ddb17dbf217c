//! Creates `payments`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000120_create_payments_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("payments", |t| {
        t.purpose("One row per money movement attempt of a booking: card intent, bank receipt or refund.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.uuid("patient_id").references("patients", "id");
        t.uuid("provider_id").references("providers", "id");
        t.decimal("amount", 10, 2);
        t.string("currency", 255);
        t.string("payment_type", 255).one_of(&["deposit", "final", "refund"]);
        t.string("payment_method", 255).one_of(&["card", "bank_transfer"]);
        t.string("payment_status", 255).one_of(&["pending", "completed", "failed", "refunded"]);
        t.string("stripe_payment_intent_id", 255).nullable();
        t.string("transaction_id", 255).nullable();
        t.json("metadata").nullable();
        t.uuid("installment_plan_id").nullable().references("installment_payment_plans", "id");
        t.integer("installment_number").nullable();
        t.integer("total_installments").nullable();
        t.boolean("is_installment").default_bool(false);
        t.uuid("refund_of_payment_id").nullable().references("payments", "id").note("set exactly on refund rows");
        t.uuid("cancellation_request_id").nullable().references("cancellation_requests", "id").note("refund rows of a cancellation");
        t.string("idempotency_key", 255).nullable().note("key sent to the gateway: pay:{id} or rf:{id}");
        t.uuid("gateway_account_id").nullable().references("gateway_accounts", "id").note("account and mode used; refunds go back to it");
        t.timestamp("paid_at").nullable();
        t.string("failure_code", 64).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["idempotency_key"]);
        t.unique(&["stripe_payment_intent_id"]).when("payment_type <> 'refund'");
        t.unique(&["payment_method", "transaction_id"]).when("transaction_id IS NOT NULL AND payment_type <> 'refund' AND payment_status <> 'refunded'");
        t.unique(&["installment_plan_id", "installment_number"]).when("payment_status IN ('pending','completed') AND payment_type <> 'refund'");
        t.unique(&["quote_id"]).when("payment_status = 'pending' AND payment_type <> 'refund'");
        t.index(&["quote_id"]);
        t.index(&["patient_id"]);
        t.index(&["provider_id"]);
        t.index(&["payment_status"]);
        t.index(&["provider_id", "payment_status"]).named("idx_payments_provider_status");
        t.index(&["refund_of_payment_id"]);
        t.index(&["payment_status", "created_at"]);
        t.index(&["paid_at"]);
        t.check("amount > 0");
        t.check("(payment_type = 'refund') = (refund_of_payment_id IS NOT NULL)");
        t.check("is_installment = (installment_plan_id IS NOT NULL AND installment_number IS NOT NULL AND total_installments IS NOT NULL)");
        t.check("installment_number IS NULL OR (installment_number BETWEEN 1 AND total_installments AND total_installments <= 9)");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("payments");
}
