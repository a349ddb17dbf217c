//! Creates `installment_schedule_items`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000140_create_installment_schedule_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("installment_schedule_items", |t| {
        t.purpose("One planned installment of a plan with its retry state.");
        t.id();
        t.uuid("plan_id").references("installment_payment_plans", "id");
        t.integer("number").note("1..9");
        t.date("due_date");
        t.decimal("amount", 10, 2);
        t.string("status", 20).default("scheduled").one_of(&[
            "scheduled",
            "processing",
            "retrying",
            "failed",
            "paid",
            "cancelled",
        ]);
        t.integer("attempts").default_number("0");
        t.timestamp("next_attempt_at").nullable();
        t.timestamp("reminder_sent_at").nullable();
        t.uuid("paid_payment_id").nullable().references("payments", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["plan_id", "number"]);
        t.index(&["status", "due_date"]);
        t.index(&["status", "next_attempt_at"]);
        t.check("amount > 0");
        t.check("number BETWEEN 1 AND 9");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("installment_schedule_items");
}
