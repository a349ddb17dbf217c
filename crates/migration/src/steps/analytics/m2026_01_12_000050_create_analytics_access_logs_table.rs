//! Creates `analytics_access_logs`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_12_000050_create_analytics_access_logs_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("analytics_access_logs", |t| {
        t.purpose("Who opened which analytics screen with which filters (12 months).");
        t.id();
        t.string("actor_type", 50);
        t.uuid("actor_id");
        t.uuid("provider_id").nullable().references("providers", "id");
        t.string("screen", 50);
        t.json("filters").nullable();
        t.timestamp("created_at").use_current();
        t.index(&["actor_type", "actor_id", "created_at"]);
        t.index(&["created_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("analytics_access_logs");
}
