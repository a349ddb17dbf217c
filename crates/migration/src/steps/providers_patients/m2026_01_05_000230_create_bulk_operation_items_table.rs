//! Creates `bulk_operation_items`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000230_create_bulk_operation_items_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("bulk_operation_items", |t| {
        t.purpose("One object of a mass action and its outcome.");
        t.id();
        t.uuid("bulk_operation_id").references("bulk_operations", "id").cascade();
        t.uuid("subject_id");
        t.string("outcome", 20).default("pending").one_of(&["pending", "done", "skipped", "failed", "cancelled"]);
        t.string("reason_code", 50).nullable();
        t.timestamp("done_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["bulk_operation_id", "subject_id"]);
        t.index(&["bulk_operation_id", "outcome"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("bulk_operation_items");
}
