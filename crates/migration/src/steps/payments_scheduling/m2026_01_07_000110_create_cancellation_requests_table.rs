//! Creates `cancellation_requests`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000110_create_cancellation_requests_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("cancellation_requests", |t| {
        t.purpose("A cancellation with its frozen day count, tier and approved refund.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.string("requested_by_type", 32).one_of(&["Patient", "ProviderUser", "User", "System"]);
        t.uuid("requested_by_id").nullable();
        t.timestamp("requested_at");
        t.date("clinic_date").note("clinic-local date of the request");
        t.integer("days_before");
        t.string("reason", 1000);
        t.string("exception_type", 32).nullable().one_of(&["medical"]);
        t.json("documents").default("[]").note("file ids, <= 5");
        t.decimal("tier_percent", 5, 2);
        t.decimal("paid_amount", 10, 2).note("net paid at the request");
        t.decimal("proposed_amount", 10, 2);
        t.decimal("approved_amount", 10, 2).nullable();
        t.char("currency", 3).note("payment currency");
        t.string("status", 20).default("pending").one_of(&["pending", "approved", "settled", "denied"]);
        t.uuid("decided_by_user_id").nullable().references("users", "id");
        t.timestamp("decided_at").nullable();
        t.string("decision_reason", 500).nullable();
        t.timestamp("settled_at").nullable();
        t.integer("version").default_number("1");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id"]).when("status IN ('pending','approved')");
        t.index(&["status", "requested_at"]);
        t.check("proposed_amount BETWEEN 0 AND paid_amount");
        t.check("approved_amount IS NULL OR approved_amount BETWEEN 0 AND paid_amount");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("cancellation_requests");
}
