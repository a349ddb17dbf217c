//! Creates `fixed_discounts`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000050_create_fixed_discounts_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("fixed_discounts", |t| {
        t.purpose("Amount per quote currency of a fixed discount or affiliate code.");
        t.id();
        t.string("discountable_type", 32).one_of(&["Discount", "AffiliateDiscountCode"]);
        t.uuid("discountable_id").note("polymorphic, no FK");
        t.char("currency", 3);
        t.decimal("amount", 10, 2);
        t.string("status", 20).default("active").one_of(&["active", "inactive"]);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["discountable_type", "discountable_id", "currency"]);
        t.check("amount > 0");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("fixed_discounts");
}
