//! Creates `installment_payment_plans`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000020_create_installment_payment_plans_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("installment_payment_plans", |t| {
        t.purpose("Interest-free split of one booking's total into 2 to 9 payments.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.uuid("patient_id").references("patients", "id");
        t.decimal("total_amount", 10, 2);
        t.decimal("installment_amount", 10, 2);
        t.integer("number_of_installments");
        t.integer("completed_installments").default_number("0");
        t.string("payment_frequency", 255).default("monthly").one_of(&["weekly", "monthly"]);
        t.date("first_payment_date");
        t.date("final_payment_date");
        t.string("status", 255).default("active").one_of(&["active", "completed", "cancelled", "defaulted"]);
        t.char("currency", 3).nullable().note("payment currency; always set by the application");
        t.uuid("superseded_by")
            .nullable()
            .references("installment_payment_plans", "id")
            .note("plan that replaced this one after a date change");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id"]).when("status IN ('active','defaulted')");
        t.index(&["quote_id"]);
        t.index(&["patient_id"]);
        t.index(&["status"]);
        t.check("number_of_installments BETWEEN 2 AND 9");
        t.check("completed_installments BETWEEN 0 AND number_of_installments");
        t.check("total_amount > 0");
        t.check("installment_amount > 0");
        t.check("final_payment_date >= first_payment_date");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("installment_payment_plans");
}
