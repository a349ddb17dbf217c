//! Creates `affiliate_commission_terms`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000080_create_affiliate_commission_terms_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_commission_terms", |t| {
        t.purpose("History of an affiliate's commission terms by first day of validity.");
        t.id();
        t.uuid("affiliate_id").references("affiliates", "id");
        t.date("effective_from");
        t.string("commission_type", 20).one_of(&["percentage", "fixed"]);
        t.decimal("commission_value", 10, 2);
        t.string("reason", 500);
        t.uuid("set_by_user_id").references("users", "id");
        t.uuid("approved_by_user_id").nullable().references("users", "id");
        t.timestamp("created_at").use_current();
        t.unique(&["affiliate_id", "effective_from"]);
        t.check("commission_type <> 'percentage' OR commission_value BETWEEN 5.00 AND 25.00");
        t.check("commission_type <> 'fixed' OR commission_value >= 50.00");
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_commission_terms");
}
