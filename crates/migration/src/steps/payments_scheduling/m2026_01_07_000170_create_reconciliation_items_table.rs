//! Creates `reconciliation_items`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000170_create_reconciliation_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("reconciliation_items", |t| {
        t.purpose("One difference (or match) found by a run, closed only with a note.");
        t.id();
        t.uuid("run_id").references("reconciliation_runs", "id");
        t.string("class", 24).one_of(&[
            "matched",
            "missing_local",
            "missing_remote",
            "amount_mismatch",
            "status_mismatch",
            "duplicate_remote",
            "stale_pending",
            "invariant",
        ]);
        t.string("object_type", 32).nullable();
        t.uuid("object_id").nullable();
        t.string("remote_ref", 255).nullable();
        t.decimal("expected", 10, 2).nullable();
        t.decimal("found", 10, 2).nullable();
        t.char("currency", 3).nullable();
        t.string("status", 16).default("open").one_of(&["open", "closed"]);
        t.string("resolution_note", 500).nullable();
        t.uuid("closed_by_user_id").nullable().references("users", "id");
        t.timestamp("closed_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["run_id"]);
        t.index(&["status", "class"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("reconciliation_items");
}
