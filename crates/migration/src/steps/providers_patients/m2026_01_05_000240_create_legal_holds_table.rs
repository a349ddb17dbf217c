//! Creates `legal_holds`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_05_000240_create_legal_holds_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("legal_holds", |t| {
        t.purpose("Legal orders to keep the data of a patient, clinic or case.");
        t.id();
        t.string("holdable_type", 50).one_of(&["Patient", "Provider", "Quote"]);
        t.uuid("holdable_id");
        t.string("reference", 100);
        t.string("reason", 500);
        t.string("status", 16).default("active").one_of(&["active", "released"]);
        t.uuid("placed_by").references("users", "id");
        t.date("next_review_on");
        t.uuid("released_by").nullable().references("users", "id");
        t.timestamp("released_at").nullable();
        t.string("release_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.index(&["holdable_type", "holdable_id", "status"]);
        t.index(&["next_review_on"]);
        t.check("released_by IS NULL OR released_by <> placed_by");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("legal_holds");
}
