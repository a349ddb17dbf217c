//! Creates `reconciliation_runs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000160_create_reconciliation_runs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("reconciliation_runs", |t| {
        t.purpose("One comparison of gateway and bank against the books.");
        t.id();
        t.timestamp("period_start");
        t.timestamp("period_end");
        t.string("trigger_source", 16).one_of(&["daily", "manual"]);
        t.string("status", 16).default("running").one_of(&["running", "done", "failed"]);
        t.json("totals").default("{}").note("per currency: charged, refunded, fees, net, paid_out, held");
        t.uuid("started_by_user_id").nullable().references("users", "id");
        t.timestamp("finished_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["period_start"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("reconciliation_runs");
}
