//! Creates `benchmark_snapshots`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_12_000040_create_benchmark_snapshots_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("benchmark_snapshots", |t| {
        t.purpose("Weekly anonymous peer figures per metric.");
        t.id();
        t.string("metric", 50);
        t.date("taken_on");
        t.integer("pool_size");
        t.decimal("median", 18, 4).nullable();
        t.json("distribution").note("sorted values without clinic ids");
        t.timestamp("created_at").use_current();
        t.unique(&["metric", "taken_on"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("benchmark_snapshots");
}
