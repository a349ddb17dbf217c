//! Creates `finance_approvals`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000220_create_finance_approvals_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("finance_approvals", |t| {
        t.purpose("Four-eyes requests and decisions of finance and promotions.");
        t.id();
        t.string("subject_type", 32).one_of(&[
            "Discount",
            "AffiliateDiscountCode",
            "AffiliateCommission",
            "ProviderBillItem",
            "Affiliate",
        ]);
        t.uuid("subject_id");
        t.string("action", 48).one_of(&["publish_high_value", "margin_override", "adjustment", "manual_line", "ban"]);
        t.json("payload").default("{}").note("what will be applied");
        t.integer("subject_version").nullable().note("version the approver saw");
        t.uuid("requested_by_user_id").references("users", "id");
        t.string("request_reason", 500);
        t.uuid("decided_by_user_id").nullable().references("users", "id");
        t.string("decision", 16).default("pending").one_of(&["pending", "approved", "rejected"]);
        t.string("decision_reason", 500).nullable();
        t.timestamp("decided_at").nullable();
        t.boolean("is_sod_exception").default_bool(false).note("a super admin passed alone");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["subject_type", "subject_id", "action"]).when("decision = 'pending'");
        t.index(&["decision", "created_at"]);
        t.check("decided_by_user_id IS NULL OR decided_by_user_id <> requested_by_user_id OR is_sod_exception");
        t.check("(decision = 'pending') = (decided_at IS NULL)");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("finance_approvals");
}
