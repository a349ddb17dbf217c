//! Creates `fx_rates`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000070_create_fx_rates_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("fx_rates", |t| {
        t.purpose("Rate history: units of the target currency per 1 USD; the newest row applies.");
        t.id();
        t.char("target_currency", 3);
        t.decimal("base_rate", 18, 6).note("unmarked");
        t.decimal("markup_percent", 5, 2);
        t.decimal("effective_rate", 18, 8).note("base x (1 + markup)");
        t.string("mode", 10).one_of(&["auto", "manual"]);
        t.string("source", 100).nullable();
        t.timestamp("fetched_at");
        t.uuid("set_by_user_id").nullable().references("users", "id").note("manual rates");
        t.timestamp("created_at").use_current();
        t.unique(&["target_currency", "fetched_at"]);
        t.check("base_rate > 0");
        t.append_only();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("fx_rates");
}
