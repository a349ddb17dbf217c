//! Creates `review_responses`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000150_create_review_responses_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("review_responses", |t| {
        t.purpose("A clinic's public answer to a review.");
        t.id();
        t.uuid("review_id").references("reviews", "id");
        t.uuid("provider_id").references("providers", "id");
        t.string("author_type", 50).one_of(&["ProviderUser", "User"]);
        t.uuid("author_id");
        t.string("body", 1000);
        t.string("status", 16).default("active").one_of(&["active", "removed"]);
        t.string("removed_reason", 500).nullable();
        t.uuid("removed_by").nullable().references("users", "id");
        t.timestamp("removed_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["review_id"]).when("status = 'active'");
        t.index(&["review_id"]);
        t.index(&["provider_id"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("review_responses");
}
