//! Creates `booking_terms`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000040_create_booking_terms_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("booking_terms", |t| {
        t.purpose("Versioned snapshot of price, currency, policy and commission of one booking.");
        t.id();
        t.uuid("quote_id").references("quotes", "id");
        t.integer("version").note("per quote 1,2,3...; columns are write-once: a nullable one may go from NULL to a value, nothing else changes");
        t.string("booking_reference", 20).note("BKG-YYMM-NNNNN, same on every version");
        t.decimal("list_amount", 10, 2).note("before discount, quote currency");
        t.string("discount_funding", 16).nullable().one_of(&["provider", "both", "platform"]);
        t.uuid("discount_id").nullable().references("discounts", "id").later();
        t.uuid("affiliate_discount_code_id").nullable().references("affiliate_discount_codes", "id").later().note("affiliate code that sets the price");
        t.decimal("discount_amount", 10, 2).default_number("0");
        t.boolean("discount_over_limit").default_bool(false).note("promised price kept although the code had run out; listed for finance");
        t.decimal("total_amount", 10, 2);
        t.char("quote_currency", 3);
        t.char("payment_currency", 3);
        t.decimal("locked_rate", 18, 8).note("payment units per quote unit");
        t.decimal("payment_total", 10, 2);
        t.char("payout_currency", 3).nullable();
        t.decimal("payout_rate", 18, 8).nullable().note("unmarked");
        t.decimal("deposit_percent", 4, 1);
        t.decimal("deposit_amount", 10, 2);
        t.string("payment_option", 20).nullable().one_of(&["deposit", "full", "installments"]).note("at the first attempt");
        t.integer("hold_hours");
        t.integer("cutoff_days");
        t.integer("balance_due_days");
        t.json("refund_tiers");
        t.string("commission_type", 20).nullable().one_of(&["percentage", "flat"]).note("commission columns: at confirmation");
        t.decimal("commission_value", 10, 2).nullable();
        t.decimal("commission_base", 10, 2).nullable();
        t.decimal("commission_amount", 10, 2).nullable();
        t.uuid("attributed_affiliate_id").nullable().references("affiliates", "id").later();
        t.uuid("attributed_affiliate_code_id").nullable().references("affiliate_discount_codes", "id").later().note("independent of the code that sets the price");
        t.timestamp("policy_ack_at").nullable();
        t.timestamp("terms_ack_at").nullable();
        t.timestamp("locked_at");
        t.timestamp("confirmed_at").nullable();
        t.string("reason", 500).nullable();
        t.string("created_by_type", 32).one_of(&["Patient", "User", "System"]);
        t.uuid("created_by_id").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id", "version"]);
        t.unique(&["booking_reference"]).when("version = 1");
        t.index(&["attributed_affiliate_id"]);
        t.check("version >= 1");
        t.check("ROUND(total_amount, 2) = ROUND(list_amount - discount_amount, 2)");
        t.check("deposit_percent BETWEEN 20.0 AND 30.0");
        t.check("discount_id IS NULL OR affiliate_discount_code_id IS NULL");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("booking_terms");
}
