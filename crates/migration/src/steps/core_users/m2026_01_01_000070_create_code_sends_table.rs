//! Creates `code_sends`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_01_000070_create_code_sends_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("code_sends", |t| {
        t.purpose("Every code mail sent, for the rolling send window.");
        t.id();
        t.string("purpose", 50);
        t.char("address_hash", 64).note("keyed hash of the address");
        t.timestamp_micros("sent_at");
        t.index(&["purpose", "address_hash", "sent_at"]);
        t.index(&["sent_at"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("code_sends");
}
