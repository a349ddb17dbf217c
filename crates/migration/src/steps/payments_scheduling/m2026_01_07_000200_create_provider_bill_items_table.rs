//! Creates `provider_bill_items`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000200_create_provider_bill_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_bill_items", |t| {
        t.purpose("Lines of a payout statement: earnings, deductions, carry-forwards, manual lines, aftercare shares.");
        t.id();
        t.uuid("bill_id").references("provider_bills", "id");
        t.string("kind", 20).one_of(&["earning", "refund_deduction", "carry_forward", "manual", "aftercare"]);
        t.uuid("quote_id").nullable().references("quotes", "id");
        t.uuid("aftercare_payment_id").nullable().references("aftercare_payments", "id").later();
        t.uuid("refund_payment_id").nullable().references("payments", "id");
        t.string("label", 120).nullable().note("provider-visible text of manual lines");
        t.decimal("gross", 10, 2).default_number("0");
        t.decimal("commission", 10, 2).default_number("0");
        t.decimal("net", 10, 2).note("signed");
        t.decimal("rate", 18, 8).default_number("1").note("quote to payout currency");
        t.decimal("balance_after", 10, 2).default_number("0").note("deduction still to be carried forward");
        t.string("reason", 500).nullable();
        t.uuid("created_by_user_id").nullable().references("users", "id");
        t.boolean("active").default_bool(true).note("cleared once when the bill is voided; nothing else changes");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id"]).when("kind = 'earning' AND active");
        t.unique(&["aftercare_payment_id"]).when("kind = 'aftercare' AND active");
        t.index(&["bill_id"]);
        t.index(&["refund_payment_id"]);
        t.check("kind <> 'earning' OR quote_id IS NOT NULL");
        t.check("kind <> 'aftercare' OR aftercare_payment_id IS NOT NULL");
        t.check("kind <> 'manual' OR (label IS NOT NULL AND reason IS NOT NULL)");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_bill_items");
}
