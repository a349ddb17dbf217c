//! Creates `provider_commissions`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000040_create_provider_commissions_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("provider_commissions", |t| {
        t.purpose("Dated versions of one clinic's commission and payout cycle.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("commission_type", 20).default("percentage").one_of(&["percentage", "flat"]);
        t.decimal("commission_value", 10, 2).note("whole 15-25 if percentage; > 0 if flat");
        t.char("currency", 3).nullable().note("only for flat");
        t.string("payment_cycle", 20).default("monthly").one_of(&["weekly", "twice_monthly", "monthly"]);
        t.integer("payout_offset_days").default_number("5").note("0-15, period end to payout date");
        t.date("effective_from");
        t.date("effective_to").nullable().note("ranges of one clinic never overlap");
        t.uuid("scope_id").nullable().note("clinics set together");
        t.string("status", 20).default("active").one_of(&["active", "archived"]);
        t.string("reason", 500).note("20-500 chars");
        t.uuid("created_by_user_id").references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["provider_id", "effective_from"]).when("status = 'active'");
        t.index(&["scope_id"]);
        t.check("commission_type <> 'percentage' OR commission_value IN (15,16,17,18,19,20,21,22,23,24,25)");
        t.check("commission_type <> 'flat' OR (commission_value > 0 AND currency IS NOT NULL)");
        t.check("payout_offset_days BETWEEN 0 AND 15");
        t.check("effective_to IS NULL OR effective_to >= effective_from");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("provider_commissions");
}
