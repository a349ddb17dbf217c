//! Creates `affiliate_code_batches`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000100_create_affiliate_code_batches_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_code_batches", |t| {
        t.purpose("One bulk creation of affiliate codes with its frozen settings.");
        t.id();
        t.json("settings").note("prefix, type, value, limits, dates, campaign");
        t.json("affiliate_ids").note("snapshot at submit");
        t.string("status", 16).default("queued").one_of(&["queued", "running", "done", "done_with_failures"]);
        t.integer("created_count").default_number("0");
        t.integer("skipped_count").default_number("0");
        t.integer("failed_count").default_number("0");
        t.uuid("created_by_user_id").references("users", "id");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_code_batches");
}
