//! Creates `affiliate_commissions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000130_create_affiliate_commissions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_commissions", |t| {
        t.purpose("Affiliate sub-ledger: accruals, reversals, adjustments, forfeits and write-offs in USD.");
        t.id();
        t.uuid("affiliate_id").references("affiliates", "id");
        t.uuid("quote_id").nullable().references("quotes", "id").note("set on accruals and reversals");
        t.uuid("affiliate_discount_code_id").nullable().references("affiliate_discount_codes", "id").note("code or link that attributed it");
        t.string("entry_type", 20).one_of(&["accrual", "reversal", "adjustment", "forfeit", "write_off"]);
        t.uuid("reverses_id").nullable().references("affiliate_commissions", "id");
        t.uuid("source_payment_id").nullable().references("payments", "id").note("refund row that caused a reversal");
        t.string("commission_type", 20).nullable().one_of(&["percentage", "fixed"]);
        t.decimal("commission_value", 10, 2).nullable();
        t.decimal("base_amount", 10, 2).nullable().note("booking revenue B in quote currency");
        t.char("base_currency", 3).nullable();
        t.decimal("fx_rate", 18, 8).nullable().note("USD per unit of base currency");
        t.decimal("base_amount_usd", 10, 2).nullable();
        t.decimal("amount", 10, 2).note("signed");
        t.char("currency", 3).default("USD");
        t.boolean("is_capped").default_bool(false);
        t.string("status", 20).one_of(&["pending", "earned", "claimed", "settled", "cancelled"]).note("from earned on only status and payout_id may change (trigger)");
        t.timestamp("earned_at").nullable().note("NULL while pending; decides period and terms");
        t.uuid("payout_id").nullable().references("affiliate_payouts", "id").note("statement that claimed it");
        t.string("reason", 500).nullable();
        t.string("created_by_type", 32).one_of(&["User", "System"]);
        t.uuid("created_by_id").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["quote_id"]).when("entry_type = 'accrual' AND status <> 'cancelled'");
        t.unique(&["reverses_id", "source_payment_id"]);
        t.index(&["affiliate_id", "status"]);
        t.index(&["payout_id"]);
        t.index(&["earned_at"]);
        t.check("currency = 'USD'");
        t.check("entry_type NOT IN ('accrual','write_off') OR amount >= 0");
        t.check("entry_type NOT IN ('reversal','forfeit') OR amount <= 0");
        t.check("entry_type <> 'adjustment' OR amount <> 0");
        t.check("entry_type NOT IN ('accrual','reversal') OR quote_id IS NOT NULL");
        t.check("entry_type <> 'reversal' OR reverses_id IS NOT NULL");
        t.check("entry_type NOT IN ('adjustment','forfeit','write_off') OR reason IS NOT NULL");
        t.check("entry_type <> 'accrual' OR (commission_type IS NOT NULL AND base_amount IS NOT NULL AND base_currency IS NOT NULL AND fx_rate IS NOT NULL)");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_commissions");
}
