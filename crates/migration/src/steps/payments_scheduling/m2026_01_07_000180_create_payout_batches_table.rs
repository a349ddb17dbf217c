//! Creates `payout_batches`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000180_create_payout_batches_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("payout_batches", |t| {
        t.purpose("All statements of one payee type that fall on one payout date.");
        t.id();
        t.string("payee_type", 16).one_of(&["provider", "affiliate"]);
        t.date("payout_date");
        t.string("status", 24).default("open").one_of(&["open", "executing", "done", "done_with_failures"]);
        t.integer("item_count").default_number("0");
        t.json("totals").default("{}").note("sum of nets per currency");
        t.timestamp("built_at").nullable();
        t.timestamp("executed_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["payee_type", "payout_date"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("payout_batches");
}
