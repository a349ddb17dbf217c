//! Creates `request_counts`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000180_create_request_counts_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("request_counts", |t| {
        t.purpose("Requests that count against a limit, by caller, slice of time and process.");
        t.char("bucket", 64).note("fingerprint of the limit and the caller");
        t.timestamp("ends_at").note("when the slice no longer counts");
        t.char("process", 36);
        t.integer("taken");
        t.timestamp("updated_at").use_current();
        t.primary(&["bucket", "ends_at", "process"]);
        t.index(&["updated_at"]);
        t.index(&["ends_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("request_counts");
}
