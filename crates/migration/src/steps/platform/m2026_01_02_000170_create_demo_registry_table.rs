//! Creates `demo_registry`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000170_create_demo_registry_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("demo_registry", |t| {
        t.purpose("Marks rows made by the demo seeder.");
        t.id();
        t.string("table_name", 64);
        t.string("row_id", 100);
        t.string("seeder", 64);
        t.string("natural_key", 255).nullable();
        t.timestamp("created_at").use_current();
        t.unique(&["table_name", "row_id"]);
        t.index(&["seeder"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("demo_registry");
}
