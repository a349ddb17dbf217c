//! Creates `code_counters`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000110_create_code_counters_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("code_counters", |t| {
        t.purpose("Last number given out per kind of code and period.");
        t.string("counter_key", 32).note("e.g. inquiry");
        t.char("period", 4).note("YYMM");
        t.integer("last_value").default_number("0");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.primary(&["counter_key", "period"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("code_counters");
}
