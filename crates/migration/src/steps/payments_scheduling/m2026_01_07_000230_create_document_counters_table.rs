//! Creates `document_counters`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_07_000230_create_document_counters_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("document_counters", |t| {
        t.purpose("Last number used per document kind and UTC month; locked and raised inside the money transaction.");
        t.string("kind", 3).one_of(&["INV", "RCT", "CRN", "PIN", "APS"]);
        t.char("yymm", 4);
        t.integer("last_number").default_number("0");
        t.timestamp("updated_at").use_current();
        t.primary(&["kind", "yymm"]);
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("document_counters");
}
