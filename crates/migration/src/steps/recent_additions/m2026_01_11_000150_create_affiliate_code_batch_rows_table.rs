//! Creates `affiliate_code_batch_rows`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_11_000150_create_affiliate_code_batch_rows_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("affiliate_code_batch_rows", |t| {
        t.purpose("Outcome for one affiliate of a code batch.");
        t.id();
        t.uuid("batch_id").references("affiliate_code_batches", "id");
        t.uuid("affiliate_id").references("affiliates", "id");
        t.uuid("affiliate_discount_code_id").nullable().references("affiliate_discount_codes", "id");
        t.string("outcome", 16).default("pending").one_of(&["pending", "created", "skipped", "failed"]);
        t.string("reason", 255).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["batch_id", "affiliate_id"]);
        t.unique(&["affiliate_discount_code_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("affiliate_code_batch_rows");
}
